"""Where a straight needle enters the reference body, and in which direction it goes on from there."""

from collections.abc import Sequence
from math import cos, hypot, radians, sin, sqrt
from typing import NamedTuple

from bodymap.atlas.body import Atlas
from bodymap.atlas.frames import to_body, to_page
from bodymap.atlas.manifest import Arm, Side, ViewId
from bodymap.atlas.ray_grid import ALONG, AXIS, SKIN, SKIN_OF_ARM
from bodymap.atlas.skin import Skin, skin_before
from bodymap.atlas.vectors import Vector, dot, unit

# The patch of skin that a normal is taken from: wide enough to pass over the patches that the skin is made of.
NORMAL_RADIUS_MM = 20.0
_STRIDE_MM = 4.0
# A direction that runs along the normal, give or take this angle, points nowhere on the skin.
_NOWHERE_DEG = 15.0
# How near to its target a needle must come, the most steps of the search, and their damping.
_HIT_MM = 1.0
_TRIES = 24
_PACE = 0.7
# Below this landmark each leg has its own skin.
_LEGS_PART = "ischial-tuberosity"

# Directions in which a needle is inclined, as body vectors; medial and lateral depend on the side.
_TOWARDS: dict[str, Vector] = {
    "cranial": (0.0, 1.0, 0.0),
    "caudal": (0.0, -1.0, 0.0),
    "anterior": (0.0, 0.0, 1.0),
    "posterior": (0.0, 0.0, -1.0),
}
_FIRST_OF_TWO = {"cranio": "cranial", "caudo": "caudal"}


class _Height(NamedTuple):
    """Where the skin is along the view's axis, in body millimetres, and what tells a limb's skin from the rest."""

    at_mm: float
    limb: tuple[int, bool | None]


class Entry(NamedTuple):
    """A place of the skin: body millimetres (X to the subject's left, Y up, Z forward), and the inward unit normal of
    the skin around it, smoothed."""

    skin: Vector
    normal: Vector


def entry_at(atlas: Atlas, view: ViewId, x: float, y: float, arm: Arm | None = None) -> Entry | None:
    """Where a needle enters under a point of a view; `None` off the body, and at an edge so
    thin that no ray meets it.

    The skin is the last one before the first structure, as depths are counted. Its normal is that of the plane that
    fits it best within 20 mm, on the view and on the same limb: the skin of the reference body is made of patches.
    Raises `UnknownView`.
    """
    here = _skin(atlas, view, x, y, arm)
    if here is None:
        return None
    samples: list[tuple[float, float, float]] = []
    reach = int(NORMAL_RADIUS_MM // _STRIDE_MM)
    across, up = to_body(view, x, y)
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            du, dv = i * _STRIDE_MM, j * _STRIDE_MM
            if hypot(du, dv) <= NORMAL_RADIUS_MM:
                height = _skin(atlas, view, *to_page(view, across + du, up + dv), arm)
                # The far side of a fold, or another limb, is not the patch of skin that the needle enters.
                if height and height.limb == here.limb and abs(height.at_mm - here.at_mm) <= NORMAL_RADIUS_MM:
                    samples.append((du, dv, height.at_mm))
    slope_u, slope_v, level = _plane(samples)
    inward = 1.0 if ALONG[view] else -1.0
    if AXIS[view] == "z":
        return Entry((across, up, level), unit((-slope_u * inward, -slope_v * inward, inward)))
    return Entry((level, up, across), unit((inward, -slope_v * inward, -slope_u * inward)))


def entry_towards(
    atlas: Atlas,
    view: ViewId,
    target: Vector,
    angle_deg: float,
    direction: str | None,
    side: Side,
    arm: Arm | None = None,
) -> tuple[float, float] | None:
    """The point of a view at which a needle, so inclined, must enter to come to a body point; `None` where none does.

    Skin and structure may stand centimetres apart, so straight over a structure is seldom where a needle comes to it.
    """
    across, up = (target[0] if AXIS[view] == "z" else target[2]), target[1]
    for _ in range(_TRIES):
        place = to_page(view, across, up)
        entry = entry_at(atlas, view, *place, arm)
        way = inclined(entry.normal, angle_deg, direction, side) if entry is not None else None
        if entry is None or way is None:
            return None
        to_target = tuple(t - s for t, s in zip(target, entry.skin, strict=True))
        along = dot(to_target, way)
        missed = tuple(t - along * w for t, w in zip(to_target, way, strict=True))
        if dot(missed, missed) <= _HIT_MM**2:
            return place if along > 0 else None
        across += _PACE * (missed[0] if AXIS[view] == "z" else missed[2])
        up += _PACE * missed[1]
    return None


def inclined(normal: Vector, angle_deg: float, direction: str | None, side: Side) -> Vector | None:
    """The inward unit vector that leaves the skin's inward `normal` by `angle_deg` towards `direction`.

    `direction` is one of medial, lateral, cranial, caudal, anterior, posterior, or two of them joined as in
    `craniomedial`; it is not needed at 0 degrees. `None` where the direction runs along the normal and so points
    nowhere on the skin, or is medial or lateral of the midline, or is none of these.
    """
    if not angle_deg:
        return normal
    towards = _towards(direction or "", side)
    if towards is None:
        return None
    along = dot(towards, normal)
    tangent = tuple(t - along * n for t, n in zip(towards, normal, strict=True))
    length = sqrt(dot(tangent, tangent))
    if length < sin(radians(_NOWHERE_DEG)):
        return None
    angle = radians(angle_deg)
    return unit(tuple(cos(angle) * n + sin(angle) * t / length for n, t in zip(normal, tangent, strict=True)))


def _towards(direction: str, side: Side) -> Vector | None:
    lateral = {"left": 1.0, "right": -1.0}.get(side)
    known = dict(_TOWARDS)
    if lateral is not None:
        known |= {"lateral": (lateral, 0.0, 0.0), "medial": (-lateral, 0.0, 0.0)}
    if direction in known:
        return known[direction]
    for first, alone in _FIRST_OF_TWO.items():
        second = known.get(direction.removeprefix(first)) if direction.startswith(first) else None
        if second is not None:
            return unit(tuple(a + b for a, b in zip(known[alone], second, strict=True)))
    return None


def _skin(atlas: Atlas, view: ViewId, x: float, y: float, arm: Arm | None) -> _Height | None:
    """The skin before the first structure under a point; `None` where there is nothing.

    Where no skin was met before it (its patches leave gaps), the structure itself stands for it.
    """
    way = atlas.way(view, x, y, arm)
    if not way:
        return None
    skin = skin_before(way)
    if skin is None:
        structure = atlas.structure(way[0])
        skin = Skin(SKIN_OF_ARM if structure is not None and structure.arm else SKIN, way[0].low_mm)
    across, up = to_body(view, x, y)
    half = across > 0 if AXIS[view] == "z" and up < atlas.landmarks.get(_LEGS_PART).at["left"][1] else None
    return _Height(skin.at_mm if ALONG[view] else -skin.at_mm, (skin.number, half))


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
