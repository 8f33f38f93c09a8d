"""What was kept under older rules: read, changed, exported and taken in as it stands, on both engines."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from bodymap.config import Settings
from tests.api.conftest import serving
from tests.engines import BOTH, NewUrl

ENGINES = BOTH
NDJSON = {"Content-Type": "application/x-ndjson"}
REGION = {"kind": "trigger_point", "region": "infraspinatus", "side": "left"}
# Everything here is refused of a new session.
HEADER = {
    "identifier": [{"system": "s", "value": " 1 "}],
    "subject": " Practitioner/1\u200b",
    "performer": "Dana\n",
    "started_at": "0026-11-01T09:00:00+20:00",
    "ended_at": "2126-11-01T09:30:00Z",
    "needle": {"lot": "A1 "},
    "note": "a\u0000b",
    "status_reason": " ",
    "consent": {"signed_at": "1826-11-01T09:00:00Z"},
}
PLACEMENT = {"continues": "p-1", "count": 1, "twitch": {}, "note": " ", "needle": {"lot": "\u200b"}}
EVENT = {
    "event": "felt odd",
    "severity": "mild",
    "onset_at": "0025-01-01T00:00:00Z",
    "action": "",
    "by": " a ",
    "id": "01a207ac-4074-749a-8a72-a41959b107b4",
    "recorded_at": "2026-11-01T10:00:00Z",
}


@pytest.fixture
def elsewhere(new_url: NewUrl) -> Iterator[httpx.Client]:
    """A client of another service, whose database is empty."""
    with (
        serving(create_app(Settings(database=new_url(), secret="x" * 20), open_to_all=True)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def exported(client: httpx.Client, **asked: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get("/v1/sessions:export", params=asked).text.splitlines()]


def taken_in(client: httpx.Client, line: dict[str, Any]) -> str:
    """What became of a line; the record as it was exported."""
    answer = client.post("/v1/sessions:import", content=json.dumps(line), headers=NDJSON)
    told = json.loads(answer.text)
    assert told["status"] == "created", told
    return f"/v1/sessions/{told['id']}"


@pytest.fixture
def old(client: httpx.Client, elsewhere: httpx.Client) -> tuple[httpx.Client, dict[str, Any]]:
    """The line of an old record, and a client of the service that has taken it in."""
    made = client.post("/v1/sessions", json={"placements": [REGION], "status": "completed"}).json()
    [line] = [line for line in exported(client) if line["id"] == made["id"]]
    line |= HEADER | {"events": [EVENT]}
    line["placements"][0] |= PLACEMENT
    taken_in(elsewhere, line)
    return elsewhere, line


def test_an_old_record_is_read_and_exported_as_it_stands(old: tuple[httpx.Client, dict[str, Any]]) -> None:
    """Member for member, and it is found by what it says; an event in words counts as `other`."""
    client, line = old
    [again] = exported(client)
    assert again == line
    read = client.get(f"/v1/sessions/{line['id']}").json()
    assert {name: read[name] for name in HEADER} == HEADER
    assert read["summary"]["needles_charted"] == 1
    for asked in ({"event": "other"}, {"event": "felt odd"}, {"identifier": "s| 1 "}, {"lot": "A1 "}):
        assert [each["id"] for each in client.get("/v1/sessions", params=asked).json()["items"]] == [line["id"]], asked
    assert client.get("/v1/sessions", params={"event": "bruise"}).json()["items"] == []
    chart = client.get(f"/v1/sessions/{line['id']}/chart.svg?lang=de")
    assert (chart.status_code, "felt odd" in chart.text) == (200, True)


def test_a_change_is_checked_in_what_it_changes(old: tuple[httpx.Client, dict[str, Any]]) -> None:
    """A patch of one member leaves the others as they stand, and is refused for its own alone; an amendment, too."""
    client, line = old
    at = f"/v1/sessions/{line['id']}"
    kind = {"Content-Type": "application/merge-patch+json"}
    answer = client.patch(at, json={"position": "prone"}, headers={**kind, "If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in HEADER} == HEADER
    placement = f"{at}/placements/{line['placements'][0]['id']}"
    changed = client.patch(placement, json={"technique": "pistoning"}, headers={**kind, "If-Match": '"2"'})
    assert changed.status_code == 200, changed.text
    kept = {name: value for name, value in changed.json().items() if name != "flag_rules"}
    assert kept == line["placements"][0] | {"technique": "pistoning"}
    for patch, pointer in (
        ({"subject": "Patient/1 "}, "/subject"),
        ({"consent": {"signed_at": "1826-11-01T09:00:01Z"}}, "/consent/signed_at"),
        ({"needle": {"lot": "A2 "}}, "/needle/lot"),
        ({"identifier": [HEADER["identifier"][0], {"system": "t", "value": "2"}]}, "/identifier/1/system"),  # type: ignore[index]
    ):
        answer = client.patch(at, json=patch, headers={**kind, "If-Match": '"3"'})
        assert [complaint["pointer"] for complaint in answer.json()["errors"]] == [pointer], answer.text
    signed = client.post(f"{at}/sign", json={"by": "P/7", "display": "D"}, headers={"If-Match": '"3"'})
    assert signed.status_code == 200, signed.text
    patch = {"pain_after": 2.5, "placements": {line["placements"][0]["id"]: {"pain_after": 1}}}
    amendment = {"by": "P/7", "display": "D", "reason": "r", "patch": patch}
    amended = client.post(f"{at}/amendments", json=amendment, headers={"If-Match": '"4"'})
    assert amended.status_code == 201, amended.text
    assert {name: amended.json()[name] for name in HEADER} == HEADER


def test_a_new_session_is_refused_all_of_it(client: httpx.Client) -> None:
    """The very members of the old record, posted today, are complained of one by one."""
    answer = client.post("/v1/sessions", json={**HEADER, "placements": [REGION | PLACEMENT]})
    assert answer.status_code == 422
    assert {complaint["pointer"] for complaint in answer.json()["errors"]} >= {
        "/identifier/0/system",
        "/identifier/0/value",
        "/subject",
        "/performer",
        "/started_at",
        "/ended_at",
        "/needle/lot",
        "/note",
        "/status_reason",
        "/consent/signed_at",
        "/placements/0/note",
        "/placements/0/needle/lot",
    }
