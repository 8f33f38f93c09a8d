"""The rays around one straight way through the body, and what they say of a point on it or near it.

Between rays a point's distance from a surface is that of the four rays around it, each weighed by how near it is: a
surface between two rays is then a slope and not a step.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, inf, sqrt

from bodymap.atlas.ray_grid import SKIN_OF_ARM, Axis, Columns, Interval
from bodymap.atlas.vectors import Vector, along

# A ray whose structure is absent counts as this far outside of it.
OUTSIDE_MM = 2.0
# A sheet thinner than this is taken to be as thick, or it would fall between two steps.
_SHEET_MM = 0.5
# The step at which the rays next to a way are gathered; no coarser than their spacing.
_STRIDE_MM = 1.5
# A gap between two skins, wider than their sheets stand apart.
_AIR_GAP_MM = 10.0


class Rays:
    """The rays around one way, each read once, and of each only what lies as deep as the way."""

    def __init__(
        self,
        columns: Columns,
        axis: Axis,
        ends: tuple[Vector, Vector],
        around_mm: float,
        left_out: frozenset[int],
        sheets: frozenset[int],
    ) -> None:
        """`ends` are those of the way, and `around_mm` how far beside and beyond it points are asked of.

        `left_out` are numbers of structures that are not there, `sheets` of those that have no inside.
        """
        self._columns = columns
        self._left_out = left_out
        self._sheets = sheets
        self._axis = axis
        self._grid = columns.grids[axis]
        k = 2 if axis == "z" else 0
        self._low = min(end[k] for end in ends) - around_mm
        self._high = max(end[k] for end in ends) + around_mm
        self._read: dict[int, list[Interval]] = {}
        self._bodies: dict[int, list[tuple[float, float]]] = {}

    def inside(self, point: Vector) -> dict[int, float]:
        """How deep inside each structure around a point it lies, in millimetres along the rays; negative is outside."""
        along, column, row = self._place(point)
        left, above = floor(column), floor(row)
        depth: dict[int, float] = {}
        whole = 0.0
        for c, r in ((left, above), (left + 1, above), (left, above + 1), (left + 1, above + 1)):
            weight = (1 - abs(column - c)) * (1 - abs(row - r))
            if weight <= 0 or not (0 <= c < self._grid.columns and 0 <= r < self._grid.rows):
                continue
            whole += weight
            best: dict[int, float] = {}
            for number, low, high in self._ray(c, r):
                inner = min(along - low, high - along, OUTSIDE_MM)
                if inner > best.get(number, -OUTSIDE_MM):
                    best[number] = inner
            for number, inner in best.items():
                depth[number] = depth.get(number, 0.0) + weight * (inner + OUTSIDE_MM)
        return {number: weighed / whole - OUTSIDE_MM for number, weighed in depth.items()}

    def beside(self, start: Vector, direction: Vector, length_mm: float, within_mm: float) -> dict[int, float]:
        """How near each structure comes to a straight piece of the way, in millimetres; only those within so many."""
        grid, reach = self._grid, within_mm / self._grid.pitch_mm + 0.5
        cells: set[tuple[int, int]] = set()
        for step in range(int(length_mm / _STRIDE_MM) + 2):
            _, column, row = self._place(along(start, direction, min(step * _STRIDE_MM, length_mm)))
            cells.update(
                (c, r)
                for c in range(max(floor(column - reach), 0), min(floor(column + reach) + 2, grid.columns))
                for r in range(max(floor(row - reach), 0), min(floor(row + reach) + 2, grid.rows))
            )
        k, across = (2, 0) if self._axis == "z" else (0, 2)
        nearest: dict[int, float] = {}
        for column, row in cells:
            aside = start[across] - (grid.across0 + (column + 0.5) * grid.pitch_mm)
            above = start[1] - (grid.top - (row + 0.5) * grid.pitch_mm)
            line = _Line(start[k], aside, above, direction[k], direction[across], direction[1], length_mm)
            if line.from_ray_mm <= within_mm:
                for number, low, high in self._ray(column, row):
                    distance = line.from_interval_mm(low, high)
                    if distance <= nearest.get(number, within_mm):
                        nearest[number] = distance
        return nearest

    def in_body(self, point: Vector) -> bool:
        """Whether the nearest ray is between two skins at a point."""
        along, column, row = self._place(point)
        c, r = round(column), round(row)
        if not (0 <= c < self._grid.columns and 0 <= r < self._grid.rows):
            return False
        cell = r * self._grid.columns + c
        intervals = self._bodies.get(cell)
        if intervals is None:
            intervals = self._bodies[cell] = _bodies(self._met(cell))
        return any(low <= along <= high for low, high in intervals)

    def below(self, point: Vector) -> bool:
        """Whether a point lies below what the rays reach."""
        return self._place(point)[2] > self._grid.rows - 0.5

    def _place(self, point: Vector) -> tuple[float, float, float]:
        along, across = (point[2], point[0]) if self._axis == "z" else (point[0], point[2])
        grid = self._grid
        return along, (across - grid.across0) / grid.pitch_mm - 0.5, (grid.top - point[1]) / grid.pitch_mm - 0.5

    def _ray(self, column: int, row: int) -> list[Interval]:
        cell = row * self._grid.columns + column
        intervals = self._read.get(cell)
        if intervals is None:
            intervals = self._read[cell] = [
                thick
                for met in self._met(cell)
                if met.structure < SKIN_OF_ARM and met.high_mm > self._low and met.low_mm < self._high
                for thick in (_thickened(met) if met.structure not in self._sheets else _sheets(met))
            ]
        return intervals

    def _met(self, cell: int) -> list[Interval]:
        return [met for met in self._columns.cell(self._axis, cell) if met.structure not in self._left_out]


class _Line:
    """A straight piece of a way, seen from one ray: along the ray, and aside and above of it, square on it."""

    def __init__(
        self, start: float, aside: float, above: float, to: float, to_aside: float, to_above: float, length_mm: float
    ) -> None:
        self._start, self._aside, self._above = start, aside, above
        self._to, self._to_aside, self._to_above = to, to_aside, to_above
        self._length_mm = length_mm
        across = to_aside * to_aside + to_above * to_above
        self._nearest = -(aside * to_aside + above * to_above) / across if across > 1e-12 else 0.0
        self.from_ray_mm = sqrt(self._across_squared(min(max(self._nearest, 0.0), length_mm)))

    def from_interval_mm(self, low: float, high: float) -> float:
        """How near it comes to a stretch of the ray."""
        # The distance is convex along the way: it is least where the way is nearest to the ray, or to an end of the
        # stretch, or comes level with one.
        places = [self._nearest]
        for end in (low, high):
            beyond = self._start - end
            places.append(-(self._aside * self._to_aside + self._above * self._to_above + beyond * self._to))
            if abs(self._to) > 1e-9:
                places.append(-beyond / self._to)
        least = inf
        for place in places:
            at = min(max(place, 0.0), self._length_mm)
            level = self._start + at * self._to
            beyond = max(low - level, level - high, 0.0)
            least = min(least, self._across_squared(at) + beyond * beyond)
        return sqrt(least)

    def _across_squared(self, at: float) -> float:
        aside, above = self._aside + at * self._to_aside, self._above + at * self._to_above
        return aside * aside + above * above


def _bodies(met: Sequence[Interval]) -> list[tuple[float, float]]:
    """The stretches of a ray that are body: between its first skin and its last, less the gaps that are air.

    Skins cannot be counted in and out, since two that touch are one and the two sheets of one stand apart here and
    there. Air is a wide gap between two skins with nothing in it; where there are but two skins, all between is body.
    """
    skins = [i for i in met if i.structure >= SKIN_OF_ARM]
    if not skins:
        return []
    bodies = [(skins[0].low_mm, skins[-1].high_mm)]
    for one, other in pairwise(skins):
        low, high = one.high_mm, other.low_mm
        empty = all(i.structure >= SKIN_OF_ARM or i.high_mm <= low or i.low_mm >= high for i in met)
        if len(skins) > 2 and empty and high - low > _AIR_GAP_MM:
            bodies[-1:] = [(bodies[-1][0], low), (high, bodies[-1][1])]
    return bodies


def _sheets(met: Interval) -> tuple[Interval, ...]:
    """A passage through an open sheet: where it is thick, the ray went through the sheet twice."""
    number, low, high = met
    if high - low <= OUTSIDE_MM:
        return _thickened(met)
    return *_thickened(Interval(number, low, low)), *_thickened(Interval(number, high, high))


def _thickened(met: Interval) -> tuple[Interval]:
    lacking = _SHEET_MM - (met.high_mm - met.low_mm)
    if lacking <= 0:
        return (met,)
    return (Interval(met.structure, met.low_mm - lacking / 2, met.high_mm + lacking / 2),)
