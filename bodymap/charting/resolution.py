"""From a place as it was stated to what the atlas finds there, or to complaints.

One place is one point, or one region and side. What lies under a point decides: a stated region that lies there before
a cavity agrees; one within 30 mm is kept and flagged, since the patient is not the reference body; one farther off and
a side that disagrees are refused.
"""

from collections.abc import Callable
from math import hypot
from typing import cast

import msgspec

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.body import Hit, Layered
from bodymap.atlas.frames import mirror, on_midline, to_body
from bodymap.atlas.manifest import Arm, Region
from bodymap.atlas.manifest import Side as AtlasSide
from bodymap.atlas.midline import met
from bodymap.charting.flags import REGION_DIFFERS, flags_at, flags_of_region
from bodymap.charting.placement import Beneath, Flag, Resolved
from bodymap.charting.vocabulary import PerimeterSide, Side, ViewId
from bodymap.errors import Complaint, UnknownRegion

Xy = tuple[float, float]
Complain = Callable[[Complaint], None]

NEAR_MM = 30.0
# What was found at a point where nothing lies beneath the skin.
BARE_SKIN = "skin"
# On an unpaired structure the stated side is compared with the point itself, give or take the width of a fingertip.
_FINGERTIP_MM = 10.0
_REACH_STEP_MM = 2.0
_SLACK_MM = 2 * _REACH_STEP_MM


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One point or region that the atlas was asked about: what it found, and what to know about it."""

    resolved: Resolved
    flags: tuple[Flag, ...] = ()


def find_region(atlas: Atlas, region_id: str, pointer: str, complain: Complain) -> Region | None:
    """The region of this id, or a complaint that lists what could be meant."""
    try:
        return atlas.region(region_id)
    except UnknownRegion as error:
        parts, near = tuple(error.facts["regions"]), tuple(error.facts["suggestions"])
        code = "not-a-region" if parts else "unknown-region"
        complain(Complaint(pointer, code, error.detail, regions=parts, suggestions=near))
        return None


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
    known = None if region is None else find_region(atlas, region, f"{pointer}/region", complain)
    arm = arm_of_point(atlas, view, at, known)
    hit = atlas.at(view, *at, arm=arm)
    if hit is None:
        detail = f"The point {_shown(at)} on {view} lies off the body."
        complain(Complaint(at_pointer, "off-body", detail))
    if hit is None or (region is not None and known is None):
        return None
    way = tuple(layered for layered in atlas.beneath(view, *at, arm=arm) if _near_half(view, layered.structure.side))
    own = _own_side(view, at, hit)
    under = {layered.structure.side for layered in way if layered.region is known and not layered.in_cavity}
    if hit.region is known:
        under.add(hit.side)
    if not _side_holds(view, at, hit, known, under, side):
        complain(_disagreement(atlas, view, at, f"{pointer}/side", side, own))
        return None
    stated = None if side == "both" else side
    if known is None:
        # A bone of the midline has no side on a side view either, where its point has one.
        chosen = stated or ("midline" if hit.structure is not None and hit.side == "midline" else own)
        return Place(
            resolved=_inferred(atlas, hit, view, at, chosen, way), flags=flags_at(atlas.fields, view, at, chosen)
        )
    if under:
        chosen = stated or _side_among(view, at, own, under)
        resolved = _resolved(atlas, known, chosen, view, at, way)
        return Place(resolved=resolved, flags=flags_at(atlas.fields, view, at, chosen))
    return _nearby(atlas, view, at, known, stated or own, hit, way, f"{pointer}/region", complain)


def resolve_region(atlas: Atlas, region: Region, side: PerimeterSide, view: ViewId | None) -> Place:
    """What a region and side amount to where nobody said where on it."""
    layer = region.layers.get(view) if view else next(iter(region.layers.values()), None)
    resolved = Resolved(
        region=region.id,
        structure=region.id,
        side=side,
        layer=layer,
        muscle=region.muscle,
        inferred=False,
        view=None,
        at=None,
        beneath=(),
        landmark=None,
    )
    return Place(resolved=resolved, flags=flags_of_region(atlas, atlas.fields, region, side))


def agrees(
    atlas: Atlas, view: ViewId, at: Xy, region: Region, side: PerimeterSide | None, pointer: str, complain: Complain
) -> tuple[Flag, ...]:
    """The flags of a further muscle treated through the same insertion; complaints where it lies elsewhere."""
    quiet: list[Complaint] = []
    place = resolve_point(
        atlas, view, at, region=region.id, side=side, pointer="", at_pointer="", complain=quiet.append
    )
    for complaint in quiet:
        complain(msgspec.structs.replace(complaint, pointer=pointer))
    return tuple(flag for flag in place.flags if flag.code == REGION_DIFFERS) if place else ()


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
    found = hit.structure.id if hit.structure else BARE_SKIN
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
            f"{region.names.en} {where} at {_shown(at)} on {view}, where the reference body has "
            f"{'skin with nothing beneath' if hit.structure is None else found}. "
            f"A stated region must lie under the point or within {NEAR_MM:.0f} mm of it."
        )
        complain(Complaint(pointer, "region-elsewhere", detail))
        return None
    distance, nearest = reached[0]
    flag = Flag(code=REGION_DIFFERS, certainty="under-the-point", found=found, distance_mm=round(distance, 1))
    own = side if middle else nearest
    fields = flags_at(atlas.fields, view, at, own)
    return Place(resolved=_resolved(atlas, region, own, view, at, way), flags=(flag, *fields))


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


def _inferred(atlas: Atlas, hit: Hit, view: ViewId, at: Xy, own: Side, way: tuple[Layered, ...]) -> Resolved:
    return Resolved(
        region=hit.region.id if hit.region else None,
        structure=hit.structure.id if hit.structure else None,
        side=own,
        layer=hit.layer,
        muscle=hit.region.muscle if hit.region else None,
        inferred=True,
        view=view,
        at=at,
        beneath=_beneath(view, at, way),
        landmark=atlas.landmarks.nearest(view, *at, own).text,
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


def _near_half(view: ViewId, side: AtlasSide) -> bool:
    """A side view looks along the body's width: what belongs to the far half is not under its points."""
    return view in ("posterior", "anterior") or side in (view, "midline")


