"""What a small request may cost: bytes answered and bytes kept, for each byte that came."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from bodymap.app import create_app
from tests.api.conftest import serving, settings_in

# As many rings as a session of 2,000 needles can have, over the lung and the spine: needles with most to be said of.
RINGS = [
    {"kind": "perimeter", "view": "posterior", "ring": {"center": [350, 400 + n], "radius_mm": 28, "needles": 64}}
    for n in range(31)
]
SENT = json.dumps({"placements": RINGS}, separators=(",", ":")).encode()


class Kept:
    """A served record in a file, and how many bytes of values its tables hold."""

    def __init__(self, client: httpx.Client, file: Path) -> None:
        self.client, self._file = client, file

    def bytes(self) -> int:
        """All values in all tables but the audit, which is as long as the chain is."""
        with closing(sqlite3.connect(self._file)) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            held = 0
            for table in tables:
                if not table.startswith(("audit", "sqlite")):
                    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
                    lengths = "+".join(f"coalesce(length(CAST({column} AS BLOB)), 0)" for column in columns)
                    held += database.execute(f"SELECT coalesce(sum({lengths}), 0) FROM {table}").fetchone()[0]
            return held


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("amplified")
    with (
        serving(create_app(settings_in(folder), open_to_all=True)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield Kept(client, folder / "api.db")


@pytest.fixture(scope="module")
def rings(kept: Kept) -> tuple[httpx.Response, int]:
    """The answer to the rings, sent with a key, and the bytes kept of them."""
    before = kept.bytes()
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    answer = kept.client.post("/v1/sessions", content=SENT, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer, kept.bytes() - before


def needles_of(session: dict[str, Any]) -> list[dict[str, Any]]:
    return [needle for placement in session["placements"] for needle in placement["needles"]]


def test_a_needle_is_answered_in_few_bytes(rings: tuple[httpx.Response, int]) -> None:
    """A needle has its number, place, region or structure, side and the codes of its flags, and no sentence: 350 bytes
    at most, and the answer little more than its needles."""
    answer, _ = rings
    needles = needles_of(answer.json())
    assert len(needles) == 31 * 64
    assert {name for needle in needles for name in needle} <= {"number", "at", "region", "structure", "side", "flags"}
    assert max(len(json.dumps(needle, separators=(",", ":"))) for needle in needles) < 350
    assert len(answer.content) < 200 * len(SENT)
    assert len(answer.content) < 700_000


def test_a_record_is_kept_once(rings: tuple[httpx.Response, int]) -> None:
    """What is kept of a session that was posted with a key is about as long as its answer: no second copy of it."""
    answer, held = rings
    assert held < 1.1 * len(answer.content)


def test_a_small_change_keeps_little(kept: Kept, rings: tuple[httpx.Response, int]) -> None:
    """A note changed with a key adds a header and a receipt that refers to the version: under 3 KB, whatever the
    session holds."""
    answer, _ = rings
    address = f"/v1/sessions/{answer.json()['id']}"
    before, changes = kept.bytes(), 3
    for version in range(1, changes + 1):
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
        assert kept.client.patch(address, json={"note": f"note {version}"}, headers=headers).is_success
    assert kept.bytes() - before < 3000 * changes


@pytest.mark.parametrize("change", ["add", "patch"])
def test_a_placement_changed_is_kept_alone(kept: Kept, rings: tuple[httpx.Response, int], change: str) -> None:
    """A placement added or changed with a key adds that placement and a header, and nothing of the others."""
    session = rings[0].json()
    address, before = f"/v1/sessions/{session['id']}/placements", kept.bytes()
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*"}
    if change == "add":
        body = {"kind": "trigger_point", "view": "posterior", "at": [290, 290]}
        answer = kept.client.post(address, json=body, headers=headers)
    else:
        at = f"{address}/{session['placements'][0]['id']}"
        answer = kept.client.patch(at, json={"note": "short"}, headers=headers)
    assert answer.is_success, answer.text
    assert kept.bytes() - before < len(answer.content) + 3000
