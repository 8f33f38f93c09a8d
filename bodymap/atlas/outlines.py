"""Closed outlines on a view: SVG path data in millimetres, and what can be asked of it."""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from bodymap.errors import Corrupt

Point = tuple[float, float]
Ring = tuple[Point, ...]

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_PATH = re.compile(rf"(?:[\s,]*(?:{_TOKEN.pattern}))*[\s,]*")
_ARGUMENTS = {"m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "t": 2, "c": 6, "s": 4, "z": 0}
# Curves become chords no longer than this; at the atlas's half millimetre the difference cannot be seen.
_CHORD_MM = 1.5


class Outline:
    """One shape of one or more closed rings; holes are rings inside rings (even-odd)."""

    def __init__(self, d: str) -> None:
        """`d` is SVG path data with the commands m l h v q t c s z in either case."""
        self.d = d

    @cached_property
    def polygons(self) -> tuple[Ring, ...]:
        """The rings as polygons, curves flattened, without the closing point.

        Raises `Corrupt` where the path data is not what the atlas allows.
        """
        return tuple(ring for ring in flatten(self.d) if len(ring) > 2)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) in millimetres. Raises `Corrupt` for an outline without area."""
        points = [point for ring in self.polygons for point in ring]
        if not points:
            raise Corrupt("An outline of the atlas is empty.")
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        left, top, right, bottom = self.bounds
        if not (left <= x <= right and top <= y <= bottom):
            return False
        inside = False
        for (x1, y1), (x2, y2) in self._edges():
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        return inside

    def distance_mm(self, x: float, y: float) -> float:
        """How far the point is from the shape: 0 inside, else to the nearest edge."""
        if self.contains(x, y):
            return 0.0
        return math.sqrt(min(_square(x, y, a, b) for a, b in self._edges()))

    def _edges(self) -> Iterator[tuple[Point, Point]]:
        for ring in self.polygons:
            yield from zip(ring, (*ring[1:], ring[0]), strict=True)


def _square(x: float, y: float, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = dx * dx + dy * dy
    t = 0.0 if along == 0 else min(1.0, max(0.0, ((x - a[0]) * dx + (y - a[1]) * dy) / along))
    return (x - a[0] - t * dx) ** 2 + (y - a[1] - t * dy) ** 2


def flatten(d: str) -> list[Ring]:
    """The subpaths of path data as polygons. Raises `Corrupt` for a command or a number that does not belong."""
    rings: list[Ring] = []
    ring: list[Point] = []
    x = y = 0.0
    handle: tuple[str, Point] | None = None
    for command, numbers in _commands(d):
        kind, relative = command.lower(), command.islower()
        dx, dy = (x, y) if relative else (0.0, 0.0)
        if kind == "z":
            if ring:
                x, y = ring[0]
            handle = None
            continue
        if kind == "m":
            if ring:
                rings.append(tuple(ring))
            x, y = numbers[0] + dx, numbers[1] + dy
            ring, handle = [(x, y)], None
            continue
        if not ring:
            raise Corrupt("Path data of the atlas draws before it moves.")
        if ring[-1] != (x, y):  # Drawing on after z begins a new subpath where the last one began.
            rings.append(tuple(ring))
            ring = [(x, y)]
        if kind == "h":
            corners: list[Point] = [(numbers[0] + dx, y)]
        elif kind == "v":
            corners = [(x, numbers[0] + dy)]
        else:
            corners = [(a + dx, b + dy) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
        if kind in "ts":
            family = "q" if kind == "t" else "c"
            mirrored = (2 * x - handle[1][0], 2 * y - handle[1][1]) if handle and handle[0] == family else (x, y)
            corners.insert(0, mirrored)
        handle = ("q" if kind in "qt" else "c", corners[-2]) if kind in "qtcs" else None
        ring.extend(_curve([(x, y), *corners]))
        x, y = ring[-1]
    if ring:
        rings.append(tuple(ring))
    return [loop[:-1] if len(loop) > 1 and loop[0] == loop[-1] else loop for loop in rings]


def _commands(d: str) -> Iterator[tuple[str, list[float]]]:
    if not _PATH.fullmatch(d):
        raise Corrupt("Path data of the atlas holds something that is neither a command nor a number.")
    command, numbers = "", list[float]()
    for token in _TOKEN.findall(d):
        if token.isalpha():
            if numbers:
                raise Corrupt(f"Path data of the atlas has too few numbers after {command}.")
            command = token
            if command.lower() not in _ARGUMENTS:
                raise Corrupt(f"Path data of the atlas uses the command {command}.")
        else:
            if not command or command in "zZ":
                raise Corrupt("Path data of the atlas has a number without a command.")
            numbers.append(float(token))
        if len(numbers) == _ARGUMENTS[command.lower()] and not (token.isalpha() and command not in "zZ"):
            yield command, numbers
            numbers = []
            command = {"m": "l", "M": "L"}.get(command, command)
    if numbers:
        raise Corrupt(f"Path data of the atlas has too few numbers after {command}.")


def _curve(corners: Sequence[Point]) -> list[Point]:
    """Points on the Bezier curve of these corners, without its first; a line gives its end."""
    if len(corners) == 2:
        return [corners[1]]
    length = sum(math.dist(a, b) for a, b in pairwise(corners))
    steps = max(1, math.ceil(length / _CHORD_MM))
    points: list[Point] = []
    for step in range(1, steps + 1):
        t = step / steps
        level = list(corners)
        while len(level) > 1:
            level = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(level)]
        points.append(level[0])
    return points
