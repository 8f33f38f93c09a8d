"""Fields: areas of a view with a risk beneath or near a needle, as sheets of SVG.

The rules that they are drawn by stand in `field_rules` and `field_landmark_rules`; `bodymap.atlas.fields` reads what is
made here; what a field means to a clinician, and by which source, stands with the flags. A field is drawn once and
mirrored.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.affinity import scale
from shapely.geometry import Polygon

from bodymap.artwork import svg
from bodymap.artwork.field_landmark_rules import LANDMARK_RULES
from bodymap.artwork.field_rules import FINGERTIP_MM, RULES, Body, Shape
from bodymap.artwork.meshes import Mesh
from bodymap.atlas.fields import FIELDS, FieldId
from bodymap.atlas.frames import SIZES
from bodymap.atlas.manifest import VIEWS, Side, ViewId

Shapes = dict[tuple[FieldId, Side], Shape]

_SIMPLIFIED_MM = 0.3

TITLES: dict[FieldId, str] = {
    "lung-field": "Lung field",
    "spinal-canal": "Over the spinal canal",
    "suboccipital": "Suboccipital region",
    "kidney-level": "Kidney level",
    "rib-12-attachment": "Attachment of quadratus lumborum at rib 12",
    "anterior-neck": "Anterior neck",
    "lateral-neck": "Lateral neck",
    "carotid-sheath": "Carotid sheath",
    "femoral-triangle": "Femoral triangle",
    "abdominal-wall": "Abdominal wall",
    "psoas": "Psoas",
}


def draw_fields(meshes: Sequence[Mesh], version: str = "1") -> dict[ViewId, str]:
    """By view, the sheet of its fields: one path for each field and side, in the strict subset of the plates.

    Equal meshes give equal text.
    """
    return {view: fields_svg(view, shapes, version) for view, shapes in field_shapes(meshes).items()}


def fields_svg(view: ViewId, shapes: Shapes, version: str) -> str:
    """The text of one sheet."""
    width, height = SIZES[view]
    paths = [
        svg.element(
            "path",
            [("id", f"{field}-{side}"), ("data-field", field), ("data-side", side), ("d", _path(shape))],
            svg.text("title", f"{TITLES[field]}, {side}"),
        )
        for (field, side), shape in shapes.items()
    ]
    attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("viewBox", f"0 0 {width:g} {height:g}"),
        ("role", "img"),
        ("data-atlas", version),
        ("data-view", view),
    ]
    head = f"\n{svg.text('title', f'Fields, {view} view')}\n{svg.text('desc', svg.CREDIT)}\n"
    group = svg.element("g", [("id", "fields"), ("fill", "#7a5c8e"), ("fill-opacity", ".3")], "\n".join(paths))
    return svg.element("svg", attributes, head, group, "\n") + "\n"


def field_shapes(meshes: Sequence[Mesh]) -> dict[ViewId, Shapes]:
    """By view, every field's shape by field and side, in page millimetres; sides are exact mirror images.

    On posterior and anterior a side's field reaches a fingertip over the midline, where a mark may mean either side.
    """
    by_view: dict[ViewId, Shapes] = {view: {} for view in VIEWS}
    for view in RULES:
        rules = {**RULES[view], **LANDMARK_RULES[view]}
        body, width = Body(meshes, view), SIZES[view][0]
        for field in (field for field in FIELDS if field in rules):
            shape = rules[field](body)
            if view == "left":
                shape = _tidied(shape)
                by_view["left"][field, "left"] = shape
                by_view["right"][field, "right"] = _mirrored(shape, width)
                continue
            viewers_left = _tidied(shapely.intersection(shape, shapely.box(0, 0, width / 2 + FINGERTIP_MM, 970)))
            viewers_right = _mirrored(viewers_left, width)
            left, right = (viewers_left, viewers_right) if view == "posterior" else (viewers_right, viewers_left)
            by_view[view][field, "left"], by_view[view][field, "right"] = left, right
    return by_view


def _tidied(shape: Shape) -> Shape:
    """Without specks and holes, with few corners, on a grid of tenths of a millimetre."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and part.area > 10]
    solid = shapely.union_all([Polygon(part.exterior) for part in parts])
    result: Shape = shapely.set_precision(shapely.simplify(solid, _SIMPLIFIED_MM), 0.1)
    return shapely.normalize(result)


def _mirrored(shape: Shape, width: float) -> Shape:
    result: Shape = scale(shape, xfact=-1.0, yfact=1.0, origin=(width / 2, 0))
    return result


def _path(shape: Shape) -> str:
    """Path data of straight lines, in tenths of a millimetre."""
    pieces: list[str] = []
    for part in shapely.get_parts(shape):
        tenths = np.rint(np.asarray(part.exterior.coords)[:-1] * 10).astype(np.int64)
        steps = np.diff(tenths, axis=0)
        pieces.append(f"M{_number(tenths[0][0])} {_number(tenths[0][1])}l")
        pieces.append(" ".join(f"{_number(x)} {_number(y)}" for x, y in steps))
        pieces.append("z")
    return "".join(pieces)


def _number(tenths: int) -> str:
    return f"{tenths / 10:g}"
