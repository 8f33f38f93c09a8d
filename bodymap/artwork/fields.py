"""Fields: areas of a view where a needle has something to know about beneath or beside it, drawn by stated rules.

Every rule starts from the meshes and is generous: the patient is not the reference body. Rules read the same on both
sides, so both sides of the body are laid over each other first, and a field is drawn once and mirrored. Millimetres of
the body frame (Y up from the soles) where a rule names a level; all other lengths are margins on the page.
`bodymap.atlas.fields` reads what is made here; what each field means to a clinician, and by which source, stands with
the flags.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.affinity import scale
from shapely.geometry import Point, Polygon

from bodymap.artwork import svg
from bodymap.artwork.front import Mask
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.outlines import polygons
from bodymap.artwork.raster import WINDOWS, rasterise
from bodymap.artwork.skin import split_skin
from bodymap.atlas.fields import FIELDS, FieldId
from bodymap.atlas.frames import FRAMES, SIZES
from bodymap.atlas.manifest import VIEWS, ViewId

RESOLUTION_MM = 1.0
# The width of a fingertip, around every field: what palpation and a mark on a chart can tell apart.
FINGERTIP_MM = 10.0
# The pleura's mesh lies up to this far inside the cage.
PLEURA_SHORT_MM = 14.0
# Points this far lateral of C7 are where the distance to the lung's apex was measured through upper trapezius.
APEX_REACHED_FROM_MM = 70.0
# At L1, needles missed bone this far from the midline; the nearest distance tried, where some did so already, is less.
PARASPINAL_MM = 25.0
BONE_MISSED_FROM_MM = 15.0
_SIMPLIFIED_MM = 0.3
_TRUNK_MM = 190.0

Shape = shapely.Geometry
_Rows = slice

_RIBS = tuple(f"rib_{number}" for number in range(1, 13))
_CAGE = (*_RIBS, "costal_cartilages", "external_intercostals", "internal_intercostals", "sternum")
_LUNG = ("pleura", "superior_lobe_of_lung", "middle_lobe_of_lung", "inferior_lobe_of_lung")
_SUBOCCIPITAL = (
    "rectus_capitis_posterior_major",
    "rectus_capitis_posterior_minor",
    "obliquus_capitis_superior",
    "obliquus_capitis_inferior",
)
_ANTERIOR_NECK = ("digastric", "sternohyoid", "sternothyroid", "trachea")
_LATERAL_NECK = ("sternocleidomastoid", "scalenus_anterior", "scalenus_medius", "scalenus_posterior")

TITLES: dict[FieldId, str] = {
    "lung-field": "Lung field",
    "spinal-canal": "Over the spinal canal",
    "suboccipital": "Suboccipital region",
    "kidney-level": "Kidney level",
    "rib-12-attachment": "Attachment of quadratus lumborum at rib 12",
    "anterior-neck": "Anterior neck",
    "lateral-neck": "Lateral neck",
}


def draw_fields(meshes: Sequence[Mesh], version: str = "1") -> dict[ViewId, str]:
    """By view, the sheet of its fields: one path for each field and side, in the strict subset of the plates.

    Equal meshes give equal text.
    """
    return {view: fields_svg(view, shapes, version) for view, shapes in field_shapes(meshes).items()}


def fields_svg(view: ViewId, shapes: dict[tuple[FieldId, str], Shape], version: str) -> str:
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


def field_shapes(meshes: Sequence[Mesh]) -> dict[ViewId, dict[tuple[FieldId, str], Shape]]:
    """By view, every field's shape by field and side, in page millimetres; sides are exact mirror images.

    On posterior and anterior a side's field reaches a fingertip over the midline, where a mark may mean either side.
    """
    found: dict[ViewId, dict[tuple[FieldId, str], Shape]] = {view: {} for view in VIEWS}
    drawings: dict[ViewId, dict[FieldId, Shape]] = {
        view: {field: draw(Body(meshes, view)) for field, draw in _RULES[view].items()}
        for view in ("posterior", "anterior", "left")
    }
    for view, drawing in drawings.items():
        width = SIZES[view][0]
        for field in FIELDS:
            if field not in drawing:
                continue
            shape = drawing[field]
            if view == "left":
                shape = _tidied(shape)
                found["left"][field, "left"] = shape
                found["right"][field, "right"] = _mirrored(shape, width)
                continue
            viewers_left = _tidied(shapely.intersection(shape, shapely.box(0, 0, width / 2 + FINGERTIP_MM, 970)))
            viewers_right = _mirrored(viewers_left, width)
            left, right = (viewers_left, viewers_right) if view == "posterior" else (viewers_right, viewers_left)
            found[view][field, "left"], found[view][field, "right"] = left, right
    return found


class Body:
    """What the rules ask of the meshes on one view: silhouettes, both sides of the body laid over each other."""

    def __init__(self, meshes: Sequence[Mesh], view: ViewId) -> None:
        self.view = view
        self._meshes = meshes

    def mask(self, names: Iterable[str]) -> Mask:
        """The pixels where a ray meets any mesh of these names, on either side."""
        wanted = set(names)
        chosen = [mesh for mesh in self._meshes if mesh.name in wanted]
        missing = wanted - {mesh.name for mesh in chosen}
        if missing:
            raise ValueError(f"the fields need meshes that are not there: {', '.join(sorted(missing))}")
        return self._folded(self._raster(chosen))

    def trunk(self) -> Mask:
        """The body's outline without the arms, every row filled between its edges."""
        body, _ = split_skin(next(mesh for mesh in self._meshes if mesh.kind == "skin"))
        return filled_rows(self._folded(self._raster([body])))

    def levels(self, name: str) -> tuple[float, float]:
        """(highest, lowest) Y of the meshes of a name."""
        ys = np.concatenate([mesh.vertices[:, 1] for mesh in self._meshes if mesh.name == name])
        return float(ys.max()), float(ys.min())

    def foremost(self, name: str) -> float:
        """The greatest Z of the meshes of a name."""
        return max(float(mesh.vertices[:, 2].max()) for mesh in self._meshes if mesh.name == name)

    def near_midplane(self, within_mm: float) -> Mask:
        """On a side view: where the skin that is seen lies this near to the midplane."""
        body, _ = split_skin(next(mesh for mesh in self._meshes if mesh.kind == "skin"))
        seen = rasterise([body], self.view, WINDOWS[self.view], RESOLUTION_MM)
        first = np.full(seen.width * seen.height, np.inf, np.float32)
        np.minimum.at(first, seen.pixel, seen.depth)
        # Depth is -X on the left view: the skin seen first has the greatest X.
        return (np.isfinite(first) & (first >= -within_mm)).reshape(seen.height, seen.width)

    def _raster(self, meshes: Sequence[Mesh]) -> Mask:
        seen = rasterise(meshes, self.view, WINDOWS[self.view], RESOLUTION_MM)
        mask = np.zeros(seen.width * seen.height, np.bool_)
        mask[seen.pixel] = True
        return mask.reshape(seen.height, seen.width)

    def _folded(self, mask: Mask) -> Mask:
        return mask | mask[:, ::-1] if self.view in ("posterior", "anterior") else mask


