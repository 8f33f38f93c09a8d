"""How densely needles lie, as a smooth surface over a view's millimetres, and its lines of equal density.

Each needle is spread by a Gaussian kernel so wide that a single one makes `1` needle per 10 cm² in its middle. A needle
of one side of the body counts only on that side: what its kernel would spread over the midline is folded back, so that
every needle counts fully and none suggests the wrong side.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil, dist, exp, floor, log10, pi, sqrt
from typing import NamedTuple

from bodymap.atlas.outlines import Point, Ring
from bodymap.rendering.scene import coarse

AREA_MM2 = 1000.0
"""Ten square centimetres: the unit area of densities."""

KERNEL_MM = sqrt(AREA_MM2 / (2 * pi))
"""The kernel's standard deviation, 12.6 mm: with it a lone needle's peak is 1."""

FAINTEST = 0.2
"""The lowest density that is shown, a fifth of a lone needle's peak: no needle is too faint to be seen."""

STEPS = 5
_CELL_MM = 4.0
_REACH = ceil(4.2 * KERNEL_MM / _CELL_MM)
_NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_TOP = 0.8  # Of the peak: where the last step begins.
_LEAST_PEAK = 4.0
_CLOSE_MM = 1.2


class Spot(NamedTuple):
    """A number of needles at a point of a view."""

    at: Point
    needles: int


class Field:
    """Densities at the nodes of a square lattice, in needles per 10 cm².

    Equal needles give equal numbers on every platform: only the kernel itself rests on a library's exponential, and it
    is rounded.
    """

    def __init__(self, spots: Sequence[Spot]) -> None:
        counts: dict[Point, int] = {}
        for at, count in spots:
            counts[at] = counts.get(at, 0) + count
        cells = [(floor(x / _CELL_MM), floor(y / _CELL_MM)) for x, y in counts]
        self.left = min((column for column, _ in cells), default=0) - _REACH - 1
        self.top = min((row for _, row in cells), default=0) - _REACH - 1
        self.columns = max((column for column, _ in cells), default=0) + _REACH + 3 - self.left
        self.rows = max((row for _, row in cells), default=0) + _REACH + 3 - self.top
        self.values = [[0.0] * self.columns for _ in range(self.rows)]
        for (x, y), count in counts.items():
            first_column, across = _kernel(x)
            first_row, down = _kernel(y)
            start = first_column - self.left
            for place, tall in enumerate(down, first_row - self.top):
                row, weight = self.values[place], tall * count
                for column, wide in enumerate(across, start):
                    row[column] += weight * wide
        self.values = [[round(value, 6) for value in row] for row in self.values]

    @property
    def peak(self) -> float:
        """The greatest density at a node."""
        return max((max(row) for row in self.values), default=0.0)

    def rings(self, level: float) -> list[Ring]:
        """The lines at which the density crosses a level, closed, in millimetres: marching squares."""
        onward: dict[tuple[int, int, int], tuple[int, int, int]] = {}
        for row, (upper, lower) in enumerate(pairwise(self.values)):
            if max(max(upper), max(lower)) < level:
                continue
            for column in range(self.columns - 1):
                a, b, c, d = upper[column], upper[column + 1], lower[column + 1], lower[column]
                case = (a >= level) | (b >= level) << 1 | (c >= level) << 2 | (d >= level) << 3
                if case in (0, 15):
                    continue
                if case in _SADDLES and (a + b + c + d) / 4 < level:
                    case += 16
                for start, end in _SEGMENTS[case]:
                    onward[_edge(start, column, row)] = _edge(end, column, row)
        rings: list[Ring] = []
        while onward:
            first, place = onward.popitem()
            met = [first]
            while place != first:
                met.append(place)
                place = onward.pop(place)
            rings.append(self._apart([self._crossing(edge, level) for edge in met]))
        return sorted(ring for ring in rings if len(ring) > 3)

    def _crossing(self, edge: tuple[int, int, int], level: float) -> Point:
        column, row, upright = edge
        one = self.values[row][column]
        other = self.values[row + 1][column] if upright else self.values[row][column + 1]
        along = (level - one) / (other - one)
        x, y = (column, row + along) if upright else (column + along, row)
        return round((x + self.left) * _CELL_MM, 2), round((y + self.top) * _CELL_MM, 2)

    @staticmethod
    def _apart(points: list[Point]) -> Ring:
        """The points without those that almost coincide with the one before, beginning at the topmost."""
        first = min(range(len(points)), key=lambda place: (points[place][1], points[place][0]))
        turned = [*points[first:], *points[:first]]
        points_apart = [turned[0]]
        for point in turned[1:]:
            if dist(point, points_apart[-1]) > _CLOSE_MM:
                points_apart.append(point)
        return tuple(points_apart)


