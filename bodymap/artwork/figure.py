"""The reference body as flat shapes: what places and areas are measured on, the same from behind and before.

Two planes, in body millimetres: `front` is (X, Y), seen from before or behind; `side` is (Z, Y), seen from either
side. Everything is the left half's, where X is positive; the right half gets its mirror image. Y is counted from the
soles.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from bodymap.artwork.meshes import Mesh
from bodymap.artwork.polygons import polygons
from bodymap.artwork.raster import WINDOWS, rasterise
from bodymap.artwork.skin import split_skin
from bodymap.atlas.frames import FRAMES
from bodymap.atlas.landmarks import Landmark
from bodymap.atlas.manifest import ViewId

Plane = Literal["front", "side"]
Shape = BaseGeometry
Xyz = tuple[float, float, float]

RESOLUTION_MM = 1.0
# The views whose page runs the way the plane's first axis does.
_SEEN_FROM: dict[Plane, ViewId] = {"front": "anterior", "side": "right"}


class Figure:
    """Silhouettes, landmarks and points of the left half of the body, each found when first asked for."""

    def __init__(self, meshes: Sequence[Mesh], landmarks: Iterable[Landmark]) -> None:
        self._meshes: Mapping[tuple[str, str], Mesh] = {(mesh.name, mesh.side): mesh for mesh in meshes}
        self._landmarks = {landmark.id: landmark for landmark in landmarks}
        self._shapes: dict[tuple[str, Plane], Shape] = {}

    def landmark(self, landmark_id: str) -> Xyz:
        """The landmark on the left, or on the midline. Raises `KeyError`."""
        at = self._landmarks[landmark_id].at
        return at["left"] if "left" in at else at["midline"]

    def vertices(self, name: str) -> npt.NDArray[np.float64]:
        """The corners (n, 3) of a structure's mesh. Raises `ValueError` where there is none."""
        return self._mesh(name).vertices

    def shape(self, name: str, plane: Plane) -> Shape:
        """The silhouette of a structure, cut to the page; `skin-of-trunk` and `skin-of-arm` are structures, too."""
        key = name, plane
        if key not in self._shapes:
            self._shapes[key] = self._silhouette(self._mesh(name), plane)
        return self._shapes[key]

    def _mesh(self, name: str) -> Mesh:
        if name in ("skin-of-trunk", "skin-of-arm"):
            trunk, arms = split_skin(self._mesh("skin"))
            return trunk if name == "skin-of-trunk" else arms
        mesh = self._meshes.get((name, "left"), self._meshes.get((name, "midline")))
        if mesh is None:
            raise ValueError(f"there is no mesh of {name}, left or on the midline")
        return mesh

    def _silhouette(self, mesh: Mesh, plane: Plane) -> Shape:
        view = _SEEN_FROM[plane]
        fragments = rasterise([mesh], view, WINDOWS[view], RESOLUTION_MM)
        mask = np.zeros(fragments.width * fragments.height, bool)
        mask[fragments.pixel] = True
        page = polygons(mask.reshape(fragments.height, fragments.width), RESOLUTION_MM, smoothing_px=0.7)
        frame = FRAMES[view]
        flat = affine_transform(page, [1, 0, 0, -1, frame.u0, -frame.v0])
        return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(flat)])


def in_plane(point: Xyz, plane: Plane) -> tuple[float, float]:
    """A body point as the plane shows it."""
    return (point[0] if plane == "front" else point[2]), point[1]


def band(low: float, high: float) -> Shape:
    """Everything between two heights."""
    return shapely.box(-1000, low, 1000, high)


def across(low: float, high: float) -> Shape:
    """Everything between two places of the plane's first axis."""
    return shapely.box(low, -1000, high, 3000)
