"""Requests that are refused: the status, the shape, the pointers, and that nothing was changed."""

import json
from typing import Any

import httpx
import pytest

PROBLEM = "application/problem+json"
JSON = {"Content-Type": "application/json"}


def pointers(answer: httpx.Response) -> set[str]:
    """Where the complaints of a refusal point."""
    return {complaint["pointer"] for complaint in answer.json()["errors"]}


def point(**members: Any) -> dict[str, Any]:
    """A trigger point on the left descending trapezius, with members changed."""
    return {"kind": "trigger_point", "view": "posterior", "at": [290, 290], **members}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"placements": [point(at=[5, 5])]}, {"/placements/0/at"}),
        ({"placements": [point(side="right")]}, {"/placements/0/side"}),
        ({"placements": [point(region="rectus-abdominis")]}, {"/placements/0/region"}),
        ({"placements": [point(region="trapezius")]}, {"/placements/0/region"}),
        ({"placements": [{"kind": "trigger_point", "region": "levator-scapulae"}]}, {"/placements/0/side"}),
        ({"placements": [point(pain_before=11)]}, {"/placements/0/pain_before"}),
        ({"placements": [point(dwell_s=-1)]}, {"/placements/0/dwell_s"}),
        ({"placements": [point(count=0)]}, {"/placements/0/count"}),
        ({"placements": [point(dept_mm=3)]}, {"/placements/0/dept_mm"}),
        ({"needle": {"length_mm": 10}, "placements": [point(depth_mm=12)]}, {"/placements/0/depth_mm"}),
        ({"placements": [{"kind": "needle"}]}, {"/placements/0/kind"}),
        ({"placements": ["here"]}, {"/placements/0"}),
        ({"placements": "here"}, {"/placements"}),
        ({"a/b~c": 1}, {"/a~1b~0c"}),
        ({"started_at": "2026-11-23T09:00:00"}, {"/started_at"}),
        ({"status": "signed"}, {"/status"}),
        ([], {""}),
        (None, {""}),
        ("text", {""}),
    ],
)
def test_what_does_not_fit_is_pointed_at(client: httpx.Client, body: Any, expected: set[str]) -> None:
    """A session that does not fit is 422, with a pointer to what is wrong."""
    answer = client.post("/v1/sessions", content=json.dumps(body), headers=JSON)
    assert answer.status_code == 422, answer.text
    assert pointers(answer) == expected, answer.text


def test_all_complaints_come_at_once(client: httpx.Client) -> None:
    """Shape, numbers, places and counts are complained of in one answer."""
    body = {
        "pain_before": 12,
        "colour": "red",
        "placements": [
            point(side="right"),
            point(at=[2, 2]),
            point(depth_mm="deep"),
            {"kind": "perimeter", "view": "posterior", "ring": {"center": [395, 610], "radius_mm": 25, "needles": 65}},
        ],
    }
    answer = client.post("/v1/sessions", json=body)
    assert pointers(answer) == {
        "/pain_before",
        "/colour",
        "/placements/0/side",
        "/placements/1/at",
        "/placements/2/depth_mm",
        "/placements/3/ring/needles",
    }, answer.text


def test_a_wrong_side_says_where_the_mirrored_point_is(client: httpx.Client) -> None:
    """The complaint about a side carries the mirrored point, so that the slip can be mended at once."""
    answer = client.post("/v1/sessions", json={"placements": [point(side="right")]})
    (complaint,) = answer.json()["errors"]
    assert complaint["mirrored_at"] == [410, 290]


def test_a_refused_session_is_not_kept(client: httpx.Client) -> None:
    """A refused request changes nothing."""
    client.post("/v1/sessions", json={"subject": "Patient/refused", "placements": [point(at=[1, 1])]})
    assert client.get("/v1/sessions?subject=Patient/refused").json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"note": }',
        b'{"pain_before": NaN}',
        b'{"needle": {"length_mm": Infinity}}',
        b"{'note': 1}",
        b'{"note": "\xff"}',
        b'{"note": "\xed\xa0\x80"}',
        b'{"note": "\\ud800"}',
        b'{"note": "\\ud800\\u0041"}',
        b'{"note": "a\x00b"}',
        b'{"note": "a"} {"note": "b"}',
        b'{"pain_before": 1' + b"0" * 5000 + b"}",
        b'{"needle": {"length_mm": 1e999}}',
        b'{"note": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"placements": ' + b'[{"x":' * 20_000,
        b"\x00" * 100,
        b"subject=Patient/1",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_json_is_400(client: httpx.Client, body: bytes) -> None:
    """A body that is no JSON, or none that can be read, is 400 and never brings the service down."""
    answer = client.post("/v1/sessions", content=body, headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM), answer.text
    assert answer.json()["type"] == "urn:bodymap:problem:malformed"
    assert client.get("/healthz").status_code == 200


def test_numbers_at_the_edge_are_refused_where_they_stand(client: httpx.Client) -> None:
    """Numbers that JSON allows and no body has are complained of, not crashed on."""
    for at in ([1e308, 1e308], [-1e308, 0], [2**63, 0], [290, 290, 0], [290], ["290", 290], [True, 1], [None, 1]):
        answer = client.post("/v1/sessions", json={"placements": [point(at=at)]})
        assert answer.status_code == 422, at
        assert all(pointer.startswith("/placements/0/at") for pointer in pointers(answer)), answer.text


