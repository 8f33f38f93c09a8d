"""The marks of one view: where each stands, how large it may be, where its number goes.

A trigger point is a disc with its number in it, or, if its neighbours are too close, a dot with its number on a tab
next to it, or in the inset that shows it again. The needles of a perimeter are hollow diamonds on a dashed line, and
the line's number stands in a square. A placement that is given only by its region is a number in the region. A mark
always stands where the record says.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import atan2, cos, dist, floor, hypot, pi, sin

from bodymap.charting.placement import (
    LineNeedle,
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    twitch_obtained,
)
from bodymap.rendering.boxes import Crowd, Extents, around
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.panels import Panel, Xy
from bodymap.rendering.regions import RegionSide
from bodymap.rendering.scene import Group, Node, number
from bodymap.rendering.text_metrics import text_width

DISC = 8.5
SMALLEST_DISC = 6.0
BARE_DISC = 5.5
DOT = 3.4
SMALLEST_DOT = 1.8
RING = 3.7
TAB = 8.5
NEEDLE = 3.7
SMALLEST_NEEDLE = 1.5
_TURNS = 16
# Steps around a circle, the nearest to where they begin first.
_NEAREST_FIRST = sorted(range(_TURNS), key=lambda turn: (min(turn, _TURNS - turn), turn))
_FARTHEST_TAB = 260.0


@dataclass(frozen=True)
class Anchor:
    """Where a leader meets a mark: the middle of it, and how far from there to stop."""

    x: float
    y: float
    reach: float


@dataclass
class Marks:
    """The marks of a view. `nodes` and `crowded` are in millimetres; anchors and boxes in chart units from the view's
    corner."""

    nodes: list[Node] = field(default_factory=list)
    anchors: dict[int, Anchor] = field(default_factory=dict)
    boxes: list[tuple[int, Extents]] = field(default_factory=list)
    crowd: Crowd = field(default_factory=Crowd)

    def take(self, placement: int, box: Extents) -> None:
        """Note what a mark covers."""
        self.boxes.append((placement, box))
        self.crowd.add(box)


def crowded(panel: Panel, pen: Pen) -> list[tuple[int, Xy]]:
    """The points, in millimetres, whose neighbours leave no room for a number in place."""
    points, _, _, room = _places(panel, pen)
    tight = [placement.number for place, (placement, _) in enumerate(points) if not room.disc(place)]
    return [(placement.number, at) for placement, at in panel.points if placement.number in tight]


def draw_marks(
    panel: Panel, pen: Pen, page: Extents, holds: Callable[[RegionSide, Xy], bool], apart: Collection[int] = ()
) -> Marks:
    """Everything that stands on the body of this view. `holds` says whether a point in millimetres lies in a region;
    `page` bounds what may be used, in chart units; the points in `apart` have their numbers in an inset."""
    scale = pen.scale
    marks = Marks()
    points, needles, rings, room = _places(panel, pen)
    largest = DISC if pen.numbers else BARE_DISC
    radii = [min(largest, room.disc(place)) for place in range(len(points))]
    sizes = _needle_sizes(panel.lines, scale)
    for place, ((placement, xy), radius) in enumerate(zip(points, radii, strict=True)):
        covered = radius + rings[place] if radius else DOT
        marks.take(placement.number, around(*xy, covered + 1))
        if placement.number not in apart:
            marks.anchors[placement.number] = Anchor(*xy, covered + 1.5)
    for line, _, xy in needles:
        marks.take(line.number, around(*xy, sizes[line.number] + 0.8))
    lines = [_draw_line(line, on_line, pen, marks, page, sizes[line.number]) for line, on_line in panel.lines]
    numbers = [_draw_region(placement, centres, panel, pen, marks, page, holds) for placement, centres in panel.regions]
    ties: list[tuple[Xy, Xy]] = []
    tabs: list[Node] = []
    discs: list[Node] = []
    for place, ((placement, xy), radius) in enumerate(zip(points, radii, strict=True)):
        data = (*_data(placement, panel), *pen.data(placement))
        twitch = rings[place] > 0
        glyph = pen.disc(xy, radius, placement, twitch) if radius else pen.dot(xy, room.dot(place), placement, twitch)
        discs.append(Group(glyph, data=data))
        if not radius and pen.numbers and placement.number not in apart:
            spot, half = _tab_place(placement.number, xy, marks, page, room.away(xy))
            ties.append((xy, spot))
            tabs += pen.tab(spot, half, placement.number)
    alerts = _alerts(panel, pen, marks, {p.number: xy for p, xy in points})
    marks.nodes = [*(node for group in lines for node in group), *numbers, *pen.ties(ties), *tabs, *discs, *alerts]
    return marks


def _alerts(panel: Panel, pen: Pen, marks: Marks, points: Mapping[int, Xy]) -> list[Node]:
    """The sign of an adverse event next to its mark, at the emptiest corner."""
    nodes: list[Node] = []
    for value in sorted(panel.adverse.keys() & {placement.number for placement in panel.placements}):
        anchor, severity = marks.anchors.get(value), panel.adverse[value]
        if anchor is None and value not in points:
            continue
        x, y, reach = (anchor.x, anchor.y, anchor.reach) if anchor is not None else (*points[value], DOT)
        away = 0.75 * reach + 3.5
        spots: list[Xy] = [(x + dx * away, y + dy * away) for dx, dy in ((-1, -1), (-1, 1), (1, 1), (1, -1))]
        spot = min(spots, key=lambda at: sum(around(at[0], at[1], 6.5).touches(box) for _, box in marks.boxes))
        marks.take(value, around(*spot, 8))
        nodes.append(Group(pen.alert(spot, severity), data=(("event", str(value)), ("severity", severity))))
    return nodes


def _places(
    panel: Panel, pen: Pen
) -> tuple[list[tuple[RecordedTriggerPoint, Xy]], list[tuple[RecordedPerimeter, LineNeedle, Xy]], list[float], "_Room"]:
    """Points and needles in chart units, how far the ring of each point's twitch reaches, and the room between them."""
    scale = pen.scale
    points = [(placement, (at[0] * scale, at[1] * scale)) for placement, at in panel.points]
    needles = [
        (line, needle, (needle.at[0] * scale, needle.at[1] * scale))
        for line, on_line in panel.lines
        for needle in on_line
        if needle.at is not None
    ]
    rings = [RING if has_ring(placement) else 0.0 for placement, _ in points]
    return points, needles, rings, _Room([xy for _, xy in points], rings, [xy for _, _, xy in needles])


