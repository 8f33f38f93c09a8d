"""What was stated on one atlas version, in the terms of another: regions by their successors, points by their frames.

What the crosswalk cannot map is for a person to decide, who says it as a patch of the statement in the new terms.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, structs

from bodymap.atlas import Atlas
from bodymap.atlas.crosswalk import Crosswalk
from bodymap.charting.answers import SessionAnswer
from bodymap.charting.flags import flags_of_session
from bodymap.charting.new_versions import next_version, patched_statement, read_placement
from bodymap.charting.placement import Perimeter, PlacementStatement, RecordedPlacement, TriggerPoint, stated
from bodymap.charting.placement_record import record
from bodymap.charting.session import MAX_PLACEMENTS, Session, SessionStatement
from bodymap.charting.side_of_point import Xy
from bodymap.charting.statement_rules import canonical_id
from bodymap.decoding import MAX_COMPLAINTS, Draft, pointer
from bodymap.errors import Complain, Complaint, Invalid

AnySession = TypeVar("AnySession", bound=Session)


class ReResolution(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """On which atlas version a session is resolved anew, by default the one that new sessions take.

    `placements` says, by placement id, what a person decided where the crosswalk cannot: a JSON Merge Patch of what
    is stated, such as `{"region": ...}` after a split.
    """

    atlas: (
        Annotated[
            str,
            Meta(
                description="The atlas version to resolve it on; without one, that of new sessions.",
                min_length=1,
                max_length=200,
            ),
        ]
        | None
    ) = None
    placements: Annotated[
        dict[str, dict[str, Any]],
        Meta(description="By placement id: a JSON Merge Patch of what is stated of it.", max_length=MAX_PLACEMENTS),
    ] = {}


class Previously(msgspec.Struct, frozen=True, kw_only=True):
    """What the session said before: the atlas, the version that keeps it, and the placements as they were resolved."""

    atlas: Annotated[str, Meta(description="The atlas version that it was on.")]
    version: Annotated[int, Meta(description="The session's version that keeps it.")]
    placements: tuple[RecordedPlacement, ...]


class ReResolvedSession(SessionAnswer, frozen=True, kw_only=True):
    """A session as it was resolved anew, and what it said before."""

    previously: Previously


def re_resolve(crosswalk: Crosswalk, before: Session, draft: Draft[ReResolution], now: datetime) -> Session:
    """The next version of a session, every placement carried to the crosswalk's new atlas and resolved there.

    Raises Invalid with complaints about each placement that cannot be; pointers are into the request.
    """
    complaints = list(draft.complaints)
    patches = {canonical_id(placement_id): patch for placement_id, patch in draft.value.placements.items()}
    for stranger in patches.keys() - {placement.id for placement in before.placements}:
        detail = f"The session has no placement {stranger!r}."
        complaints.append(Complaint(pointer("/placements", stranger), "unknown-placement", detail))
    resolved: list[RecordedPlacement] = []
    for old in before.placements:
        if len(complaints) >= MAX_COMPLAINTS:
            break
        at = pointer("/placements", old.id)
        carried = carry(crosswalk, stated(old), patches.get(old.id, {}), at, complaints.append)
        if carried is None:
            continue
        complaints += carried.complaints
        new = read_placement(crosswalk.new, carried.value, before, at, carried, complaints, old.number, old.id)
        if new is not None:
            resolved.append(new)
    if complaints:
        raise Invalid(complaints)
    return next_version(before, now, atlas=crosswalk.new.version, placements=tuple(resolved))


def resolve_again(atlas: Atlas, session: AnySession) -> AnySession:
    """A session with what was stated of its placements resolved anew on an atlas of its own version, ids and numbers
    as they are. Raises Invalid with complaints about each placement that cannot be resolved.
    """
    complaints: list[Complaint] = []
    placements = [
        record(
            atlas,
            stated(old),
            placement_id=old.id,
            number=old.number,
            needle=session.needle,
            pointer=f"/placements/{index}",
            complain=complaints.append,
        )
        for index, old in enumerate(session.placements)
    ]
    if complaints:
        raise Invalid(complaints[:MAX_COMPLAINTS])
    resolved = tuple(placement for placement in placements if placement is not None)
    return structs.replace(session, placements=resolved, flags=flags_of_session(resolved))


def carry_copy(crosswalk: Crosswalk, draft: Draft[SessionStatement]) -> Draft[SessionStatement]:
    """A copy of a session in the terms of the crosswalk's new version.

    Raises Invalid where a placement cannot be carried: a copy has nobody to decide.
    """
    complaints: list[Complaint] = []

    def complain_of_copy(complaint: Complaint) -> None:
        complaints.append(structs.replace(complaint, pointer="/copy_of"))

    placements: list[PlacementStatement] = []
    for statement in draft.value.placements:
        carried = carry(crosswalk, statement, {}, "", complain_of_copy)
        placements += [carried.value] if carried is not None else []
    if complaints:
        raise Invalid(complaints)
    return Draft(structs.replace(draft.value, placements=tuple(placements)), draft.complaints, draft.unusable)


def carry(
    crosswalk: Crosswalk, statement: PlacementStatement, patch: Mapping[str, Any], place: str, complain: Complain
) -> Draft[PlacementStatement] | None:
    """The statement in the terms of the crosswalk's new version, with `patch` laid over it.

    `None` where complaints were made: about what neither the crosswalk nor the patch decides. The draft's own
    complaints, about the shape of the patch, begin with `place`, too.
    """
    open_questions: list[Complaint] = []

    def ask(complaint: Complaint) -> None:
        if not _decided(patch, complaint.pointer.split("/")[1:]):
            open_questions.append(structs.replace(complaint, pointer=place + complaint.pointer))

    carried = structs.replace(statement, **_regions(crosswalk, statement, ask), **_places(crosswalk, statement, ask))
    for complaint in open_questions:
        complain(complaint)
    if open_questions:
        return None
    if not patch:
        return Draft(carried)
    try:
        draft = patched_statement(carried, patch)
    except Invalid as error:
        for complaint in _under(place, error.complaints):
            complain(complaint)
        return None
    return Draft(draft.value, _under(place, draft.complaints), frozenset(place + below for below in draft.unusable))


def _regions(crosswalk: Crosswalk, statement: PlacementStatement, ask: Complain) -> dict[str, Any]:
    region = statement.region
    if region is not None:
        region = _region(crosswalk, region, "/region", ask)
    also = [_region(crosswalk, name, "/also", ask) for name in statement.also]
    # Two that were merged are one insertion through one muscle now.
    return {"region": region, "also": tuple(name for name in dict.fromkeys(also) if name != region)}


def _region(crosswalk: Crosswalk, region: str, at: str, ask: Complain) -> str:
    why = crosswalk.why_region(region)
    mapped = crosswalk.region(region)
    if why is None:
        return mapped.to[0]
    ask(Complaint(at, f"region-{mapped.change}", why, suggestions=mapped.to))
    return region


def _places(crosswalk: Crosswalk, statement: PlacementStatement, ask: Complain) -> dict[str, Any]:
    view = statement.view
    if view is None:
        return {}
    if view not in {known.id for known in crosswalk.new.manifest.views}:
        ask(Complaint("/view", "view-gone", crosswalk.why_view(view) or ""))

    def moved(at: Xy, member: str) -> Xy:
        there = crosswalk.point(view, at)
        if there is None:
            off_page = f"The point [{at[0]:g}, {at[1]:g}] lies off the page of atlas {crosswalk.new.version}."
            ask(Complaint(member, "point-unmapped", crosswalk.why_view(view) or off_page))
        return there or at

    places: dict[str, Any] = {}
    if isinstance(statement, TriggerPoint) and statement.at is not None:
        places["at"] = moved(statement.at, "/at")
    if isinstance(statement, Perimeter) and statement.ring is not None:
        places["ring"] = structs.replace(statement.ring, center=moved(statement.ring.center, "/ring/center"))
    if isinstance(statement, Perimeter) and statement.outline is not None:
        places["outline"] = tuple(moved(at, "/outline") for at in statement.outline)
    return places


def _decided(patch: Any, path: list[str]) -> bool:
    """Whether a patch says what stands at a path."""
    for step in path:
        if not isinstance(patch, Mapping) or step not in patch:
            return False
        patch = patch[step]
        if not isinstance(patch, Mapping):
            return True
    return True


def _under(place: str, complaints: list[Complaint] | tuple[Complaint, ...]) -> list[Complaint]:
    return [structs.replace(complaint, pointer=place + complaint.pointer) for complaint in complaints]
