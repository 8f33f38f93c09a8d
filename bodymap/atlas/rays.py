"""The rays around one straight way through the body, and what they say of a point on it or beside it.

Between rays a point's distance from a surface is that of the four rays around it, each weighed by how near it is: a
surface between two rays is then a slope and not a step.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor

from bodymap.atlas.columns import SKIN_OF_ARM, Axis, Columns, Interval
from bodymap.atlas.vectors import Vector

# A ray whose structure is absent counts as this far outside of it.
OUTSIDE_MM = 2.0
# A sheet thinner than this is taken to be as thick, or it would fall between two steps.
_SHEET_MM = 0.5
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

    def at(self, point: Vector) -> list[int]:
        """The structures that the nearest ray is inside of at a point."""
        along, column, row = self._place(point)
        c, r = round(column), round(row)
        if not (0 <= c < self._grid.columns and 0 <= r < self._grid.rows):
            return []
        return [number for number, low, high in self._ray(c, r) if low <= along <= high]

    def in_body(self, point: Vector) -> bool:
        """Whether the nearest ray is between two skins at a point."""
        along, column, row = self._place(point)
        c, r = round(column), round(row)
        if not (0 <= c < self._grid.columns and 0 <= r < self._grid.rows):
            return False
        cell = r * self._grid.columns + c
        found = self._bodies.get(cell)
        if found is None:
            found = self._bodies[cell] = _bodies(self._met(cell))
        return any(low <= along <= high for low, high in found)

    def below(self, point: Vector) -> bool:
        """Whether a point lies below what the rays reach."""
        return self._place(point)[2] > self._grid.rows - 0.5

    def _place(self, point: Vector) -> tuple[float, float, float]:
        along, across = (point[2], point[0]) if self._axis == "z" else (point[0], point[2])
        grid = self._grid
        return along, (across - grid.across0) / grid.pitch_mm - 0.5, (grid.top - point[1]) / grid.pitch_mm - 0.5

    def _ray(self, column: int, row: int) -> list[Interval]:
        cell = row * self._grid.columns + column
        found = self._read.get(cell)
        if found is None:
            found = self._read[cell] = [
                thick
                for met in self._met(cell)
                if met.structure < SKIN_OF_ARM and met.high_mm > self._low and met.low_mm < self._high
                for thick in (_thickened(met) if met.structure not in self._sheets else _sheets(met))
            ]
        return found

    def _met(self, cell: int) -> list[Interval]:
        return [met for met in self._columns.cell(self._axis, cell) if met.structure not in self._left_out]


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
