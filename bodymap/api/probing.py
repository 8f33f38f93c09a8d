"""What lies under a point and along a needle over HTTP; landmarks.

Everything here is of the reference body. It helps to document and to teach, and clears no needle.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.api.atlas import AtlasVersion, OfVersion, atlas_of, cached
from bodymap.api.operation import Answer, Call
from bodymap.api.page import Limit
from bodymap.atlas import Atlas
from bodymap.atlas.entry import entry_at, inclined
from bodymap.atlas.frames import SIZES
from bodymap.atlas.landmarks import Landmark, LandmarkNames
from bodymap.atlas.manifest import Arm, Kind, LayerId, Side, ViewId
from bodymap.atlas.needle_path import Crossing, NeedlePath, trace
from bodymap.atlas.search import plain
from bodymap.charting.flags import flags_at
from bodymap.charting.placement import Flag, Offset, TriggerPoint
from bodymap.charting.recording import record
from bodymap.charting.terms import AngleDeg, Coordinate, Direction, Name, Point, RegionId
from bodymap.charting.terms import Side as StatedSide
from bodymap.charting.terms import ViewId as StatedView
from bodymap.errors import Complaint, Invalid

REFERENCE = (
    "Every millimetre here belongs to the reference body alone, whose skin sits loosely: it gives the order of "
    "structures and their thickness there, never how deep a needle may go in a patient."
)


class ProbeQuery(OfVersion, frozen=True, kw_only=True):
    """A point on a view, in its millimetres. Side views are probed without the arm unless `arm` is shown."""

    view: ViewId
    x: Coordinate
    y: Coordinate
    arm: Arm = "hidden"


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """One structure under a point. `enters_mm` and `leaves_mm` are counted from the last skin before it, on the
    reference body alone. `region` is null where it is none; `in_cavity` marks what lies in or behind the thoracic or
    abdominal cavity."""

    id: str
    kind: Kind
    side: Side
    region: str | None
    enters_mm: float
    leaves_mm: float
    thickness_mm: float
    in_cavity: bool


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What the point means where no region is stated: the outermost structure, passing through skin, platysma and
    fasciae, and through latissimus dorsi over the thoracolumbar fascia."""

    region: str | None
    structure: str | None
    side: Side
    layer: LayerId | None
    inferred: bool


class ProbeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The structures under a point along the view's axis, outermost first, and what to know about the place."""

    view: ViewId
    at: tuple[float, float]
    arm: Arm
    atlas: str
    reference_body_only: Literal[True]
    reference: str
    meaning: Meaning
    landmark: str
    structures: tuple[Probed, ...]
    flags: tuple[Flag, ...]


class NeedlePathStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A straight needle. It enters at a point on a view, a region and side, or a landmark and an offset, leaves the
    skin's normal by an angle in a direction, and is followed for `length_mm` from the outermost structure on."""

    view: StatedView | None = None
    at: Point | None = None
    region: RegionId | None = None
    side: StatedSide | None = None
    landmark: Name | None = None
    offset_mm: Offset | None = None
    angle_from_normal_deg: AngleDeg = 0
    direction: Direction | None = None
    length_mm: Annotated[float, Meta(gt=0, le=150)] = 60
    arm: Arm = "hidden"
    version: AtlasVersion | None = None


class Crossed(msgspec.Struct, frozen=True, kw_only=True):
    """One passage through a structure, in millimetres along the way from where it enters the outermost structure.
    `goes_on` where the way ends inside of it."""

    id: str
    kind: Kind
    side: Side
    region: str | None
    begins_mm: float
    ends_mm: float
    goes_on: bool


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """A structure that the way does not go through but comes within 5 mm of."""

    id: str
    kind: Kind
    side: Side
    within_mm: float


class NeedlePathAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a straight needle goes through on the reference body, in order. It is stored nowhere."""

    view: ViewId
    at: tuple[float, float]
    side: Side
    atlas: str
    reference_body_only: Literal[True]
    reference: str
    words: str
    structures: tuple[Crossed, ...]
    near: tuple[Passed, ...]
    leaves_body_mm: float | None
    flags: tuple[Flag, ...]


class LandmarkQuery(OfVersion, frozen=True, kw_only=True):
    """Which landmarks: everything stated must hold. `q` is part of an id, a name or an alias."""

    view: ViewId | None = None
    side: Side | None = None
    q: Annotated[str, Meta(max_length=200)] | None = None
    limit: Limit = 500


class LandmarkPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a view shows a landmark, in its millimetres; `side` is the patient's."""

    view: ViewId
    side: Side
    at: tuple[float, float]


class LandmarkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A landmark that can be felt or seen. `rule` says how it was found on the bone; a paired one needs a side."""

    id: str
    names: LandmarkNames
    aliases: tuple[str, ...]
    paired: bool
    structure: str | None
    rule: str
    derived_from: tuple[str, ...]
    places: tuple[LandmarkPlace, ...]


class LandmarkList(msgspec.Struct, frozen=True, kw_only=True):
    """Landmarks in their order; `next` is null: they come in one page."""

    items: tuple[LandmarkAnswer, ...]
    next: Literal[None] = None


def probe(call: Call, _: Any) -> Answer:
    """What lies under a point of a view."""
    atlas, query = atlas_of(call), call.query
    at = (query.x, query.y)
    arm = atlas.arm(query.view, query.arm)
    hit = atlas.at(query.view, *at, arm=arm)
    if hit is None:
        raise Invalid(_off_body(query.view, at))
    meaning = Meaning(
        region=hit.region.id if hit.region else None,
        structure=hit.structure.id if hit.structure else None,
        side=hit.side,
        layer=hit.layer,
        inferred=True,
    )
    structures = tuple(
        Probed(
            id=layered.structure.id,
            kind=layered.structure.kind,
            side=layered.structure.side,
            region=layered.region.id if layered.region else None,
            enters_mm=round(layered.enters_mm, 1),
            leaves_mm=round(layered.leaves_mm, 1),
            thickness_mm=round(layered.leaves_mm - layered.enters_mm, 1),
            in_cavity=layered.in_cavity,
        )
        for layered in atlas.beneath(query.view, *at, arm=arm)
    )
    answer = ProbeAnswer(
        view=query.view,
        at=at,
        arm=arm,
        atlas=atlas.version,
        reference_body_only=True,
        reference=REFERENCE,
        meaning=meaning,
        landmark=atlas.landmarks.nearest(query.view, *at).text,
        structures=structures,
        flags=flags_at(atlas.fields, query.view, at, hit.side),
    )
    return cached(msgspec.json.encode(answer))


def trace_needle(call: Call, _: Any) -> Answer:
    """What a straight needle goes through on the reference body."""
    stated: NeedlePathStatement = call.body.accepted()
    atlas = call.backend.atlases.get(stated.version)
    view, at, side = _entry(atlas, stated)
    arm = atlas.arm(view, stated.arm)
    entry = entry_at(atlas, view, *at, arm=arm)
    if entry is None:
        raise Invalid([Complaint("/at", "off-body", f"No structure lies under {list(at)} on {view}.")])
    direction = inclined(entry.normal, stated.angle_from_normal_deg, stated.direction, side)
    if direction is None:
        what = f"`{stated.direction}` points nowhere on the skin there" if stated.direction else "it is missing"
        detail = f"An inclined needle needs a direction along the skin; {what}."
        raise Invalid([Complaint("/direction", "no-direction", detail)])
    path = trace(atlas, entry.skin, direction, stated.length_mm, arm)
    answer = NeedlePathAnswer(
        view=view,
        at=at,
        side=side,
        atlas=atlas.version,
        reference_body_only=True,
        reference=REFERENCE,
        words=_words(atlas, path),
        structures=tuple(_crossed(atlas, crossing) for crossing in path.crossings),
        near=tuple(
            Passed(id=near.structure.id, kind=near.structure.kind, side=near.structure.side, within_mm=near.within_mm)
            for near in path.near
        ),
        leaves_body_mm=path.leaves_mm,
        flags=flags_at(atlas.fields, view, at, side),
    )
    return cached(msgspec.json.encode(answer))


def find_landmarks(call: Call, _: Any) -> Answer:
    """The landmarks, with where each view shows them."""
    atlas, query = atlas_of(call), call.query
    wanted = plain(query.q or "")
    found: list[LandmarkAnswer] = []
    for landmark in atlas.landmarks.all:
        places = tuple(
            LandmarkPlace(view=view, side=shown.side, at=shown.at)
            for view in SIZES
            if query.view in (None, view)
            for shown in atlas.landmarks.on_view(view)
            if shown.landmark is landmark and query.side in (None, shown.side)
        )
        said = " ".join(map(plain, (landmark.id, landmark.names.en, landmark.names.la, *landmark.aliases)))
        if places and wanted in said:
            found.append(_landmark(landmark, places))
    return cached(msgspec.json.encode(LandmarkList(items=tuple(found[: query.limit]))))


def _off_body(view: ViewId, at: tuple[float, float]) -> list[Complaint]:
    width, height = SIZES[view]
    detail = f"The point {list(at)} lies off the body. The page of {view} is {width:g} by {height:g} mm, y down."
    return [Complaint("?x", "off-body", detail), Complaint("?y", "off-body", detail)]


def _entry(atlas: Atlas, stated: NeedlePathStatement) -> tuple[ViewId, tuple[float, float], Side]:
    """Where the needle enters, by the rules of a placement; a region alone is entered at its centre."""
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
    if found is None:
        raise Invalid(complaints)
    resolved = found.resolved
    side: Side = "midline" if resolved.side is None or resolved.side == "both" else resolved.side
    if resolved.view is not None and resolved.at is not None:
        return resolved.view, resolved.at, side
    region = atlas.region(resolved.region or "")
    view: ViewId = stated.view if stated.view is not None else next(iter(region.layers))
    centre = atlas.centre(region.id, side, view)
    if centre is None:
        detail = f"{region.names.en} is not seen on {view}: state a point instead."
        raise Invalid([Complaint("/region", "not-shown", detail)])
    return view, centre, side


def _crossed(atlas: Atlas, crossing: Crossing) -> Crossed:
    structure = crossing.structure
    return Crossed(
        id=structure.id,
        kind=structure.kind,
        side=structure.side,
        region=structure.id if _is_region(atlas, structure.id) else None,
        begins_mm=round(crossing.begins_mm, 1),
        ends_mm=round(crossing.ends_mm, 1),
        goes_on=crossing.goes_on,
    )


def _is_region(atlas: Atlas, structure_id: str) -> bool:
    return any(region.id == structure_id for region in atlas.regions)


def _words(atlas: Atlas, path: NeedlePath) -> str:
    """`Through trapezius into levator scapulae, on the reference figure.`"""
    names = [crossing.structure.name for crossing in path.crossings if crossing.structure.kind != "fascia"]
    names = [name for place, name in enumerate(names) if place == 0 or name != names[place - 1]]
    if not names:
        return "Through nothing that has a name here, on the reference figure."
    if len(names) == 1:
        return f"Into {names[0]}, on the reference figure."
    return f"Through {', '.join(names[:-1])} into {names[-1]}, on the reference figure."


def _landmark(landmark: Landmark, places: tuple[LandmarkPlace, ...]) -> LandmarkAnswer:
    return LandmarkAnswer(
        id=landmark.id,
        names=landmark.names,
        aliases=landmark.aliases,
        paired=landmark.paired,
        structure=landmark.structure,
        rule=landmark.rule,
        derived_from=landmark.derived_from,
        places=places,
    )
