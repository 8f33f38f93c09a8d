"""Which flags a place has: a point by what lies under it, a needle by its own way, a region by what sources say of it.

A point is looked up in the fields of its view, and its line of sight among the courses of nerves and vessels. Where
only region and side were given, the fields that at least a tenth of the region lies in are possible; of nerves, vessels
and other structures only what a source names for the region, which its points have, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from bodymap.atlas import Atlas
from bodymap.atlas.body import Layered
from bodymap.atlas.fields import FieldHit, FieldId
from bodymap.atlas.frames import MIDLINE_MM, OPPOSITE, mirror, on_midline, to_page
from bodymap.atlas.manifest import Arm, Region, Side, Structure, ViewId
from bodymap.atlas.needle_path import Crossing, NeedlePath
from bodymap.atlas.sight import Sight, beside_sight, sight_of
from bodymap.atlas.vectors import Vector
from bodymap.charting.flags import CATALOGUE, CERTAINTIES, FlagKind, kind_of_course, kind_of_field
from bodymap.charting.placement import Flag
from bodymap.charting.vocabulary import Certainty, FlagSide, PerimeterSide

Xy = tuple[float, float]

# A region without a point has the flags of the fields that this share of its silhouette lies in, on the views that show
# it well: that show this share of its silhouette.
POSSIBLE_SHARE = 0.1
SHOWN_WELL = 0.5
# Fields that a place has by where it lies in the body, whichever view it is stated on: it is in one if a side view has
# it there, and a view from front or back, too; at the side of the neck if it lies beside the throat and the spine.
_NECK: Mapping[FieldId, ViewId] = {"suboccipital": "posterior", "anterior-neck": "anterior"}
_BESIDE_MM = 15.0
# A deltoid without a point is never possible over the lung: the arm hangs beside the chest.
_BESIDE_THE_CHEST, _LUNG = "deltoid", "over-lung-field"


class _Raised(NamedTuple):
    """A flag of one half of the body, before those of one code are one; `behind` is the bone in front of what it is
    about."""

    kind: FlagKind
    half: Side
    certainty: Certainty
    distance_mm: float | None = None
    behind: str | None = None


def flags_at(
    atlas: Atlas,
    view: ViewId,
    at: Xy,
    side: PerimeterSide | None = None,
    arm: Arm | None = None,
    regions: Sequence[Region] = (),
) -> tuple[Flag, ...]:
    """The flags of a point, in the catalogue's order, each code once; also those that sources name for the `regions`
    that it was needled in, as possible.

    On the midline it has those of both halves, unless `side` is left or right; elsewhere `side` decides only where a
    point lies in the fields of both. Raises `UnknownView`.
    """
    raised = _under(atlas, view, at, arm, regions)
    if on_midline(view, at[0]) and side not in ("left", "right"):
        other, x, y = mirror(view, *at)
        raised += _under(atlas, other, (x, y), arm, regions)
    raised += (named for region in regions for named in _named_for(region, side))
    return _flags(raised, side)


def _under(atlas: Atlas, view: ViewId, at: Xy, arm: Arm | None, regions: Sequence[Region]) -> list[_Raised]:
    """What a point lies over: the fields of its view, the courses beside its line of sight, the fields of the neck."""
    way = atlas.beneath(view, *at, arm=arm)
    raised = [
        _of_field(hit, "under-the-point", _bone_before(way, kind_of_field(hit.field)))
        for hit in atlas.fields.at(view, *at)
    ]
    sight = sight_of(atlas, view, *at, arm=arm)
    if sight is not None:
        raised += [
            _Raised(
                kind_of_course(course.id),
                course.side,
                "under-the-point",
                distance_mm,
                next((layer.structure.id for layer in way if _is_bone_before(layer, way[0].enters_mm + at_mm)), None),
            )
            for course, distance_mm, at_mm in beside_sight(atlas, sight)
        ]
        raised += [_Raised(kind, half, "under-the-point") for kind, half in _in_the_neck(atlas, sight, way, regions)]
    return raised


def flags_on_way(
    atlas: Atlas, view: ViewId, seen: Iterable[Xy], path: NeedlePath, side: PerimeterSide | None = None
) -> tuple[Flag, ...]:
    """The flags of a needle's whole way, in the catalogue's order, each code once. Raises `UnknownView`.

    `seen` are its points as the view sees them: the fields that it comes to. What it goes into, and the nerves and
    vessels that it comes near to at its own depth, are on the way.
    """
    crossed = {crossing.structure.id for crossing in path.crossings}
    raised: list[_Raised] = []
    for hit in dict.fromkeys(hit for at in seen for hit in atlas.fields.at(view, *at)):
        kind = kind_of_field(hit.field)
        met = bool(kind.met & crossed)
        raised.append(_of_field(hit, "on-the-way" if met else "under-the-point", _bone_crossed(path.crossings, kind)))
    raised += _met_by(path)
    return _flags(raised, side)


def flags_met(path: NeedlePath, side: PerimeterSide | None = None) -> tuple[Flag, ...]:
    """The flags of what a needle's way meets on the reference body: on the way, and no other."""
    return _flags(_met_by(path), side)


