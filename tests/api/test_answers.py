"""The answers that the OpenAPI document shows: kept in `bodymap/api/answers.json`, and what the service answers."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.api import answers
from bodymap.api.examples import EXAMPLES
from bodymap.api.operation import JSON, NDJSON, TEXT, Operation
from bodymap.api.operations import OPERATIONS
from tests.api.test_openapi import ENTRY, UUID, NewSession, document, linked, recorded, validator

FILE = Path(answers.__file__).with_name("answers.json")
SHOWN = [
    operation
    for operation in OPERATIONS
    if operation.described
    and operation.status != 204
    and operation.id != "getOpenAPI"
    and {JSON, NDJSON, TEXT} & {*operation.media_types}
]
# Members that hold an entry for each code or source: two of them show how.
_MAPS = {"flag_rules", "sources", "topics"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def test_every_answer_has_an_example(
    client: httpx.Client, new_session: NewSession, pytestconfig: pytest.Config
) -> None:
    """Each answer in JSON or text is shown, with the members that the service answers with, in the shape that the
    document says."""
    given = {operation.id: shortened(answer_of(client, new_session, operation)) for operation in SHOWN}
    problem = refusal(client)
    if pytestconfig.getoption("refresh_golden"):
        FILE.write_text(json.dumps(settled({**given, "refused": problem}), ensure_ascii=False, indent=1) + "\n")
        pytest.fail("The answers are kept as they are given now.")
    assert set(answers.ANSWERS) == set(given)
    assert set(places(answers.PROBLEM)) == set(places(problem))
    for operation in SHOWN:
        assert set(places(answers.ANSWERS[operation.id])) == set(places(given[operation.id])), operation.id
        for kind, content in promised(operation)["content"].items():
            if "example" in content and kind != "text/plain":
                validator(content["schema"]).validate(content["example"])


def answer_of(client: httpx.Client, new_session: NewSession, operation: Operation) -> Any:
    """What the service answers to the first example of an operation, or to the least that can be asked."""
    signed = operation.method == "GET" or operation.id == "amendSession"
    status = "in-progress" if operation.id == "completeSession" else "completed"
    session = recorded(client, new_session, signed, status)
    [example, *_] = EXAMPLES.get(operation.id, ()) or [None]
    path = operation.path.format(
        session_id=session["id"],
        placement_id=session["placements"][0]["id"],
        event_id=session["events"][0]["id"],
        version=session["version"],
        trigger_point_id=ENTRY,
        flag="over-lung-field",
        region_id="trapezius-descending",
        view="posterior",
        link_id=linked(client, session) if "{link_id}" in operation.path else "",
    )
    query = example.query if example else {}
    if path.startswith("/v1/charts/compare."):
        query = {"sessions": f"{session['id']},{new_session(subject=session.get('subject'))['id']}"}
    body = example.body if example else None
    if operation.id == "createLink":
        body = {**body, "address": UUID.sub(session["id"], body["address"])}
    version = "*" if operation.id == "putTenant" else f'"{session["version"]}"'
    kinds = {"Content-Type": operation.body_media_types[0]} if operation.body_media_types else {}
    answer = client.request(
        operation.method,
        path,
        params=query,
        content=json.dumps(body) if kinds else None,
        headers={"If-Match": version, **kinds, "Accept": format_of(operation)},
    )
    assert answer.status_code == operation.status, answer.text
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type == NDJSON:
        return json.loads(answer.text.splitlines()[0])
    return answer.text if media_type == "text/plain" else answer.json()


def format_of(operation: Operation) -> str:
    """The format in which an operation's answer can be shown."""
    return next(kind for kind in (JSON, NDJSON, TEXT) if kind in operation.media_types).partition(";")[0]


def refusal(client: httpx.Client) -> Any:
    """What the service answers to a place on the wrong side."""
    place = {"kind": "trigger_point", "view": "posterior", "at": [302, 275], "side": "right"}
    return client.post("/v1/sessions", json={"placements": [place]}).json()


def promised(operation: Operation) -> dict[str, Any]:
    """What the document says of an operation's answer when all is well."""
    found: dict[str, Any] = document()["paths"][operation.path][operation.method.lower()]["responses"]
    return dict(found[str(operation.status)])


def shortened(value: Any, name: str = "") -> Any:
    """An answer with one item of each list, but whole points and names, two entries of each map, and little of what is
    compressed."""
    if isinstance(value, dict):
        kept = list(value.items())[:2] if name in _MAPS else value.items()
        return {key: shortened(member, key) for key, member in kept}
    if isinstance(value, list):
        structured = any(isinstance(item, dict | list) for item in value)
        return [shortened(item) for item in value[: 1 if structured else 4]]
    return value[:64] if name == "compressed" else value


def places(value: Any, at: str = "") -> Iterator[str]:
    """Where something stands in a value; items of a list count as one, and entries of a map."""
    yield at
    if isinstance(value, dict):
        name = at.rpartition("/")[2]
        for key, member in value.items():
            yield from places(member, f"{at}/*" if name in _MAPS else f"{at}/{key}")
    elif isinstance(value, list):
        for item in value:
            yield from places(item, f"{at}/-")


def settled(value: Any) -> Any:
    """A value with ids, addresses and times of now replaced, so that it shows nothing of where it was made."""
    text = json.dumps(value, ensure_ascii=False)
    known: dict[str, str] = {}
    text = UUID.sub(lambda found: known.setdefault(found[0], f"01a207ac-4074-749a-8a72-{len(known) + 1:012x}"), text)
    text = re.sub(r"http://127\.0\.0\.1:\d+", "https://charts.clinic.example", text)
    text = re.sub(r"(\?link=)[^\"&]+", r"\1…", text)
    return json.loads(_MOMENT.sub(_past, text))


def _past(moment: re.Match[str]) -> str:
    near = abs(datetime.now(UTC) - datetime.fromisoformat(moment[0])) < timedelta(hours=2)
    return "2026-11-23T17:40:00Z" if near else moment[0]
