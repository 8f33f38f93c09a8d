"""The outline of the skin on a view, and what lies around it."""

from functools import lru_cache
from math import hypot

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.atlas.manifest import Arm, ViewId
from bodymap.atlas.outlines import Point, Ring, flatten
from bodymap.rendering.boxes import Extents
from bodymap.rendering.scene import coarse

_MARGIN_MM = 20
_TOLERANCE_MM = 0.8


@lru_cache(maxsize=16)
def skin_outline(atlas: Atlas, view: ViewId, arm: Arm) -> str:
    """Path data of the outline as the plates have it, in millimetres. Raises `UnknownView`."""
    body = atlas.plate(view, atlas.view(view).layers[0], arm).groups["body"]
    return next(element.d for element in body.elements if element.id == "body-outline")


@lru_cache(maxsize=16)
def arm_outlines(atlas: Atlas, view: ViewId) -> tuple[str, ...]:
    """Path data of each muscle and bone of the arm as a side view shows it, in millimetres."""
    arms = {structure.id for structure in atlas.manifest.structures if structure.arm}
    plate = atlas.plate(view, atlas.view(view).layers[0], "shown")
    groups = (plate.groups[name] for name in ("bones", "context", "regions") if name in plate.groups)
    elements = (element for group in groups for element in group.elements)
    return tuple(element.d for element in elements if (element.region or element.structure) in arms)


@lru_cache(maxsize=16)
def around_skin(atlas: Atlas, view: ViewId, arm: Arm) -> str:
    """Everything of the view's page but the body, to be filled by the rule of even and odd over what runs beyond it."""
    width, height = SIZES[view]
    far = _MARGIN_MM
    page = f"M{-far} {-far}H{width + far:.0f}V{height + far:.0f}H{-far}z"
    return page + skin_outline(atlas, view, arm)


@lru_cache(maxsize=16)
def plain_skin(atlas: Atlas, view: ViewId, arm: Arm) -> str:
    """The outline with as few corners as a small picture needs, accurate to about a millimetre."""
    return plain_shape(skin_outline(atlas, view, arm))


@lru_cache(maxsize=64)
def plain_muscles(atlas: Atlas, view: ViewId, arm: Arm, part: Extents) -> str:
    """The outlines of the outermost muscles that reach into a part of a view, with as few corners."""
    regions = atlas.plate(view, atlas.view(view).layers[0], arm).groups["regions"]
    rings = (ring for element in regions.elements for ring in flatten(element.d) if len(ring) > 3)
    return "".join(_polygon(_fewer(ring)) for ring in rings if _bounds(ring).touches(part))


@lru_cache(maxsize=512)
def plain_shape(d: str) -> str:
    """A shape of the atlas with as few corners."""
    return "".join(_polygon(_fewer(ring)) for ring in flatten(d) if len(ring) > 3)


def _bounds(ring: Ring) -> Extents:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return Extents(min(xs), min(ys), max(xs), max(ys))


def _polygon(ring: Ring) -> str:
    """A ring in steps of half a millimetre."""
    halves = [(round(2 * x), round(2 * y)) for x, y in ring]
    x, y = halves[0]
    parts = [f"M{coarse(x / 2)} {coarse(y / 2)}l"]
    for there in halves[1:]:
        parts.append(f"{coarse((there[0] - x) / 2)} {coarse((there[1] - y) / 2)} ")
        x, y = there
    return "".join(parts).replace(" -", "-").rstrip() + "z"


def _fewer(ring: Ring) -> Ring:
    """The ring without the corners that lie almost on the line between others (Douglas and Peucker)."""
    far = max(range(len(ring)), key=lambda place: hypot(ring[place][0] - ring[0][0], ring[place][1] - ring[0][1]))
    return (*_run(ring[: far + 1])[:-1], *_run((*ring[far:], ring[0]))[:-1])


def _run(points: Ring) -> list[Point]:
    kept = {0, len(points) - 1}
    stretches = [(0, len(points) - 1)]
    while stretches:
        first, last = stretches.pop()
        between = range(first + 1, last)
        off = max(((_off(points[place], points[first], points[last]), place) for place in between), default=(0.0, 0))
        if off[0] > _TOLERANCE_MM:
            kept.add(off[1])
            stretches += [(first, off[1]), (off[1], last)]
    return [points[place] for place in sorted(kept)]


def _off(point: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = hypot(dx, dy)
    if long == 0:
        return hypot(point[0] - a[0], point[1] - a[1])
    return abs(dx * (point[1] - a[1]) - dy * (point[0] - a[0])) / long
