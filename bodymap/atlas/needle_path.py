"""The way of a straight needle through the reference body: what it goes through, in order.

A help in documenting and teaching, for the reference figure alone. The reference body's skin sits loosely, so
distances along the way are counted from where it enters its outermost structure, and none of them says how far a
needle may go.

The rays of the depth data stand 2 mm apart. Between them a structure is taken to be where the four rays around a point
agree that it is, each weighed by how near it is: a surface between two rays is then a slope and not a step.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from math import cos, floor, hypot, radians, sin, sqrt, tau
from typing import NamedTuple

from bodymap.atlas.body import Atlas
from bodymap.atlas.columns import ALONG, AXIS, SKIN, SKIN_OF_ARM, Axis, Columns, Interval
from bodymap.atlas.frames import to_body
from bodymap.atlas.manifest import Arm, Side, Structure, ViewId

Vector = tuple[float, float, float]

STEP_MM = 0.5
NEAR_MM = 5.0
# The patch of skin that a normal is taken from: wide enough to pass over the patches that the skin is made of.
NORMAL_RADIUS_MM = 20.0
# A ray whose structure is absent counts as this far outside of it.
_OUTSIDE_MM = 2.0
# Where no ray met a surface, how far before the skin the search begins.
_LEAD_MM = 10.0
_RING = tuple((cos(tau * i / 12), sin(tau * i / 12)) for i in range(12))

# Directions in which a needle is inclined, as body vectors; medial and lateral depend on the side.
_TOWARDS: dict[str, Vector] = {
    "cranial": (0.0, 1.0, 0.0),
    "caudal": (0.0, -1.0, 0.0),
    "anterior": (0.0, 0.0, 1.0),
    "posterior": (0.0, 0.0, -1.0),
}


class Crossing(NamedTuple):
    """One structure along the way; millimetres along the way from where it enters the outermost structure."""

    structure: Structure
    begins_mm: float
    ends_mm: float


class Neighbour(NamedTuple):
    """A structure that the way does not enter but passes at this distance, at the nearest."""

    structure: Structure
    distance_mm: float


class NeedlePath(NamedTuple):
    """A straight way: where it meets the skin, its direction (body frame, unit length), what it crosses and passes."""

    skin: Vector
    direction: Vector
    crossings: tuple[Crossing, ...]
    near: tuple[Neighbour, ...]


def inclined(normal: Vector, angle_deg: float, direction: str | None, side: Side) -> Vector | None:
    """The inward unit vector that leaves the skin's inward `normal` by `angle_deg` towards `direction`.

    `direction` is one of medial, lateral, cranial, caudal, anterior, posterior, or two of them joined as in
    `craniomedial`; it is not needed at 0 degrees. `None` where the direction runs along the normal and so points
    nowhere on the skin, or is medial or lateral of the midline.
    """
    if not angle_deg:
        return normal
    towards = _towards(direction or "", side)
    if towards is None:
        return None
    along = _dot(towards, normal)
    tangent = tuple(t - along * n for t, n in zip(towards, normal, strict=True))
    length = sqrt(_dot(tangent, tangent))
    if length < 0.2:
        return None
    angle = radians(angle_deg)
    mixed = tuple(cos(angle) * n + sin(angle) * t / length for n, t in zip(normal, tangent, strict=True))
    return _unit(mixed)


def skin_normal(atlas: Atlas, view: ViewId, x: float, y: float) -> tuple[Vector, Vector] | None:
    """The skin under a point on a view, and its inward normal once smoothed; `None` off the body."""
    axis = AXIS[view]
    columns = atlas.columns
    grid = columns.grids[axis]
    across, up = to_body(view, x, y)
    stride = 2 * grid.pitch_mm
    reach = int(NORMAL_RADIUS_MM // stride)
    samples: list[tuple[float, float, float]] = []
    here = _skin(atlas, view, across, up)
    if here is None:
        return None
    for i, j in product(range(-reach, reach + 1), repeat=2):
        du, dv = i * stride, j * stride
        if hypot(du, dv) <= NORMAL_RADIUS_MM:
            height = _skin(atlas, view, across + du, up + dv)
            # The far side of a fold, or another limb, is not the patch of skin that the needle enters.
            if height is not None and abs(height - here) <= NORMAL_RADIUS_MM:
                samples.append((du, dv, height))
    slope_u, slope_v, level = _plane(samples)
    inward = 1.0 if ALONG[view] else -1.0
    if axis == "z":
        normal = _unit((-slope_u * inward, -slope_v * inward, inward))
        return (across, up, level), normal
    normal = _unit((inward, -slope_v * inward, -slope_u * inward))
    return (level, up, across), normal


def trace(atlas: Atlas, skin: Vector, direction: Vector, length_mm: float, arm: Arm = "shown") -> NeedlePath:
    """What a straight way from a point of the skin crosses within `length_mm`, and what lies within 5 mm of it.

    With `arm` hidden the free upper limb is not there, as on the side views.
    """
    structures = atlas.manifest.structures
    left_out = frozenset(n for n, structure in enumerate(structures) if arm == "hidden" and structure.arm)
    rays = _Rays(atlas.columns, "z" if abs(direction[2]) >= abs(direction[0]) else "x", left_out)
    steps = int((length_mm + _LEAD_MM) / STEP_MM) + 1
    inside: list[dict[int, float]] = []
    for index in range(steps):
        inside.append(rays.inside(_along(skin, direction, index * STEP_MM - _LEAD_MM)))
    runs = list(_runs(inside))
    origin = min((first for _, first, _ in runs), default=0.0)
    crossings = tuple(
        Crossing(structures[number], round(first - origin, 1), round(last - origin, 1))
        for number, first, last in sorted(runs, key=lambda run: (run[1], run[2]))
    )
    nearest = _nearest(rays, skin, direction, steps, {number for number, _, _ in runs})
    found = (Neighbour(structures[number], distance) for number, distance in nearest.items())
    near = tuple(sorted(found, key=lambda near: (near.distance_mm, near.structure.id, near.structure.side)))
    return NeedlePath(skin, direction, crossings, near)


def _towards(direction: str, side: Side) -> Vector | None:
    lateral = {"left": 1.0, "right": -1.0}.get(side)
    known = dict(_TOWARDS)
    if lateral is not None:
        known |= {"lateral": (lateral, 0.0, 0.0), "medial": (-lateral, 0.0, 0.0)}
    if direction in known:
        return known[direction]
    for first in ("cranio", "caudo"):
        second = direction.removeprefix(first)
        if second != direction and second in known:
            parts = known[{"cranio": "cranial", "caudo": "caudal"}[first]], known[second]
            return _unit(tuple(a + b for a, b in zip(*parts, strict=True)))
    return None


def _skin(atlas: Atlas, view: ViewId, across: float, up: float) -> float | None:
    """Where the skin is first met, as a body coordinate along the view's axis."""
    columns = atlas.columns
    for cell in columns.near(AXIS[view], across, up)[:1]:
        skins = [i for i in columns.cell(AXIS[view], cell) if i.structure >= SKIN_OF_ARM]
        if AXIS[view] == "x":
            skins = [i for i in skins if i.structure == SKIN] or skins
        if skins:
            return min(i.low_mm for i in skins) if ALONG[view] else max(i.high_mm for i in skins)
    return None


