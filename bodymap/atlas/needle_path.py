"""The way of a straight needle through the reference body: what it goes through, in order.

A help in documenting and teaching, only for the reference figure. The reference body's skin sits loosely, so distances
along the way are counted from where it enters its outermost structure, and none of them says how far a needle may go.

The depth data are two sets of rays, along z and along x, less than 2 mm apart (see `rays`). A ray measures slantwise
and so too far, more so the flatter it meets the surface: of the two sets the one that says less is right.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from bodymap.atlas.body import Atlas
from bodymap.atlas.frames import MIDLINE_MM
from bodymap.atlas.manifest import Arm, Side, Structure
from bodymap.atlas.neurovascular import Beside
from bodymap.atlas.ray_grid import SKIN_OF_ARM, Axis
from bodymap.atlas.rays import OUTSIDE_MM, Rays
from bodymap.atlas.vectors import Vector, along

STEP_MM = 0.5
NEAR_MM = 5.0
# How far behind the skin the outermost structure is looked for; the loosest skin stands 90 mm off.
REACH_MM = 120.0
# A passage shorter than this only touches the structure. Two with less than the other between them are one.
TOUCH_MM = 0.3
JOINED_MM = 0.6

# Smoothed, the skin may lie a little behind what it covers: so far before it the search begins.
_LEAD_MM = 5.0
# After this far in air, the way has left the body. Rays along the skin miss it for a millimetre or two.
_AIR_MM = 4.0

_SHEET = "thoracolumbar-fascia-posterior-layer"

_Run = tuple[int, float, float]


class Crossing(NamedTuple):
    """One passage through a structure; millimetres along the way from where it enters the outermost structure.

    `goes_on` if the way ends inside it. `side` is the structure's, of what is crossed on the midline the midline.
    """

    structure: Structure
    side: Side
    begins_mm: float
    ends_mm: float
    goes_on: bool


class Neighbour(NamedTuple):
    """A structure that the way does not go through but comes this near: 0 where it touches it, else 5 mm at most. It is
    the distance from the rays, which stand less than 2 mm apart: the surface between them may be a millimetre nearer.
    """

    structure: Structure
    side: Side
    within_mm: float


class Stop(NamedTuple):
    """Where a way ends before its length: it leaves the body, or what the atlas knows of it (below the page).

    Counted from the outermost structure, or from the skin if no structure was met.
    """

    at_mm: float
    because: Literal["leaves-body", "leaves-atlas"]


class NeedlePath(NamedTuple):
    """A straight way: what it crosses, in order, what it passes, and where it stops short of its length.

    `beside` are the nerves and vessels that it comes near to at its own depth. `origin_mm` is how far behind the skin
    its outermost structure begins, from which all else is counted; `None` if it meets none.
    """

    crossings: tuple[Crossing, ...]
    near: tuple[Neighbour, ...]
    beside: tuple[Beside, ...]
    stop: Stop | None
    origin_mm: float | None


def trace(
    atlas: Atlas,
    skin: Vector,
    direction: Vector,
    length_mm: float,
    arm: Arm = "shown",
    midline: bool = False,
    *,
    neighbours: bool = True,
) -> NeedlePath:
    """What a straight way crosses from a point of the skin on, and what lies within 5 mm of it. One that begins on the
    `midline` crosses a paired structure there once, with the midline as its side. Without `neighbours`, which take most
    of the time, `near` has only what the way touches.

    `direction` has unit length, `length_mm` is counted from the outermost structure. With `arm` hidden the free upper
    limb is not there. The way ends where it leaves the body: what lies behind the air is another limb.
    """
    way = _Way(atlas, skin, direction, REACH_MM + length_mm + NEAR_MM, arm)
    way.follow(length_mm)
    if way.origin_mm is None:
        way.follow(REACH_MM)
    origin = way.origin_mm
    if origin is None:
        return NeedlePath((), (), (), way.stop, None)
    tip = origin + length_mm
    way.follow(tip + NEAR_MM if neighbours else tip)
    structures = atlas.manifest.structures
    reached = [run for run in way.runs() if run[1] < tip]
    through = [run for run in reached if run[2] - run[1] >= TOUCH_MM]
    crossings = tuple(
        Crossing(
            structures[number],
            structures[number].side,
            _tenths(first - origin),
            _tenths(min(last, tip) - origin),
            last > tip,
        )
        for number, first, last in sorted(through, key=lambda run: (run[1], run[2], run[0]))
    )
    near = {number: 0.0 for number, *_ in reached}
    for number, first, _ in way.runs():
        if tip <= first <= tip + NEAR_MM:
            near[number] = min(first - tip, near.get(number, NEAR_MM))
    for number, distance in (way.passed(origin, tip) if neighbours else {}).items():
        near[number] = min(distance, near.get(number, NEAR_MM))
    for number, *_ in through:
        near.pop(number, None)
    beside = [
        Neighbour(structures[number], structures[number].side, _tenths(distance)) for number, distance in near.items()
    ]
    if midline:
        crossings = _of_neither_half(crossings, skin[0] + origin * direction[0], direction[0])
        beside = _beside_the_midline(
            beside, {crossing.structure.id for crossing in crossings if crossing.side == "midline"}
        )
    stop = way.stop if way.stop is not None and way.stop.at_mm < tip else None
    end = tip if stop is None else max(stop.at_mm, origin)
    return NeedlePath(
        crossings,
        tuple(sorted(beside, key=lambda it: (it.within_mm, it.structure.id, it.side))),
        atlas.neurovascular.beside(along(skin, direction, origin), direction, end - origin, arm),
        Stop(_tenths(stop.at_mm - origin), stop.because) if stop is not None else None,
        origin,
    )


def _of_neither_half(crossings: Sequence[Crossing], begin_x: float, x_each_mm: float) -> tuple[Crossing, ...]:
    """Crossings with those of a paired structure that lie on the midline as one, which has the midline as its side.

    `begin_x` is how far beside the midline the way enters its outermost structure.
    """
    merged: list[Crossing] = []
    places: dict[str, int] = {}
    for crossing in crossings:
        ends = (begin_x + at * x_each_mm for at in (crossing.begins_mm, crossing.ends_mm))
        if crossing.side == "midline" or any(abs(x) > MIDLINE_MM for x in ends):
            merged.append(crossing)
            continue
        place = places.setdefault(crossing.structure.id, len(merged))
        if place == len(merged):
            merged.append(crossing._replace(side="midline"))
        else:
            outer = merged[place]
            last = max(outer.ends_mm, crossing.ends_mm)
            merged[place] = outer._replace(ends_mm=last, goes_on=outer.goes_on or crossing.goes_on)
    return tuple(merged)


def _beside_the_midline(near: Sequence[Neighbour], crossed: Container[str]) -> list[Neighbour]:
    """Neighbours of a way on the midline: what lies on both sides of it is one, and what it crosses is none."""
    by_structure: dict[str, Neighbour] = {}
    for other in sorted(near, key=lambda it: it.within_mm):
        if other.structure.id in by_structure:
            by_structure[other.structure.id] = by_structure[other.structure.id]._replace(side="midline")
        elif other.structure.id not in crossed:
            by_structure[other.structure.id] = other
    return list(by_structure.values())


class _Way:
    """A way that is followed as far as it is needed. Distances are millimetres from the skin."""

    def __init__(self, atlas: Atlas, skin: Vector, direction: Vector, longest_mm: float, arm: Arm) -> None:
        structures = atlas.manifest.structures
        left_out = {n for n, structure in enumerate(structures) if arm == "hidden" and structure.arm}
        if arm == "hidden":
            left_out.add(SKIN_OF_ARM)
        self._skin = skin
        self._direction = direction
        # An open sheet that faces z: rays along x run within it.
        self._sheets = frozenset(n for n, structure in enumerate(structures) if structure.id == _SHEET)
        self._across = abs(direction[2]) < abs(direction[0])
        axes: tuple[Axis, Axis] = ("x", "z") if self._across else ("z", "x")
        ends = skin, along(skin, direction, longest_mm)
        self._rays, self._others = (
            Rays(atlas.columns, axis, ends, _LEAD_MM + NEAR_MM, frozenset(left_out), self._sheets) for axis in axes
        )
        self._inside: list[dict[int, float]] = []
        self._air_mm = 0.0
        self._entered = False
        self.stop: Stop | None = None

    @property
    def end_mm(self) -> float:
        """How far the way was followed."""
        return len(self._inside) * STEP_MM - _LEAD_MM

    @property
    def origin_mm(self) -> float | None:
        """Where the outermost structure begins; `None` where none was met so far."""
        return min((first for _, first, last in self.runs() if last - first >= TOUCH_MM), default=None)

    def follow(self, to_mm: float) -> None:
        """Go on up to a distance, or to where the way leaves the body or what the atlas knows of it."""
        while self.end_mm <= to_mm and self.stop is None:
            here = self.end_mm
            point = along(self._skin, self._direction, here)
            inside = self._less(self._rays.inside(point), self._others.inside(point))
            self._inside.append(inside)
            within = any(depth > 0 for depth in inside.values())
            if within or self._rays.in_body(point) or self._others.in_body(point):
                self._entered, self._air_mm = True, 0.0
            elif self._rays.below(point):
                self.stop = Stop(here, "leaves-atlas")
            elif self._entered:
                self._air_mm += STEP_MM
                if self._air_mm > _AIR_MM:
                    self.stop = Stop(here - _AIR_MM, "leaves-body")

    def runs(self) -> list[_Run]:
        """Each passage through a structure: its number, where it begins and where it ends."""
        runs: list[_Run] = []
        last: dict[int, int] = {}
        for number, begins, ends in _runs(self._inside):
            place = last.get(number)
            if place is not None and begins - runs[place][2] < JOINED_MM:
                runs[place] = number, runs[place][1], ends
            else:
                last[number] = len(runs)
                runs.append((number, begins, ends))
        return runs

    def _less(self, main: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
        """Of two distances from each surface the smaller one, whichever side of the surface it is on."""
        less: dict[int, float] = {}
        for number in {*main, *other}:
            a, b = main.get(number, -OUTSIDE_MM), other.get(number, -OUTSIDE_MM)
            if number in self._sheets:
                less[number] = b if self._across else a
            else:
                less[number] = a if abs(a) <= abs(b) else b
        return less

    def passed(self, begin_mm: float, tip_mm: float) -> dict[int, float]:
        """How near each structure comes to the way between two distances, within 5 mm."""
        last_mm = tip_mm if self.stop is None else min(tip_mm, self.stop.at_mm)
        start = along(self._skin, self._direction, begin_mm)
        nearest: dict[int, float] = {}
        for rays in (self._rays, self._others):
            for number, distance in rays.beside(start, self._direction, last_mm - begin_mm, NEAR_MM).items():
                nearest[number] = min(distance, nearest.get(number, NEAR_MM))
        return nearest


def _runs(inside: Sequence[Mapping[int, float]]) -> Iterator[_Run]:
    """(structure, begins, ends) of each stretch inside a structure, in millimetres from the skin."""
    open_: dict[int, float] = {}
    for index, now in enumerate([*inside, {}]):
        before = inside[index - 1] if index else {}
        here = index * STEP_MM - _LEAD_MM
        for number in {*now, *open_}:
            depth = now.get(number, -OUTSIDE_MM)
            if depth > 0 and number not in open_:
                open_[number] = here - STEP_MM * _share(depth, before.get(number, -OUTSIDE_MM))
            elif depth <= 0 and number in open_:
                last = here - STEP_MM * _share(depth, before.get(number, -OUTSIDE_MM))
                yield number, open_.pop(number), last


def _share(now: float, before: float) -> float:
    """How far back from `now` towards `before` the surface was crossed, as a share of a step."""
    return now / (now - before) if now != before else 0.0


def _tenths(distance: float) -> float:
    return round(distance, 1) + 0.0