def _lung_field_from_behind(body: Body) -> Shape:
    """The cage, filled from side to side from the pleura's top to L1's lower edge, where the pleura may lie medially
    below rib 12, and the two domes."""
    return _lung_field(body, down_to=body.levels("vertebra_L1")[1])


def _lung_field_from_before(body: Body) -> Shape:
    """As from behind, but filled from side to side only as far down as the pleura: below lies the belly."""
    return _lung_field(body, down_to=body.levels("pleura")[1] - PLEURA_SHORT_MM)


def _lung_field(body: Body, down_to: float) -> Shape:
    cage, lung = body.mask(_CAGE), body.mask(_LUNG)
    both = cage | lung
    chest = np.zeros_like(both)
    between = _rows(body.levels("pleura")[0], down_to)
    chest[between] = filled_rows(both[between])
    below = _rows(down_to, 0)
    middle = both.shape[1] // 2
    for half in (slice(0, middle), slice(middle, None)):
        chest[below, half] = filled_rows(both[below, half])
    reach = shapely.buffer(_shape(lung), PLEURA_SHORT_MM)
    c7 = body.levels("vertebra_C7")[1]
    return _margin(shapely.union_all([_shape(chest | cage), reach, *_domes(body, reach, c7)]))


def _domes(body: Body, reach: Shape, c7: float) -> list[Shape]:
    """Above rib 2, on each side, what lies between the lung's apex and a point lateral of C7."""
    width, height = SIZES[body.view]
    floor = _page_y(body.levels("sternum")[0])
    domes: list[Shape] = []
    for sign, left in ((-1, 0.0), (1, width / 2)):
        half = shapely.intersection(reach, shapely.box(left, 0, left + width / 2, min(floor, height)))
        outpost = Point(width / 2 + sign * APEX_REACHED_FROM_MM, _page_y(c7))
        domes.append(shapely.convex_hull(shapely.union_all([half, outpost])))
    return domes


