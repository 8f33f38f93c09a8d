"""The way of a straight needle through the reference body: what it goes through, in order.

A help in documenting and teaching, for the reference figure alone. The reference body's skin sits loosely, so
distances along the way are counted from where it enters its outermost structure, and none of them says how far a
needle may go.

The depth data are two sets of rays, along z and along x, less than 2 mm apart. Between rays a point's distance from a
surface is that of the four rays around it, each weighed by how near it is: a surface between two rays is then a slope
and not a step. A ray measures slantwise and so too far, more so the flatter it meets the surface: of the two sets the
one that says less is right.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import cos, floor, hypot, sin, tau
from typing import NamedTuple

from bodymap.atlas.body import Atlas
from bodymap.atlas.columns import SKIN, SKIN_OF_ARM, Axis, Columns, Interval
from bodymap.atlas.entry import Vector, unit
from bodymap.atlas.manifest import Arm, Structure

STEP_MM = 0.5
NEAR_MM = 5.0
# How far behind the skin the outermost structure is looked for; the loosest skin stands 90 mm off.
REACH_MM = 120.0
# A passage shorter than this only touches the structure. Two with less than the other between them are one.
TOUCH_MM = 0.3
JOINED_MM = 0.6

# Smoothed, the skin may lie a little behind what it covers: so far before it the search begins.
_LEAD_MM = 5.0
# A ray whose structure is absent counts as this far outside of it.
_OUTSIDE_MM = 2.0
# A sheet thinner than this is taken to be as thick, or it would fall between two steps.
_SHEET_MM = 0.5
# In air for so long, the way has left the body. Rays along the skin miss it for a millimetre or two.
_AIR_MM = 4.0
_NEAR_STEP_MM = 2.0
_RADII_MM = (1.25, 2.5, 3.75, NEAR_MM)
_RING = tuple((cos(tau * i / 12), sin(tau * i / 12)) for i in range(12))

_Run = tuple[int, float, float]


class Crossing(NamedTuple):
    """One passage through a structure; millimetres along the way from where it enters the outermost structure.

    `goes_on` where the way ends inside it.
    """

    structure: Structure
    begins_mm: float
    ends_mm: float
    goes_on: bool


class Neighbour(NamedTuple):
    """A structure that the way does not go through but comes this near: 0 where it touches it, else 5 mm at most,
    to the next millimetre and a quarter; a few tenths of a millimetre finer beyond the end of the way."""

    structure: Structure
    within_mm: float


class NeedlePath(NamedTuple):
    """A straight way: what it crosses, in order, and what it passes. `leaves_mm` is where it leaves the body."""

    crossings: tuple[Crossing, ...]
    near: tuple[Neighbour, ...]
    leaves_mm: float | None


def trace(atlas: Atlas, skin: Vector, direction: Vector, length_mm: float, arm: Arm = "shown") -> NeedlePath:
    """What a straight way crosses from a point of the skin on, and what lies within 5 mm of it.

    `direction` has unit length, `length_mm` is counted from the outermost structure, as all is. With `arm` hidden the
    free upper limb is not there. The way ends where it leaves the body: what lies behind the air is another limb.
    """
    way = _Way(atlas, skin, direction, REACH_MM + length_mm + NEAR_MM, arm)
    way.follow(length_mm)
    runs = list(way.runs())
    if not runs:
        way.follow(REACH_MM)
        runs = list(way.runs())
    if runs:
        way.follow(min(first for _, first, _ in runs) + length_mm + NEAR_MM)
        runs = list(way.runs())
    structures = atlas.manifest.structures
    kept = sorted((run for run in runs if run[2] - run[1] >= TOUCH_MM), key=lambda run: (run[1], run[2], run[0]))
    if not kept:
        return NeedlePath((), (), None)
    origin = kept[0][1]
    if kept[0][1] + length_mm + NEAR_MM > way.end_mm:
        way.follow(origin + length_mm + NEAR_MM)
        runs = list(way.runs())
        kept = sorted((run for run in runs if run[2] - run[1] >= TOUCH_MM), key=lambda run: (run[1], run[2], run[0]))
    tip = origin + length_mm
    crossings = tuple(
        Crossing(structures[number], _tenths(first - origin), _tenths(min(last, tip) - origin), last > tip)
        for number, first, last in kept
        if first < tip
    )
    crossed = {number for number, first, _ in kept if first < tip}
    near = {number: 0.0 for number, first, last in runs if last - first < TOUCH_MM and first < tip}
    near |= {number: first - tip for number, first, _ in kept if tip <= first <= tip + NEAR_MM}
    for number, distance in way.passed(origin, tip).items():
        near[number] = min(distance, near.get(number, distance))
    found = (Neighbour(structures[n], _tenths(distance)) for n, distance in near.items() if n not in crossed)
    left = way.left_mm is not None and way.left_mm < tip
    return NeedlePath(
        crossings,
        tuple(sorted(found, key=lambda it: (it.within_mm, it.structure.id, it.structure.side))),
        _tenths(way.left_mm - origin) if left and way.left_mm is not None else None,
    )


class _Way:
    """A way that is followed as far as it is needed. Distances are millimetres from the skin."""

    def __init__(self, atlas: Atlas, skin: Vector, direction: Vector, longest_mm: float, arm: Arm) -> None:
        structures = atlas.manifest.structures
        left_out = {n for n, structure in enumerate(structures) if arm == "hidden" and structure.arm}
        if arm == "hidden":
            left_out.add(SKIN_OF_ARM)
        self._skin = skin
        self._direction = direction
        axes: tuple[Axis, Axis] = ("z", "x") if abs(direction[2]) >= abs(direction[0]) else ("x", "z")
        ends = skin, _along(skin, direction, longest_mm)
        self._rays, self._others = (_Rays(atlas.columns, axis, ends, frozenset(left_out)) for axis in axes)
        self._inside: list[dict[int, float]] = []
        self._air_mm = 0.0
        self._entered = False
        self.left_mm: float | None = None

    @property
    def end_mm(self) -> float:
        """How far the way was followed."""
        return len(self._inside) * STEP_MM - _LEAD_MM

    def follow(self, to_mm: float) -> None:
        """Go on up to a distance, or to where the way leaves the body."""
        while self.end_mm <= to_mm and self.left_mm is None:
            here = self.end_mm
            point = _along(self._skin, self._direction, here)
            inside = _less(self._rays.inside(point), self._others.inside(point))
            self._inside.append(inside)
            if any(depth > 0 for depth in inside.values()) or self._rays.in_body(point):
                self._entered, self._air_mm = True, 0.0
            elif self._entered:
                self._air_mm += STEP_MM
                if self._air_mm > _AIR_MM:
                    self.left_mm = here - _AIR_MM

    def runs(self) -> Iterator[_Run]:
        """Each passage through a structure: its number, where it begins and where it ends."""
        last: dict[int, tuple[float, float]] = {}
        for number, begins, ends in _runs(self._inside):
            before = last.get(number)
            if before is None:
                last[number] = begins, ends
            elif begins - before[1] < JOINED_MM:
                last[number] = before[0], ends
            else:
                yield number, *before
                last[number] = begins, ends
        for number, (begins, ends) in last.items():
            yield number, begins, ends

    def passed(self, begin_mm: float, tip_mm: float) -> dict[int, float]:
        """How near each structure comes to the way between two distances, within 5 mm."""
        first, second = _across(self._direction)
        nearest: dict[int, float] = {}
        at = begin_mm
        while at <= min(tip_mm + NEAR_MM, self.end_mm if self.left_mm is None else self.left_mm):
            middle = _along(self._skin, self._direction, at)
            beyond = max(at - tip_mm, 0.0)
            for radius in _RADII_MM:
                distance = hypot(radius, beyond)
                if distance <= NEAR_MM:
                    for a, b in _RING:
                        for number in self._rays.at(_along(_along(middle, first, radius * a), second, radius * b)):
                            if distance < nearest.get(number, NEAR_MM + 1):
                                nearest[number] = distance
            at += _NEAR_STEP_MM
        return nearest


class _Rays:
    """The rays around one way, each read once, and of each only what lies as deep as the way."""

    def __init__(self, columns: Columns, axis: Axis, ends: tuple[Vector, Vector], left_out: frozenset[int]) -> None:
        self._columns = columns
        self._left_out = left_out
        self._axis = axis
        self._grid = columns.grids[axis]
        k = 2 if axis == "z" else 0
        self._low = min(end[k] for end in ends) - _LEAD_MM - NEAR_MM
        self._high = max(end[k] for end in ends) + _LEAD_MM + NEAR_MM
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
                inner = min(along - low, high - along, _OUTSIDE_MM)
                if inner > best.get(number, -_OUTSIDE_MM):
                    best[number] = inner
            for number, inner in best.items():
                depth[number] = depth.get(number, 0.0) + weight * (inner + _OUTSIDE_MM)
        return {number: weighed / whole - _OUTSIDE_MM for number, weighed in depth.items()}

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
        self._ray(c, r)
        return any(low <= along <= high for low, high in self._bodies[r * self._grid.columns + c])

    def _place(self, point: Vector) -> tuple[float, float, float]:
        along, across = (point[2], point[0]) if self._axis == "z" else (point[0], point[2])
        grid = self._grid
        return along, (across - grid.across0) / grid.pitch_mm - 0.5, (grid.top - point[1]) / grid.pitch_mm - 0.5

    def _ray(self, column: int, row: int) -> list[Interval]:
        cell = row * self._grid.columns + column
        found = self._read.get(cell)
        if found is None:
            met = [i for i in self._columns.cell(self._axis, cell) if i.structure not in self._left_out]
            self._bodies[cell] = [*_between(met, SKIN), *_between(met, SKIN_OF_ARM)]
            found = [
                _sheet(i) for i in met if i.structure < SKIN_OF_ARM and i.high_mm > self._low and i.low_mm < self._high
            ]
            self._read[cell] = found
        return found


def _between(met: Sequence[Interval], skin: int) -> list[tuple[float, float]]:
    """The stretches between two skins; all of it where they are odd in number, since two that touch are one."""
    skins = [i for i in met if i.structure == skin]
    if not skins:
        return []
    if len(skins) % 2:
        return [(skins[0].low_mm, skins[-1].high_mm)]
    return [(a.low_mm, b.high_mm) for a, b in zip(skins[::2], skins[1::2], strict=True)]


def _sheet(interval: Interval) -> Interval:
    lacking = _SHEET_MM - (interval.high_mm - interval.low_mm)
    if lacking <= 0:
        return interval
    return Interval(interval.structure, interval.low_mm - lacking / 2, interval.high_mm + lacking / 2)


def _less(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    """Of two distances from each surface the smaller one, whichever side of the surface it is on."""
    less: dict[int, float] = {}
    for number in {*one, *other}:
        a, b = one.get(number, -_OUTSIDE_MM), other.get(number, -_OUTSIDE_MM)
        less[number] = a if abs(a) < abs(b) else b
    return less


def _runs(inside: Sequence[Mapping[int, float]]) -> Iterator[_Run]:
    """(structure, begins, ends) of each stretch inside a structure, in millimetres from the skin."""
    open_: dict[int, float] = {}
    for index, now in enumerate([*inside, {}]):
        before = inside[index - 1] if index else {}
        here = index * STEP_MM - _LEAD_MM
        for number in {*now, *open_}:
            depth = now.get(number, -_OUTSIDE_MM)
            if depth > 0 and number not in open_:
                open_[number] = here - STEP_MM * _share(depth, before.get(number, -_OUTSIDE_MM))
            elif depth <= 0 and number in open_:
                last = here - STEP_MM * _share(depth, before.get(number, -_OUTSIDE_MM))
                yield number, open_.pop(number), last


def _share(now: float, before: float) -> float:
    """How far back from `now` towards `before` the surface was crossed, as a share of a step."""
    return now / (now - before) if now != before else 0.0


def _along(start: Vector, direction: Vector, distance: float) -> Vector:
    return (
        start[0] + distance * direction[0],
        start[1] + distance * direction[1],
        start[2] + distance * direction[2],
    )


def _across(direction: Vector) -> tuple[Vector, Vector]:
    """Two unit vectors that stand square on a direction and on each other."""
    up: Vector = (0.0, 1.0, 0.0) if abs(direction[1]) < 0.9 else (1.0, 0.0, 0.0)
    first = unit(_cross(direction, up))
    return first, _cross(direction, first)


def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _tenths(distance: float) -> float:
    return round(distance, 1) + 0.0
