"""Requests that come twice: the same key and request get the first answer again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import key_in
from tests.engines import BOTH

ENGINES = BOTH

BY_REGION = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}


def key() -> dict[str, str]:
    """A header with a new key."""
    return {"Idempotency-Key": str(uuid4())}


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """What an answer says: all but what belongs to the one exchange."""
    own = ("date", "x-request-id")
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k not in own}


def test_a_session_posted_twice_is_recorded_once(client: httpx.Client) -> None:
    """The second answer is the first, byte for byte, with its headers, and there is one session."""
    headers, body = key(), {"subject": "Patient/twice", "placements": [BY_REGION]}
    first, second = (client.post("/v1/sessions", json=body, headers=headers) for _ in range(2))
    assert first.status_code == 201
    assert told(first) == told(second)
    assert len(client.get("/v1/sessions?subject=Patient/twice").json()["items"]) == 1


def test_every_change_can_be_repeated_whatever_the_version_is_now(client: httpx.Client) -> None:
    """POST, PATCH and DELETE of a placement answer again the same, though their version has long been left behind."""
    at = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['id']}"
    added = {"method": "POST", "url": f"{at}/placements", "json": BY_REGION, "headers": key()}
    first = client.request(**added)
    place = first.headers["location"]
    patched = {"method": "PATCH", "url": place, "json": {"note": "n"}, "headers": {**key(), "If-Match": '"2"'}}
    removed: dict[str, Any] = {"method": "DELETE", "url": place, "headers": {**key(), "If-Match": '"3"'}}
    answers = [first, client.request(**patched), client.request(**removed)]
    assert [answer.status_code for answer in answers] == [201, 200, 204]
    again = [client.request(**request) for request in (added, patched, removed)]
    assert [told(answer) for answer in again] == [told(answer) for answer in answers]
    assert client.get(at).headers["etag"] == '"4"'


def test_what_a_person_did_is_answered_again_as_it_was(client: httpx.Client) -> None:
    """Signing, amending, voiding, resolving anew and a change of the header answer again the same bytes, after later
    versions have come and though only a reference to the version is kept."""
    person = {"by": "Practitioner/7", "display": "Dana Example"}
    ring = {"kind": "perimeter", "view": "posterior", "ring": {"center": [350, 385], "radius_mm": 40, "needles": 9}}
    point = {"kind": "trigger_point", "view": "posterior", "at": [290.25, 385.5], "note": "Größe \u2028 \U0001f642"}
    began = {"started_at": "2026-11-23T09:00:00.123456-08:00", "status": "completed", "pain_before": 7}
    headers = key()
    asked: list[dict[str, Any]] = [
        {"method": "POST", "url": "/v1/sessions", "json": {**began, "placements": [ring, point, BY_REGION]}}
    ]
    answers = [client.request(**asked[0], headers=headers)]
    asked[0]["headers"] = headers
    at = answers[0].headers["location"]
    for path, body in (
        ("", {"note": "n"}),
        ("/re-resolve", {}),
        ("/sign", person),
        ("/amendments", {**person, "reason": "r", "patch": {"note": "m", "add": [BY_REGION]}}),
        ("/void", {**person, "reason": "r"}),
    ):
        request = {"method": "POST" if path else "PATCH", "url": f"{at}{path}?lang=de", "json": body}
        request["headers"] = {**key(), "If-Match": "*"}
        asked.append(request)
        answers.append(client.request(**request))
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 201, 200]
    assert [told(client.request(**request)) for request in asked] == [told(answer) for answer in answers]


def test_another_request_under_the_key_is_refused(client: httpx.Client) -> None:
    """Another body, address, query or method under a used key is 422 and changes nothing."""
    headers = key()
    made = client.post("/v1/sessions", json={"subject": "Patient/key"}, headers=headers).json()
    at = f"/v1/sessions/{made['id']}"
    for answer in (
        client.post("/v1/sessions", json={"subject": "Patient/other"}, headers=headers),
        client.post("/v1/sessions?lang=de", json={"subject": "Patient/key"}, headers=headers),
        client.post(f"{at}/placements", json=BY_REGION, headers=headers),
        client.patch(at, json={"note": "x"}, headers={**headers, "If-Match": '"1"'}),
    ):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:bodymap:problem:idempotency-key-reused"
    assert client.get(at).json() == made


def test_a_refused_request_may_come_again_under_its_key(client: httpx.Client) -> None:
    """What was refused changed nothing, so that its key is still free for the request put right."""
    headers = key()
    assert client.post("/v1/sessions", json={"pain_before": 11}, headers=headers).status_code == 422
    assert client.post("/v1/sessions", json={"pain_before": 10}, headers=headers).status_code == 201


@pytest.mark.parametrize("sent", ["", "x" * 256, "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(client: httpx.Client, sent: str) -> None:
    """A key is 1 to 255 printable characters."""
    answer = client.post("/v1/sessions", json={}, headers={"Idempotency-Key": sent})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "Idempotency-Key"


def test_two_keys_of_one_request_are_refused(client: httpx.Client) -> None:
    """Nobody can say which of them counts, so that neither does and nothing is recorded."""
    keys = [*key().items(), *key().items()]
    answer = client.post("/v1/sessions", json={"subject": "Patient/two-keys"}, headers=keys)
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("Idempotency-Key", "repeated")]
    assert client.get("/v1/sessions?subject=Patient/two-keys").json()["items"] == []


def test_a_rush_under_one_key_is_one_session(address: str) -> None:
    """Of equal requests at once under one key one is done, and all are answered alike."""
    headers = key()

    def post(_: int) -> tuple[int, bytes]:
        body = {"subject": "Patient/key-rush"}
        answer = httpx.post(f"{address}/v1/sessions", json=body, headers=headers, timeout=120)
        return answer.status_code, answer.content

    with ThreadPoolExecutor(12) as pool:
        answers = set(pool.map(post, range(12)))
    assert len(answers) == 1
    found = httpx.get(f"{address}/v1/sessions?subject=Patient/key-rush").json()["items"]
    assert len(found) == 1


def test_an_answer_outlives_the_process(serve: Callable[..., Any], tmp_path: Path) -> None:
    """After a kill the session is there, and its key gives the same answer again."""
    body = {"subject": "Patient/killed", "placements": [BY_REGION]}
    before = serve()
    headers = {**key(), "Authorization": f"Bearer {key_in(tmp_path)}"}
    first = httpx.post(f"{before.address}/v1/sessions", json=body, headers=headers)
    assert first.status_code == 201
    before.process.kill()
    before.process.wait()
    after = serve().address
    assert told(httpx.post(f"{after}/v1/sessions", json=body, headers=headers)) == told(first)
    assert len(httpx.get(f"{after}/v1/sessions?subject=Patient/killed", headers=headers).json()["items"]) == 1
