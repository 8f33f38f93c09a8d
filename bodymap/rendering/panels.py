"""Which placements a view shows, and how: by a point, by a line of needles, or only by a region.

Everything here is read from the record, nothing from the drawing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import LAYERS, VIEWS, Arm, Extent, LayerId, Muscle, Region, Side, ViewId
from bodymap.atlas.outlines import Outline
from bodymap.charting.events import RecordedEvent
from bodymap.charting.placement import (
    LineNeedle,
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    whole_muscle,
)
from bodymap.charting.vocabulary import PerimeterSide
from bodymap.errors import UnknownRegion
from bodymap.rendering.boxes import Extents, around
from bodymap.rendering.focus import whole, window
from bodymap.rendering.options import ChartOptions, Focus

Xy = tuple[float, float]
RegionSide = tuple[str, Side]
_TELLING = ("point", "region", "line")


@dataclass(frozen=True)
class Treated:
    """One side of a region that placements on a view went into. `where` compares its layer with the drawn one."""

    region: str
    side: Side
    where: str  # "drawn", "below" or "above"
    layer: LayerId | None
    how: str  # "point", "region" or "line": the placement that says most of where in it the needle went


@dataclass
class Panel:
    """One view of a chart, or the part of it in `window` (millimetres). `points` and `lines` have places of their own,
    `regions` stand at a region's centre; `referral` are areas to be dotted, `adverse` the numbers of what an adverse
    event belongs to."""

    view: ViewId
    window: Extents
    layer: LayerId = "superficial"
    arm: Arm = "shown"
    points: list[tuple[RecordedTriggerPoint, Xy]] = field(default_factory=list)
    lines: list[tuple[RecordedPerimeter, tuple[LineNeedle, ...]]] = field(default_factory=list)
    regions: list[tuple[RecordedPlacement, tuple[tuple[RegionSide, Xy], ...]]] = field(default_factory=list)
    treated: tuple[Treated, ...] = ()
    referral: tuple[Outline, ...] = ()
    adverse: frozenset[int] = frozenset()

    @property
    def width(self) -> float:
        """How wide the part is that is drawn, in millimetres."""
        return self.window.right - self.window.left

    @property
    def height(self) -> float:
        """How tall the part is that is drawn, in millimetres."""
        return self.window.bottom - self.window.top

    @property
    def placements(self) -> list[RecordedPlacement]:
        """Everything drawn on this view, by number."""
        drawn = [*(p for p, _ in self.points), *(p for p, _ in self.lines), *(p for p, _ in self.regions)]
        return sorted(drawn, key=lambda placement: placement.number)

    def layer_elsewhere(self, placement: RecordedPlacement) -> LayerId | None:
        """The layer of a placement's muscle where that is not the drawn one."""
        region = placement.resolved.region or placement.region
        return next((t.layer for t in self.treated if t.region == region and t.where != "drawn"), None)


def place(
    atlas: Atlas, placements: Sequence[RecordedPlacement], options: ChartOptions, events: Sequence[RecordedEvent] = ()
) -> list[Panel]:
    """The views of a chart with what each shows. `view=auto` gives every view with placements, else the posterior.
    `events` mark the placements that they belong to."""
    belong = {event.placement for event in events}
    adverse = frozenset(placement.number for placement in placements if placement.id in belong)
    chosen: tuple[ViewId, ...] = VIEWS if options.view == "auto" else (options.view,)
    panels = {view: Panel(view, whole(view), adverse=adverse) for view in chosen}
    later: list[RecordedPlacement] = []
    for placement in placements:
        own = placement.resolved.view or placement.view
        if isinstance(placement, RecordedPerimeter):
            needles = tuple(needle for needle in placement.needles if needle.at is not None)
            drawn_line = placement.ring is not None or placement.outline is not None
            if drawn_line and own in panels:
                panels[own].lines.append((placement, needles))
            if drawn_line:
                continue
        elif placement.resolved.at is not None:
            if own in panels:
                panels[own].points.append((placement, placement.resolved.at))
            continue
        later.append(placement)
    used = [view for view, panel in panels.items() if panel.points or panel.lines]
    for placement in later:
        best = _by_region(atlas, placement, chosen, used)
        if best is not None:
            view, centres = best
            panels[view].regions.append((placement, centres))
    for panel in panels.values():
        _look_at(panel, options.focus)
    shown = [panel for panel in panels.values() if panel.placements]
    if not shown:
        shown = [panels["posterior" if options.view == "auto" else options.view]]
    for panel in shown:
        panel.arm = atlas.arm(panel.view, "shown" if _on_the_arm(atlas, panel) else options.arm)
        _choose_layer(atlas, panel, options)
    return shown