def _plane(samples: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    """The least-squares plane through (u, v, height): its two slopes and its height at the origin."""
    n = len(samples)
    mean_u, mean_v, mean_h = (sum(sample[k] for sample in samples) / n for k in range(3))
    uu = sum((u - mean_u) ** 2 for u, _, _ in samples)
    vv = sum((v - mean_v) ** 2 for _, v, _ in samples)
    uv = sum((u - mean_u) * (v - mean_v) for u, v, _ in samples)
    uh = sum((u - mean_u) * (h - mean_h) for u, _, h in samples)
    vh = sum((v - mean_v) * (h - mean_h) for _, v, h in samples)
    det = uu * vv - uv * uv
    if det < 1e-6:
        return 0.0, 0.0, mean_h
    slope_u, slope_v = (uh * vv - vh * uv) / det, (vh * uu - uh * uv) / det
    return slope_u, slope_v, mean_h - slope_u * mean_u - slope_v * mean_v


def _along(start: Vector, direction: Vector, distance: float) -> Vector:
    return (
        start[0] + distance * direction[0],
        start[1] + distance * direction[1],
        start[2] + distance * direction[2],
    )


class _Rays:
    """The rays around one way, each read once."""

    def __init__(self, columns: Columns, axis: Axis, left_out: frozenset[int]) -> None:
        self._columns = columns
        self._left_out = left_out
        self._axis = axis
        self._grid = columns.grids[axis]
        self._read: dict[int, list[Interval]] = {}

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
        return [number for number, low, high in self._ray(c, r) if low < along < high]

    def _place(self, point: Vector) -> tuple[float, float, float]:
        along, across = (point[2], point[0]) if self._axis == "z" else (point[0], point[2])
        grid = self._grid
        return along, (across - grid.across0) / grid.pitch_mm - 0.5, (grid.top - point[1]) / grid.pitch_mm - 0.5

    def _ray(self, column: int, row: int) -> list[Interval]:
        cell = row * self._grid.columns + column
        found = self._read.get(cell)
        if found is None:
            met = self._columns.cell(self._axis, cell)
            found = [i for i in met if i.structure < SKIN_OF_ARM and i.structure not in self._left_out]
            self._read[cell] = found
        return found


def _runs(inside: Sequence[dict[int, float]]) -> Iterator[tuple[int, float, float]]:
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


def _nearest(rays: _Rays, skin: Vector, direction: Vector, steps: int, crossed: set[int]) -> dict[int, float]:
    """How near the way passes each structure that it does not cross, within 5 mm."""
    first, second = _across(direction)
    nearest: dict[int, float] = {}
    for index in range(0, steps, 4):
        middle = _along(skin, direction, index * STEP_MM - _LEAD_MM)
        for radius in (1.25, 2.5, 3.75, NEAR_MM):
            for a, b in _RING:
                for number in rays.at(_along(_along(middle, first, radius * a), second, radius * b)):
                    if number not in crossed and radius < nearest.get(number, 99.0):
                        nearest[number] = radius
    return nearest


def _across(direction: Vector) -> tuple[Vector, Vector]:
    """Two unit vectors that stand square on a direction and on each other."""
    up: Vector = (0.0, 1.0, 0.0) if abs(direction[1]) < 0.9 else (1.0, 0.0, 0.0)
    first = _unit(_cross(direction, up))
    return first, _cross(direction, first)


def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(p * q for p, q in zip(a, b, strict=True))


def _unit(vector: Sequence[float]) -> Vector:
    length = sqrt(_dot(vector, vector))
    return (vector[0] / length, vector[1] / length, vector[2] / length)