def flags_of_region(atlas: Atlas, region: Region, side: PerimeterSide) -> tuple[Flag, ...]:
    """The flags that a needle anywhere in the region may have, `certainty` possible, each code once.

    A field counts where at least a tenth of the region's silhouette lies in it, on any view that shows the region well,
    where none does on the one that shows most of it; a muscle of the arm not on side views, where it hangs before the
    trunk. Of nerves, vessels and what else sources name by region, those.
    """
    raised = [
        _of_field(hit, "possible")
        for view in views_of(atlas, region)
        for hit, share in shares_of(atlas, region, view)
        if share >= POSSIBLE_SHARE and side in ("both", hit.side) and _is_possible(kind_of_field(hit.field), region)
    ]
    return _flags([*raised, *_named_for(region, side)], side)


def shares_of(atlas: Atlas, region: Region, view: ViewId) -> tuple[tuple[FieldHit, float], ...]:
    """The share of the region's silhouette on a view that lies in each field of its own side, where there is any."""
    outlines = ((extent.side, atlas.silhouette(region.id, extent.side, view)) for extent in region.extents[view])
    return tuple(
        (hit, share)
        for side, outline in outlines
        if outline is not None
        for hit, share in atlas.fields.shares(view, outline)
        if hit.side == side
    )


def views_of(atlas: Atlas, region: Region) -> tuple[ViewId, ...]:
    """The views that show a region well, or else the one that shows most of it; of side views both."""
    of_arm = any(structure.arm and structure.id == region.id for structure in atlas.manifest.structures)
    shown: dict[ViewId, float] = {
        view: max(extent.visible_mm2 / max(extent.silhouette_mm2, 1) for extent in extents)
        for view, extents in region.extents.items()
        if extents and not (of_arm and view in ("left", "right"))
    }
    well = tuple(view for view, share in shown.items() if share >= SHOWN_WELL)
    most = max(shown, key=lambda view: shown[view], default=None)
    return well or tuple(view for view in shown if most is not None and view in (most, OPPOSITE[most]))


def _is_possible(kind: FlagKind, region: Region) -> bool:
    if kind.code == _LUNG and region.muscle == _BESIDE_THE_CHEST:
        return False
    return not kind.by_source and (not kind.limited_to or region.id in kind.limited_to)


def _named_for(region: Region, side: PerimeterSide | None) -> list[_Raised]:
    """What sources name for a region, as possible on each half that is meant."""
    halves: tuple[Side, ...] = ("left",) if side == "left" else ("right",) if side == "right" else ("left", "right")
    names = {region.id, region.muscle, region.group}
    return [_Raised(kind, half, "possible") for kind in CATALOGUE if kind.regions & names for half in halves]


def _in_the_neck(
    atlas: Atlas, sight: Sight, way: Sequence[Layered], regions: Sequence[Region]
) -> Iterable[tuple[FlagKind, Side]]:
    """The fields of the neck that a place lies in, by where in the body it is: where the outermost structure begins,
    and the regions that it was needled in."""
    begin = way[0].enters_mm
    for depth_mm in {0.0, *(layer.enters_mm - begin for layer in way if layer.region in regions)}:
        yield from _fields_of_the_neck(atlas, sight.at(depth_mm))