def _lung_field_from_aside(body: Body) -> Shape:
    """The cage filled from front to back, and on to the body's outline: behind it everywhere, since what a side view
    shows at its hind edge stands on the back of the chest; before it where the sternum is."""
    cage, lung, trunk = body.mask(_CAGE), body.mask(_LUNG), body.trunk()
    chest = filled_rows(cage | lung)
    # Left view: the back is to the viewer's right.
    chest |= _spread(chest, trunk, towards=1)
    breast = _rows(*body.levels("sternum"))
    chest[breast] |= _spread(chest[breast], trunk[breast], towards=-1)
    reach = shapely.buffer(_shape(lung), PLEURA_SHORT_MM)
    return _margin(shapely.union_all([_shape(chest), reach]))


def _spinal_canal_from_behind(body: Body) -> Shape:
    """A band on both sides of the midline, at least as wide as the dura with a fingertip around it, from above C1 down
    to the middle of the sacrum."""
    width, _ = SIZES[body.view]
    top, bottom = _spinal_levels(body)
    band = shapely.box(width / 2 - PARASPINAL_MM, _page_y(top), width / 2 + PARASPINAL_MM, _page_y(bottom))
    return shapely.union(band, _margin(_shape(body.mask(["spinal_dura"]))))


def _spinal_canal_from_aside(body: Body) -> Shape:
    """The hind edge of the body's outline, where the skin that is seen lies near the midline. It hardly does so along
    the chest: there the shoulder blades and their muscles make the outline."""
    near = body.near_midplane(PARASPINAL_MM + FINGERTIP_MM)
    behind = np.zeros_like(near)
    levels = _rows(*_spinal_levels(body))
    rear = int(_page_x(body.view, 0.0) / RESOLUTION_MM)  # Nothing of the back lies before Z = 0 from C1 to S2.
    behind[levels, rear:] = near[levels, rear:]
    return _margin(_shape(behind), FINGERTIP_MM / 2)


def _spinal_levels(body: Body) -> tuple[float, float]:
    top = max(body.levels("vertebra_C1")[0], body.levels("spinal_dura")[0]) + FINGERTIP_MM
    return top, sum(body.levels("sacrum")) / 2


def _suboccipital_from_behind(body: Body) -> Shape:
    """What the eight suboccipital muscles span between occiput, C1 and C2."""
    return _margin(shapely.convex_hull(_shape(body.mask(_SUBOCCIPITAL))))


def _suboccipital_from_aside(body: Body) -> Shape:
    """The same span from the side, and on to the nape."""
    span = shapely.convex_hull(_shape(body.mask(_SUBOCCIPITAL)))
    mask = _pixels(body, span)
    return _margin(_shape(mask | _spread(mask, body.trunk(), towards=1)))


def _kidney_level_from_behind(body: Body) -> Shape:
    """T12 to L3, from where needles beside the spine begin to miss bone, to the flank."""
    middle = SIZES[body.view][0] / 2
    top, bottom = _kidney_levels(body)
    beside = [
        shapely.box(middle - _TRUNK_MM, top, middle - BONE_MISSED_FROM_MM, bottom),
        shapely.box(middle + BONE_MISSED_FROM_MM, top, middle + _TRUNK_MM, bottom),
    ]
    return shapely.intersection(_margin(_shape(body.trunk())), shapely.union_all(beside))


def _kidney_level_from_aside(body: Body) -> Shape:
    """T12 to L3, from the back's outline to a fingertip before the vertebrae."""
    front = max(body.foremost(f"vertebra_{name}") for name in ("T12", "L1", "L2", "L3")) + FINGERTIP_MM
    top, bottom = _kidney_levels(body)
    behind = shapely.box(_page_x(body.view, front), top, SIZES[body.view][0], bottom)
    return shapely.intersection(_margin(_shape(body.trunk())), behind)


def _kidney_levels(body: Body) -> tuple[float, float]:
    return _page_y(body.levels("vertebra_T12")[0]), _page_y(body.levels("vertebra_L3")[1])


def _rib_12_attachment(body: Body) -> Shape:
    """Quadratus lumborum within a fingertip of rib 12, with a fingertip around it."""
    muscle, rib = _shape(body.mask(["quadratus_lumborum"])), _shape(body.mask(["rib_12"]))
    return _margin(shapely.intersection(muscle, _margin(rib)))


