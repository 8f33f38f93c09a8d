"""The rules that fields are drawn by: which meshes each starts from, what it spans, and how far it reaches beyond.

Levels are Y of the body frame, up from the soles; margins are millimetres on the page. Both sides of the body are laid
over each other first, so that a rule reads the same on both.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import Point

from bodymap.artwork.front import Mask
from bodymap.artwork.landmarks import find_landmarks
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.polygons import polygons
from bodymap.artwork.raster import WINDOWS, rasterise
from bodymap.artwork.skin import split_skin
from bodymap.atlas.fields import FieldId
from bodymap.atlas.frames import FRAMES, SIZES
from bodymap.atlas.landmarks import Landmark
from bodymap.atlas.manifest import ViewId

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
# A field that stops at a structure stops this far from it, one that reaches the skin this far beyond it: farther than
# outlines are smoothed.
_APART_MM = 2.0
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
_SHOULDER_AND_BREAST = (
    "deltoid_clavicular",
    "deltoid_acromial",
    "deltoid_spinal",
    "pectoralis_major_clavicular",
    "pectoralis_major_sternocostal",
)


Rule = Callable[["Body"], Shape]


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

    @cached_property
    def trunk(self) -> Mask:
        """The body's outline without the arms, every row filled between its edges."""
        return filled_rows(self._folded(self._raster([self._skin])))

    def near(self, name: str, other: str, within_mm: float) -> Mask:
        """The pixels of the parts of one structure that come this near to another, of the same side, in the body."""
        parts: list[Mesh] = []
        for mesh in (mesh for mesh in self._meshes if mesh.name == name):
            neighbour = next(m for m in self._meshes if m.name == other and m.side == mesh.side)
            distances, _ = cKDTree(neighbour.vertices).query(mesh.vertices)
            near = np.asarray(distances) <= within_mm
            parts.append(replace(mesh, faces=mesh.faces[near[mesh.faces].any(axis=1)]))
        return self._folded(self._raster(parts))

    def levels(self, name: str) -> tuple[float, float]:
        """(highest, lowest) Y of the meshes of a name."""
        ys = np.concatenate([mesh.vertices[:, 1] for mesh in self._meshes if mesh.name == name])
        return float(ys.max()), float(ys.min())

    def foremost(self, name: str) -> float:
        """The greatest Z of the meshes of a name."""
        return max(float(mesh.vertices[:, 2].max()) for mesh in self._meshes if mesh.name == name)

    def near_midplane(self, within_mm: float) -> Mask:
        """On a side view: where the skin that is seen lies this near to the midplane."""
        seen = rasterise([self._skin], self.view, WINDOWS[self.view], RESOLUTION_MM)
        first = np.full(seen.width * seen.height, np.inf, np.float32)
        np.minimum.at(first, seen.pixel, seen.depth)
        # Depth is -X on the left view: the skin seen first has the greatest X.
        return (np.isfinite(first) & (first >= -within_mm)).reshape(seen.height, seen.width)

    def landmark(self, landmark_id: str) -> tuple[float, float, float]:
        """A landmark of the left half or of the midline, in body millimetres. Raises `KeyError`."""
        at = self._landmarks[landmark_id].at
        return at["left"] if "left" in at else at["midline"]

    @cached_property
    def _landmarks(self) -> Mapping[str, Landmark]:
        return {landmark.id: landmark for landmark in find_landmarks(self._meshes)}

    @cached_property
    def _skin(self) -> Mesh:
        body, _ = split_skin(next(mesh for mesh in self._meshes if mesh.kind == "skin"))
        return body

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
    reach = shapely.buffer(shape_of(lung), PLEURA_SHORT_MM)
    c7 = body.levels("vertebra_C7")[1]
    return margin(shapely.union_all([shape_of(chest | cage), reach, *_domes(body, reach, c7)]))


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
    cage, lung, trunk = body.mask(_CAGE), body.mask(_LUNG), body.trunk
    chest = filled_rows(cage | lung)
    # Left view: the back is to the viewer's right.
    chest |= _spread(chest, trunk, towards=1)
    breast = _rows(*body.levels("sternum"))
    chest[breast] |= _spread(chest[breast], trunk[breast], towards=-1)
    reach = shapely.buffer(shape_of(lung), PLEURA_SHORT_MM)
    return margin(shapely.union_all([shape_of(chest), reach]))


def _spinal_canal_from_behind(body: Body) -> Shape:
    """A band on both sides of the midline, at least as wide as the dura with a fingertip around it, from above C1 down
    to the middle of the sacrum."""
    width, _ = SIZES[body.view]
    top, bottom = _spinal_levels(body)
    reach = PARASPINAL_MM + FINGERTIP_MM / 2
    band = shapely.box(width / 2 - reach, _page_y(top), width / 2 + reach, _page_y(bottom))
    return shapely.union(band, margin(shape_of(body.mask(["spinal_dura"]))))


def _spinal_canal_from_aside(body: Body) -> Shape:
    """The hind edge of the body's outline, where the skin that is seen lies near the midline. It hardly does so along
    the chest: there the shoulder blades and their muscles make the outline."""
    near = body.near_midplane(PARASPINAL_MM + FINGERTIP_MM)
    behind = np.zeros_like(near)
    levels = _rows(*_spinal_levels(body))
    rear = int(_page_x(body.view, 0.0) / RESOLUTION_MM)  # Nothing of the back lies before Z = 0 from C1 to S2.
    behind[levels, rear:] = near[levels, rear:]
    return margin(shape_of(behind), FINGERTIP_MM / 2)


