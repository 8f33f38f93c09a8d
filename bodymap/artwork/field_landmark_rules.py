"""The rules of fields where the reference body has no course of what is at risk: areas by landmarks and by muscles.

As in `field_rules`: levels are Y of the body frame, margins millimetres on the page, both sides laid over each other.
"""

from collections.abc import Mapping
from types import MappingProxyType

import shapely
from shapely.affinity import scale
from shapely.geometry import LineString

from bodymap.artwork.field_rules import Body, Rule, Shape, filled_rows, margin, of_the_neck, shape_of
from bodymap.atlas.fields import FieldId
from bodymap.atlas.frames import SIZES, to_page
from bodymap.atlas.manifest import ViewId

# The sheath's vessels lie beside each other: half of their breadth and a fingertip.
SHEATH_MM = 15.0
_ABDOMINAL_WALL = ("rectus_abdominis", "external_oblique", "internal_oblique", "transversus_abdominis")


def _carotid_sheath(body: Body) -> Shape:
    """Along the line from the sternoclavicular joint to the middle between the jaw's angle and the mastoid process."""
    jaw, mastoid = body.landmark("mandible-angle"), body.landmark("mastoid")
    hollow = tuple((one + other) / 2 for one, other in zip(jaw, mastoid, strict=True))
    ends = [_seen(body, body.landmark("clavicle-sternal-end")), _seen(body, hollow)]
    sheath = margin(LineString(ends), SHEATH_MM)
    return of_the_neck(body, _both(body, sheath))


def _femoral_triangle(body: Body) -> Shape:
    """Between the inguinal ligament (from the anterior superior iliac spine to the pubic tubercle), sartorius and the
    medial border of adductor longus, down to where the two muscles cross or the page ends."""
    spine, tubercle = (_seen(body, body.landmark(name)) for name in ("asis", "pubic-tubercle"))
    width, height = SIZES[body.view]
    half = shapely.box(width / 2, 0, width, height)
    sartorius, adductor = (
        shapely.intersection(shape_of(body.mask([name])), half) for name in ("sartorius", "adductor_longus")
    )
    crossing = shapely.intersection(sartorius, adductor)
    low = height if crossing.is_empty else float(shapely.bounds(crossing)[3])
    below = shapely.box(0, min(spine[1], tubercle[1]), width, low)
    ligament = LineString([spine, tubercle])
    muscles = shapely.intersection(shapely.union(sartorius, adductor), below)
    outer = shapely.convex_hull(shapely.union_all([ligament, muscles]))
    return _both(body, margin(_medial_of(sartorius, outer)))


def _medial_of(muscle: Shape, within: Shape) -> Shape:
    """What of a shape lies at the muscle or medial of it, at every height of the page where the muscle is."""
    left, top, right, bottom = (float(edge) for edge in shapely.bounds(within))
    strips: list[Shape] = []
    for row in range(int(top), int(bottom) + 1):
        strip = shapely.intersection(muscle, shapely.box(left, row, right, row + 1))
        edge = right if strip.is_empty else float(shapely.bounds(strip)[2])
        strips.append(shapely.box(left, row, edge, row + 1))
    return shapely.intersection(within, shapely.union_all(strips))


def _abdominal_wall(body: Body) -> Shape:
    """What rectus abdominis, the obliques and transversus cover below the xiphisternal joint, from the front filled
    from side to side."""
    wall = body.mask(_ABDOMINAL_WALL)
    wall[: int(_seen(body, body.landmark("xiphisternal-joint"))[1])] = False
    return margin(shape_of(filled_rows(wall) if body.view == "anterior" else wall))


def _psoas_from_behind(body: Body) -> Shape:
    """What psoas spans above the iliac crest; below, it lies behind the hip bone."""
    _, crest = _seen(body, body.landmark("iliac-crest"))
    width, _height = SIZES[body.view]
    above = shapely.box(0, 0, width, crest)
    return margin(shapely.intersection(shape_of(body.mask(["psoas_major"])), above))


def _psoas_from_before(body: Body) -> Shape:
    """What psoas spans, from the spine to the groin."""
    return margin(shape_of(body.mask(["psoas_major"])))


def _seen(body: Body, point: tuple[float, ...]) -> tuple[float, float]:
    """Where the view shows a point of the body's left half."""
    across = point[0] if body.view in ("posterior", "anterior") else point[2]
    return to_page(body.view, across, point[1])


def _both(body: Body, shape: Shape) -> Shape:
    """A shape of the left half, and on posterior and anterior its mirror image."""
    if body.view == "left":
        return shape
    width = SIZES[body.view][0]
    result: Shape = shapely.union(shape, scale(shape, xfact=-1.0, yfact=1.0, origin=(width / 2, 0)))
    return result


# The right view is the left one mirrored.
LANDMARK_RULES: Mapping[ViewId, Mapping[FieldId, Rule]] = MappingProxyType(
    {
        "posterior": {"psoas": _psoas_from_behind},
        "anterior": {
            "carotid-sheath": _carotid_sheath,
            "femoral-triangle": _femoral_triangle,
            "abdominal-wall": _abdominal_wall,
            "psoas": _psoas_from_before,
        },
        "left": {"carotid-sheath": _carotid_sheath, "abdominal-wall": _abdominal_wall},
    }
)