def _anterior_neck_from_before(body: Body) -> Shape:
    """Between the floor of the mouth and the sternum, below the jaw."""
    return _below_jaw(body, _margin(_throat(body)))


def _anterior_neck_from_aside(body: Body) -> Shape:
    """The same span from the side, and on to the throat's outline."""
    mask = _pixels(body, _throat(body))
    return _below_jaw(body, _margin(_shape(mask | _spread(mask, body.trunk(), towards=-1))))


def _throat(body: Body) -> Shape:
    """What the muscles of the throat and the trachea span above the sternum."""
    mask = body.mask(_ANTERIOR_NECK)
    mask[_rows(body.levels("sternum")[0], 0)] = False
    return shapely.convex_hull(_shape(mask))


def _lateral_neck(body: Body) -> Shape:
    """What sternocleidomastoid and the scalenes of one side span between the jaw and the sternum's upper edge."""
    mask = body.mask(_LATERAL_NECK)
    mask[_rows(body.levels("sternum")[0], 0)] = False
    whole = _shape(mask)
    if body.view == "left":
        return _below_jaw(body, _margin(shapely.convex_hull(whole)))
    width, height = SIZES[body.view]
    halves = [
        shapely.convex_hull(shapely.intersection(whole, shapely.box(left, 0, left + width / 2, height)))
        for left in (0.0, width / 2)
    ]
    return _below_jaw(body, _margin(shapely.union_all(halves)))


_RULES: dict[ViewId, dict[FieldId, Callable[[Body], Shape]]] = {
    "posterior": {
        "lung-field": _lung_field_from_behind,
        "spinal-canal": _spinal_canal_from_behind,
        "suboccipital": _suboccipital_from_behind,
        "kidney-level": _kidney_level_from_behind,
        "rib-12-attachment": _rib_12_attachment,
    },
    "anterior": {
        "lung-field": _lung_field_from_before,
        "anterior-neck": _anterior_neck_from_before,
        "lateral-neck": _lateral_neck,
    },
    "left": {
        "lung-field": _lung_field_from_aside,
        "spinal-canal": _spinal_canal_from_aside,
        "suboccipital": _suboccipital_from_aside,
        "kidney-level": _kidney_level_from_aside,
        "rib-12-attachment": _rib_12_attachment,
        "anterior-neck": _anterior_neck_from_aside,
        "lateral-neck": _lateral_neck,
    },
}


def filled_rows(mask: Mask) -> Mask:
    """Every row filled between its first and its last pixel."""
    fromleft = np.logical_or.accumulate(mask, axis=1)
    fromright = np.logical_or.accumulate(mask[:, ::-1], axis=1)[:, ::-1]
    result: Mask = fromleft & fromright
    return result


def _spread(mask: Mask, within: Mask, *, towards: int) -> Mask:
    """From the first pixel of each row of the mask on to the edge of `within`, to the viewer's right (1) or left."""
    step = mask[:, ::towards]
    spread: Mask = np.logical_or.accumulate(step, axis=1)[:, ::towards] & within
    return spread


def _below_jaw(body: Body, shape: Shape) -> Shape:
    """Without what lies over the jaw or above its lower edge; from the side also without what lies before it."""
    jaw = body.mask(["mandible"])
    if body.view == "left":
        jaw = _spread(jaw, np.ones_like(jaw), towards=-1)
    above = np.logical_or.accumulate(jaw[::-1], axis=0)[::-1]
    return shapely.difference(shape, _shape(above))


def _shape(mask: Mask) -> Shape:
    return polygons(mask, RESOLUTION_MM)


def _margin(shape: Shape, by_mm: float = FINGERTIP_MM) -> Shape:
    result: Shape = shapely.buffer(shape, by_mm)
    return result


def _pixels(body: Body, shape: Shape) -> Mask:
    width, height = (round(side / RESOLUTION_MM) for side in SIZES[body.view])
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    inside: npt.NDArray[np.bool_] = shapely.contains_xy(shape, columns * RESOLUTION_MM, rows * RESOLUTION_MM)
    return inside


def _page_y(up: float) -> float:
    return -up - FRAMES["posterior"].v0


def _rows(top: float, bottom: float) -> _Rows:
    """The rows of a mask between two levels Y."""
    return slice(int(_page_y(top) / RESOLUTION_MM), int(np.ceil(_page_y(bottom) / RESOLUTION_MM)))


def _page_x(view: ViewId, forward: float) -> float:
    """On the left view: where a Z is seen."""
    return -forward - FRAMES[view].u0


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
