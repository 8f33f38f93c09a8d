"""A place that may be stated by a whole muscle or a named group: the member at a point, or all members where nobody
said where. What states neither goes on to `resolution` as it is.
"""

from math import inf

from msgspec import structs

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.frames import on_midline
from bodymap.atlas.manifest import Muscle, Region
from bodymap.atlas.manifest import Side as AtlasSide
from bodymap.charting.flags import distinct_flags
from bodymap.charting.place_flags import flags_of_region
from bodymap.charting.placement import Resolved, Statement
from bodymap.charting.resolution import NEAR_MM, Place, arm_of_point, reach_mm, resolve_point, resolve_region
from bodymap.charting.side_of_point import Xy, in_words
from bodymap.charting.vocabulary import PerimeterSide, ViewId
from bodymap.errors import Complain, Complaint, UnknownRegion


def place_at(
    atlas: Atlas,
    statement: Statement,
    view: ViewId,
    at: Xy,
    side: PerimeterSide | None,
    *,
    pointer: str,
    at_pointer: str,
    complain: Complain,
) -> Place | None:
    """What a point on a view is, with a region, a muscle and a side stated or not: of a muscle the member that lies
    there, or the nearest within 30 mm.

    `pointer` is the placement's, `at_pointer` that of the point itself. `None` where complaints were made.
    """
    region = statement.region
    if statement.muscle is not None:
        if not _in_place_of_region(statement, pointer, complain):
            return None
        muscle = _find_muscle(atlas, statement.muscle, f"{pointer}/muscle", complain)
        member = _member_at(atlas, view, at, muscle, side) if muscle is not None else None
        if muscle is None:
            return None
        if member is None and atlas.at(view, *at, arm="shown") is not None:
            detail = (
                f"No part of {muscle.names.en} lies at {in_words(at)} on {view} or within {NEAR_MM:.0f} mm of it: "
                f"{', '.join(muscle.regions)}."
            )
            complain(Complaint(f"{pointer}/muscle", "region-elsewhere", detail, regions=muscle.regions))
            return None
        region = None if member is None else member.id
    return resolve_point(
        atlas, view, at, region=region, side=side, pointer=pointer, at_pointer=at_pointer, complain=complain
    )


def place_without_point(
    atlas: Atlas, statement: Statement, side: PerimeterSide | None, pointer: str, complain: Complain
) -> Place | None:
    """What a stated region or muscle and a side amount to where nobody said where: a muscle of one region is that
    region, of others all members are meant, with the flags that each of them may have. `None` where complaints were
    made."""
    if statement.muscle is None:
        return resolve_region(atlas, statement, side, pointer, complain)
    if not _in_place_of_region(statement, pointer, complain):
        return None
    muscle = _find_muscle(atlas, statement.muscle, f"{pointer}/muscle", complain)
    if muscle is not None and len(muscle.regions) == 1:
        alone = structs.replace(statement, region=muscle.regions[0], muscle=None)
        return resolve_region(atlas, alone, side, pointer, complain)
    if side is None:
        detail = "A muscle is on both sides of the body: state whose `side`, the patient's left or right."
        complain(Complaint(f"{pointer}/side", "side-missing", detail))
    if muscle is None or side is None or not _shown(atlas, muscle, side, statement.view, pointer, complain):
        return None
    resolved = Resolved(
        region=None,
        structure=None,
        side=side,
        layer=None,
        muscle=muscle.id,
        inferred=False,
        view=None,
        at=None,
        beneath=(),
        landmark=None,
    )
    members = [atlas.region(name) for name in muscle.regions]
    flags = (flag for member in members for flag in flags_of_region(atlas, member, side))
    return Place(resolved=resolved, flags=distinct_flags(flags))


def _in_place_of_region(statement: Statement, pointer: str, complain: Complain) -> bool:
    if statement.region is None:
        return True
    detail = "A `muscle` stands in place of a `region`: state one of them."
    complain(Complaint(f"{pointer}/muscle", "two-places", detail))
    return False


def _find_muscle(atlas: Atlas, muscle_id: str, pointer: str, complain: Complain) -> Muscle | None:
    """The muscle or named group of this id, or a complaint that lists what could be meant."""
    try:
        return atlas.muscle(muscle_id)
    except UnknownRegion as error:
        near = tuple(error.facts["suggestions"])
        complain(Complaint(pointer, "unknown-muscle", error.detail, suggestions=near))
        return None


def _shown(
    atlas: Atlas, muscle: Muscle, side: PerimeterSide, view: ViewId | None, pointer: str, complain: Complain
) -> bool:
    """Whether the muscle is on the stated side and view; else a complaint."""
    if side == "midline":
        detail = (
            f"Without a point {muscle.names.en} is meant on one side of the body: left or right, not midline. The "
            "midline needs a point, a landmark or a site."
        )
        complain(Complaint(f"{pointer}/side", "side-disagrees", detail))
        return False
    views = tuple(dict.fromkeys(known for name in muscle.regions for known in atlas.region(name).layers))
    if view is not None and view not in views:
        detail = f"{muscle.names.en} is not shown on {view}; it is on {', '.join(f'`{known}`' for known in views)}."
        complain(Complaint(f"{pointer}/view", "not-shown", detail, suggestions=views))
        return False
    return True


def _member_at(atlas: Atlas, view: ViewId, at: Xy, muscle: Muscle, side: PerimeterSide | None) -> Region | None:
    """The outermost member under a point before a cavity, of the stated side if there is one; else the nearest."""
    members = [atlas.region(name) for name in muscle.regions]
    under: list[tuple[Region, AtlasSide]] = []
    for arm in dict.fromkeys(arm_of_point(atlas, view, at, member) for member in members):
        hit = atlas.at(view, *at, arm=arm)
        if hit is not None and hit.region is not None:
            under.append((hit.region, hit.side))
        way = [layered for layered in atlas.beneath(view, *at, arm=arm) if not layered.in_cavity]
        under += [(layered.region, layered.structure.side) for layered in way if layered.region is not None]
    under = [one for one in under if one[0] in members and (view in ("posterior", "anterior") or one[1] == view)]
    if under:
        return next((member for member, half in under if half == side), under[0][0])
    halves: tuple[AtlasSide, ...] = ("left", "right") if on_midline(view, at[0]) else (side_of(view, *at),)
    reached = [
        (min((far for half in halves if (far := reach_mm(atlas, view, at, member, half)) is not None), default=inf), n)
        for n, member in enumerate(members)
    ]
    nearest, which = min(reached)
    return members[which] if nearest <= NEAR_MM else None