def _own_side(view: ViewId, at: Xy, hit: Hit) -> Side:
    """The side of a point: none on the midline, else that of what the point means, else the body half that it is on."""
    if on_midline(view, at[0]):
        return "midline"
    if hit.structure is not None and (view in ("posterior", "anterior") or hit.side != "midline"):
        return hit.side
    return side_of(view, *at)


def _side_among(view: ViewId, at: Xy, own: Side, under: set[AtlasSide]) -> Side:
    """The side of a stated region under a point, where none was stated: the point's, if the region is there on it."""
    if own in under or on_midline(view, at[0]):
        return own
    half = side_of(view, *at)
    return half if half in under else min(under)


def _side_holds(
    view: ViewId, at: Xy, hit: Hit, region: Region | None, under: set[AtlasSide], side: PerimeterSide | None
) -> bool:
    """Whether a stated side is that of the stated region under the point, else that of the point itself; on the midline
    each is."""
    if side is None or side == "both" or on_midline(view, at[0]):
        return True
    if region is not None and (under or side == "midline"):
        return side in under
    if hit.structure is None or hit.side != "midline":
        return side == _own_side(view, at, hit)
    if side == "midline" or view in ("left", "right"):
        return side in ("midline", view)
    across, _ = to_body(view, *at)
    return across >= -_FINGERTIP_MM if side == "left" else across <= _FINGERTIP_MM


def _disagreement(atlas: Atlas, view: ViewId, at: Xy, pointer: str, side: PerimeterSide | None, own: Side) -> Complaint:
    other_view, x, y = mirror(view, *at)
    there = atlas.at(other_view, x, y)
    structure = there.structure.id if there and there.structure else None
    here = f"{_shown(at)} on {view}"
    if side == "midline":
        detail = f"What lies at {here} is paired: its side is left or right, not midline."
    else:
        half = own if own != "midline" else "left" if to_body(view, *at)[0] > 0 else "right"
        detail = (
            f"The point {here} lies on the patient's {half}, not {side}. "
            f"Its mirror image is at {_shown((x, y))} on {other_view}."
        )
    return Complaint(
        pointer,
        "side-disagrees",
        detail,
        mirrored_at=(round(x, 2), round(y, 2)),
        mirrored_view=other_view,
        mirrored_structure=structure,
        mirrored_region=there.region.id if there and there.region else None,
    )


def _shown(at: Xy) -> str:
    return f"[{at[0]:g}, {at[1]:g}]"
