"""What a running service says to its log: enough to follow a request, and nothing of any patient."""

import json
import re
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
MILLER = {"subject": "Patient/Miller-1961", "note": "Ms Miller slept badly", "placements": []}


def ask(address: str, path: str, body: Any = None, **headers: str) -> tuple[int, Message, bytes]:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, content, headers={"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def lines(running: Any, folder: Path) -> list[dict[str, Any]]:
    """Everything that was said, once the service has stopped: a request's line follows its answer."""
    running.process.terminate()
    running.process.wait(120)
    return [json.loads(line) for line in (folder / "serve.err").read_text().splitlines()]


def test_a_request_is_one_line_with_the_id_of_its_answer(serve: Any, tmp_path: Path) -> None:
    """The line has the answer's request id, the operation, the status, and the ids under which the client knows it."""
    running = serve("--demo")
    address = running.address
    mine = "0189AAAA-1111-4222-8333-444455556666"
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "X-Request-Id": mine}
    _, answered, _ = ask(address, "/v1/sessions", MILLER, **headers)
    [line] = [line for line in lines(running, tmp_path) if line.get("operation") == "createSession"]
    assert line["request_id"] == answered["X-Request-Id"] != mine.lower()
    assert (line["method"], line["path"], line["status"]) == ("POST", "/v1/sessions", 201)
    assert (line["trace_id"], line["client_request_id"]) == (TRACE, mine.lower())
    assert (line["client"], line["peer"], line["level"]) == ("local", "127.0.0.1", "INFO")
    assert line["ms"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


def test_no_patient_is_in_the_log(serve: Any, tmp_path: Path) -> None:
    """Whatever names a patient, in an address, a query, a header or a body, taken or refused, stays out of the log."""
    running = serve("--demo")
    address = running.address
    _, _, made = ask(address, "/v1/sessions", MILLER, **{"X-Request-Id": "Miller", "Idempotency-Key": "Miller"})
    ask(address, f"/v1/sessions/{json.loads(made)['id']}/chart.svg?id_prefix=Miller")
    ask(address, "/v1/sessions?subject=Patient/Miller-1961&limit=5")
    ask(address, "/v1/sessions?Miller=1&limit=Miller")
    ask(address, "/v1/sessions/Miller")
    ask(address, "/v1/subjects/Miller/12345678/?x=Miller", traceparent="00-Miller-00f067aa0ba902b7-01")
    ask(address, "/v1/sessions", {"subject": "Miller", "placements": [{"kind": "Miller"}]})
    ask(address, "/v1/charts", {"header": {"name": "Miller"}}, Accept="image/Miller")
    said = lines(running, tmp_path)
    assert len([line for line in said if line["logger"] == "bodymap.request"]) == 8
    assert "miller" not in (tmp_path / "serve.err").read_text().lower()
    assert [line["query"] for line in said if line.get("operation") == "findSessions"] == [
        ["limit", "subject"],
        ["limit"],
    ]
    # What was asked for in vain can be seen, less what could be somebody's name or number.
    assert [line["path"] for line in said if line.get("operation") == "none"] == ["/v1/subjects/…/…/"]


def test_a_failure_is_found_by_the_instance_of_its_problem(serve: Any, tmp_path: Path) -> None:
    """What the client is told and what the log knows of a failure carry one id."""
    running = serve("--demo")
    ask(running.address, "/readyz")  # it has started
    record = tmp_path / "bodymap-demo.db"
    with record.open("r+b") as file:
        file.write(b"\xa5" * record.stat().st_size)
    status, headers, content = ask(running.address, "/v1/sessions", MILLER)
    assert status == 503
    instance = json.loads(content)["instance"]
    errors = [line for line in lines(running, tmp_path) if line["level"] == "ERROR"]
    assert instance == f"urn:uuid:{headers['X-Request-Id']}"
    assert headers["X-Request-Id"] in {line.get("request_id") for line in errors}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"BODYMAP_LOG_FORMAT": "text"}, r"^\S+Z info    GET getAtlas 200 operation=getAtlas .*request_id=\S{36}$"),
        ({"BODYMAP_LOG_LEVEL": "warning"}, r"\A\Z"),
        ({"BODYMAP_LOG_LEVEL": "debug"}, r'"message":"GET getHealth 200"'),
    ],
)
def test_level_and_form_are_settings(serve: Any, tmp_path: Path, settings: dict[str, str], found: str) -> None:
    """A log for people, a quiet one, and one in which even the probes are seen."""
    running = serve("--demo", settings=settings)
    ask(running.address, "/v1/atlas")
    ask(running.address, "/healthz")
    running.process.terminate()
    running.process.wait(120)
    assert re.search(found, (tmp_path / "serve.err").read_text(), re.MULTILINE)