def spots_of(panel: Panel) -> list[Xy]:
    """Every point of a view that something stands at, in millimetres."""
    needles = [needle.at for _, needles in panel.lines for needle in needles]
    centres = [at for _, centres in panel.regions for _, at in centres]
    return [*(at for _, at in panel.points), *(at for at in (*centres, *needles) if at is not None)]


def narrow(panel: Panel, part: Extents) -> None:
    """Narrow a panel to a part of its view. What has its place outside, or part of its line, is left out."""
    panel.window = part
    panel.points = [entry for entry in panel.points if _in(part, [entry[1]])]
    panel.lines = [
        entry for entry in panel.lines if _in(part, [needle.at for needle in entry[1] if needle.at is not None])
    ]
    panel.regions = [entry for entry in panel.regions if _in(part, [at for _, at in entry[1]])]


def _look_at(panel: Panel, focus: Focus) -> None:
    """Narrow a panel to the part in focus."""
    if focus != "full":
        narrow(panel, window(panel.view, focus, [around(*at, 0) for at in spots_of(panel)]))


def _in(window: Extents, places: Sequence[Xy]) -> bool:
    return all(around(*at, 4).within(window) for at in places)


def _on_the_arm(atlas: Atlas, panel: Panel) -> bool:
    """Whether something on the view went into the arm: a mark beside a body without its arm would be nowhere."""
    arms = {structure.id for structure in atlas.manifest.structures if structure.arm}
    structures = {placement.resolved.structure for placement in panel.placements}
    structures |= {needle.region or needle.structure for _, needles in panel.lines for needle in needles}
    return not arms.isdisjoint(structures)


def region_of(atlas: Atlas, placement: RecordedPlacement) -> Region | None:
    """The region that a placement went into, as recorded; `None` where that is none, or none of this atlas."""
    return find_region(atlas, placement.resolved.region or placement.region)


def regions_of(atlas: Atlas, placement: RecordedPlacement) -> tuple[Region, ...]:
    """The region that a placement went into, or those of the whole muscle or group where nobody said which; empty where
    there is none of this atlas."""
    region = region_of(atlas, placement)
    if region is not None:
        return (region,)
    muscle = muscle_of(atlas, placement)
    return tuple(atlas.region(name) for name in muscle.regions) if muscle is not None else ()


def muscle_of(atlas: Atlas, placement: RecordedPlacement) -> Muscle | None:
    """The muscle or group that a placement went into where nobody said which part, if it is one of this atlas."""
    return atlas.muscles.get(whole_muscle(placement) or "")


def find_region(atlas: Atlas, region_id: str | None) -> Region | None:
    """The region of this id, or `None`: a record may be older than the atlas that draws it."""
    if region_id is None:
        return None
    try:
        return atlas.region(region_id)
    except UnknownRegion:
        return None


def sides_of(placement: RecordedPlacement) -> tuple[Side, ...]:
    """The side of a placement; both halves of a placement on both sides or on the midline."""
    return halves_of(placement.resolved.side or placement.side)


def halves_of(side: PerimeterSide | None) -> tuple[Side, ...]:
    """The halves of the body that a side is of: every region has one on each, and on the midline they meet."""
    if side == "both" or side == "midline":
        return ("left", "right")
    return (side,) if side is not None else ()


