"""The content of a heat map: the needles of a course on its views, each on its own side, and what is left out."""

from dataclasses import dataclass
from functools import cached_property

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES, side_of
from bodymap.atlas.manifest import Side
from bodymap.charting.course import Course, NotPlaced, Tally, not_placed, placed, tallies
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.rendering.course.density import Field, Spot, folded, levels
from bodymap.rendering.course.options import HeatmapOptions
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.panels import Panel, place

_SIDES: tuple[Side, ...] = ("left", "right", "midline")


@dataclass(frozen=True)
class HeatView:
    """One view with the needles on it by the side that they belong to, "midline" for neither."""

    panel: Panel
    spots: dict[Side, tuple[Spot, ...]]

    @property
    def count(self) -> int:
        """How many needles the view shows."""
        return sum(spot.needles for side in self.spots.values() for spot in side)

    @cached_property
    def fields(self) -> tuple[tuple[float, float, Field], ...]:
        """The densities, with the stretch of x in which each holds: on the trunk a half of the body each."""
        width = SIZES[self.panel.view][0]
        if self.panel.view in ("left", "right"):
            every = [spot for side in self.spots.values() for spot in side]
            return ((0.0, width, Field(every)),) if every else ()
        middle = width / 2
        fields: list[tuple[float, float, Field]] = []
        first: Side = "left" if self.panel.view == "posterior" else "right"
        for side in ("left", "right"):
            if not (self.spots[side] or self.spots["midline"]):
                continue
            field = Field([*folded(self.spots[side], middle), *self.spots["midline"]])
            fields.append((0.0, middle, field) if side == first else (middle, width, field))
        return tuple(fields)


@dataclass(frozen=True)
class Heat:
    """The views of a heat map, the densities at which its steps begin, and what is left out: needles outside the drawn
    part, placements without a point or not done. `tallies` count everything that was done."""

    views: tuple[HeatView, ...]
    steps: tuple[float, ...]
    outside: int
    apart: NotPlaced
    tallies: tuple[Tally, ...]

    @property
    def shown(self) -> int:
        """How many needles it shows."""
        return sum(view.count for view in self.views)

    @property
    def in_midline(self) -> int:
        """How many needles on the trunk belong to neither side."""
        trunk = [view for view in self.views if view.panel.view in ("posterior", "anterior")]
        return sum(spot.needles for view in trunk for spot in view.spots["midline"])


def heat_of(atlas: Atlas, course: Course, options: HeatmapOptions) -> Heat:
    """What the heat map of a course shows, all of its visits being on this atlas."""
    done = [placement for _, placement in placed(course.visits)]
    panels = place(atlas, done, ChartOptions(view=options.view, focus=options.focus, layer="superficial"))
    views = tuple(HeatView(panel, _by_side(panel)) for panel in panels)
    peak = max((field.peak for view in views for _, _, field in view.fields), default=0.0)
    return Heat(
        views,
        levels(peak) if peak else (),
        sum(_needles(placement) for placement in done) - sum(view.count for view in views),
        not_placed(course.visits),
        tuple(tallies(course.visits)),
    )


def _by_side(panel: Panel) -> dict[Side, tuple[Spot, ...]]:
    given = [(placement.resolved.side, Spot(at, placement.count or 1)) for placement, at in panel.points]
    line = [needle for _, needles in panel.lines for needle in needles]
    given += [(needle.side, Spot(needle.at, 1)) for needle in line if needle.at is not None]
    # If the record names no single side, the point decides.
    sided = [(side if side in _SIDES else side_of(panel.view, *spot.at), spot) for side, spot in given]
    return {side: tuple(spot for own, spot in sided if own == side) for side in _SIDES}


def _needles(placement: RecordedPlacement) -> int:
    if isinstance(placement, RecordedPerimeter):
        return sum(needle.at is not None for needle in placement.needles)
    return placement.count or 1
