"""Records in bulk, over a real server: whatever becomes of a line, it is told, and the others are not touched by it."""

import json
import socket
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from bodymap.config import Settings
from bodymap.storage.sqlite import connection as connections
from tests.api.conftest import serving, settings_in
from tests.conftest import Serve, key_in
from tests.engines import BOTH, NewUrl

NewSession = Callable[..., dict[str, Any]]
Lines = list[dict[str, Any]]
ENGINES = BOTH
RING = {"center": [395, 610], "radius_mm": 25, "needles": 8}
NDJSON = {"Content-Type": "application/x-ndjson"}
WHO = {"by": "P/1", "display": "Ada"}
IMPORT, EXPORT = "/v1/sessions:import", "/v1/sessions:export"


def sent(client: httpx.Client, content: bytes | Iterator[bytes], **headers: str) -> Lines:
    """What was answered to the lines of a body."""
    answer = client.post(IMPORT, content=content, headers=NDJSON | headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def lines(*statements: Any) -> bytes:
    return b"".join(json.dumps(statement).encode() + b"\n" for statement in statements)


def statuses(answers: Lines) -> list[str]:
    return [answer["status"] for answer in answers]


def named(value: str) -> dict[str, Any]:
    return {"identifier": [{"system": "urn:test", "value": value}], "subject": "Patient/bulk"}


def exported(client: httpx.Client, **asked: Any) -> Lines:
    answer = client.get(EXPORT, params=asked)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture
def elsewhere(new_url: NewUrl) -> Iterator[httpx.Client]:
    """A client of another service, whose database is empty, on either engine."""
    with (
        serving(create_app(Settings(database=new_url(), secret="x" * 20), open_to_all=True)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def test_every_line_is_answered_with_its_number(client: httpx.Client) -> None:
    """Created, existing or refused, in order, empty lines counted; a refusal has every complaint with its pointer."""
    wrong = {"pain_before": 99, "position": 7}
    answers = sent(client, lines(named("n-1")) + b"\n\r\n" + lines(wrong, named("n-1"), named("n-2")))
    assert [(answer["line"], answer["status"]) for answer in answers] == [
        (1, "created"),
        (4, "refused"),
        (5, "existing"),
        (6, "created"),
    ]
    assert {error["pointer"] for error in answers[1]["problem"]["errors"]} == {"/pain_before", "/position"}
    assert answers[2]["id"] == answers[0]["id"]
    assert client.get(f"/v1/sessions/{answers[3]['id']}").json()["identifier"][0]["value"] == "n-2"


def test_a_line_is_what_a_post_is(client: httpx.Client) -> None:
    """The same statement, posted and imported, gives the same record."""
    statement = {"placements": [{"kind": "trigger_point", "view": "posterior", "at": [290, 290]}], "needles_in": 1}
    posted = client.post("/v1/sessions", json=statement).json()
    [answer] = sent(client, lines(statement))
    imported = client.get(f"/v1/sessions/{answer['id']}").json()
    for session in (posted, imported):
        del session["id"], session["created_at"], session["updated_at"], session["placements"][0]["id"]
    assert imported == posted


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n\n \n", []),
        (b"\xef\xbb\xbf{}\r\n{}", ["created", "created"]),
        (b"{}\n{}", ["created", "created"]),
        (b"nonsense\n{}\n", ["refused", "created"]),
        (b'{"note": "\xff\xfe"}\n{}\n', ["refused", "created"]),
        (b"\xff\n{}\n", ["refused", "created"]),
        (b"[]\n5\nnull\n\"x\"\n{}\n", ["refused"] * 4 + ["created"]),
        (b"[" * 100_000 + b"\n{}\n", ["refused", "created"]),
        (b'{"record": "odd"}\n{"record": 5}\n', ["refused", "refused"]),
        (b'{"copy_of": "x"}\n', ["refused"]),
    ],
)  # fmt: skip
def test_ugly_lines_are_refused_and_the_others_kept(client: httpx.Client, content: bytes, expected: list[str]) -> None:
    """No line, no JSON, no text: each is told, and nothing else suffers."""
    assert statuses(sent(client, content)) == expected


def test_a_line_that_is_too_long_is_refused_unread(client: httpx.Client) -> None:
    """10 MB and 40 MB in a line are refused, and what follows is taken."""
    for size in (10 << 20, 40 << 20):
        content = b'{"note": "' + b"x" * size + b'"}\n{}\n'
        answers = sent(client, content)
        assert statuses(answers) == ["refused", "created"]
        assert answers[0]["problem"]["type"] == "urn:bodymap:problem:too-large"


def test_what_is_no_stream_of_lines_is_refused(client: httpx.Client) -> None:
    """JSON of another kind is not taken for lines, and an odd key is none."""
    assert client.post(IMPORT, content=b"[]", headers={"Content-Type": "application/json"}).status_code == 415
    assert client.post(IMPORT, content=b"{}", headers=NDJSON | {"Idempotency-Key": "x" * 300}).status_code == 422
    assert client.get(EXPORT, params={"versions": "some"}).status_code == 422
    assert client.get(EXPORT, params={"muscle": "no-such"}).status_code == 422
    assert client.get(EXPORT, params={"limit": 3}).status_code == 422


def test_lines_without_an_identifier_are_known_by_the_key(client: httpx.Client) -> None:
    """The same key again finds each line where it was; another line in its place is refused; without it all are new."""
    content = lines(*({"subject": "Patient/key", "note": str(number)} for number in range(70)))
    first = sent(client, content, **{"Idempotency-Key": "file-1"})
    again = sent(client, content + lines({"note": "one more"}), **{"Idempotency-Key": "file-1"})
    assert statuses(again) == ["existing"] * 70 + ["created"]
    assert [answer["id"] for answer in again[:70]] == [answer["id"] for answer in first]
    changed = sent(client, lines({"note": "another"}), **{"Idempotency-Key": "file-1"})
    assert changed[0]["problem"]["type"] == "urn:bodymap:problem:idempotency-key-reused"
    assert statuses(sent(client, lines({"note": "0"}), **{"Idempotency-Key": "file-2"})) == ["created"]
    assert statuses(sent(client, lines({"note": "0"}))) == ["created"]


def test_an_answer_comes_while_the_request_is_still_sent(client: httpx.Client, address: str) -> None:
    """A line is answered once it is kept, though the next one has not been sent yet."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        head = f"POST {IMPORT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        for number in (1, 2):
            line = lines({"note": "slow"})
            connection.sendall(b"%x\r\n%s\r\n" % (len(line), line))
            said = b""
            while f'"line":{number},'.encode() not in said:
                said += connection.recv(4096)
            assert b'"status":"created"' in said


def test_what_breaks_off_is_kept_line_by_line_and_sent_again(client: httpx.Client, address: str) -> None:
    """A client that goes away has its whole lines kept and its half line not; the same file again completes it."""
    host, port = address.removeprefix("http://").split(":")
    whole = lines(*(named(f"broken-{number}") for number in range(10)))
    half = lines(named("broken-10"))
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        head = f"POST {IMPORT} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Content-Length: 100000\r\n\r\n".encode() + whole + half[:-1])
        said = b""
        while b'"line":10,' not in said:
            said += connection.recv(4096)
    time.sleep(0.2)
    assert client.get("/v1/sessions", params={"identifier": "broken-9"}).json()["items"]
    assert not client.get("/v1/sessions", params={"identifier": "broken-10"}).json()["items"]
    assert statuses(sent(client, whole + half)) == ["existing"] * 10 + ["created"]


def test_a_kill_in_the_middle_loses_no_answered_line_and_doubles_none(serve: Serve, tmp_path: Path) -> None:
    """What was answered before kill -9 is there; sent again, every line is there once."""
    shown = {"Authorization": f"Bearer {key_in(tmp_path, '--db', 'clinic.db')}"}
    running = serve("--db", "clinic.db")
    content = lines(*({"subject": "Patient/kill", "note": str(number)} for number in range(3000)))
    headers = NDJSON | shown | {"Idempotency-Key": "killed"}
    answered: Lines = []

    def send_and_kill() -> None:
        with httpx.stream("POST", running.address + IMPORT, content=content, headers=headers, timeout=60) as answer:
            for line in answer.iter_lines():
                answered.append(json.loads(line))
                if len(answered) == 100:
                    running.process.kill()

    with pytest.raises(httpx.TransportError):
        send_and_kill()
    running.process.wait(120)
    assert statuses(answered) == ["created"] * len(answered)
    with httpx.Client(base_url=serve("--db", "clinic.db").address, headers=shown, timeout=60) as client:
        again = sent(client, content, **{"Idempotency-Key": "killed"})
        assert len(again) == 3000
        assert [line["id"] for line in again[: len(answered)]] == [line["id"] for line in answered]
        assert statuses(again)[: len(answered)] == ["existing"] * len(answered)
        assert set(statuses(again)) <= {"existing", "created"}
        kept = [line["note"] for line in exported(client, subject="Patient/kill")]
        assert sorted(kept, key=int) == [str(number) for number in range(3000)]


def fresh() -> str:
    """A subject that no other test has."""
    return f"Patient/{uuid.uuid4()}"


def lived(client: httpx.Client, subject: str) -> str:
    """A session with a life: charted, signed, an event, amended, voided. Gives its id."""
    made = client.post(
        "/v1/sessions",
        json={
            "subject": subject,
            "identifier": [{"system": "urn:test", "value": subject}],
            "started_at": "2026-11-23T09:00:00-08:00",
            "ended_at": "2026-11-23T09:25:00-08:00",
            "placements": [
                {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "depth_mm": 12.5},
                {"kind": "perimeter", "view": "posterior", "ring": RING},
            ],
        },
    )
    address = f"/v1/sessions/{made.json()['id']}"
    who = {"by": "Practitioner/7", "display": "Dr. Ada Day"}
    signed = client.post(f"{address}/sign", json=who, headers={"If-Match": "*"})
    assert signed.status_code == 200, signed.text
    event = {"event": "bruise", "severity": "mild", "onset_at": "2026-11-24T09:00:00Z", "action": "Cooled.", **who}
    assert client.post(f"{address}/events", json=event).status_code == 201
    patch = {"placements": {made.json()["placements"][0]["id"]: {"at": [410, 290], "side": "right"}}}
    amended = client.post(
        f"{address}/amendments", json={**who, "reason": "Other side.", "patch": patch}, headers={"If-Match": "*"}
    )
    assert amended.status_code == 201, amended.text
    return str(made.json()["id"])


def seen(client: httpx.Client, session: str) -> list[tuple[Any, ...]]:
    """Everything that can be read of a session: it, its versions, its history, its charts, its events."""
    versions = client.get(f"/v1/sessions/{session}").json()["version"]
    addresses = ["", "/history", "/events", "/chart.svg"]
    addresses += [f"/versions/{n}{kind}" for n in range(1, versions + 1) for kind in ("", "/chart.svg")]
    answers = [client.get(f"/v1/sessions/{session}{address}") for address in addresses]
    assert all(answer.status_code == 200 for answer in answers)
    return [(answer.headers["ETag"], answer.content) for answer in answers]


def test_everything_of_a_subject_goes_out_and_comes_back_equal(client: httpx.Client, elsewhere: httpx.Client) -> None:
    """Every version, chart and event, byte for byte, in an empty database; again, it is all there already."""
    one, two = fresh(), fresh()
    session, voided = lived(client, one), lived(client, two)
    body = {"by": "P/1", "display": "Ada", "reason": "Twice."}
    assert client.post(f"/v1/sessions/{voided}/void", json=body, headers={"If-Match": "*"}).status_code == 200
    for subject, each in ((one, session), (two, voided)):
        out = client.get(EXPORT, params={"subject": subject, "versions": "all"}).content
        answers = sent(elsewhere, out)
        assert set(statuses(answers)) == {"created"}
        assert [answer["version"] for answer in answers] == list(range(1, len(answers) + 1))
        assert seen(elsewhere, each) == seen(client, each)
        assert elsewhere.get(EXPORT, params={"subject": subject, "versions": "all"}).content == out
        assert set(statuses(sent(elsewhere, out))) == {"existing"}
    assert [item["id"] for item in elsewhere.get("/v1/sessions", params={"event": "bruise"}).json()["items"]] == [
        voided,
        session,
    ]


def test_the_current_version_goes_with_the_signed_one(client: httpx.Client, elsewhere: httpx.Client) -> None:
    """By default the newest version is exported, after the one whose chart was stored; its chart is the same bytes."""
    subject = fresh()
    session = lived(client, subject)
    who = {"by": "P/1", "display": "Ada"}
    late = {"event": "bruise", "severity": "serious", "onset_at": "2026-11-25T09:00:00Z", "action": "Sent on.", **who}
    assert client.post(f"/v1/sessions/{session}/events", json=late).status_code == 201
    out = exported(client, subject=subject)
    assert [(line["version"], line["status"], "chart" in line and line["chart"] is not None) for line in out] == [
        (4, "signed", True),
        (5, "signed", False),
    ]
    assert statuses(sent(elsewhere, lines(*out))) == ["created", "created"]
    for address in ("", "/versions/5/chart.svg", "/chart.svg", "/versions/4"):
        here, there = (each.get(f"/v1/sessions/{session}{address}") for each in (client, elsewhere))
        assert there.content == here.content, address


def test_what_was_exported_is_not_mixed_with_another_history(client: httpx.Client, elsewhere: httpx.Client) -> None:
    """A version that says something else than the one here is refused, and nothing is built on it."""
    subject = fresh()
    session = lived(client, subject)
    out = exported(client, subject=subject, versions="all")
    assert statuses(sent(elsewhere, lines(*out[:2]))) == ["created", "created"]
    body = {"by": "P/1", "display": "Ada", "reason": "Here."}
    assert elsewhere.post(f"/v1/sessions/{session}/void", json=body, headers={"If-Match": "*"}).status_code == 200
    answers = sent(elsewhere, lines(*out))
    assert statuses(answers) == ["existing", "existing", "refused", "refused"]
    assert all(answer["problem"]["type"] == "urn:bodymap:problem:conflict" for answer in answers[2:])
    assert elsewhere.get(f"/v1/sessions/{session}").json()["status"] == "voided"


def test_a_forged_export_is_refused(client: httpx.Client, elsewhere: httpx.Client) -> None:
    """A chart that is not what its digest says, numbers that repeat, an id that is none, a member too many."""
    subject = fresh()
    lived(client, subject)
    first, signed, *_ = exported(client, subject=subject, versions="all")
    swapped = signed | {"chart": signed["chart"] | {"digest": "0" * 64}}
    bomb = signed | {"chart": signed["chart"] | {"size_bytes": 5}}
    twice = first | {"placements": [first["placements"][0]] * 2}
    odd, more = first | {"id": "../../etc"}, first | {"extra": 1}
    answers = sent(elsewhere, lines(swapped, bomb, twice, odd, more, first | {"version": 0}))
    assert statuses(answers) == ["refused"] * 6
    assert exported(elsewhere) == []


Forge = Callable[[dict[str, Any]], dict[str, Any]]
FORGED: dict[str, tuple[str, Forge]] = {
    "signed without a signature": ("/signature", lambda line: line | {"signature": None, "chart": None}),
    "a signature on what is open": ("/signature", lambda line: line | {"status": "completed"}),
    "signed by nobody": ("/signature", lambda line: line | {"signature": line["signature"] | {"by": " "}}),
    "signed in a version to come": (
        "/signature",
        lambda line: line | {"signature": line["signature"] | {"version": 9}},
    ),
    "signed after it was kept": (
        "/signature",
        lambda line: line | {"signature": line["signature"] | {"at": "2126-01-01T00:00:00Z"}},
    ),
    "signed before its first version": (
        "/signature",
        lambda line: line | {"signature": line["signature"] | {"version": 0}},
    ),
    "voided after it was kept": (
        "/voided/at",
        lambda line: (
            line
            | {"status": "voided", "change": {"kind": "voided", **WHO, "reason": "Twice."}}
            | {"voided": {**WHO, "reason": "Twice.", "at": "2126-01-01T00:00:00Z", "status": "signed"}}
        ),
    ),
    "voided without who": ("/voided", lambda line: line | {"status": "voided"}),
    "voided without a reason": (
        "/voided",
        lambda line: (
            line | {"status": "voided", "voided": {**WHO, "reason": "", "at": line["updated_at"], "status": "signed"}}
        ),
    ),
    "who voided, on what is not voided": (
        "/voided",
        lambda line: line | {"voided": {**WHO, "reason": "Twice.", "at": line["updated_at"], "status": "signed"}},
    ),
    "signed by a change that says nobody": ("/change", lambda line: line | {"change": {"kind": "signed"}}),
    "signed by a mere change": ("/change", lambda line: line | {"change": {"kind": "changed"}}),
    "created as its second version": ("/change", lambda line: line | {"change": {"kind": "created"}}),
    "a page in the place of its chart": (
        "/chart/media_type",
        lambda line: line | {"chart": line["chart"] | {"media_type": "text/html"}},
    ),
    "changed before it was created": ("/updated_at", lambda line: line | {"updated_at": "2020-01-01T00:00:00Z"}),
}


def test_a_life_that_no_service_kept_is_refused(client: httpx.Client, elsewhere: httpx.Client) -> None:
    """Each way in which a version cannot have come about is refused with its member; nothing of it is kept."""
    subject = fresh()
    lived(client, subject)
    signed = exported(client, subject=subject, versions="all")[1]
    answers = sent(elsewhere, lines(*(forge(signed) for _, forge in FORGED.values())))
    for (name, (pointer, _)), answer in zip(FORGED.items(), answers, strict=True):
        assert answer["status"] == "refused", name
        assert pointer in [error["pointer"] for error in answer["problem"]["errors"]], (name, answer)
    assert exported(elsewhere) == []
    assert statuses(sent(elsewhere, lines(signed))) == ["created"]


def test_a_version_that_cannot_follow_is_refused(client: httpx.Client, elsewhere: httpx.Client) -> None:
    """What was signed is not opened again, times and events of earlier versions stay, what is voided stays voided."""
    subject = fresh()
    session = lived(client, subject)
    body = {**WHO, "reason": "Twice."}
    assert client.post(f"/v1/sessions/{session}/void", json=body, headers={"If-Match": "*"}).status_code == 200
    first, signed, bruised, _, voided = exported(client, subject=subject, versions="all")
    opened = bruised | {"status": "completed", "signature": None, "change": {"kind": "changed"}}
    unlike = [opened, bruised | {"created_at": "2020-01-01T00:00:00Z"}, bruised | {"last_number": 1, "placements": []}]
    answers = sent(elsewhere, lines(first, signed, *unlike, bruised, voided | {"events": []}, voided))
    assert statuses(answers) == ["created", "created", "refused", "refused", "refused", "created", "refused", "created"]
    pointers = [[error["pointer"] for error in answer["problem"]["errors"]] for answer in (*answers[2:5], answers[6])]
    assert pointers == [["/status", "/signature"], ["/created_at"], ["/last_number"], ["/events"]]


def test_a_bad_import_is_two_entries_and_short_answers(elsewhere: httpx.Client) -> None:
    """Thousands of lines that are no sessions: one entry for the first, one that counts them; beyond a thousand an
    answer has no more than its number and status, and no answer lists complaints without end.
    """
    wrong = lines({f"member {number}": 1 for number in range(3000)})
    answers = sent(elsewhere, wrong + b"x\n" * 3000 + wrong)
    assert statuses(answers) == ["refused"] * 3002
    assert len(answers[0]["problem"]["errors"]) == 100
    assert "problem" in answers[999]
    assert answers[1000] == {"line": 1001, "status": "refused"}
    for _ in range(100):
        items = elsewhere.get("/v1/audit", params={"operation": "importSessions"}).json()["items"]
        if len(items) == 2:
            break
        time.sleep(0.01)
    assert [(item["outcome"], item.get("problem"), item.get("about")) for item in items] == [
        ("refused", None, "3002 lines"),
        ("refused", "invalid", None),
    ]


def test_what_is_sent_again_is_an_entry_for_many(elsewhere: httpx.Client) -> None:
    """Lines that were there already are named together, so that a file sent again does not fill the audit."""
    content = lines(*(named(f"again-{number}") for number in range(50)))
    assert statuses(sent(elsewhere, content)) == ["created"] * 50
    assert statuses(sent(elsewhere, content)) == ["existing"] * 50
    items = elsewhere.get("/v1/audit", params={"operation": "importSessions", "outcome": "replayed"}).json()["items"]
    assert sum(len(item["sessions"]) for item in items) == 50
    assert len(items) <= 3


def test_to_restore_needs_an_administrator(serve: Serve, tmp_path: Path, client: httpx.Client) -> None:
    """Who may record may not bring signatures of others along; and the audit is for administrators, too."""
    writer = key_in(tmp_path, "--db", "clinic.db", scopes=["session:read", "session:write"])
    lived(client, "Patient/restored")
    out = client.get(EXPORT, params={"subject": "Patient/restored"}).content
    with httpx.Client(
        base_url=serve("--db", "clinic.db").address, headers={"Authorization": f"Bearer {writer}"}, timeout=60
    ) as weak:
        answers = sent(weak, out + lines({}))
        assert statuses(answers) == ["refused", "created"]
        assert answers[0]["problem"]["type"] == "urn:bodymap:problem:forbidden"
        assert weak.get(EXPORT).status_code == 200
        assert weak.get(EXPORT, params={"audit": "true"}).status_code == 403


def test_a_records_request_has_every_entry_of_the_audit(client: httpx.Client, new_session: NewSession) -> None:
    """All that was done with a subject's sessions, and of the others in a list not even their ids."""
    own, other = new_session(subject="Patient/asks")["id"], new_session(subject="Patient/other")["id"]
    both = client.get("/v1/sessions", params={"limit": 2})
    assert [item["id"] for item in both.json()["items"]] == [other, own]
    client.get(f"/v1/sessions/{own}/chart.svg")
    for _ in range(100):
        out = exported(client, subject="Patient/asks", versions="all", audit="true")
        entries = [line["entry"] for line in out if line["record"] == "audit"]
        if any(entry["operation"] == "getChart" for entry in entries):
            break
        time.sleep(0.01)
    assert [line["record"] for line in out[:2]] == ["session", "audit"]
    operations = [entry["operation"] for entry in entries]
    assert operations[:3] == ["createSession", "findSessions", "getChart"]
    assert set(operations[3:]) <= {"exportSessions"}
    assert all(entry["sessions"] == [own] for entry in entries)
    assert statuses(sent(client, lines(*out)))[1:] == ["ignored"] * len(entries)


def test_what_was_imported_and_exported_is_recorded(elsewhere: httpx.Client) -> None:
    """An entry for each line that was kept, one for those there or refused, one for each portion that left."""
    sent(elsewhere, lines(named("rec-1"), named("rec-1"), {"note": 5}, {"note": "secret"}))
    exported(elsewhere)
    exported(elsewhere, subject="Patient/nobody")
    for _ in range(100):
        items = elsewhere.get("/v1/audit", params={"limit": 50}).json()["items"]
        told = [(item["operation"], item["outcome"], len(item["sessions"])) for item in reversed(items)]
        done = [each for each in told if each[0] != "findAuditEntries"]
        if len(done) == 6:
            break
        time.sleep(0.01)
    assert sorted(done) == [
        ("exportSessions", "done", 0),
        ("exportSessions", "done", 2),
        ("importSessions", "done", 1),
        ("importSessions", "done", 1),
        ("importSessions", "refused", 0),
        ("importSessions", "replayed", 1),
    ]
    assert "secret" not in json.dumps(items)


def test_an_export_of_many_is_whole_and_in_order(elsewhere: httpx.Client, tmp_path: Path) -> None:
    """More sessions than one portion has, each once, newest first; HEAD sends nothing."""
    sent(elsewhere, lines(*({"note": str(number)} for number in range(120))))
    assert [line["note"] for line in exported(elsewhere)] == [str(number) for number in reversed(range(120))]
    head = elsewhere.head(EXPORT)
    assert (head.status_code, head.content) == (200, b"")


def test_a_client_that_leaves_an_export_is_let_go(elsewhere: httpx.Client) -> None:
    """The service goes on as if nothing had been."""
    sent(elsewhere, lines(*({"note": "x" * 4000} for _ in range(300))))
    with elsewhere.stream("GET", EXPORT) as answer:
        next(answer.iter_bytes())
    assert len(exported(elsewhere)) == 300


def test_a_disk_that_fails_is_told_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be kept now is `failed`, not `refused`: sent again, it is created."""
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_S", 0.2)
    with (
        serving(create_app(settings_in(tmp_path), open_to_all=True)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        content = lines(*(named(f"full-{number}") for number in range(5)))
        locker = sqlite3.connect(tmp_path / "api.db", isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        answers = sent(client, content)
        locker.close()
        assert statuses(answers) == ["failed"] * 5
        assert statuses(sent(client, content)) == ["created"] * 5
