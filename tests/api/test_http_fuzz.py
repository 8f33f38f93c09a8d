"""Bodies that nobody would write: the service judges each in the one shape, and soon."""

import json
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bodymap.api.schemas import generate
from tests.examples import THOROUGHLY

POINT: dict[str, Any] = {
    "kind": "trigger_point",
    "view": "posterior",
    "at": [290, 290],
    "region": "trapezius-descending",
    "side": "left",
    "trigger_point": {"state": "active"},
    "also": ["levator-scapulae"],
    "depth_mm": 12,
    "twitch": {"count": 3},
}
RING: dict[str, Any] = {
    "kind": "perimeter",
    "view": "posterior",
    "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
    "skip": [3],
}
SESSION: dict[str, Any] = {
    "subject": "Patient/1",
    "started_at": "2026-11-23T09:00:00-08:00",
    "needle": {"length_mm": 40},
    "placements": [POINT, RING],
    "pain_before": 7,
}

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["left", "right", "midline", "posterior", "perimeter", "trapezius", "done", "signed", "2026-01-01"]
    )
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner))


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for name, below in inside for place in places(below, (*here, name)))]


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """The session with one to three of its members replaced, removed or added."""
    whole = {"session": json.loads(json.dumps(SESSION))}
    for _ in range(draw(st.integers(1, 3))):
        path = ("session", *draw(st.sampled_from(places(whole["session"]))))
        holder: Any = whole
        for step in path[:-1]:
            holder = holder[step]
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "replace":
            holder[path[-1]] = draw(values)
        elif change == "remove" and len(path) > 1:
            del holder[path[-1]]
        elif isinstance(holder[path[-1]], dict):
            holder[path[-1]][draw(st.text(max_size=8))] = draw(values)
    return whole["session"]


@cache
def validator() -> Draft202012Validator:
    """The schema that clients are given."""
    return Draft202012Validator(json.loads(generate()["SessionStatement.json"]))


@THOROUGHLY
@given(body=spoilt())
def test_no_session_is_too_strange(client: httpx.Client, body: Any) -> None:
    """Whatever is sent is recorded or refused with pointers, never an accident; what is recorded fits the schema."""
    answer = client.post("/v1/sessions", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code in (201, 400, 422), answer.text
    fits = validator().is_valid(body)
    if answer.status_code == 201:
        assert fits
        assert client.get(answer.headers["location"]).content == answer.content
    elif answer.status_code == 422:
        for complaint in answer.json()["errors"]:
            assert complaint["pointer"] == "" or complaint["pointer"].startswith("/"), complaint
            assert complaint["detail"], complaint


@THOROUGHLY
@given(patch=values)
def test_no_patch_is_too_strange(client: httpx.Client, patch: Any) -> None:
    """A patch is taken or refused, and refused it changes nothing."""
    made = client.post("/v1/sessions", json={"placements": [RING]}).json()
    for path in (f"/v1/sessions/{made['id']}", f"/v1/sessions/{made['id']}/placements/{made['placements'][0]['id']}"):
        etag = client.get(path).headers["etag"]
        headers = {"Content-Type": "application/json", "If-Match": etag}
        answer = client.patch(path, content=json.dumps(patch), headers=headers)
        assert answer.status_code in (200, 400, 422), answer.text
        now = client.get(path).headers["etag"]
        # What says nothing new makes no version.
        assert now == (answer.headers["etag"] if answer.status_code == 200 else etag)


@pytest.mark.parametrize(
    "body",
    [
        {f"field-{number}": 1 for number in range(40_000)},
        {"placements": [1] * 300_000},
        {"placements": [{"kind": "trigger_point", "x": 1}] * 30_000},
        {"placements": [{**POINT, "also": ["zzz"] * 60_000}]},
        {"placements": [{**POINT, "also": ["zzz"] * 16}] * 500},
        {"placements": [{**RING, "skip": [3] * 200_000}]},
        {"identifier": [{"system": "urn:a", "value": str(number)} for number in range(20_000)]},
        {"placements": [{"kind": "perimeter", "view": "posterior", "outline": [[9, 9]] * 80_000, "spacing_mm": 1}]},
    ],
    ids=lambda body: next(iter(body)),
)
def test_a_body_wrong_throughout_is_refused_without_being_read_to_the_end(client: httpx.Client, body: Any) -> None:
    """The complaints are as many as somebody can mend, however much is wrong."""
    answer = client.post("/v1/sessions", json=body)
    assert answer.status_code == 422, answer.text[:200]
    assert len(answer.json()["errors"]) <= 600