def _spinal_levels(body: Body) -> tuple[float, float]:
    top = max(body.levels("vertebra_C1")[0], body.levels("spinal_dura")[0]) + FINGERTIP_MM
    return top, sum(body.levels("sacrum")) / 2


def _suboccipital_from_behind(body: Body) -> Shape:
    """What the eight suboccipital muscles span between occiput, C1 and C2."""
    return margin(shapely.convex_hull(shape_of(body.mask(_SUBOCCIPITAL))))


def _suboccipital_from_aside(body: Body) -> Shape:
    """What the eight suboccipital muscles span between occiput, C1 and C2, seen from the side, and on to the nape."""
    span = shapely.convex_hull(shape_of(body.mask(_SUBOCCIPITAL)))
    mask = _pixels(body, span)
    return margin(shape_of(mask | _spread(mask, body.trunk, towards=1)))


def _kidney_level_from_behind(body: Body) -> Shape:
    """T12 to L3, from where needles beside the spine begin to miss bone, to the flank."""
    middle = SIZES[body.view][0] / 2
    top, bottom = _kidney_levels(body)
    beside = [
        shapely.box(middle - _TRUNK_MM, top, middle - BONE_MISSED_FROM_MM, bottom),
        shapely.box(middle + BONE_MISSED_FROM_MM, top, middle + _TRUNK_MM, bottom),
    ]
    return shapely.intersection(margin(shape_of(body.trunk), _APART_MM), shapely.union_all(beside))


def _kidney_level_from_aside(body: Body) -> Shape:
    """T12 to L3, from the back's outline to a fingertip before the vertebrae."""
    front = max(body.foremost(f"vertebra_{name}") for name in ("T12", "L1", "L2", "L3")) + FINGERTIP_MM
    top, bottom = _kidney_levels(body)
    behind = shapely.box(_page_x(body.view, front), top, SIZES[body.view][0], bottom)
    return shapely.intersection(margin(shape_of(body.trunk), _APART_MM), behind)


def _kidney_levels(body: Body) -> tuple[float, float]:
    return _page_y(body.levels("vertebra_T12")[0]), _page_y(body.levels("vertebra_L3")[1])


def _rib_12_attachment(body: Body) -> Shape:
    """Where quadratus lumborum comes within a fingertip of rib 12, in the body and not only on the page, with a
    fingertip around it."""
    return margin(shape_of(body.near("quadratus_lumborum", "rib_12", FINGERTIP_MM)))


def _anterior_neck_from_before(body: Body) -> Shape:
    """Between the floor of the mouth and the sternum, below the jaw."""
    return of_the_neck(body, margin(_throat(body)))


def _anterior_neck_from_aside(body: Body) -> Shape:
    """Between the floor of the mouth and the sternum, below the jaw, seen from the side, and on to the throat's
    outline."""
    mask = _pixels(body, _throat(body))
    return of_the_neck(body, margin(shape_of(mask | _spread(mask, body.trunk, towards=-1))))


def _throat(body: Body) -> Shape:
    """What the muscles of the throat and the trachea span above the sternum."""
    mask = body.mask(_ANTERIOR_NECK)
    mask[_rows(body.levels("sternum")[0], 0)] = False
    return shapely.convex_hull(shape_of(mask))


def _lateral_neck(body: Body) -> Shape:
    """What sternocleidomastoid and the scalenes of one side span between the jaw and the sternum's upper edge."""
    mask = body.mask(_LATERAL_NECK)
    mask[_rows(body.levels("sternum")[0], 0)] = False
    whole = shape_of(mask)
    if body.view == "left":
        return of_the_neck(body, margin(shapely.convex_hull(whole)))
    width, height = SIZES[body.view]
    halves = [
        shapely.convex_hull(shapely.intersection(whole, shapely.box(left, 0, left + width / 2, height)))
        for left in (0.0, width / 2)
    ]
    return of_the_neck(body, margin(shapely.union_all(halves)))


# The right view is the left one mirrored.
RULES: Mapping[ViewId, Mapping[FieldId, Rule]] = MappingProxyType(
    {
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
)


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


def of_the_neck(body: Body, shape: Shape) -> Shape:
    """The shape without what is seen of the head (before the jaw or above its lower edge, from the front above the
    skull's), and without what lies over the muscles of shoulder and breast."""
    if body.view == "left":
        head = body.mask(["mandible", "masseter"])
        head = _spread(head, np.ones_like(head), towards=-1)
        outside = body.mask([*_SHOULDER_AND_BREAST, "trapezius_transverse"])
    else:
        head = body.mask(["mandible", "masseter", "skull"])
        outside = body.mask(_SHOULDER_AND_BREAST)
    above = np.logical_or.accumulate(head[::-1], axis=0)[::-1]
    elsewhere = shapely.union(shape_of(above), shape_of(outside))
    return shapely.difference(shape, shapely.buffer(elsewhere, _APART_MM))


def shape_of(mask: Mask) -> Shape:
    """The outline of a mask, in page millimetres."""
    return polygons(mask, RESOLUTION_MM)


def margin(shape: Shape, by_mm: float = FINGERTIP_MM) -> Shape:
    """A shape with so much around it, by default a fingertip."""
    result: Shape = shapely.buffer(shape, by_mm)
    return result


def _pixels(body: Body, shape: Shape) -> Mask:
    width, height = (round(side / RESOLUTION_MM) for side in SIZES[body.view])
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    shapely.prepare(shape)
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
