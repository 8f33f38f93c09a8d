"""What the atlas finds at a stated place, or complaints: the second step of a placement.

A place is one point, or one region and side. What lies under a point decides: a stated region that lies there before a
cavity agrees; one within 30 mm is kept and flagged, since the patient is not the reference body; one farther off and a
side that disagrees are refused.
"""

from math import hypot
from typing import cast

import msgspec

from bodymap.atlas import Atlas
from bodymap.atlas.body import Hit, Layered
from bodymap.atlas.frames import on_midline
from bodymap.atlas.local_names import region_name
from bodymap.atlas.manifest import Arm, Region
from bodymap.atlas.manifest import Side as AtlasSide
from bodymap.atlas.midline import met
from bodymap.charting.flags import REGION_DIFFERS
from bodymap.charting.place_flags import flags_at, flags_of_region
from bodymap.charting.placement import BARE_SKIN, Beneath, Flag, Resolved, Statement
from bodymap.charting.side_of_point import (
    Xy,
    in_words,
    on_near_half,
    side_agrees,
    side_among,
    side_complaint,
    side_of_point,
)
from bodymap.charting.vocabulary import PerimeterSide, Side, ViewId
from bodymap.errors import Complain, Complaint, UnknownRegion

NEAR_MM = 30.0
_REACH_STEP_MM = 2.0
_SLACK_MM = 2 * _REACH_STEP_MM


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One point or region that the atlas was asked about: what it found, and what to know about it."""

    resolved: Resolved
    flags: tuple[Flag, ...] = ()


def resolve_point(
    atlas: Atlas,
    view: ViewId,
    at: Xy,
    *,
    region: str | None,
    side: PerimeterSide | None,
    pointer: str,
    at_pointer: str,
    complain: Complain,
) -> Place | None:
    """What a point on a view is, with a region and a side stated or not.

    `pointer` is the placement's, `at_pointer` that of the point itself. `None` where complaints were made.
    """
    known = None if region is None else _find_region(atlas, region, f"{pointer}/region", complain)
    arm = arm_of_point(atlas, view, at, known)
    hit = atlas.at(view, *at, arm=arm)
    if hit is None:
        detail = f"The point {in_words(at)} on {view} lies off the body."
        complain(Complaint(at_pointer, "off-body", detail))
    if hit is None or (region is not None and known is None):
        return None
    way = tuple(layered for layered in atlas.beneath(view, *at, arm=arm) if on_near_half(view, layered.structure.side))
    side_there = side_of_point(view, at, hit)
    under = {layered.structure.side for layered in way if layered.region is known and not layered.in_cavity}
    if hit.region is known:
        under.add(hit.side)
    if not side_agrees(view, at, hit, known, under, side):
        complain(side_complaint(atlas, view, at, f"{pointer}/side", side, side_there))
        return None
    stated = None if side == "both" else side
    if known is None:
        # A bone of the midline has no side on a side view either, where its point has one.
        chosen = stated or ("midline" if hit.structure is not None and hit.side == "midline" else side_there)
        flags = flags_at(atlas, view, at, chosen, arm, _known(hit.region))
        return Place(resolved=_inferred(atlas, hit, view, at, chosen, way), flags=flags)
    if under:
        chosen = stated or side_among(view, at, side_there, under)
        resolved = _resolved(atlas, known, chosen, view, at, way)
        return Place(resolved=resolved, flags=flags_at(atlas, view, at, chosen, arm, (known,)))
    return _nearby(atlas, view, at, known, stated or side_there, hit, way, f"{pointer}/region", complain)


def resolve_region(
    atlas: Atlas, statement: Statement, side: PerimeterSide | None, pointer: str, complain: Complain
) -> Place | None:
    """What a stated region and side amount to where nobody said where on it; `None` where complaints were made."""
    region = _find_region(atlas, statement.region or "", f"{pointer}/region", complain)
    if side is None:
        detail = "A region is on both sides of the body: state whose `side`, the patient's left or right."
        complain(Complaint(f"{pointer}/side", "side-missing", detail))
    if region is None or side is None:
        return None
    sides = {extent.side for extents in region.extents.values() for extent in extents}
    if side != "both" and side not in sides:
        detail = (
            f"Without a point {region_name(region, 'en')} is meant on one side of the body: "
            f"{' or '.join(sorted(sides))}, not {side}. The midline needs a point, a landmark or a site."
        )
        complain(Complaint(f"{pointer}/side", "side-disagrees", detail))
        return None
    if statement.view is not None and statement.view not in region.layers:
        views = ", ".join(f"`{view}`" for view in region.layers)
        detail = f"{region_name(region, 'en')} is not shown on {statement.view}; it is on {views}."
        complain(Complaint(f"{pointer}/view", "not-shown", detail, suggestions=tuple(region.layers)))
        return None
    view = statement.view or next(iter(region.layers), None)
    resolved = Resolved(
        region=region.id,
        structure=region.id,
        side=side,
        layer=region.layers[view] if view else None,
        muscle=region.muscle,
        inferred=False,
        view=None,
        at=None,
        beneath=(),
        landmark=None,
    )
    return Place(resolved=resolved, flags=flags_of_region(atlas, region, side))


def resolve_further_muscles(
    atlas: Atlas,
    statement: Statement,
    view: ViewId | None,
    at: Xy | None,
    side: PerimeterSide | None,
    pointer: str,
    complain: Complain,
) -> tuple[Flag, ...]:
    """The flags of the muscles that `also` names, treated through the same insertion; complaints where one of them
    lies elsewhere. Without a point they only must be regions of the atlas.
    """
    flags: list[Flag] = []
    for index, region_id in enumerate(statement.also):
        region_pointer = f"{pointer}/also/{index}"
        region = _find_region(atlas, region_id, region_pointer, complain)
        if region is None or at is None or view is None:
            continue
        complaints: list[Complaint] = []
        place = resolve_point(
            atlas, view, at, region=region.id, side=side, pointer="", at_pointer="", complain=complaints.append
        )
        for complaint in complaints:
            complain(msgspec.structs.replace(complaint, pointer=region_pointer))
        if place is not None:
            flags.extend(f for f in place.flags if f.code == REGION_DIFFERS or f.certainty == "possible")
    return tuple(flags)


def _find_region(atlas: Atlas, region_id: str, pointer: str, complain: Complain) -> Region | None:
    """The region of this id, or a complaint that lists what could be meant."""
    try:
        return atlas.region(region_id)
    except UnknownRegion as error:
        parts, near = tuple(error.facts["regions"]), tuple(error.facts["suggestions"])
        code = "not-a-region" if parts else "unknown-region"
        complain(Complaint(pointer, code, error.detail, regions=parts, suggestions=near))
        return None


def _nearby(
    atlas: Atlas,
    view: ViewId,
    at: Xy,
    region: Region,
    side: Side,
    hit: Hit,
    way: tuple[Layered, ...],
    pointer: str,
    complain: Complain,
) -> Place | None:
    middle = on_midline(view, at[0])
    sides: tuple[AtlasSide, ...] = ("left", "right") if middle or side == "midline" else (cast(AtlasSide, side),)
    distances = [(reach_mm(atlas, view, at, region, candidate), candidate) for candidate in sides]
    reached = sorted((distance, candidate) for distance, candidate in distances if distance is not None)
    structure_there = hit.structure.id if hit.structure else BARE_SKIN
    if not reached:
        outline = [atlas.silhouette(region.id, candidate, view) for candidate in sides]
        away = min((shape.distance_mm(*at) for shape in outline if shape), default=None)
        where = (
            "is not seen"
            if away is None
            else "lies behind a body cavity"
            if away <= NEAR_MM
            else f"is {away:.0f} mm off"
        )
        detail = (
            f"{region_name(region, 'en')} {where} at {in_words(at)} on {view}, where the reference body has "
            f"{'skin with nothing beneath' if hit.structure is None else structure_there}. "
            f"A stated region must lie under the point or within {NEAR_MM:.0f} mm of it."
        )
        complain(Complaint(pointer, "region-elsewhere", detail))
        return None
    distance, nearest = reached[0]
    flag = Flag(code=REGION_DIFFERS, certainty="under-the-point", found=structure_there, distance_mm=round(distance, 1))
    chosen = side if middle else nearest
    there = flags_at(atlas, view, at, chosen, arm_of_point(atlas, view, at, region), _known(region, hit.region))
    return Place(resolved=_resolved(atlas, region, chosen, view, at, way), flags=(flag, *there))


def reach_mm(atlas: Atlas, view: ViewId, at: Xy, region: Region, side: AtlasSide) -> float | None:
    """How far from a point the region lies before a cavity, up to 30 mm; `None` where it does not.

    The silhouette says how far it is; whether it is before a cavity there is asked of the depth data around the point.
    """
    shape = atlas.silhouette(region.id, side, view)
    if shape is None or (outline_mm := shape.distance_mm(*at)) > NEAR_MM:
        return None
    arm = arm_of_point(atlas, view, at, region)
    for distance, x, y in _around(at):
        if distance < outline_mm - _REACH_STEP_MM:
            continue
        # The depth data stand in steps: what they first have of the region may be a little behind its outline.
        at_outline = distance <= outline_mm + _SLACK_MM
        if distance > NEAR_MM and not at_outline:
            break
        for layered in atlas.beneath(view, x, y, arm=arm):
            if layered.in_cavity:
                break
            if layered.region is region and layered.structure.side == side:
                return outline_mm if at_outline else distance
    return None


def _grid() -> tuple[tuple[float, float, float], ...]:
    farthest_mm = NEAR_MM + _SLACK_MM
    steps = int(farthest_mm // _REACH_STEP_MM)
    offsets = [
        (hypot(i, j) * _REACH_STEP_MM, i * _REACH_STEP_MM, j * _REACH_STEP_MM)
        for i in range(-steps, steps + 1)
        for j in range(-steps, steps + 1)
    ]
    return tuple(sorted(offset for offset in offsets if offset[0] <= farthest_mm))


_OFFSETS = _grid()


def _around(at: Xy) -> list[tuple[float, float, float]]:
    return [(distance, at[0] + dx, at[1] + dy) for distance, dx, dy in _OFFSETS]


def _inferred(atlas: Atlas, hit: Hit, view: ViewId, at: Xy, side: Side, way: tuple[Layered, ...]) -> Resolved:
    return Resolved(
        region=hit.region.id if hit.region else None,
        structure=hit.structure.id if hit.structure else None,
        side=side,
        layer=hit.layer,
        muscle=hit.region.muscle if hit.region else None,
        inferred=True,
        view=view,
        at=at,
        beneath=_beneath(view, at, way),
        landmark=atlas.landmarks.nearest(view, *at, side).text,
    )


def _resolved(atlas: Atlas, region: Region, side: Side, view: ViewId, at: Xy, way: tuple[Layered, ...]) -> Resolved:
    return Resolved(
        region=region.id,
        structure=region.id,
        side=side,
        layer=region.layers.get(view),
        muscle=region.muscle,
        inferred=False,
        view=view,
        at=at,
        beneath=_beneath(view, at, way),
        landmark=atlas.landmarks.nearest(view, *at, side).text,
    )


def _beneath(view: ViewId, at: Xy, way: tuple[Layered, ...]) -> tuple[Beneath, ...]:
    return tuple(
        Beneath(id=passage.structure.id, kind=passage.structure.kind, side=passage.side)
        for passage in met(way, on_midline(view, at[0]))
        if not passage.in_cavity
    )


def arm_of_point(atlas: Atlas, view: ViewId, at: Xy, region: Region | None) -> Arm:
    """Side views are asked without the arm, unless what is meant is the arm, or only the arm is at the point."""
    meant = region is not None and any(
        structure.arm for structure in atlas.manifest.structures if structure.id == region.id
    )
    return "shown" if meant or atlas.at(view, *at, arm="hidden") is None else "hidden"


def _known(*regions: Region | None) -> tuple[Region, ...]:
    return tuple(region for region in regions if region is not None)
