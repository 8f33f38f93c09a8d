"""Where the needles of a perimeter stand: pure geometry on a view, in millimetres, y down.

Needles stand along the line and never fill it. Numbers run clockwise as seen in the view.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, dist, floor, pi, sin

Xy = tuple[float, float]

FEWEST_NEEDLES = 3
MOST_NEEDLES = 64
FEWEST_VERTICES = 3
MOST_VERTICES = 64
_MOST_STEPS = 1_000_000


def ring_points(center: Xy, radius_mm: float, count: int) -> list[Xy]:
    """`count` points at equal steps on a circle, the first at its top."""
    x, y = center
    angles = [2 * pi * index / count for index in range(count)]
    return [_rounded(x + radius_mm * sin(angle), y - radius_mm * cos(angle)) for angle in angles]


def ring_steps(radius_mm: float, spacing_mm: float) -> int:
    """How many equal steps of about `spacing_mm` a circle takes."""
    return _steps(2 * pi * radius_mm, spacing_mm)


def outline_steps(outline: Sequence[Xy], spacing_mm: float) -> int:
    """How many equal steps of about `spacing_mm` the closed line through `outline` takes."""
    return _steps(_length(_closed(outline)), spacing_mm)


def _steps(length_mm: float, spacing_mm: float) -> int:
    # A spacing may be so small that the quotient is no number any more; nobody asks how many millions there are.
    return floor(min(length_mm / spacing_mm, _MOST_STEPS) + 0.5)


def outline_points(outline: Sequence[Xy], count: int) -> list[Xy]:
    """`count` points at equal steps along the closed line through `outline`.

    The first stands where the line straight up from the centroid last meets the outline.
    """
    loop = _closed(_clockwise(outline))
    start = _start(loop, centroid(outline))
    step = _length(loop) / count
    return [_along(loop, start + index * step) for index in range(count)]


def centroid(outline: Sequence[Xy]) -> Xy:
    """The centroid of the area inside the outline."""
    x = y = 0.0
    area = _signed_area(outline)
    for (x1, y1), (x2, y2) in pairwise(_closed(outline)):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return _rounded(x / (6 * area), y / (6 * area))


def distinct(outline: Sequence[Xy]) -> tuple[Xy, ...]:
    """The outline without a closing vertex that repeats the first."""
    points = tuple(outline)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def encloses_nothing(outline: Sequence[Xy]) -> bool:
    """Whether the outline has no inside to speak of: under a square millimetre."""
    return abs(_signed_area(outline)) < 1


def crosses_itself(outline: Sequence[Xy]) -> bool:
    """Whether two edges that are not neighbours meet: such a line has no plain inside and no plain clockwise."""
    edges = list(pairwise(_closed(outline)))
    for first in range(len(edges)):
        for second in range(first + 1, len(edges)):
            neighbours = second == first + 1 or (first == 0 and second == len(edges) - 1)
            if not neighbours and _meet(edges[first], edges[second]):
                return True
    return False


def _rounded(x: float, y: float) -> Xy:
    # A hundredth of a millimetre: finer than any hand, and the same text on every platform. 0.0 + drops a minus zero.
    return (0.0 + round(x, 2), 0.0 + round(y, 2))


def _closed(outline: Sequence[Xy]) -> list[Xy]:
    return [*outline, outline[0]]


def _length(loop: Sequence[Xy]) -> float:
    return sum(dist(a, b) for a, b in pairwise(loop))


def _signed_area(outline: Sequence[Xy]) -> float:
    """Positive where the vertices run clockwise as seen, y being down."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(_closed(outline))) / 2


def _clockwise(outline: Sequence[Xy]) -> list[Xy]:
    return list(outline) if _signed_area(outline) > 0 else list(reversed(outline))


def _start(loop: Sequence[Xy], center: Xy) -> float:
    """How far along the loop the vertical through the centroid meets it for the last time, going up.

    In a hollow outline the line up may meet nothing: then the topmost meeting of the whole vertical counts.
    """
    x = center[0]
    travelled = 0.0
    best: tuple[float, float] | None = None
    for a, b in pairwise(loop):
        low, high = min(a[0], b[0]), max(a[0], b[0])
        if low <= x <= high:
            share = (x - a[0]) / (b[0] - a[0]) if a[0] != b[0] else float(b[1] < a[1])
            y = a[1] + share * (b[1] - a[1])
            if best is None or y < best[0]:
                best = (y, travelled + share * dist(a, b))
        travelled += dist(a, b)
    return best[1] if best else 0.0


def _along(loop: Sequence[Xy], distance: float) -> Xy:
    distance %= _length(loop)
    for a, b in pairwise(loop):
        edge = dist(a, b)
        if distance <= edge and edge:
            share = distance / edge
            return _rounded(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        distance -= edge
    return _rounded(*loop[-1])


def _meet(first: tuple[Xy, Xy], second: tuple[Xy, Xy]) -> bool:
    (a, b), (c, d) = first, second
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0 and _boxes_touch(a, b, c, d)


def _turn(a: Xy, b: Xy, c: Xy) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _boxes_touch(a: Xy, b: Xy, c: Xy, d: Xy) -> bool:
    return all(
        max(min(a[axis], b[axis]), min(c[axis], d[axis])) <= min(max(a[axis], b[axis]), max(c[axis], d[axis]))
        for axis in (0, 1)
    )
