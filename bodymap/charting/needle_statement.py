"""Where a stated needle enters the reference body, and in which direction it goes on; or complaints.

The place is that of a placement, by the same rules. Where only a region is stated, the needle is aimed at the middle of
what lies under the region's centre.
"""

from typing import Annotated, Literal, NamedTuple, get_args

import msgspec
from msgspec import Meta

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.frames import on_midline, to_body
from bodymap.atlas.local_names import region_name
from bodymap.atlas.manifest import Arm, Region, Side, ViewId
from bodymap.atlas.needle_entry_point import Entry, entry_at, entry_towards, inclined
from bodymap.atlas.ray_grid import ALONG, AXIS
from bodymap.atlas.vectors import Vector
from bodymap.charting.placement import Flag, Offset, Resolved, TriggerPoint
from bodymap.charting.resolution import arm_of_point
from bodymap.charting.trigger_point import resolve_trigger_point
from bodymap.charting.vocabulary import AtlasVersion, Direction, Name, Point, RegionId
from bodymap.charting.vocabulary import Side as StatedSide
from bodymap.charting.vocabulary import ViewId as StatedView
from bodymap.errors import Complaint, Invalid

InclinationDeg = Annotated[
    float, Meta(ge=0, le=80, description="Degrees from the skin's normal; beyond 80 a needle runs in the skin.")
]
FollowedMm = Annotated[
    float, Meta(gt=0, le=150, description="How far the needle is followed, from the outermost structure on.")
]


class NeedlePathStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A straight needle. It enters at a point on a view, or at a landmark and an offset, or where it must to come to a
    region; it leaves the skin's normal, smoothed, by an angle in a direction.

    Side views are without the arm unless the place is on the arm, or `arm` says so.
    """

    view: Annotated[StatedView | None, Meta(description="The view that `at` is on.")] = None
    at: Annotated[
        Point | None, Meta(description="The point `[x, y]` in the view's millimetres: x to the viewer's right, y down.")
    ] = None
    region: RegionId | None = None
    side: Annotated[
        StatedSide | None,
        Meta(description="The patient's side; needed with a region, and with a landmark off the midline."),
    ] = None
    landmark: Name | None = None
    offset_mm: Offset | None = None
    angle_from_normal_deg: InclinationDeg | None = None
    direction: Annotated[Direction | None, Meta(description="Where the needle leans; needed with an angle.")] = None
    length_mm: FollowedMm
    arm: Annotated[Arm | None, Meta(description="Whether the arm is in the way on the side views.")] = None
    version: AtlasVersion | None = None


class NeedleEntry(NamedTuple):
    """Where a needle enters, and where it goes on to.

    `resolved` is the place as charting resolves it; `view` and `at` are the point of entry.
    `half` is the patient's half that it lies on, also where the bone under it is unpaired. `direction` is the needle's,
    of unit length, in the body frame.
    """

    resolved: Resolved
    view: ViewId
    at: tuple[float, float]
    half: Side
    entered_by: Literal["point", "landmark", "region"]
    arm: Arm
    skin: Vector
    direction: Vector
    flags: tuple[Flag, ...]


class _Start(NamedTuple):
    resolved: Resolved
    view: ViewId
    at: tuple[float, float]
    half: Side
    entered_by: Literal["point", "landmark", "region"]
    pointer: str
    flags: tuple[Flag, ...]


def enter(atlas: Atlas, stated: NeedlePathStatement) -> NeedleEntry:
    """Where a stated needle enters, and its direction there. Raises Invalid with every complaint."""
    start = _start(atlas, stated)
    known = atlas.region(start.resolved.region) if start.resolved.region else None
    arm = atlas.arm(start.view, stated.arm or arm_of_point(atlas, start.view, start.at, known))
    entry = entry_at(atlas, start.view, *start.at, arm=arm)
    if entry is None:
        detail = f"Nothing of the body lies under [{start.at[0]:g}, {start.at[1]:g}] on {start.view}."
        raise Invalid([Complaint(start.pointer, "off-body", detail)])
    return NeedleEntry(
        resolved=start.resolved,
        view=start.view,
        at=start.at,
        half=start.half,
        entered_by=start.entered_by,
        arm=arm,
        skin=entry.skin,
        direction=_direction(entry, stated, start),
        flags=start.flags,
    )


def _start(atlas: Atlas, stated: NeedlePathStatement) -> _Start:
    """Where the needle enters, by the rules of a placement; every complaint about the place and the inclination."""
    point = TriggerPoint(
        view=stated.view,
        at=stated.at,
        region=stated.region,
        side=stated.side,
        landmark=stated.landmark,
        offset_mm=stated.offset_mm,
    )
    complaints: list[Complaint] = []
    place = resolve_trigger_point(atlas, point, "", complaints.append)
    if stated.angle_from_normal_deg and stated.direction is None:
        detail = "An inclined needle leans in a direction along the skin: state which."
        complaints.append(Complaint("/direction", "missing-field", detail, suggestions=get_args(Direction)))
    if stated.direction is not None and stated.angle_from_normal_deg is None:
        detail = f"A direction needs an angle: by how many degrees does the needle lean {stated.direction}?"
        complaints.append(Complaint("/angle_from_normal_deg", "missing-field", detail))
    if place is None or complaints:
        raise Invalid([_without_site(complaint) for complaint in complaints])
    resolved = place.resolved
    if resolved.view is not None and resolved.at is not None:
        half = _half(resolved, resolved.view, resolved.at, stated.side)
        if stated.landmark is None:
            return _Start(resolved, resolved.view, resolved.at, half, "point", "/at", place.flags)
        pointer = "/offset_mm" if stated.offset_mm is not None else "/landmark"
        return _Start(resolved, resolved.view, resolved.at, half, "landmark", pointer, place.flags)
    region = atlas.region(resolved.region or "")
    side: Side = "right" if resolved.side == "right" else "left"
    view = stated.view or _best_view(region, side)
    centre = atlas.centre(region.id, side, view)
    if centre is None:
        views = tuple(other for other in region.layers if atlas.centre(region.id, side, other) is not None)
        name = region_name(region, "en")
        detail = f"{name}, {side}, is not seen on {view}; it is on {', '.join(views)}. Or state a point."
        raise Invalid([Complaint("/view", "not-shown", detail, suggestions=views)])
    aimed = _aimed(atlas, stated, region, side, view, centre)
    return _Start(resolved, view, aimed or centre, side, "region", "/region", place.flags)


def _without_site(complaint: Complaint) -> Complaint:
    """A complaint about the place, for a needle: it is followed on the body, so that words are no place for it."""
    if complaint.code != "no-place":
        return complaint
    detail = "Where does it enter? State a point (`view` and `at`), a `region` and `side`, or a `landmark`."
    return msgspec.structs.replace(complaint, detail=detail)


def _aimed(
    atlas: Atlas, stated: NeedlePathStatement, region: Region, side: Side, view: ViewId, centre: tuple[float, float]
) -> tuple[float, float] | None:
    """Where the needle enters to come to the middle of what lies of the region under its centre."""
    arm = atlas.arm(view, stated.arm or arm_of_point(atlas, view, centre, region))
    across, up = to_body(view, *centre)
    for passage in atlas.way(view, *centre, arm):
        structure = atlas.structure(passage)
        if structure is not None and (structure.id, structure.side) == (region.id, side):
            middle = (passage.low_mm + passage.high_mm) / 2 * (1.0 if ALONG[view] else -1.0)
            target = (across, up, middle) if AXIS[view] == "z" else (middle, up, across)
            angle_deg = stated.angle_from_normal_deg or 0.0
            at = entry_towards(atlas, view, target, angle_deg, stated.direction, side, arm)
            return None if at is None else (round(at[0], 1), round(at[1], 1))
    return None


def _best_view(region: Region, side: Side) -> ViewId:
    """The view that shows the most of a region on its side."""
    seen = {
        view: extent.visible_mm2
        for view, extents in region.extents.items()
        for extent in extents
        if extent.side == side and extent.centre is not None
    }
    return max(seen, key=lambda view: seen[view])


def own_side(resolved: Resolved) -> Side:
    """The side of what a needle was stated to enter, as the atlas has sides."""
    return "midline" if resolved.side is None or resolved.side == "both" else resolved.side


def _half(resolved: Resolved, view: ViewId, at: tuple[float, float], stated: StatedSide | None) -> Side:
    if stated == "left" or stated == "right":
        return stated
    if on_midline(view, at[0]):
        return "midline"
    side = own_side(resolved)
    return side_of(view, *at) if side == "midline" else side


def _direction(entry: Entry, stated: NeedlePathStatement, start: _Start) -> Vector:
    angle_deg = stated.angle_from_normal_deg or 0.0
    # Nothing is medial of the midline; what is lateral of it a stated side decides, if there is one.
    middle = on_midline(start.view, start.at[0])

    def towards(direction: Direction | None) -> Vector | None:
        if angle_deg and middle and (direction or "").endswith("medial"):
            return None
        return inclined(entry.normal, angle_deg, direction, start.half)

    vector = towards(stated.direction)
    if vector is not None:
        return vector
    somewhere = tuple(direction for direction in get_args(Direction) if towards(direction) is not None)
    across = (stated.direction or "").endswith(("medial", "lateral"))
    if across and middle:
        why = "it lies on the midline"
    else:
        why = "it runs along the needle as that stands square on the skin"
    detail = f"`{stated.direction}` points nowhere on the skin there: {why}. These do: {', '.join(somewhere)}."
    raise Invalid([Complaint("/direction", "no-direction", detail, suggestions=somewhere)])