def folded(spots: Sequence[Spot], x: float) -> list[Spot]:
    """The needles and their mirror images at a line: their density is symmetrical, and each half has every needle
    fully."""
    return [*spots, *(Spot((round(2 * x - at[0], 4), at[1]), needles) for at, needles in spots)]


@lru_cache(maxsize=4096)
def _kernel(at: float) -> tuple[int, tuple[float, ...]]:
    """The first node within reach of a place on one axis, and the kernel at it and at those that follow."""
    middle = floor(at / _CELL_MM)
    nodes = range(middle - _REACH, middle + _REACH + 2)
    weights = (round(exp(-((node * _CELL_MM - at) ** 2) / (2 * KERNEL_MM**2)), 9) for node in nodes)
    return nodes.start, tuple(weights)


# The edges of a cell: above, right, below, left; a line keeps what is denser at the same hand.
_SADDLES = (5, 10)
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 2), (1, 0)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((0, 3), (2, 1)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
    21: ((3, 0), (1, 2)),
    26: ((0, 1), (2, 3)),
}


def _edge(side: int, column: int, row: int) -> tuple[int, int, int]:
    """A cell's edge as (column, row, whether it is upright), equal for both cells that share it."""
    return {0: (column, row, 0), 1: (column + 1, row, 1), 2: (column, row + 1, 0), 3: (column, row, 1)}[side]


def levels(peak: float) -> tuple[float, ...]:
    """Where the steps begin, in round numbers: from `FAINTEST` up, each the same multiple of the one before.

    However few needles there are, the last step is for several in one place: a single needle stays pale.
    """
    top = max(peak, _LEAST_PEAK) * _TOP
    wanted = [FAINTEST * (top / FAINTEST) ** (step / (STEPS - 1)) for step in range(1, STEPS)]
    return tuple(sorted({FAINTEST, *(nice for value in wanted if (nice := _nice(value)) > FAINTEST)}))


def _nice(value: float) -> float:
    """The nearest round number."""
    power = 10.0 ** floor(log10(value))
    return min((round(power * nice, 6) for nice in (*_NICE, 10.0)), key=lambda nice: abs(nice / value - 1))


def smooth(rings: Sequence[Ring]) -> str:
    """Path data of closed curves through the middles of the rings' sides, in millimetres."""
    return "".join(_curve(ring) for ring in rings)


def _curve(ring: Ring) -> str:
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise((*ring, ring[0]))]
    x, y = (round(value, 1) for value in middles[-1])
    parts = [f"M{coarse(x)} {coarse(y)}q"]
    for corner, middle in zip(ring, middles, strict=True):
        # Steps are taken from where the pen stands in the text, so that roundings do not add up.
        to = round(middle[0], 1), round(middle[1], 1)
        steps = (corner[0] - x, corner[1] - y, to[0] - x, to[1] - y)
        parts.append(_steps([coarse(step) for step in steps]))
        x, y = to
    return "".join(parts) + "z"


def _steps(numbers: list[str]) -> str:
    bare = [text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text for text in numbers]
    text = " ".join(bare).replace(" -", "-")
    return text if text.startswith("-") else f" {text}"