@pytest.mark.parametrize(
    ("method", "content_type", "status"),
    [
        ("POST", None, 415),
        ("POST", "text/plain", 415),
        ("POST", "application/x-www-form-urlencoded", 415),
        ("POST", "application/json; charset=latin-1", 415),
        ("POST", "application/json; charset=UTF-8", 201),
        ("POST", "APPLICATION/JSON", 201),
        ("POST", "application/vnd.clinic+json", 201),
        ("PATCH", "application/json-patch+json", 415),
        ("PATCH", "application/merge-patch+json", 200),
        ("PATCH", "application/json", 200),
    ],
)
def test_the_format_of_the_body_is_said(
    client: httpx.Client, method: str, content_type: str | None, status: int
) -> None:
    """Bodies are JSON and say so; patches are merge patches and not JSON Patch."""
    headers = {"Content-Type": content_type} if content_type else {}
    at = "/v1/sessions"
    if method == "PATCH":
        at += "/" + client.post(at, json={}).json()["id"]
        headers["If-Match"] = '"1"'
    answer = client.request(method, at, content=b"{}", headers=headers)
    assert answer.status_code == status, answer.text
    if status == 415:
        assert "application/json" in answer.headers["accept-patch" if method == "PATCH" else "accept-post"]


def test_a_compressed_body_is_refused(client: httpx.Client) -> None:
    """What would have to be unpacked first is not taken."""
    answer = client.post("/v1/sessions", content=b"\x1f\x8b", headers={**JSON, "Content-Encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize("announced", [True, False])
def test_a_large_body_is_413(client: httpx.Client, announced: bool) -> None:
    """A body over the limit is refused whether or not its length is announced, and the service goes on."""
    pieces = [b"x" * 65536] * 40
    content: Any = b"".join(pieces) if announced else iter(pieces)
    try:
        answer = client.post("/v1/sessions", content=content, headers=JSON)
    except httpx.TransportError:
        answer = None  # the connection was closed while the rest was still on its way
    if answer is not None:
        assert (answer.status_code, answer.json()["limit_bytes"]) == (413, 1 << 20)
    assert client.get("/healthz").status_code == 200


def test_a_body_just_under_the_limit_is_read(client: httpx.Client) -> None:
    """The limit is on the body, and a large one under it is judged by what it says."""
    answer = client.post("/v1/sessions", content=b'{"note": "' + b"x" * ((1 << 20) - 12) + b'"}', headers=JSON)
    assert (answer.status_code, pointers(answer)) == (422, {"/note"})


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/sessions", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("DELETE", "/v1/sessions", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("POST", "/v1/sessions/x", {"GET", "HEAD", "OPTIONS", "PATCH"}),
        ("GET", "/v1/sessions/x/placements", {"OPTIONS", "POST"}),
        ("POST", "/v1/atlas", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("HEAD", "/v1/charts", {"OPTIONS", "POST"}),
    ],
)
def test_a_wrong_method_says_which_are_right(client: httpx.Client, method: str, path: str, allow: set[str]) -> None:
    """405 lists everything that the address takes, and OPTIONS says the same."""
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == allow
    options = client.options(path)
    assert (options.status_code, options.headers["allow"]) == (204, answer.headers["allow"])


@pytest.mark.parametrize("path", ["/nowhere", "/v1/sessions/", "/v1/sessions/a/b", "/docs/x", "/V1/atlas"])
def test_an_unknown_address_is_a_problem_like_any_other(client: httpx.Client, path: str) -> None:
    """404 for an address that nobody serves, without a redirect."""
    answer = client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:bodymap:problem:unknown-address")


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/v1/atlas", "text/html", 406),
        ("/v1/atlas", "application/json;q=0", 406),
        ("/v1/atlas", "application/json;q=0, */*", 406),
        ("/v1/atlas", "text/html, */*;q=0.1", 200),
        ("/v1/atlas", "application/*", 200),
        ("/v1/atlas", "", 200),
        ("/v1/atlas/plates/posterior.svg", "image/png", 406),
        ("/v1/atlas/plates/posterior.svg", "image/*", 200),
        ("/v1/atlas/plates/posterior.svg", "image/avif,image/webp,*/*;q=0.8", 200),
    ],
)
def test_a_format_that_is_not_made_is_406(client: httpx.Client, path: str, accept: str, status: int) -> None:
    """What the client will not take is not sent."""
    assert client.get(path, headers={"Accept": accept}).status_code == status


def test_placements_are_not_patched_through_the_session(client: httpx.Client) -> None:
    """A merge patch of a session may not contain its placements."""
    at = "/v1/sessions/" + client.post("/v1/sessions", json={}).json()["id"]
    answer = client.patch(at, json={"placements": []}, headers={"If-Match": '"1"'})
    assert (answer.status_code, pointers(answer)) == (422, {"/placements"})


@pytest.mark.parametrize("patch", [[], None, "x", 3, {"colour": 1}, {"pain_after": 11}, {"id": "x"}, {"version": 9}])
def test_a_patch_that_does_not_fit_changes_nothing(client: httpx.Client, patch: Any) -> None:
    """A patch is an object of known members that fit; what is the server's is not the client's to change."""
    made = client.post("/v1/sessions", json={}).json()
    at = f"/v1/sessions/{made['id']}"
    answer = client.patch(at, content=json.dumps(patch), headers={**JSON, "If-Match": '"1"'})
    assert answer.status_code == 422, answer.text
    assert client.get(at).json() == made


@pytest.mark.parametrize("word", ["null", "NULL", "None", "undefined", "", "0", "0.5"])
@pytest.mark.parametrize(
    "path",
    ["/v1/sessions?updated_since=", "/v1/sessions?from=", "/v1/sessions?status=", "/v1/atlas/regions?view="],
)
def test_a_filter_without_a_value_is_no_lack_of_a_filter(client: httpx.Client, path: str, word: str) -> None:
    """What a program writes where it has no value does not fit, and never answers with everything; nor is a number a
    moment.
    """
    assert client.get(path + word).status_code == 422
