"""From what a client states to a session as it is kept: a new one, its next version, its placements, its header.

Everything here is a function of values; time and identifiers are handed in.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.flags import flags_of_session
from bodymap.charting.placement import (
    PlacementStatement,
    RecordedPlacement,
    RecordedTriggerPoint,
    TriggerPoint,
    has_point,
    needles_at,
    stated,
)
from bodymap.charting.placement_record import record
from bodymap.charting.rules import (
    check_header,
    check_identifiers,
    check_move,
    check_size,
    check_treatment,
    needles,
    status_of,
)
from bodymap.charting.session import MAX_NEEDLES, MAX_PLACEMENTS, Header, Session, SessionStatement, header_of
from bodymap.decoding import MAX_COMPLAINTS, Draft, convert, merge_patch
from bodymap.errors import Complain, Complaint, Invalid, UnknownPlacement

_WHERE = (
    "kind",
    "view",
    "at",
    "region",
    "muscle",
    "side",
    "landmark",
    "offset_mm",
    "site",
    "ring",
    "outline",
    "spacing_mm",
    "needles",
    "skip",
    "also",
)
# What decides with the place which structures are on the needle's way.
_WAY = ("depth_mm", "angle_from_normal_deg", "direction", "needle")


def draft_session(atlas: Atlas, draft: Draft[SessionStatement], new_id: Callable[[], str], now: datetime) -> Session:
    """A session validated and resolved, version 1. Raises Invalid with every complaint."""
    statement = draft.value
    complaints = list(draft.complaints)
    header = header_of(statement)
    check_header(header, None, now, complaints.append)
    check_identifiers(header, statement.placements, complaints.append)
    placements: list[RecordedPlacement] = []
    for index, placement in enumerate(statement.placements):
        # Places take a while to be resolved: of what is too large anyway, no more than it takes to know.
        if len(complaints) >= MAX_COMPLAINTS or index == MAX_PLACEMENTS or needles(placements) > MAX_NEEDLES:
            break
        at = f"/placements/{index}"
        recorded = read_placement(atlas, placement, header, at, draft, complaints, index + 1, new_id())
        if recorded is not None:
            placements.append(recorded)
    if len(statement.placements) > MAX_PLACEMENTS:
        complaints.append(Complaint("/placements", "too-many", f"A session holds up to {MAX_PLACEMENTS} placements."))
    check_size(placements, (), "/placements", complaints.append)
    if complaints:
        raise Invalid(complaints)
    return _session(
        header,
        id=new_id(),
        version=1,
        atlas=atlas.version,
        created_at=now,
        updated_at=now,
        last_number=len(placements),
        copy_of=statement.copy_of,
        flags=flags_of_session(placements),
        placements=tuple(placements),
    )


def draft_placement(
    atlas: Atlas, draft: Draft[PlacementStatement], session: Header, number: int, placement_id: str
) -> RecordedPlacement:
    """A placement validated and resolved. Raises Invalid with every complaint."""
    complaints = list(draft.complaints)
    recorded = read_placement(atlas, draft.value, session, "", draft, complaints, number, placement_id)
    if complaints or recorded is None:
        raise Invalid(complaints)
    return recorded


def patched_placement(atlas: Atlas, session: Header, old: RecordedPlacement, patch: Any) -> RecordedPlacement:
    """A placement changed by a JSON Merge Patch of what was stated; it keeps id and number.

    It is resolved anew where its place or the needle's way is another. Raises Invalid with every complaint.
    """
    if not isinstance(patch, Mapping):
        raise Invalid([Complaint("", "wrong-type", "A merge patch of a placement is an object.")])
    before = stated(old)
    draft = patched_statement(before, patch)
    if type(draft.value) is not type(before) or any(
        getattr(draft.value, name, None) != getattr(before, name, None) for name in (*_WHERE, *_WAY)
    ):
        return draft_placement(atlas, draft, session, old.number, old.id)
    complaints = list(draft.complaints)
    check_treatment(draft.value, session.needle, "", complaints.append)
    if complaints:
        raise Invalid(complaints)
    return _treated_otherwise(old, draft.value)


def patched_statement(before: PlacementStatement, patch: Mapping[str, Any]) -> Draft[PlacementStatement]:
    """A statement changed by a JSON Merge Patch. The one needle that its point meant goes with the point. Raises
    Invalid."""
    draft: Draft[PlacementStatement] = convert(
        merge_patch(msgspec.to_builtins(before), patch), PlacementStatement, before
    )
    after = draft.value
    if not isinstance(before, TriggerPoint) or not isinstance(after, TriggerPoint):
        return draft
    if has_point(before) and not has_point(after) and after.count == 1 and "count" not in patch:
        return Draft(structs.replace(after, count=None), draft.complaints, draft.unusable)
    return draft


def patched_header(before: Session, patch: Any, now: datetime, complain: Complain) -> Header:
    """The session's header changed by a JSON Merge Patch.

    An end that is given to a session in progress completes it, unless the patch says what else it is.
    """
    if not isinstance(patch, Mapping):
        raise Invalid([Complaint("", "wrong-type", "A merge patch of a session is an object.")])
    target = msgspec.to_builtins(header_of(before))
    if before.status == "in-progress" and before.ended_at is None and "ended_at" in patch:
        del target["status"]
    draft: Draft[Header] = convert(merge_patch(target, patch), Header, header_of(before))
    for complaint in draft.complaints:
        complain(complaint)
    check_header(draft.value, before, now, complain)
    if not any(complaint.pointer == "/status" for complaint in draft.complaints):
        check_move(before.status, draft.value, complain)
    return draft.value


def next_version(before: Session, now: datetime, header: Header | None = None, **changes: Any) -> Session:
    """What follows a version, with another header and other members where they are given."""
    changes |= {"version": before.version + 1, "updated_at": max(now, before.updated_at)}
    if "placements" in changes:
        changes["flags"] = flags_of_session(changes["placements"])
    if header is None:
        return structs.replace(before, **changes)
    return _session(header, **{**{name: getattr(before, name) for name in _KEPT}, **changes})


def find_placement(session: Session, placement_id: str) -> RecordedPlacement:
    """The placement with this id. Raises UnknownPlacement."""
    for placement in session.placements:
        if placement.id == placement_id:
            return placement
    raise UnknownPlacement(f"The session has no placement {placement_id!r}.")


def read_placement(
    atlas: Atlas,
    statement: PlacementStatement,
    header: Header,
    pointer: str,
    draft: Draft[Any],
    complaints: list[Complaint],
    number: int,
    placement_id: str,
) -> RecordedPlacement | None:
    """The record of a statement that stands at `pointer` in a draft; `None` where it adds to the complaints."""
    # A place whose own members do not fit was complained of already; asking the atlas about what is left of it
    # would only add complaints that are not true.
    spoilt = tuple(f"{pointer}/{name}" for name in _WHERE)
    if pointer in draft.unusable:
        return None
    if any(complaint.pointer.startswith(spoilt) for complaint in draft.complaints):
        check_treatment(statement, header.needle, pointer, complaints.append)
        return None
    return record(
        atlas,
        statement,
        placement_id=placement_id,
        number=number,
        needle=header.needle,
        pointer=pointer,
        complain=complaints.append,
    )


def _treated_otherwise(old: RecordedPlacement, statement: PlacementStatement) -> RecordedPlacement:
    """The record at its old place, as the atlas resolved it then, with what is newly stated of the treatment."""
    members = {name: getattr(statement, name) for name in statement.__struct_fields__ if name not in _WHERE}
    if isinstance(statement, TriggerPoint) and isinstance(old, RecordedTriggerPoint):
        members["count"] = needles_at(statement)
    return structs.replace(old, **members)


_KEPT = tuple(name for name in Session.__struct_fields__ if name not in Header.__struct_fields__)


def _session(header: Header, **members: Any) -> Session:
    stated_members = {name: getattr(header, name) for name in Header.__struct_fields__}
    return Session(**{**stated_members, "status": status_of(header), **members})
