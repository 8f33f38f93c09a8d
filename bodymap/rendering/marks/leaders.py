"""Leaders from callouts to their marks: straight, or bent around marks that would hide them.

Pure geometry in chart units, y down. Equal marks give equal leaders.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, dist, pi, sin

from bodymap.rendering.boxes import Extents
from bodymap.rendering.marks.callouts import Xy, crossing

Leader = tuple[Xy, ...]
"""From the callout to the mark: two places, three where it bends, four in a crowd."""

# The distance of a bend from the edge of its mark, and from every other leader.
_STEPS = (7.0, 13.0, 21.0, 32.0)
_TURNS = 16
_APART = 4.0
# What lies this near to the straight way is what a second bend may go around.
_AROUND = 26.0
# A leader that touches only the rim of a mark is not hidden by it.
_RIM = 1.5


@dataclass(frozen=True, slots=True)
class Tied:
    """A callout's end of a leader, and the middle of the mark where it leads, to be met `reach` before it."""

    key: int
    tie: Xy
    mark: Xy
    reach: float


def lead(tied: Sequence[Tied], marks: Sequence[tuple[int, Extents]]) -> list[Leader]:
    """A leader for each callout, in order. One that would pass under another's mark bends around it, once or in a crowd
    twice, if it can without crossing a leader, or else stays straight. `marks` are what each key covers.
    """
    leaders: list[Leader] = [(each.tie, _short_of(each.tie, each.mark, each.reach)) for each in tied]
    solid = [(key, Extents(box.left + _RIM, box.top + _RIM, box.right - _RIM, box.bottom - _RIM)) for key, box in marks]
    for place, each in enumerate(tied):
        others = [box for key, box in solid if key != each.key]
        if not hidden(leaders[place], others):
            continue
        lines = [step for at, leader in enumerate(leaders) if at != place for step in pairwise(leader)]
        passing = (leader for leader in _ways(each, others) if not hidden(leader, others) and _clear(leader, lines))
        leaders[place] = next(passing, leaders[place])
    return leaders


def hidden(leader: Leader, boxes: Sequence[Extents]) -> bool:
    """Whether a leader passes under any of these."""
    for start, end in pairwise(leader):
        left, right = (start[0], end[0]) if start[0] < end[0] else (end[0], start[0])
        top, bottom = (start[1], end[1]) if start[1] < end[1] else (end[1], start[1])
        for box in boxes:
            beside = box.left >= right or left >= box.right or box.top >= bottom or top >= box.bottom
            if not beside and box.cut_by(start, end):
                return True
    return False


def crossed(one: Leader, two: Leader) -> bool:
    """Whether two leaders cross anywhere."""
    return any(crossing(a, b) for a in pairwise(one) for b in pairwise(two))


def _ways(each: Tied, others: Sequence[Extents]) -> Iterator[Leader]:
    """The bent ways to a mark: with one bend near it, else with a second at a corner of what is in the way."""
    bends = list(_bends(each))
    yield from ((each.tie, bend, _short_of(bend, each.mark, each.reach)) for bend in bends)
    inwards = 1.0 if each.mark[0] > each.tie[0] else -1.0
    direct = (each.tie, each.mark)
    near = [box for box in others if hidden(direct, [_grown(box, _AROUND)])]
    corners = [(x, y) for box in near for x in (box.left - 5, box.right + 5) for y in (box.top - 5, box.bottom + 5)]
    corners = [corner for corner in corners if (corner[0] - each.tie[0]) * inwards > 4]
    twice = [
        (each.tie, corner, bend, _short_of(bend, each.mark, each.reach))
        for corner in corners
        for bend in bends
        if (bend[0] - corner[0]) * inwards > 0
    ]
    yield from sorted(twice, key=lambda way: round(sum(dist(a, b) for a, b in pairwise(way)), 3))


def _grown(box: Extents, by: float) -> Extents:
    return Extents(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _bends(each: Tied) -> Iterator[Xy]:
    """Where a leader may bend, the shortest way first: between its callout and beyond its mark, never behind the
    callout."""
    x, y = each.mark
    inwards = 1.0 if x > each.tie[0] else -1.0
    spots: list[tuple[float, Xy]] = []
    for step in _STEPS:
        for turn in range(_TURNS):
            angle = 2 * pi * turn / _TURNS
            far = each.reach + step
            at = (round(x + far * cos(angle), 2), round(y + far * sin(angle), 2))
            if (at[0] - each.tie[0]) * inwards > 4:
                spots.append((round(dist(each.tie, at) + far, 3), at))
    return (at for _, at in sorted(spots))


def _clear(leader: Leader, lines: Sequence[tuple[Xy, Xy]]) -> bool:
    """Whether a bent leader crosses none of the others, and its bend keeps its distance from them."""
    return not any(
        crossing(piece, line) or any(_near(bend, line) for bend in leader[1:-1]) or _near(line[0], piece)
        for piece in pairwise(leader)
        for line in lines
    )


def _near(at: Xy, line: tuple[Xy, Xy]) -> bool:
    (ax, ay), (bx, by) = line
    dx, dy = bx - ax, by - ay
    along = dx * dx + dy * dy
    share = min(1.0, max(0.0, ((at[0] - ax) * dx + (at[1] - ay) * dy) / along)) if along else 0.0
    return (at[0] - ax - share * dx) ** 2 + (at[1] - ay - share * dy) ** 2 < _APART * _APART


def _short_of(start: Xy, target: Xy, reach: float) -> Xy:
    dx, dy = target[0] - start[0], target[1] - start[1]
    far = (dx * dx + dy * dy) ** 0.5
    share = max(0.0, (far - reach) / far) if far else 0.0
    return start[0] + dx * share, start[1] + dy * share
