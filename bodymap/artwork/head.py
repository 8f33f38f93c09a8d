"""The head as outer plates draw it: a quiet face with closed eyes, ears, and a hair line, over the skin.

The meshes have a skull, which belongs to the dissected body, and a skin in patches with empty eyes. What is drawn here
is ours: lines in page millimetres, placed on the skin mesh's brow, eyes, nose, mouth, jaw and ears.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from skimage import draw

from bodymap.artwork.curves import Points
from bodymap.artwork.front import Mask
from bodymap.artwork.raster import WINDOWS, ViewId

# Lines as "x,y x,y …". By view; on the symmetric ones x is counted from the midline to the viewer's right, and the
# other half is the mirror image; the right view is that of the left one.
_JAW: dict[ViewId, str] = {
    "anterior": "70,160 62,172 59.5,190 53,210 40,227 24,239.5 0,244",
    "left": "192,180 183,194 169,210 150,222 132,235 116,242",
}
_FACE: dict[ViewId, str] = {
    "anterior": "70,160 62,172 59.5,190 53,210 40,227 24,239.5 0,244 0,0 100,0 100,150",
    "left": "192,180 183,194 169,210 150,222 132,235 116,242 60,246 60,0 184,0 184,130",
}
_SCALP: dict[ViewId, str] = {
    "posterior": "0,0 100,0 100,176 58,182 30,172 0,160",
    "left": "60,0 300,0 300,172 232,186 184,186 60,246",
}
_HAIR: dict[ViewId, str] = {
    "anterior": "0,57 18,58 36,63 48,74 55,90 60,108 66,122 70,134 79,138 100,120 100,-9 0,-9",
    "posterior": "0,-9 100,-9 100,110 76,122 71,140 69,158 60,172 40,179 20,180 0,176",
    "left": (
        "90,47 110,50 130,60 146,78 153,98 166,108 172,124 173,143 181,148 206,148 213,160 217,172 "
        "230,181 252,184 310,180 310,-9 90,-9"
    ),
}
_EAR: dict[ViewId, str] = {
    "left": ("181,129 190,120 203,121 212,132 215,147 210,161 202,171 196,181 189,181 184.5,172 181,158 179,142"),
}
_HAIR_CORNER_MM = 7.0
# Lines by their weight.
_FEATURES: dict[ViewId, dict[str, tuple[str, ...]]] = {
    "anterior": {
        "firm": (
            "14,121 22,117 33,114.5 43,116.5 51,122",
            "16,139.5 23,144 30.5,146 38,144.5 45,139.5",
            "0,200 5,198.9 12,199.8 18,199.6 24,198.6",
        ),
        "soft": (
            "62,172 59.5,190 53,210 40,227 24,239.5 0,244",
            "13.5,170.5 16,174.5 15.2,179 11,181.2 7,180.6 4,182.6 0,183.6",
            "76,119 73.6,136 72.6,154 69,172",
        ),
        "fine": (
            "18,133 24,131 31,130.4 38,131.5 46,135",
            "21,151 29,153.6 37,152",
            "8,136 7.5,150 9,162 12,169",
            "0,194.6 4,193.4 10,194.6 19,197.2",
            "0,210.2 7,209.8 12,208",
            "0,216.5 8,217.2 14,219.4",
            "79,128 84.6,124.6 86,133 82,148 78.4,162",
        ),
    },
    "posterior": {
        "soft": ("76,119 72.6,134 71,152 70,174",),
        "fine": (
            "80,126 84.6,128 82,148 77,164",
            "4,30 22,42 38,72 45,108 46,146 40,172",
            "3,34 12,58 22,92 26,126 25,168",
            "6,27 36,38 56,68 63,104 61,146 56,166",
            "1.5,36 3.6,62 8,100 9,138 8,166",
        ),
    },
    "left": {
        "firm": (
            "101,114 105,110.8 111,110.2 118,114.4",
            "104,138 108,141.4 113,142.4 119,140",
            "93.5,198.6 98,198.2 103,199.6 108,200.6",
        ),
        "soft": (
            "192,180 183,194 169,210 150,222 132,235 116,242",
            "93,169.6 98,171.4 100,177 97,181.6 91.6,181.6",
        ),
        "fine": (
            "102,131 108,129 116,132.4",
            "97,212.4 101,214 104,217",
            "186,133 193,126.4 203,128.4 208.4,140 206.6,152 200,161.6 194,166",
            "196,136 201,143 199.6,153 193,159 188,165",
            "182,149 187,153.6 184.4,160",
        ),
    },
}


@dataclass(frozen=True, eq=False)
class Head:
    """What is drawn of the head over the skin: hair and ears as shapes, lines by their weight; page millimetres."""

    hair: MultiPolygon
    ears: MultiPolygon
    lines: dict[str, list[Points]]


def draw_head(view: ViewId, outline: MultiPolygon) -> Head:
    """The head on a view, within the body's outline."""
    hair = shapely.intersection(_softened(shapely.union_all(_shapes(_HAIR, view))), outline)
    lines = {
        weight: [placed for line in features for placed in _placed(view, line, joined=True)]
        for weight, features in _FEATURES["left" if view == "right" else view].items()
    }
    parts = [part for part in shapely.get_parts(hair) if isinstance(part, Polygon) and part.area > 40]
    return Head(MultiPolygon(parts), MultiPolygon(_shapes(_EAR, view)), lines)


def face_and_scalp(view: ViewId, size: tuple[int, int], resolution_mm: float) -> tuple[Mask, Mask]:
    """Masks of the face, before which only muscles of the head lie, and of what else of the skull is bare."""
    return _mask(_shapes(_FACE, view), size, resolution_mm), _mask(_shapes(_SCALP, view), size, resolution_mm)


def _softened(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape with every corner rounded, inwards and outwards."""
    return shapely.buffer(
        shapely.buffer(shapely.buffer(shape, -_HAIR_CORNER_MM), 2 * _HAIR_CORNER_MM), -_HAIR_CORNER_MM
    )


def _mask(shapes: Sequence[Polygon], size: tuple[int, int], resolution_mm: float) -> Mask:
    mask = np.zeros(size, np.bool_)
    for shape in shapes:
        corners = np.asarray(shape.exterior.coords)[:, ::-1] / resolution_mm - 0.5
        mask |= draw.polygon2mask(size, corners)  # type: ignore[no-untyped-call]
    return mask


def _shapes(table: dict[ViewId, str], view: ViewId) -> list[Polygon]:
    line = table.get("left" if view == "right" else view)
    return [] if line is None else [Polygon(points) for points in _placed(view, line, joined=False)]


def _placed(view: ViewId, line: str, *, joined: bool) -> list[Points]:
    """A line of the tables on its page, on the symmetric views with its mirror image; `joined` where they meet."""
    width = WINDOWS[view].u1 - WINDOWS[view].u0
    points = np.array([corner.split(",") for corner in line.split()], np.float64)
    if view == "left":
        return [points]
    if view == "right":
        return [points * (-1, 1) + (width, 0)]
    half = np.array([width / 2, 0])
    right, left = points + half, points * (-1, 1) + half
    if not joined:
        return [right, left]
    if points[-1, 0] == 0:
        return [np.concatenate([right, left[-2::-1]])]
    return [np.concatenate([left[:0:-1], right])] if points[0, 0] == 0 else [right, left]
