"""The tenant over HTTP, on both engines: what a clinic says of itself, version by version, and where it is used."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bodymap.education.texts import entries
from tests.api.house import House, housed
from tests.engines import BOTH, NewUrl

ENGINES = BOTH
CLINIC = {
    "name": "Fictional Clinic",
    "contact": {"phone": "555-0100", "emergency": "112"},
    "time_zone": "Europe/Berlin",
    "count_sides": "each",
    "languages": ["de", "en"],
    "needles": [{"diameter_mm": 0.25, "length_mm": 40}],
    "theme": "dark",
}
OWN = {"what": {"en": {"text": "Our own {words}.", "reviewed_by": "Dana Example, PT", "reviewed_on": "2026-11-01"}}}


@pytest.fixture(scope="module")
def house(new_url: NewUrl, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service on an engine."""
    with housed(new_url(), tmp_path_factory.mktemp("house")) as found:
        yield found


def ask(house: House, method: str, path: str, key: str = "a", **members: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {house.keys[key]}", **members.pop("headers", {})}
    return house.client.request(method, path, headers=headers, **members)


def put(house: House, body: dict[str, Any], version: int, key: str = "a") -> httpx.Response:
    return ask(house, "PUT", "/v1/tenant", key, json=body, headers={"If-Match": f'"{version}"'})


def version_of(house: House, key: str = "a") -> int:
    return int(ask(house, "GET", "/v1/tenant", key).json()["version"])


def test_a_clinic_is_kept_by_version_and_by_tenant(house: House) -> None:
    """Whoever said nothing is at version 0; each PUT is the next one; another tenant's clinic is its own."""
    assert ask(house, "GET", "/v1/tenant", "b").json() == {"version": 0}
    before = version_of(house)
    made = put(house, CLINIC, before)
    assert (made.status_code, made.headers["etag"]) == (200, f'"{before + 1}"'), made.text
    assert made.json() == {**CLINIC, "version": before + 1}
    assert ask(house, "GET", "/v1/tenant").json() == made.json()
    assert put(house, CLINIC, before).status_code == 412
    assert ask(house, "PUT", "/v1/tenant", json=CLINIC).status_code == 428
    assert ask(house, "GET", "/v1/tenant", "b").json() == {"version": 0}


def test_of_two_at_once_one_holds(house: House) -> None:
    """Eight clients that change the same version: one of them does, the others are told."""
    before = version_of(house)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: put(house, {"name": f"Clinic {n}"}, before), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert version_of(house) == before + 1


def test_texts_name_the_clinic_s_numbers_and_its_own_words(house: House) -> None:
    """Ours with its numbers; its own as they stand, braces and all, reviewed by whom it says; another tenant's ours."""
    [entry] = [entry for entry in entries() if entry.id == "what"] or [entries()[0]]
    own = {entry.id: OWN["what"]}
    assert put(house, {**CLINIC, "texts": own}, version_of(house)).status_code == 200
    items = ask(house, "GET", "/v1/education").json()["items"]
    texts = {item["id"]: item for item in items}
    assert texts[entry.id]["text"] == "Our own {words}."
    assert texts[entry.id]["own"] is True
    assert texts[entry.id]["sources"] == []
    assert texts[entry.id]["review"] == {
        "state": "confirmed",
        "machine_made": False,
        "by": "Dana Example, PT",
        "on": "2026-11-01",
    }
    assert any("555-0100" in item["text"] for item in items)
    assert any("112" in item["text"] for item in items)
    spanish = {item["id"]: item for item in ask(house, "GET", "/v1/education?lang=es").json()["items"]}
    assert spanish[entry.id]["own"] is False
    elsewhere = str(ask(house, "GET", "/v1/education", "b").json())
    assert "555-0100" not in elsewhere
    assert "Our own" not in elsewhere


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"time_zone": "Europe/Berln"}, "/time_zone"),
        ({"theme": "own"}, "/theme"),
        ({"theme": "pink"}, "/theme"),
        ({"languages": ["en", "en"]}, "/languages/1"),
        ({"needles": [{"lot": "A1"}]}, "/needles/0/lot"),
        ({"count_sides": "twice"}, "/count_sides"),
        ({"texts": {"no such text": {"en": {"text": "x"}}}}, "/texts/no such text"),
        ({"texts": {"a/b": {"en": {"text": "x"}}}}, "/texts/a~1b"),
        ({"contact": {"phone": " 555"}}, "/contact/phone"),
        ({"contact": {"phone": "javascript:alert(1)"}}, "/contact/phone"),
        ({"contact": {"phone": "1-800-NEEDLE"}}, "/contact/phone"),
        ({"contact": {"emergency": "+"}}, "/contact/emergency"),
        ({"nothing": 1}, "/nothing"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(house: House, body: dict[str, Any], pointer: str) -> None:
    """Nothing is stored of it."""
    before = version_of(house)
    refused = put(house, body, before)
    assert refused.status_code == 422
    assert pointer in [complaint["pointer"] for complaint in refused.json()["errors"]]
    assert version_of(house) == before


BOTH_SIDES = [
    {"kind": "trigger_point", "region": region, "side": side}
    for region in ("levator-scapulae", "infraspinatus")
    for side in ("left", "right")
]


def test_sides_are_counted_as_the_clinic_counted_them_then(house: House) -> None:
    """Both sides once, or each, with the other code where it differs; an older version stays as it was."""

    def summary(answer: httpx.Response) -> dict[str, Any]:
        found: dict[str, Any] = answer.json()["summary"]
        return found

    assert put(house, {"count_sides": "once"}, version_of(house)).status_code == 200
    made = ask(house, "POST", "/v1/sessions", json={"placements": BOTH_SIDES})
    at = f"/v1/sessions/{made.json()['id']}"
    assert (summary(made)["suggested_code"], summary(made)["suggested_code_other"]) == ("20560", "20561")
    assert summary(made)["muscles_by_side"] == {
        "left": ["levator-scapulae", "infraspinatus"],
        "right": ["levator-scapulae", "infraspinatus"],
        "midline": [],
    }
    assert put(house, {"count_sides": "each"}, version_of(house)).status_code == 200
    assert summary(ask(house, "GET", at))["suggested_code"] == "20560"
    changed = ask(house, "PATCH", at, json={"note": "x"}, headers={"If-Match": '"1"'})
    assert (summary(changed)["suggested_code"], summary(changed)["suggested_code_other"]) == ("20561", "20560")
    assert "each side by itself" in summary(changed)["suggested_code_rule"]
    alone = ask(house, "POST", "/v1/sessions", json={"placements": BOTH_SIDES[:1]})
    assert (summary(alone)["suggested_code"], summary(alone)["suggested_code_other"]) == ("20560", None)