def _by_region(
    atlas: Atlas, placement: RecordedPlacement, chosen: Sequence[ViewId], used: Sequence[ViewId]
) -> tuple[ViewId, tuple[tuple[RegionSide, Xy], ...]] | None:
    """The view that shows the region or muscle of a placement best, of those in use if they show it, and on each side
    the centre of the region that is most of it there."""
    regions = regions_of(atlas, placement)
    if not isinstance(placement, RecordedPerimeter) and placement.site is not None:
        return None
    sides = sides_of(placement)
    ranked: list[tuple[tuple[bool, bool, int, int], ViewId, tuple[tuple[RegionSide, Xy], ...]]] = []
    for order, view in enumerate(chosen):
        shown = [(region, e) for region in regions for e in region.extents.get(view, ()) if e.side in sides]
        most = {e.side: (region, e) for region, e in sorted(shown, key=_visible) if e.centre is not None}
        centres = tuple(
            ((r.id, e.side), e.centre) for r, e in (most[side] for side in sides if side in most) if e.centre
        )
        if centres and len(centres) == len(sides):
            area = sum(extent.visible_mm2 for _, extent in shown)
            rank = (view == placement.view, view in used, area, -order)
            ranked.append((rank, view, centres))
    if not ranked:
        return None
    _, view, centres = max(ranked, key=lambda entry: entry[0])
    return view, centres


def _visible(shown: tuple[Region, Extent]) -> int:
    return shown[1].visible_mm2


def _targets(atlas: Atlas, panel: Panel) -> list[tuple[Region, Side, str]]:
    """(region, side, how it was given) of what the placements of a panel went into.

    The needles of a line surround a place: of what they went through, only what is drawn anyway is worth showing.
    """
    targets: list[tuple[Region, Side, str]] = []
    for placement in panel.placements:
        by_region = any(placement is other for other, _ in panel.regions)
        how = "region" if by_region else "line" if isinstance(placement, RecordedPerimeter) else "point"
        ids = (*(region.id for region in regions_of(atlas, placement)), *placement.also)
        pairs: list[tuple[str | None, Side]] = [(region_id, side) for region_id in ids for side in sides_of(placement)]
        if isinstance(placement, RecordedPerimeter) and not by_region:
            there = [(n.region, side) for n in placement.needles for side in halves_of(n.side)]
            regions = {region_id: find_region(atlas, region_id) for region_id, _ in there}
            layers = {i: region.layers.get(panel.view) for i, region in regions.items() if region is not None}
            pairs += [pair for pair in there if layers.get(pair[0]) == panel.layer]
        for region_id, side in dict.fromkeys(pairs):
            region = find_region(atlas, region_id)
            if region is not None:
                targets.append((region, side, how))
    return targets


def _telling_layer(depths: Mapping[LayerId, int], first: LayerId) -> LayerId:
    """The layer of more than half of what was treated, else the deepest where more than half lies below the first."""
    most = sum(depths.values()) / 2
    for layer, count in depths.items():
        if count > most:
            return layer
    deeper = sum(count for layer, count in depths.items() if layer != "superficial")
    return max(depths, key=LAYERS.index) if deeper > most else first


def _choose_layer(atlas: Atlas, panel: Panel, options: ChartOptions) -> None:
    """The layer to draw, and where the treated regions lie against it."""
    there = atlas.view(panel.view).layers
    if options.layer != "auto":
        panel.layer = options.layer if options.layer in there else there[-1]
    else:
        depths: Counter[LayerId] = Counter()
        # Where trigger points say which layer matters, a line around them does not outvote them.
        telling = [p for p in panel.placements if not isinstance(p, RecordedPerimeter)] or panel.placements
        for placement in telling:
            for region in regions_of(atlas, placement):
                if panel.view in region.layers:
                    depths[region.layers[panel.view]] += 1
        panel.layer = _telling_layer(depths, there[0])
    drawn = LAYERS.index(panel.layer)
    treated: dict[RegionSide, Treated] = {}
    for region, side, how in _targets(atlas, panel):
        layer = region.layers.get(panel.view)
        depth = len(LAYERS) if layer is None else LAYERS.index(layer)
        where = "drawn" if depth == drawn else "below" if depth > drawn else "above"
        known = treated.get((region.id, side))
        if known is not None:
            how = min(how, known.how, key=_TELLING.index)
        treated[region.id, side] = Treated(region.id, side, where, layer, how)
    panel.treated = tuple(treated.values())
