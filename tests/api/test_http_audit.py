"""What the audit says of requests to a real server, and who may read it."""

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from bodymap.api.audit_entries import is_audited
from bodymap.api.operations import OPERATIONS
from bodymap.app import create_app
from tests.api.audit_entries import entries, entry_of
from tests.api.conftest import serving, settings_in
from tests.conftest import key_in

NewSession = Callable[..., dict[str, Any]]
ServeApp = Callable[..., httpx.Client]

SECRETIVE = "Erika Mustermann"


def test_a_write_is_recorded_with_who_what_when_and_from_where(client: httpx.Client) -> None:
    """The entry of a write names the session and the version that it made."""
    answer = client.post("/v1/sessions", json={"subject": SECRETIVE})
    entry = entry_of(client, answer)
    assert (entry["action"], entry["outcome"], entry["operation"]) == ("write", "done", "createSession")
    assert (entry["sessions"], entry["version"], entry["status"]) == ([answer.json()["id"]], 1, 201)
    assert (entry["client"], entry["address"]) == ("local", "127.0.0.1")
    assert entry["at"] >= answer.json()["created_at"]


def test_a_read_is_recorded(client: httpx.Client, new_session: NewSession) -> None:
    """A session, its chart, its history and a version each leave an entry that names it and its version."""
    session = new_session()["id"]
    for path, operation, version in (
        ("", "getSession", 1),
        ("/chart.svg", "getChart", 1),
        ("/history", "getHistory", 1),
        ("/versions/1", "getVersion", 1),
        ("/versions/1/chart.svg", "getVersionChart", 1),
        ("/events", "findEvents", 1),
    ):
        entry = entry_of(client, client.get(f"/v1/sessions/{session}{path}"))
        assert (entry["action"], entry["outcome"], entry["operation"]) == ("read", "done", operation)
        assert (entry["sessions"], entry["version"]) == ([session], version)


def test_a_read_that_was_not_sent_again_is_recorded(client: httpx.Client, new_session: NewSession) -> None:
    """Who asks whether it changed learns something, too."""
    session = new_session()["id"]
    answer = client.get(f"/v1/sessions/{session}", headers={"If-None-Match": '"1"'})
    assert answer.status_code == 304
    assert entry_of(client, answer)["status"] == 304


def test_a_search_lists_what_it_returned_and_not_what_was_asked(client: httpx.Client, new_session: NewSession) -> None:
    """One entry with the ids of the page; the query, which can name a patient, is not in it."""
    made = [new_session(subject="Patient/secret")["id"] for _ in range(3)]
    answer = client.get("/v1/sessions", params={"subject": "Patient/secret", "limit": 2})
    entry = entry_of(client, answer)
    assert entry["sessions"] == [made[2], made[1]]
    assert "secret" not in json.dumps(entry)
    assert entry_of(client, client.get("/v1/sessions?subject=nobody"))["sessions"] == []


def test_a_copy_names_the_session_that_it_was_made_from(client: httpx.Client, new_session: NewSession) -> None:
    """The source was read."""
    source = new_session()["id"]
    answer = client.post("/v1/sessions", json={"copy_of": source})
    assert entry_of(client, answer)["sessions"] == [answer.json()["id"], source]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "problem"),
    [
        ("PATCH", "/v1/sessions/{id}", {}, {"note": SECRETIVE}, 428, "version-required"),
        ("PATCH", "/v1/sessions/{id}", {"If-Match": '"9"'}, {"note": SECRETIVE}, 412, "stale"),
        ("PATCH", "/v1/sessions/{id}", {"If-Match": '"1"'}, {"pain_before": SECRETIVE}, 422, "invalid"),
        ("POST", "/v1/sessions/{id}/sign", {"If-Match": '"1"'}, {"by": "P/1", "display": "x"}, 409, "conflict"),
    ],
)
def test_a_refused_write_is_recorded(
    client: httpx.Client,
    new_session: NewSession,
    method: str,
    path: str,
    headers: dict[str, str],
    body: Any,
    status: int,
    problem: str,
) -> None:
    """Its own transaction was undone, its entry is there: what was refused, and why; nothing of what was sent."""
    session = new_session()["id"]
    answer = client.request(method, path.replace("{id}", session), json=body, headers=headers)
    assert answer.status_code == status
    entry = entry_of(client, answer)
    assert (entry["outcome"], entry["problem"], entry["status"]) == ("refused", problem, status)
    assert (entry["action"], entry["sessions"]) == ("write", [session])
    assert SECRETIVE not in json.dumps(entry)


def test_a_session_that_is_not_there_is_recorded_by_its_id_alone(client: httpx.Client) -> None:
    """An id that could be one is kept; an address that holds anything else is not."""
    absent = "01900000-0000-7000-8000-000000000000"
    entry = entry_of(client, client.get(f"/v1/sessions/{absent}"))
    assert (entry["outcome"], entry["problem"], entry["sessions"]) == ("refused", "unknown-session", [absent])
    entry = entry_of(client, client.get(f"/v1/sessions/{SECRETIVE}"))
    assert (entry["outcome"], entry["sessions"]) == ("refused", [])


def test_an_address_is_the_connection_s(client: httpx.Client) -> None:
    """Where no proxy is named, what a request says of its own address is not believed."""
    for forwarded in ("192.0.2.7", "2001:db8::7", SECRETIVE):
        entry = entry_of(client, client.get("/v1/sessions", headers={"X-Forwarded-For": forwarded}))
        assert entry["address"] == "127.0.0.1"


