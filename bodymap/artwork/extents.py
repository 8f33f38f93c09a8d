"""Where each region is seen on each view: its layer, its areas, and a centre that lies inside what is seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage
from shapely.geometry import MultiPolygon

from bodymap.artwork.layers import ARM, layer_of
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.surface import RESOLUTION_MM, Labels
from bodymap.atlas.frames import mirror
from bodymap.atlas.manifest import VIEWS, Arm, Extent, LayerId, Side, ViewId

PlateKey = tuple[ViewId, LayerId, Arm]
Shapes = Mapping[str, MultiPolygon]
Seen = tuple[dict[ViewId, LayerId], dict[ViewId, tuple[Extent, ...]]]

# A region is on a view if at least this much of it is seen there, with room for a mark.
_LEAST_MM2 = 40.0
_LEAST_ROOM_MM = 1.0
# The centre is the point nearest the middle of what is seen, among those with this share of the greatest room.
_ROOMY = 0.7

# The plate that shows the inner side of the trunk, with the wall of the belly taken away.
_WITHIN_THE_TRUNK: tuple[ViewId, LayerId] = ("anterior", "deepest")

_SIDES_SEEN: dict[ViewId, tuple[Side, ...]] = {
    "posterior": ("left", "right"),
    "anterior": ("left", "right"),
    "left": ("left",),
    "right": ("right",),
}


@dataclass(frozen=True, eq=False)
class Drawings:
    """What is needed to tell where a region is: visible shapes by plate, silhouettes by view, label maps by plate."""

    structures: Sequence[Mesh]
    visible: Mapping[PlateKey, Shapes]
    silhouettes: Mapping[ViewId, Shapes]
    maps: Mapping[PlateKey, Labels]


def seen(drawings: Drawings, mesh_name: str) -> Seen:
    """(layer by view, extents by view) of the region drawn with this mesh; views that do not show it are absent."""
    layers: dict[ViewId, LayerId] = {}
    extents: dict[ViewId, tuple[Extent, ...]] = {}
    numbers = {mesh.side: n for n, mesh in enumerate(drawings.structures) if mesh.name == mesh_name}
    centres: dict[ViewId, tuple[float, float]] = {}
    for view in VIEWS:
        sides = _SIDES_SEEN[view]
        layer = layer_of(view, mesh_name)
        arm: Arm = "hidden" if view in ("left", "right") and mesh_name not in ARM else "shown"
        found: list[Extent] = []
        for side in sides:
            key = f"{mesh_name}__{side}"
            shape = drawings.visible[view, layer, arm].get(key, MultiPolygon())
            mask = drawings.maps[view, layer, arm] == numbers[side]
            room = _room(shape, mask)
            if shape.area < _LEAST_MM2 or room.max(initial=0.0) < _LEAST_ROOM_MM:
                continue
            if (view, layer) == _WITHIN_THE_TRUNK:
                # A needle comes to it only where the wall does not lie over it, so that is where its centre is.
                reached = _room(shape, mask & (drawings.maps[view, "deep", arm] == numbers[side]))
                room = reached if reached.max(initial=0.0) >= _LEAST_ROOM_MM else room
            centre = _mirrored(centres, view, room) or _centre(room)
            centres[view] = centre
            outline = drawings.silhouettes[view].get(key, MultiPolygon())
            found.append(Extent(side, centre, round(shape.area), round(outline.area)))
        if len(found) == len(sides):
            layers[view], extents[view] = layer, tuple(found)
    return layers, extents


def _room(shape: MultiPolygon, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """How far each pixel lies inside what is both drawn and true, in millimetres; a row of zeros where nothing is."""
    rows, columns = np.nonzero(mask)
    both = np.zeros_like(mask)
    if len(rows) and not shape.is_empty:
        shapely.prepare(shape)
        inside = shapely.contains_xy(shape, (columns + 0.5) * RESOLUTION_MM, (rows + 0.5) * RESOLUTION_MM)
        both[rows[inside], columns[inside]] = True
    room = np.zeros(mask.shape)
    for window in ndimage.find_objects(both.astype(np.uint8)):
        # A margin of one pixel, so that the window's own border is no border of the region.
        rows_in, columns_in = (slice(max(part.start - 1, 0), part.stop + 1) for part in window)
        room[rows_in, columns_in] = ndimage.distance_transform_edt(both[rows_in, columns_in]) * RESOLUTION_MM
    return room


def _centre(room: npt.NDArray[np.float64]) -> tuple[float, float]:
    rows, columns = np.nonzero(room > 0)
    roomy_rows, roomy_columns = np.nonzero(room >= room.max() * _ROOMY)
    away = (roomy_rows - rows.mean()) ** 2 + (roomy_columns - columns.mean()) ** 2
    best = int(np.argmin(away))
    return _page(int(roomy_rows[best]), int(roomy_columns[best]))


def _page(row: int, column: int) -> tuple[float, float]:
    return (column + 0.5) * RESOLUTION_MM, (row + 0.5) * RESOLUTION_MM


def _mirrored(
    centres: Mapping[ViewId, tuple[float, float]], view: ViewId, room: npt.NDArray[np.float64]
) -> tuple[float, float] | None:
    """The other side's centre mirrored, where it serves here as well: so that both sides are marked alike."""
    for other, (x, y) in centres.items():
        mirrored_view, mirrored_x, _ = mirror(other, x, y)
        if mirrored_view != view:
            continue
        if room[int(y / RESOLUTION_MM), int(mirrored_x / RESOLUTION_MM)] >= _LEAST_ROOM_MM:
            return mirrored_x, y
    return None
