"""Several processes on one PostgreSQL database give the guarantees of one."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.conftest import BODYMAP, Served, key_in, served
from tests.engines import NewUrl

pytestmark = pytest.mark.outside

ENGINES = ("postgresql",)
SETTINGS = {"BODYMAP_SECRET": "a secret of the tests", "BODYMAP_LOG_LEVEL": "error"}
BY_REGION = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}


class House(NamedTuple):
    """Two services, one of them of two processes, on one database; a key that may do everything."""

    services: tuple[Served, Served]
    key: str
    url: str
    folder: Path

    def rush(self, path: str, body: object, count: int, **headers: str) -> list[httpx.Response]:
        """The same request from many clients at once, to both services in turns."""
        turns = cycle(self.services)
        addresses = [next(turns).address for _ in range(count)]

        def post(address: str) -> httpx.Response:
            with httpx.Client(base_url=address, timeout=60) as client:
                client.headers["Authorization"] = f"Bearer {self.key}"
                return client.post(path, json=body, headers=headers)

        with ThreadPoolExecutor(12) as pool:
            return list(pool.map(post, addresses))

    def get(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.get(self.services[0].address + path, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def house(new_url: NewUrl, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, url = tmp_path_factory.mktemp("house"), new_url()
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    key = key_in(folder, "--db", url, settings=SETTINGS)
    with (
        served(["--db", url, "--workers", "2"], folder / "one", settings=SETTINGS) as one,
        served(["--db", url], folder / "two", settings=SETTINGS) as two,
    ):
        yield House((one, two), key, url, folder)


def test_an_identifier_is_stored_once(house: House) -> None:
    """Of many clients who record a session with one identifier at once, one does, and the others are told which."""
    body = {"identifier": [{"system": "urn:s", "value": "one"}], "subject": "Patient/identifier"}
    answers = house.rush("/v1/sessions", body, 48)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 47
    [made] = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert {answer.json()["session"] for answer in answers if answer.status_code == 409} == {made}
    assert [found["id"] for found in house.get("/v1/sessions?subject=Patient/identifier").json()["items"]] == [made]


def test_a_key_is_done_once_and_answered_alike(house: House) -> None:
    """Of equal requests at once under one Idempotency-Key one is done, and all are answered the same bytes."""
    body = {"subject": "Patient/key", "identifier": [{"system": "urn:s", "value": "key"}]}
    answers = house.rush("/v1/sessions", body, 24, **{"Idempotency-Key": "the one"})
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert len(house.get("/v1/sessions?subject=Patient/key").json()["items"]) == 1


def test_additions_are_all_kept_and_one_change_wins(house: House) -> None:
    """Placements that are added at once all get a number; of changes to one version one is made."""
    made = house.rush("/v1/sessions", {}, 1)[0].headers["location"]
    answers = house.rush(f"{made}/placements", BY_REGION, 24)
    assert sorted(answer.json()["number"] for answer in answers) == list(range(1, 25))
    signing = {"by": "a", "display": "A"}
    signed = house.rush(f"{made}/void", {**signing, "reason": "r"}, 12, **{"If-Match": '"25"'})
    assert sorted(answer.status_code for answer in signed) == [200] + [412] * 11
    assert [found["number"] for found in house.get(made).json()["placements"]] == list(range(1, 25))


def test_the_audit_is_one_chain(house: House) -> None:
    """What several processes recorded at once is one chain without a gap."""
    house.rush("/v1/sessions", {"subject": "Patient/audit"}, 24)
    done = subprocess.run(
        [*map(str, BODYMAP), "audit", "verify", "--db", house.url],
        cwd=house.folder,
        env={"PATH": "/usr/bin:/bin", **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
