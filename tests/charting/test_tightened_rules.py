"""Rules that are tightened hold for what is newly stated: a change is checked in the members whose value it changes."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bodymap.charting.new_versions import patched_header, patched_placement
from bodymap.charting.placement import RecordedPlacement, stated
from bodymap.charting.session import Header, Session, header_of
from bodymap.decoding import convert
from bodymap.errors import Complaint
from tests.charting.visits_drafted import ATLAS, BY_REGION, POINT, RING, drafted

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
# What older rules let through, and today's do not, with what both take.
names = st.sampled_from([" a", "a\u200b", "a\0", "Practitioner/1", "Patient/1", "b"])
texts = st.sampled_from(["", " ", "a\0b", "\x1b[0m", "words", "x" * 200])
times = st.sampled_from(
    ["0026-01-01T00:00:00Z", "2126-01-01T00:00:00Z", "2026-11-20T09:00:00+20:00", "2026-11-20T09:00:00Z"]
)
HEADERS: dict[str, st.SearchStrategy[Any]] = {
    "identifier": st.lists(st.fixed_dictionaries({"system": names, "value": names}), max_size=2, unique_by=str),
    "subject": names,
    "encounter": names,
    "performer": names,
    "position": texts,
    "note": texts,
    "started_at": times,
    "needle": st.fixed_dictionaries({}, optional={"lot": names, "maker": texts}),
    "consent": st.fixed_dictionaries({}, optional={"version": texts, "signed_at": times}),
    "pain_before": st.sampled_from([7, 6.55, 0]),
}
PLACEMENTS: dict[str, st.SearchStrategy[Any]] = {
    "technique": texts,
    "note": texts,
    "continues": names,
    "needle": HEADERS["needle"],
    "twitch": st.fixed_dictionaries({}, optional={"count": st.integers(0, 3)}),
    "pain_after": HEADERS["pain_before"],
}
headers = st.fixed_dictionaries({}, optional=HEADERS)
placements = st.fixed_dictionaries({}, optional=PLACEMENTS)


def kept_header(members: dict[str, Any]) -> Session:
    """A session as older rules kept it: types alone, as the storage reads them."""
    header: Header = msgspec.convert(members, Header)
    stated_members = {name: getattr(header, name) for name in Header.__struct_fields__}
    return structs.replace(drafted(), **{**stated_members, "status": "in-progress"})


def kept_placement(place: dict[str, Any], members: dict[str, Any]) -> RecordedPlacement:
    [recorded] = drafted(placements=[place]).placements
    builtins = msgspec.to_builtins(recorded) | members
    return msgspec.convert(builtins, type(recorded))


@given(old=headers, changed=st.sampled_from(sorted(HEADERS)), data=st.data())
def test_a_patch_is_checked_only_in_what_it_changes(old: Any, changed: str, data: Any) -> None:
    """Whatever else an old header holds, a patch of one member is complained of in that member alone, exactly where a
    new session with it would be, and the others stay as they stand.
    """
    before = kept_header(old)
    value = data.draw(HEADERS[changed])
    patch = {changed: value}
    found: list[Complaint] = []
    after = patched_header(before, patch, NOW, found.append)
    assert all(complaint.pointer.startswith(f"/{changed}") for complaint in found), found
    for name in Header.__struct_fields__:
        if name not in (changed, "status"):
            assert getattr(after, name) == getattr(before, name), name
    if changed not in old:
        fresh = convert(patch, Header).complaints
        assert {complaint.pointer for complaint in fresh} <= {complaint.pointer for complaint in found}


@given(old=headers)
def test_what_is_stated_again_is_no_change(old: Any) -> None:
    """A client that sends back all that it has read is not refused for what others wrote under older rules."""
    before = kept_header(old)
    found: list[Complaint] = []
    stated_again = msgspec.to_builtins(header_of(before))
    after = patched_header(before, stated_again, NOW, found.append)
    assert (found, after) == ([], header_of(before))


@given(place=st.sampled_from([POINT, BY_REGION, RING]), old=placements, note=st.sampled_from(["new", "newer"]))
def test_an_old_placement_is_changed_where_it_stands(place: dict[str, Any], old: Any, note: str) -> None:
    """A patch of its note leaves place, flags, count and all else as they were kept."""
    session = drafted()
    before = kept_placement(place, old)
    after = patched_placement(ATLAS, session, before, {"note": note})
    assert after == structs.replace(before, note=note)
    assert structs.replace(stated(after), note=None) == structs.replace(stated(before), note=None)
