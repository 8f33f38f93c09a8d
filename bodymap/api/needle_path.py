"""What a straight needle goes through on the reference body, over HTTP.

A help in documenting and teaching. It clears no needle, and nothing of it is kept in a record.
"""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal, NamedTuple, get_args

import msgspec
from msgspec import Meta

from bodymap import __version__
from bodymap.api.atlas import AtlasVersion
from bodymap.api.negotiation import etag_of
from bodymap.api.operation import Answer, Call
from bodymap.api.probing import REFERENCE
from bodymap.atlas import Atlas, side_of
from bodymap.atlas.columns import ALONG, AXIS
from bodymap.atlas.entry import Entry, Vector, entry_at, entry_towards, inclined
from bodymap.atlas.frames import to_body
from bodymap.atlas.manifest import Arm, Kind, Region, Side, Structure, ViewId
from bodymap.atlas.needle_path import NeedlePath, trace
from bodymap.charting.flags import distinct_flags, flags_at
from bodymap.charting.placement import Flag, Offset, Resolved, TriggerPoint
from bodymap.charting.recording import record
from bodymap.charting.resolution import arm_of_point
from bodymap.charting.terms import Direction, Name, Point, RegionId
from bodymap.charting.terms import Side as StatedSide
from bodymap.charting.terms import ViewId as StatedView
from bodymap.errors import Complaint, Invalid

# Nearer the midline than this nothing is medial; what is lateral a stated side decides, if there is one.
MIDLINE_MM = 1.0

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

    view: StatedView | None = None
    at: Point | None = None
    region: RegionId | None = None
    side: StatedSide | None = None
    landmark: Name | None = None
    offset_mm: Offset | None = None
    angle_from_normal_deg: InclinationDeg | None = None
    direction: Direction | None = None
    length_mm: FollowedMm = 60
    arm: Arm | None = None
    version: AtlasVersion | None = None


class Crossed(msgspec.Struct, frozen=True, kw_only=True):
    """One passage through a structure, in millimetres along the way from where it enters the outermost structure, on
    the reference body alone. `goes_on` where the way ends inside of it. A structure may be passed more than once."""

    id: str
    name: str
    kind: Kind
    side: Side
    region: str | None
    begins_mm: float
    ends_mm: float
    goes_on: bool
    reference_body_only: Literal[True] = True


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """A structure that the way does not go through but comes within 5 mm of, beside it or beyond its end; 0 where it
    touches it. To about a millimetre and a quarter, on the reference body alone."""

    id: str
    name: str
    kind: Kind
    side: Side
    region: str | None
    within_mm: float
    reference_body_only: Literal[True] = True


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """Where the way ends before its length, because it leaves the body, or what the atlas knows of it (below the page).

    Counted from the outermost structure, where none was met from the skin.
    """

    at_mm: float
    because: Literal["leaves-body", "leaves-atlas"]


class NeedlePathAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a straight needle goes through on the reference body, in order. It is stored nowhere.

    `entered_by` says what gave the point. With `region` nobody said where: the needle enters where it comes to the
    middle of what lies under the region's centre, else over that centre, and the flags of the whole region are among
    the flags, as possible.
    """

    view: ViewId
    at: tuple[float, float]
    side: Side
    region: str | None
    structure: str | None
    landmark: str | None
    entered_by: Literal["point", "landmark", "region"]
    angle_from_normal_deg: float
    direction: Direction | None
    length_mm: float
    arm: Arm
    atlas: str
    reference_body_only: Literal[True]
    reference: str
    words: str
    structures: tuple[Crossed, ...]
    near: tuple[Passed, ...]
    stops: Stopped | None
    flags: tuple[Flag, ...]


class _Start(NamedTuple):
    """Where the needle enters: the place as charting resolved it, and the point, which a region alone does not give.

    `half` is the patient's half that the point lies on, also where the bone under it is unpaired.
    """

    resolved: Resolved
    view: ViewId
    at: tuple[float, float]
    half: Side
    entered_by: Literal["point", "landmark", "region"]
    pointer: str
    flags: tuple[Flag, ...]


def trace_needle(call: Call, _: Any) -> Answer:
    """What a straight needle goes through on the reference body."""
    stated: NeedlePathStatement = call.body.accepted()
    edition = call.backend.atlases.edition(call.backend.atlases.get(stated.version).version)
    atlas = edition.atlas
    start = _start(atlas, stated)
    known = atlas.region(start.resolved.region) if start.resolved.region else None
    arm = atlas.arm(start.view, stated.arm or arm_of_point(atlas, start.view, start.at, known))
    entry = entry_at(atlas, start.view, *start.at, arm=arm)
    if entry is None:
        detail = f"Nothing of the body lies under [{start.at[0]:g}, {start.at[1]:g}] on {start.view}."
        raise Invalid([Complaint(start.pointer, "off-body", detail)])
    direction = _direction(entry, stated, start)
    etag = etag_of("needle-path", __version__, edition.digest, msgspec.json.encode(stated).decode())
    body = partial(_traced, atlas, stated, start, arm, entry, direction)
    return Answer(body=body, headers=(("ETag", etag),))


def _traced(
    atlas: Atlas, stated: NeedlePathStatement, start: _Start, arm: Arm, entry: Entry, direction: Vector
) -> bytes:
    path = trace(atlas, entry.skin, direction, stated.length_mm, arm)
    regions = {region.id for region in atlas.regions}
    answer = NeedlePathAnswer(
        view=start.view,
        at=start.at,
        side=_own_side(start.resolved),
        region=start.resolved.region,
        structure=start.resolved.structure,
        landmark=start.resolved.landmark or atlas.landmarks.nearest(start.view, *start.at, start.half).text,
        entered_by=start.entered_by,
        angle_from_normal_deg=stated.angle_from_normal_deg or 0.0,
        direction=stated.direction,
        length_mm=stated.length_mm,
        arm=arm,
        atlas=atlas.version,
        reference_body_only=True,
        reference=REFERENCE,
        words=in_words(atlas, path, start.half, stated.length_mm),
        structures=tuple(
            Crossed(
                **_named(structure, regions),
                begins_mm=begins_mm,
                ends_mm=ends_mm,
                goes_on=goes_on,
            )
            for structure, begins_mm, ends_mm, goes_on in path.crossings
        ),
        near=tuple(Passed(**_named(structure, regions), within_mm=within_mm) for structure, within_mm in path.near),
        stops=Stopped(at_mm=path.stop.at_mm, because=path.stop.because) if path.stop else None,
        flags=distinct_flags((*flags_at(atlas.fields, start.view, start.at, start.half), *start.flags)),
    )
    return msgspec.json.encode(answer)


def in_words(atlas: Atlas, path: NeedlePath, side: Side, length_mm: float) -> str:
    """`Through trapezius into levator scapulae, left, on the reference figure.` Muscles go by their whole name."""
    names: list[str] = []
    for crossing in path.crossings:
        name = _called(atlas, crossing.structure)
        if crossing.structure.side not in (side, "midline"):
            name = f"{name} ({crossing.structure.side})"
        if not names or names[-1] != name:
            names.append(name)
    if not names:
        said = f"Meets nothing that the atlas knows within {length_mm:g} mm"
    elif len(names) == 1:
        said = f"Into {names[0]}"
    else:
        said = f"Through {names[0]} into {names[1]}"
        said += f", then {_listed(names[2:])}" if names[2:] else ""
    where = "" if side == "midline" else f", {side}"
    return f"{said}{where}, on the reference figure."


def _called(atlas: Atlas, structure: Structure) -> str:
    """A structure as it stands within a sentence: whole muscles, since their parts have names that are sentences."""
    muscles = {region.id: region.muscle for region in atlas.regions}
    name = atlas.muscle(muscles[structure.id]).names.en if structure.id in muscles else structure.name
    return name[0].lower() + name[1:]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _named(structure: Structure, regions: set[str]) -> dict[str, Any]:
    return {
        "id": structure.id,
        "name": structure.name,
        "kind": structure.kind,
        "side": structure.side,
        "region": structure.id if structure.id in regions else None,
    }


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
    found = record(atlas, point, placement_id="", number=1, needle=None, pointer="", complain=complaints.append)
    if stated.angle_from_normal_deg and stated.direction is None:
        detail = "An inclined needle leaves the skin's normal in a direction along the skin: say which."
        complaints.append(Complaint("/direction", "missing-field", detail, suggestions=get_args(Direction)))
    if stated.direction is not None and stated.angle_from_normal_deg is None:
        detail = f"A direction needs an angle: by how many degrees does the needle lean {stated.direction}?"
        complaints.append(Complaint("/angle_from_normal_deg", "missing-field", detail))
    if found is None or complaints:
        raise Invalid(complaints)
    resolved = found.resolved
    if resolved.view is not None and resolved.at is not None:
        half = _half(resolved, resolved.view, resolved.at, stated.side)
        if stated.landmark is None:
            return _Start(resolved, resolved.view, resolved.at, half, "point", "/at", found.flags)
        pointer = "/offset_mm" if stated.offset_mm is not None else "/landmark"
        return _Start(resolved, resolved.view, resolved.at, half, "landmark", pointer, found.flags)
    region = atlas.region(resolved.region or "")
    side: Side = "right" if resolved.side == "right" else "left"
    view = stated.view or _best_view(region, side)
    centre = atlas.centre(region.id, side, view)
    if centre is None:
        shown = tuple(other for other in region.layers if atlas.centre(region.id, side, other) is not None)
        detail = f"{region.names.en}, {side}, is not seen on {view}; it is on {', '.join(shown)}. Or state a point."
        raise Invalid([Complaint("/view", "not-shown", detail, suggestions=shown)])
    aimed = _aimed(atlas, stated, region, side, view, centre)
    return _Start(resolved, view, aimed or centre, side, "region", "/region", found.flags)


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


def _own_side(resolved: Resolved) -> Side:
    return "midline" if resolved.side is None or resolved.side == "both" else resolved.side


def _half(resolved: Resolved, view: ViewId, at: tuple[float, float], stated: StatedSide | None) -> Side:
    if stated == "left" or stated == "right":
        return stated
    if _on_midline(view, at):
        return "midline"
    side = _own_side(resolved)
    return side_of(view, *at) if side == "midline" else side


def _on_midline(view: ViewId, at: tuple[float, float]) -> bool:
    return view in ("posterior", "anterior") and abs(to_body(view, *at)[0]) < MIDLINE_MM


def _direction(entry: Entry, stated: NeedlePathStatement, start: _Start) -> Vector:
    angle_deg = stated.angle_from_normal_deg or 0.0
    on_midline = _on_midline(start.view, start.at)

    def towards(direction: Direction | None) -> Vector | None:
        if angle_deg and on_midline and (direction or "").endswith("medial"):
            return None
        return inclined(entry.normal, angle_deg, direction, start.half)

    found = towards(stated.direction)
    if found is not None:
        return found
    somewhere = tuple(direction for direction in get_args(Direction) if towards(direction) is not None)
    across = (stated.direction or "").endswith(("medial", "lateral"))
    if across and on_midline:
        why = "it lies on the midline"
    else:
        why = "it runs along the needle as that stands square on the skin"
    detail = f"`{stated.direction}` points nowhere on the skin there: {why}. These do: {', '.join(somewhere)}."
    raise Invalid([Complaint("/direction", "no-direction", detail, suggestions=somewhere)])
