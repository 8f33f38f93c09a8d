"""Layout of callouts: a column on each side, near their marks, without overlaps, leaders uncrossed.

Pure geometry in chart units, y down. Equal marks give equal columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Xy = tuple[float, float]
Edge = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to be placed: the mark it belongs to, how tall its box is, and the only edge where it may stand, if there
    is one."""

    key: int
    x: float
    y: float
    height: float
    edge: Edge | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """Where labels may stand on one side: between `top` and `bottom`, leaders beginning at `port`."""

    edge: Edge
    port: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A label in its place: the top of its box, and the end of its leader at the column."""

    key: int
    edge: Edge
    top: float
    tie: Xy


def stand(
    wanted: Sequence[Wanted], columns: Sequence[Column], middle: float, gap: float, tie: float
) -> list[Standing] | None:
    """Every label in a column, or `None` if they do not fit.

    Those without an edge of their own go to the left column if their mark is left of `middle`; if one column is too
    full, the marks nearest to the middle go to the other. Leaders end `tie` below the top of their label.
    """
    order = {"left": 0, None: 1, "right": 2}
    by_x = sorted(wanted, key=lambda want: (order[want.edge], want.x, want.y, want.key))
    if len(columns) == 1:
        return _fill(by_x, columns[0], gap, tie) if all(w.edge in (None, columns[0].edge) for w in by_x) else None
    left, right = columns
    fixed = sum(1 for want in by_x if want.edge == "left")
    free = sum(1 for want in by_x if want.edge is None)
    natural = fixed + sum(1 for want in by_x if want.edge is None and want.x < middle)
    for cut in sorted(range(fixed, fixed + free + 1), key=lambda cut: (abs(cut - natural), cut)):
        if _fits(by_x[:cut], left, gap) and _fits(by_x[cut:], right, gap):
            return (_fill(by_x[:cut], left, gap, tie) or []) + (_fill(by_x[cut:], right, gap, tie) or [])
    return None


def crossing(a: tuple[Xy, Xy], b: tuple[Xy, Xy]) -> bool:
    """Whether two leaders cross, or one ends on the other."""

    def turn(p: Xy, q: Xy, r: Xy) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return turn(*a, b[0]) * turn(*a, b[1]) < 0 and turn(*b, a[0]) * turn(*b, a[1]) < 0


def _fits(wanted: Sequence[Wanted], column: Column, gap: float) -> bool:
    return sum(want.height + gap for want in wanted) - gap <= column.bottom - column.top


def _fill(wanted: Sequence[Wanted], column: Column, gap: float, tie: float) -> list[Standing] | None:
    if not wanted:
        return []
    if not _fits(wanted, column, gap):
        return None
    order = sorted(wanted, key=lambda want: (want.y, abs(want.x - column.port), want.key))
    tops = _tops(order, column, gap, tie)
    # Swapping two crossed leaders and setting the column anew nearly always ends soon. With labels of unequal heights
    # it can loop; then equal slots terminate, since each swap shortens the leaders in total.
    for _ in range(8 + 4 * len(order)):
        pair = _crossed(order, tops, column, tie)
        if pair is None:
            break
        order[pair[0]], order[pair[1]] = order[pair[1]], order[pair[0]]
        tops = _tops(order, column, gap, tie)
    else:
        tallest = max(want.height for want in order)
        even = [Wanted(want.key, want.x, want.y, tallest) for want in order]
        if _fits(even, column, gap):
            order.sort(key=lambda want: (want.y, want.key))
            tops = _tops(sorted(even, key=lambda want: (want.y, want.key)), column, gap, tie)
            while (pair := _crossed(order, tops, column, tie)) is not None:
                order[pair[0]], order[pair[1]] = order[pair[1]], order[pair[0]]
    return [
        Standing(want.key, column.edge, top, (column.port, top + tie)) for want, top in zip(order, tops, strict=True)
    ]


def _crossed(order: Sequence[Wanted], tops: Sequence[float], column: Column, tie: float) -> tuple[int, int] | None:
    leaders = [((column.port, top + tie), (want.x, want.y)) for want, top in zip(order, tops, strict=True)]
    for first in range(len(leaders)):
        for second in range(first + 1, len(leaders)):
            if crossing(leaders[first], leaders[second]):
                return first, second
    return None


def _tops(order: Sequence[Wanted], column: Column, gap: float, tie: float) -> list[float]:
    """The tops nearest to the preferred ones, in this order, without overlaps.

    Neighbours that would overlap are joined into a block, which stands at the mean of its labels' preferred tops.
    """
    blocks: list[tuple[float, float, int]] = []  # Sum of wanted tops of the block, height with gaps, labels.
    starts: list[float] = []

    def start(block: tuple[float, float, int]) -> float:
        total, height, count = block
        return min(max(total / count, column.top), column.bottom - height + gap)

    for want in order:
        block = (want.y - tie, want.height + gap, 1)
        while blocks and starts[-1] + blocks[-1][1] > start(block):
            total, height, count = blocks.pop()
            starts.pop()
            block = (total + block[0] - height * block[2], height + block[1], count + block[2])
        blocks.append(block)
        starts.append(start(block))
    tops: list[float] = []
    place = iter(order)
    for at, (_, _, count) in zip(starts, blocks, strict=True):
        for _ in range(count):
            tops.append(at)
            at += next(place).height + gap
    return tops
