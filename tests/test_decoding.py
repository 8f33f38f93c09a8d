"""What decoding promises: every complaint at once, at the right place, and what is right is kept."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.charting.placement import PlacementStatement, TriggerPoint
from bodymap.charting.session import SessionStatement
from bodymap.decoding import convert, decode, merge_patch, pointer
from bodymap.errors import Invalid, Malformed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [*SessionStatement.__struct_fields__, *TriggerPoint.__struct_fields__, "kind", "ring", "foo"]


def pointers(body: Any) -> dict[str, str]:
    draft = decode(json.dumps(body).encode(), SessionStatement)
    return {complaint.pointer: complaint.code for complaint in draft.complaints}


def test_every_complaint_is_gathered_with_its_place() -> None:
    """A body with many faults is answered with each of them, not the first."""
    body = {
        "subjct": "Patient/1",
        "pain_before": 11,
        "started_at": "2026-01-01T00:00:00",
        "needle": {"diameter_mm": "thin"},
        "identifier": [{"system": "urn:s"}],
        "placements": [
            {"kind": "trigger_point", "at": [1], "dwell_s": -1, "colour": "red", "side": "L"},
            {"kind": "cupping"},
            7,
            {"kind": "perimeter", "ring": {"center": [1, 2], "radius_mm": -3, "needles": 70}, "skip": [0]},
            {"kind": "perimeter", "outline": [[1, 2], ["a", 3], [1, 1]]},
        ],
    }
    assert pointers(body) == {
        "/subjct": "unknown-field",
        "/pain_before": "out-of-range",
        "/started_at": "out-of-range",
        "/needle/diameter_mm": "wrong-type",
        "/identifier/0/value": "missing-field",
        "/placements/0/at": "out-of-range",
        "/placements/0/dwell_s": "out-of-range",
        "/placements/0/colour": "unknown-field",
        "/placements/0/side": "unknown-value",
        "/placements/1/kind": "unknown-kind",
        "/placements/2": "wrong-type",
        "/placements/3/ring/radius_mm": "out-of-range",
        "/placements/3/ring/needles": "out-of-range",
        "/placements/3/skip/0": "out-of-range",
        "/placements/4/outline/1/0": "wrong-type",
    }


def test_what_is_right_is_kept_in_its_place() -> None:
    """After a fault the other members and the numbering of placements stay, so that rules can go on."""
    body = {"note": "kept", "placements": [3, {"kind": "trigger_point", "region": "piriformis", "count": 0}]}
    draft = decode(json.dumps(body).encode(), SessionStatement)
    assert draft.value.note == "kept"
    assert draft.unusable == {"/placements/0"}
    assert draft.value.placements[1].region == "piriformis"


def test_a_misspelt_field_gets_a_suggestion() -> None:
    """An unknown field is answered with the field that was probably meant."""
    draft = decode(b'{"performr": "Practitioner/7"}', SessionStatement)
    assert draft.complaints[0].suggestions[0] == "performer"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"a": nan}', b"[" * 100_000, b'{"a": "\\ud800'])
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    """Bytes that are no JSON raise Malformed, however they are broken."""
    with pytest.raises(Malformed):
        decode(body, SessionStatement)


@pytest.mark.parametrize("body", [b"null", b"[]", b"1", b'"x"', b"true"])
def test_a_body_that_is_no_object_is_invalid(body: bytes) -> None:
    """JSON that is no object is refused at its root, with an empty pointer."""
    with pytest.raises(Invalid) as caught:
        decode(body, SessionStatement)
    assert [complaint.pointer for complaint in caught.value.complaints] == [""]


def _members() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=6), JSON, max_size=6)


@given(_members(), st.lists(JSON | _members(), max_size=4))
def test_the_walk_agrees_with_the_fast_way(members: dict[str, Any], placements: list[Any]) -> None:
    """A body is complained of exactly when msgspec refuses it, and an accepted one decodes the same both ways."""
    body = {**members, "placements": placements}
    try:
        fast = msgspec.convert(body, SessionStatement)
    except msgspec.ValidationError:
        try:
            assert convert(body, SessionStatement).complaints
        except Invalid as error:
            assert error.complaints
    else:
        slow = convert(body, SessionStatement)
        assert slow.complaints == []
        assert slow.value == fast


@given(JSON)
def test_pointers_lead_to_what_is_complained_of(raw: Any) -> None:
    """Following a complaint's pointer from the root never leaves the body by more than the last step."""
    body = {"kind": "trigger_point", "at": raw, "needle": raw, "also": raw, "twitch": {"count": raw}}
    for complaint in convert(body, PlacementStatement).complaints:
        steps = complaint.pointer.split("/")[1:]
        found: Any = body
        for step in steps[:-1]:
            name = step.replace("~1", "/").replace("~0", "~")
            found = found[int(name)] if isinstance(found, list) else found[name]
        assert isinstance(found, dict | list)


def test_pointers_escape() -> None:
    """A field name with a slash or a tilde is escaped as RFC 6901 says."""
    assert pointer("", "a/b~c") == "/a~1b~0c"


def test_merge_patch_follows_the_rfc() -> None:
    """The cases of RFC 7396, appendix A, that bodies here can meet."""
    assert merge_patch({"a": "b"}, {"a": "c"}) == {"a": "c"}
    assert merge_patch({"a": "b", "b": "c"}, {"a": None}) == {"b": "c"}
    assert merge_patch({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}) == {"a": {"b": "d"}}
    assert merge_patch({"a": [1, 2]}, {"a": [3]}) == {"a": [3]}
    assert merge_patch({}, {"a": {"bb": {"ccc": None}}}) == {"a": {"bb": {}}}
