"""Which placements a view shows, and how: by a point, by a line of needles, or only by a region.

Everything here is read from the record, nothing from the drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import VIEWS, Arm, Extent, LayerId, Region, ViewId
from bodymap.atlas.outlines import Outline
from bodymap.charting.events import RecordedEvent, Severity
from bodymap.charting.placement import LineNeedle, RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint
from bodymap.rendering.boxes import Extents, around
from bodymap.rendering.focus import whole, window
from bodymap.rendering.options import ChartOptions, Focus
from bodymap.rendering.regions import RegionSide, regions_of, sides_of
from bodymap.rendering.treated import OFF_LAYER, Treated, commonest_layer, is_line, treated_on

Xy = tuple[float, float]


@dataclass
class Panel:
    """One view of a chart, or the part of it in `window` (millimetres). `points` and `lines` have places of their own,
    `regions` stand at a region's centre; `referral` are areas to be dotted; `adverse` says how bad the worst adverse
    event of a number was. With a `ghost` the arm is an outline only, for what was treated under it."""

    view: ViewId
    window: Extents
    layer: LayerId = "superficial"
    arm: Arm = "shown"
    points: list[tuple[RecordedTriggerPoint, Xy]] = field(default_factory=list)
    lines: list[tuple[RecordedPerimeter, tuple[LineNeedle, ...]]] = field(default_factory=list)
    regions: list[tuple[RecordedPlacement, tuple[tuple[RegionSide, Xy], ...]]] = field(default_factory=list)
    treated: tuple[Treated, ...] = ()
    referral: tuple[Outline, ...] = ()
    adverse: Mapping[int, Severity] = field(default_factory=dict)
    ghost: bool = False

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
        return next((t.layer for t in self.treated if t.region == region and t.where in OFF_LAYER), None)


def place(
    atlas: Atlas, placements: Sequence[RecordedPlacement], options: ChartOptions, events: Sequence[RecordedEvent] = ()
) -> list[Panel]:
    """The views of a chart with what each shows. `view=auto` gives every view with placements, else the posterior.
    `events` mark the placements that they belong to."""
    adverse = {p.number: worst for p in placements if (worst := worst_of(events, p.id)) is not None}
    chosen: tuple[ViewId, ...] = VIEWS if options.view == "auto" else (options.view,)
    panels = {view: Panel(view, whole(view), adverse=adverse) for view in chosen}
    later: list[RecordedPlacement] = []
    for placement in placements:
        own = placement.resolved.view or placement.view
        if isinstance(placement, RecordedPerimeter):
            needles = tuple(needle for needle in placement.needles if needle.at is not None)
            if is_line(placement) and own in panels:
                panels[own].lines.append((placement, needles))
            if is_line(placement):
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
        _look_at(atlas, panel, options.focus)
    shown = [panel for panel in panels.values() if panel.placements]
    if not shown:
        shown = [panels["posterior" if options.view == "auto" else options.view]]
    for panel in shown:
        _choose_arm(atlas, panel, options)
        there = atlas.view(panel.view).layers
        chosen_layer = (
            commonest_layer(atlas, panel.view, panel.placements) if options.layer == "auto" else options.layer
        )
        panel.layer = chosen_layer if chosen_layer in there else there[-1]
        pointless = {placement.number for placement, _ in panel.regions}
        panel.treated = treated_on(atlas, panel.view, panel.layer, panel.placements, pointless)
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


def _look_at(atlas: Atlas, panel: Panel, focus: Focus) -> None:
    """Narrow a panel to the part in focus."""
    if focus != "full":
        marks = [around(*at, 0) for at in spots_of(panel)]
        shapes = _shapes(atlas, panel) if focus == "auto" and panel.view in ("posterior", "anterior") else []
        narrow(panel, window(panel.view, focus, [*marks, *shapes] if marks else []))


def _shapes(atlas: Atlas, panel: Panel) -> list[Extents]:
    """The bounds of the treated muscles of a view, and of the areas of its perimeters."""
    regions = {
        (region.id, side)
        for p in panel.placements
        if not is_line(p)
        for region in regions_of(atlas, p)
        for side in sides_of(p)
    }
    outlines = (atlas.silhouette(region, side, panel.view) for region, side in sorted(regions))
    return [Extents(*outline.bounds) for outline in outlines if outline is not None]


def _in(window: Extents, places: Sequence[Xy]) -> bool:
    return all(around(*at, 4).within(window) for at in places)


def _choose_arm(atlas: Atlas, panel: Panel, options: ChartOptions) -> None:
    """Whether the arm is drawn on a side view: over it where something went into it, since a mark beside a body without
    its arm would be nowhere; only its outline where something went into what lies under it."""
    panel.arm = atlas.arm(panel.view, options.arm)
    if panel.view in ("posterior", "anterior"):
        return
    arms = {structure.id for structure in atlas.manifest.structures if structure.arm}
    placed = [p.resolved.structure or p.resolved.region for p, _ in panel.points]
    placed += [region for _, centres in panel.regions for (region, _), _ in centres]
    placed += [needle.region or needle.structure for _, needles in panel.lines for needle in needles]
    wanted = options.arm == "shown" or any(name in arms for name in placed)
    under = any(name not in arms for name in placed)
    panel.arm = atlas.arm(panel.view, "shown" if wanted and not under else "hidden")
    panel.ghost = wanted and under


def worst_of(events: Sequence[RecordedEvent], placement: str) -> Severity | None:
    """How bad the worst event of a placement was, None where it had none."""
    own = {event.severity for event in events if event.placement == placement}
    return next((severity for severity in reversed(get_args(Severity)) if severity in own), None)


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