def test_what_was_answered_before_is_told_apart(client: httpx.Client) -> None:
    """The same key again changes nothing, and is recorded as an answer given again."""
    first, again = (
        client.post("/v1/sessions", json={}, headers={"Idempotency-Key": "audit-1"}) for _ in range(2)
    )  # fmt: skip
    assert first.content == again.content
    assert entry_of(client, first)["outcome"] == "done"
    entry = entry_of(client, again)
    assert (entry["outcome"], entry["sessions"], entry["version"]) == ("replayed", [first.json()["id"]], 1)


def test_what_tells_of_nobody_leaves_no_entry(client: httpx.Client) -> None:
    """The atlas, the health of the service and charts of what is only posted are nobody's record."""
    answers = [client.get("/v1/atlas/regions"), client.get("/readyz"), client.post("/v1/charts", json={})]
    ids = {answer.headers["X-Request-Id"] for answer in answers}
    assert not ids & {item["request"] for item in entries(client)}


def test_reading_the_audit_is_recorded(client: httpx.Client) -> None:
    """Who looks is looked at."""
    assert entry_of(client, client.get("/v1/audit"))["operation"] == "findAuditEntries"


def test_the_audit_is_paged_and_filtered(client: httpx.Client, new_session: NewSession) -> None:
    """Pages follow one another without a gap, and filters find what they ask for."""
    session = new_session()["id"]
    for _ in range(5):
        client.get(f"/v1/sessions/{session}")
    entries(client)
    first = client.get("/v1/audit", params={"limit": 4}).json()
    second = client.get("/v1/audit", params={"limit": 4, "cursor": first["next"]}).json()
    numbers = [item["number"] for item in first["items"] + second["items"]]
    assert numbers == list(range(numbers[0], numbers[0] - 8, -1))
    found = entries(client, session=session)
    assert [item["operation"] for item in found] == ["getSession"] * 5 + ["createSession"]
    assert entries(client, session=session, operation="createSession") == found[-1:]
    assert entries(client, session=session, action="write") == found[-1:]
    assert entries(client, session=session, outcome="refused") == []
    assert entries(client, to="2020-01-01T00:00:00Z") == []
    assert client.get("/v1/audit", params={"cursor": "x"}).status_code == 422
    assert client.get("/v1/audit", params={"outcome": "odd"}).status_code == 422


def test_a_mistake_of_the_server_is_recorded(serve_app: ServeApp) -> None:
    """What nobody expected is an entry that says so."""

    def spoil(app: Starlette) -> None:
        for route in app.routes:
            endpoint = getattr(route, "endpoint", None)
            operations = getattr(endpoint, "operations", {})
            if "GET" in operations and operations["GET"].id == "getSession":

                def fails(call: object, tx: object) -> None:
                    raise RuntimeError(SECRETIVE)

                endpoint.operations = {"GET": msgspec.structs.replace(operations["GET"], handler=fails)}

    client = serve_app(spoil)
    entry = entry_of(client, client.get("/v1/sessions/01900000-0000-7000-8000-000000000000"))
    assert (entry["outcome"], entry["problem"], entry["status"]) == ("failed", "unexpected", 500)
    assert SECRETIVE not in json.dumps(entry)


def test_nothing_is_read_for_long_that_cannot_be_recorded(tmp_path: Path) -> None:
    """Where the entries of reads cannot be written, reads are refused; what was answered before is recorded later."""
    settings = settings_in(tmp_path)
    with (
        serving(create_app(settings, open_to_all=True)) as address,
        httpx.Client(base_url=address, timeout=120) as client,
        closing(sqlite3.connect(tmp_path / "api.db", isolation_level=None)) as beside,
    ):
        session = client.post("/v1/sessions", json={}).json()["id"]
        [(seal,)] = beside.execute("SELECT seal FROM audit_head").fetchall()
        beside.execute("UPDATE audit_head SET seal = zeroblob(32)")
        unrecorded = client.get(f"/v1/sessions/{session}")
        assert unrecorded.status_code == 200
        for _ in range(200):
            answer = client.get(f"/v1/sessions/{session}")
            if answer.status_code == 503:
                break
            time.sleep(0.01)
        assert answer.status_code == 503
        assert client.post("/v1/sessions", json={}).status_code == 503
        assert client.get("/v1/atlas/regions").status_code == 200
        beside.execute("UPDATE audit_head SET seal = ?", (seal,))
        assert client.get(f"/v1/sessions/{session}").status_code == 200
        assert entry_of(client, unrecorded)["outcome"] == "done"


def test_every_operation_on_the_record_is_audited() -> None:
    """What needs a scope of the record and touches the database leaves an entry: no row of the table is left out."""
    exempt = [operation for operation in OPERATIONS if not is_audited(operation)]
    assert {operation.scope for operation in exempt} <= {None, "atlas:read", "chart:read", "admin"}
    assert all(each.access == "none" for each in exempt if each.scope not in (None, "atlas:read"))
    assert {each.id for each in exempt if each.access == "write"} <= {"getReadiness"}


def test_a_refusal_for_want_of_a_scope_is_recorded_on_the_atlas_too(tmp_path: Path) -> None:
    """Reading the atlas leaves no entry, as it tells of no patient; being refused it does, with who asked."""
    with serving(create_app(settings_in(tmp_path))) as address, httpx.Client(base_url=address) as client:
        key, admin = (key_in(tmp_path, "--db", "api.db", scopes=[scope]) for scope in ("session:read", "admin"))
        answer = client.get("/v1/atlas/regions", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 403
        client.headers["Authorization"] = f"Bearer {admin}"
        entry = entry_of(client, answer)
    assert (entry["outcome"], entry["problem"], entry["status"]) == ("refused", "forbidden", 403)
    assert (entry["operation"], entry["client"]) == ("findRegions", f"key:{key.split('_')[1]}")