def _fields_of_the_neck(atlas: Atlas, point: Vector) -> Iterable[tuple[FlagKind, Side]]:
    x, y, z = point
    aside: Literal["left", "right"] = "left" if x > 0 else "right"
    beside = {hit.field for hit in atlas.fields.at(aside, *to_page(aside, z, y))}
    if "lateral-neck" in beside and abs(x) >= _BESIDE_MM:
        yield kind_of_field("lateral-neck"), aside
    for field, view in _NECK.items():
        for hit in atlas.fields.at(view, *to_page(view, x, y)) if field in beside else ():
            if hit.field == field and (hit.side == aside or abs(x) <= MIDLINE_MM):
                yield kind_of_field(field), hit.side


def _met_by(path: NeedlePath) -> list[_Raised]:
    """What a way goes into, and the courses beside it, at its own depth."""
    raised = [
        _Raised(kind, crossing.side, "on-the-way", behind=_bone_crossed(path.crossings, kind))
        for crossing in path.crossings
        for kind in CATALOGUE
        if crossing.structure.id in kind.met
    ]
    for course, distance_mm, at_mm in path.beside:
        bones = (it.structure.id for it in path.crossings if it.structure.kind == "bone" and it.begins_mm < at_mm)
        raised.append(_Raised(kind_of_course(course.id), course.side, "on-the-way", distance_mm, next(bones, None)))
    return raised


def _of_field(hit: FieldHit, certainty: Certainty, behind: str | None = None) -> _Raised:
    return _Raised(kind_of_field(hit.field), hit.side, certainty, behind=behind)


def _bone_before(way: Sequence[Layered], kind: FlagKind) -> str | None:
    """The first bone under a point that lies before what a flag is about, or before a cavity where that is beside the
    line of sight; `None` where there is none."""
    met = any(layer.structure.id in kind.met for layer in way)
    before = way if met else [layer for layer in way if not layer.in_cavity]
    structures = [layer.structure for layer in before]
    if met or not kind.says_bone:
        return _first_bone(structures, kind)
    return next((structure.id for structure in structures if structure.kind == "bone"), None)


def _bone_crossed(crossings: Sequence[Crossing], kind: FlagKind) -> str | None:
    """The first bone that a way goes into before what a flag is about."""
    return _first_bone([crossing.structure for crossing in crossings], kind)


def _first_bone(structures: Sequence[Structure], kind: FlagKind) -> str | None:
    met = next((place for place, structure in enumerate(structures) if structure.id in kind.met), None)
    if met is None or not kind.says_bone:
        return None
    return next((structure.id for structure in structures[:met] if structure.kind == "bone"), None)


def _is_bone_before(layer: Layered, depth_mm: float) -> bool:
    return layer.structure.kind == "bone" and layer.enters_mm < depth_mm


def _flags(raised: Sequence[_Raised], side: PerimeterSide | None) -> tuple[Flag, ...]:
    """One flag of each code, in the catalogue's order: the surest of it, with the halves, the least distance, and the
    bone that lies before all of it."""
    flags: list[Flag] = []
    for kind in CATALOGUE:
        own = [one for one in raised if one.kind is kind]
        if not own:
            continue
        certainty = min((one.certainty for one in own), key=CERTAINTIES.index)
        surest = [one for one in own if one.certainty == certainty]
        behind = {one.behind for one in surest}
        distances = [one.distance_mm for one in surest if one.distance_mm is not None]
        flags.append(
            Flag(
                code=kind.code,
                certainty=certainty,
                side=_half(surest, side) if kind.sided else None,
                distance_mm=round(min(distances), 1) if distances else None,
                behind=behind.pop() if len(behind) == 1 else None,
            )
        )
    return tuple(flags)


def _half(raised: Sequence[_Raised], side: PerimeterSide | None) -> FlagSide:
    halves: set[FlagSide] = {"left" if one.half == "left" else "right" for one in raised if one.half != "midline"}
    if len(halves) == 1:
        return halves.pop()
    return side if side == "left" or side == "right" else "both"