def has_ring(placement: RecordedTriggerPoint) -> bool:
    """Whether a mark has the ring of a twitch: only if a needle went in."""
    return placement.status == "done" and twitch_obtained(placement)


def _data(placement: RecordedTriggerPoint, panel: Panel) -> tuple[tuple[str, str], ...]:
    side = placement.resolved.side or placement.side or ""
    return (
        ("placement", str(placement.number)),
        ("side", side),
        ("view", panel.view),
        ("at", ",".join(_exact(value) for value in placement.resolved.at or ())),
    )


def _exact(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


class _Room:
    """The room between marks, in chart units."""

    def __init__(self, points: Sequence[Xy], rings: Sequence[float], needles: Sequence[Xy]) -> None:
        self._points, self._rings = points, rings
        self._cells: dict[tuple[int, int], list[tuple[int, Xy]]] = {}
        for place, xy in enumerate([*points, *needles]):
            self._cells.setdefault(_cell(xy), []).append((place, xy))

    def disc(self, place: int) -> float:
        """The radius of a point's disc; 0 where not even the smallest fits."""
        point = self._points[place]
        radius = DISC
        for other, xy in self._near(point):
            if other == place:
                continue
            apart = dist(point, xy) - self._rings[place]
            if other < len(self._points):
                radius = min(radius, (apart - self._rings[other]) / 2 - 0.9)
            else:
                radius = min(radius, apart - NEEDLE - 1)
        return floor(radius * 2) / 2 if radius >= SMALLEST_DISC else 0

    def dot(self, place: int) -> float:
        """The radius of a point's dot where its disc does not fit."""
        point = self._points[place]
        apart = [dist(point, xy) for other, xy in self._near(point) if other != place]
        return max(SMALLEST_DOT, min([DOT, *(gap / 2 - 0.6 for gap in apart)]))

    def away(self, xy: Xy) -> float:
        """The direction out of the crowd around a point."""
        near = [other for _, other in self._near(xy)]
        dx = xy[0] - sum(x for x, _ in near) / len(near)
        dy = xy[1] - sum(y for _, y in near) / len(near)
        return atan2(dy, dx) if hypot(dx, dy) > 0.1 else -pi / 2

    def _near(self, xy: Xy) -> Iterable[tuple[int, Xy]]:
        column, row = _cell(xy)
        for x in (column - 1, column, column + 1):
            for y in (row - 1, row, row + 1):
                yield from self._cells.get((x, y), ())


def _cell(xy: Xy) -> tuple[int, int]:
    return int(xy[0] // 24), int(xy[1] // 24)


def _needle_sizes(lines: Sequence[tuple[RecordedPerimeter, Sequence[LineNeedle]]], scale: float) -> dict[int, float]:
    sizes: dict[int, float] = {}
    for line, on_line in lines:
        places = [needle.at for needle in on_line if needle.at is not None]
        gaps = [dist(a, b) * scale for a, b in zip(places, [*places[1:], *places[:1]], strict=True) if a != b]
        sizes[line.number] = max(SMALLEST_NEEDLE, min([NEEDLE, *(gap / 2 - 0.5 for gap in gaps)]))
    return sizes


def _draw_line(
    line: RecordedPerimeter, on_line: Sequence[LineNeedle], pen: Pen, marks: Marks, page: Extents, size: float
) -> list[Node]:
    scale = pen.scale
    nodes = pen.line(line)
    hollow: list[Node] = []
    middle, corners = _shape(line, scale)
    placed = [(needle, (needle.at[0] * scale, needle.at[1] * scale)) for needle in on_line if needle.at is not None]
    for needle, xy in placed:
        data = (
            ("placement", str(line.number)),
            ("needle", str(needle.number)),
            ("side", needle.side or line.resolved.side or ""),
            ("view", line.view or ""),
            ("at", ",".join(_exact(value) for value in needle.at or ())),
            *pen.data(line),
        )
        hollow.append(Group(pen.needle(xy, size, line.status), data=data))
    nodes.append(Group(hollow, pen.needles(size, line.status, line.number)))
    if not pen.numbers:
        return nodes
    badge = _badge_place(middle, corners, line.number, marks.crowd, page)
    half = _badge_half(line.number)
    marks.take(line.number, around(*badge, half, 7.5))
    marks.anchors[line.number] = Anchor(*badge, half + 1)
    nodes += pen.square(badge, half, line)
    return nodes + _needle_numbers(placed, middle, pen, marks, page, line.number)


def _needle_numbers(
    placed: Sequence[tuple[LineNeedle, Xy]], middle: Xy, pen: Pen, marks: Marks, page: Extents, placement: int
) -> list[Node]:
    """Numbers outside the line: all of them, or the first and each second, fifth or tenth, as room allows."""
    if len(placed) < 2:
        return []
    around_line = sum(dist(a[1], b[1]) for a, b in pairwise(placed))
    gap = max(around_line / (len(placed) - 1), 0.01)
    step = next((step for step in (1, 2, 5, 10) if gap * step >= 15), 20)
    nodes: list[Node] = []
    for needle, (x, y) in placed:
        if needle.number != 1 and needle.number % step:
            continue
        away = dist((x, y), middle) or 1.0
        dx, dy = (x - middle[0]) / away, (y - middle[1]) / away
        half = text_width(str(needle.number), 7.5) / 2 + 0.4
        reach = 5.4 + abs(dx) * half + abs(dy) * 3.4
        spot = x + dx * reach, y + dy * reach
        box = around(*spot, half, 3.4)
        if box.within(page) and marks.crowd.free(box):
            marks.take(placement, box)
            nodes += pen.small_number(spot, needle.number)
    return nodes


def _shape(line: RecordedPerimeter, scale: float) -> tuple[Xy, Extents]:
    """The middle of a perimeter's line and its bounds, in chart units."""
    if line.ring is not None:
        x, y = line.ring.center[0] * scale, line.ring.center[1] * scale
        return (x, y), around(x, y, line.ring.radius_mm * scale)
    xs = [x * scale for x, _ in line.outline or ((0.0, 0.0),)]
    ys = [y * scale for _, y in line.outline or ((0.0, 0.0),)]
    bounds = Extents(min(xs), min(ys), max(xs), max(ys))
    return ((bounds.left + bounds.right) / 2, (bounds.top + bounds.bottom) / 2), bounds


def _badge_half(value: int) -> float:
    return max(7.5, text_width(str(value), 10, bold=True) / 2 + 2.6)


def _badge_place(middle: Xy, bounds: Extents, value: int, crowd: Crowd, page: Extents) -> Xy:
    """In the middle of a roomy line, else just outside of it: the first place that is free."""
    half = _badge_half(value)
    spots: list[Xy] = []
    if min(bounds.right - bounds.left, bounds.bottom - bounds.top) > 44:
        spots.append(middle)
    outwards = 1 if middle[0] * 2 > page.left + page.right else -1
    for far in (13.5, 20.0, 30.0, 42.0):
        wide, tall = (bounds.right - bounds.left) / 2 + far, (bounds.bottom - bounds.top) / 2 + far
        # Beside, on the side of its callout first, then at the corners (where the line of a ring is farther), then
        # above and below.
        spots += [(middle[0] + dx * wide, middle[1] + dy * tall) for dx, dy in ((outwards, 0), (-outwards, 0))]
        spots += [(middle[0] + dx * wide * 0.8, middle[1] + dy * tall * 0.8) for dx in (-1, 1) for dy in (-1, 1)]
        spots += [(middle[0], middle[1] - tall), (middle[0], middle[1] + tall)]
    for spot in spots:
        box = around(*spot, half + 1, 8.5)
        if box.within(page) and crowd.free(box):
            return spot
    return _inside(spots[0], page, half + 1)


def _inside(spot: Xy, page: Extents, margin: float) -> Xy:
    return (
        min(max(spot[0], page.left + margin), page.right - margin),
        min(max(spot[1], page.top + margin), page.bottom - margin),
    )


def _draw_region(
    placement: RecordedPlacement,
    centres: Sequence[tuple[RegionSide, Xy]],
    panel: Panel,
    pen: Pen,
    marks: Marks,
    page: Extents,
    holds: Callable[[RegionSide, Xy], bool],
) -> Group:
    """The number of a placement in its region, once for each of its sides."""
    scale = pen.scale
    half = _badge_half(placement.number) + pen.bar
    groups: list[Node] = []
    for region_side, centre in centres:
        middle = centre[0] * scale, centre[1] * scale
        spots = [middle, *_spiral(middle, 6.0, 60.0)]
        free = [s for s in spots if (box := around(*s, half + 0.5, 8)).within(page) and marks.crowd.free(box)]
        spot = next((s for s in free if holds(region_side, (s[0] / scale, s[1] / scale))), free[0] if free else middle)
        marks.take(placement.number, around(*spot, half, 7.5))
        marks.anchors.setdefault(placement.number, Anchor(*spot, half + 1))
        at = spot[0] / scale, spot[1] / scale
        data = (
            ("placement", str(placement.number)),
            ("side", region_side[1]),
            ("view", panel.view),
            ("at", f"{number(at[0])},{number(at[1])}"),
            ("given", "region"),
            *pen.data(placement),
        )
        groups.append(Group(pen.plain_number(spot, half, placement), data=data))
    return Group(groups)


def _spiral(middle: Xy, step: float, far: float) -> Iterable[Xy]:
    reach = step
    while reach <= far:
        for turn in _NEAREST_FIRST:
            # Downwards first: a number that makes room for a mark stands under it.
            angle = pi / 2 + 2 * pi * turn / _TURNS
            yield middle[0] + reach * cos(angle), middle[1] + reach * sin(angle)
        reach += step


def _tab_place(value: int, xy: Xy, marks: Marks, page: Extents, outwards: float) -> tuple[Xy, float]:
    """Where the tab with a dot's number goes, and half its width: the nearest free place, outwards first."""
    half = text_width(str(value), TAB, bold=True) / 2 + 2.4
    reach = 11.0
    while reach < _FARTHEST_TAB:
        for turn in _NEAREST_FIRST:
            angle = outwards + 2 * pi * turn / _TURNS
            spot = xy[0] + reach * 1.15 * cos(angle), xy[1] + reach * sin(angle)
            box = around(*spot, half + 0.6, 6.1)
            if box.within(page) and marks.crowd.free(box):
                marks.take(value, around(*spot, half, 5.5))
                return spot, half
        reach *= 1.25
    return _inside((xy[0], xy[1] - 11), page, half), half
