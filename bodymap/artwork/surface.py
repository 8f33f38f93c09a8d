"""Surface maps: which structure a point on each plate means, for the atlas's `surface.bin`.

What is drawn never decides what is true: these maps hold every structure that a ray meets first, also those that no
plate draws. `bodymap.atlas.surface` reads what is made here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from bodymap.artwork.layers import ARM, LAYERS_OF_VIEW, layer_of
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.packing import pack
from bodymap.artwork.raster import WINDOWS
from bodymap.artwork.ray_grid import cast_rays
from bodymap.artwork.skin import split_skin
from bodymap.atlas.aponeurosis import APONEUROTIC, FASCIA_BELOW
from bodymap.atlas.frames import MIDLINE_MM
from bodymap.atlas.manifest import Arm, LayerId, Side, ViewId
from bodymap.atlas.ray_grid import ALONG
from bodymap.atlas.surface import BARE_SKIN, OFF_BODY, map_name

RESOLUTION_MM = 0.5
# The skin's patches leave cracks between them; a larger hole is a real one, such as between arm and trunk.
_CRACK_PX = 3
_HOLE_PX = 400

VEILS = frozenset({"platysma"})
APONEUROTIC_MESHES = frozenset(name.replace("-", "_") for name in APONEUROTIC)
FASCIA_MESH = FASCIA_BELOW.replace("-", "_")

Labels = npt.NDArray[np.uint16]

# One set of rays serves two views: that along the axis, and from the other side with columns and depths reversed.
_CAST_FOR: dict[ViewId, ViewId] = {
    "posterior": "posterior",
    "anterior": "posterior",
    "left": "right",
    "right": "right",
}


@dataclass(frozen=True, eq=False)
class Cover:
    """The pixels where a view's rays meet a mesh, and the depths where they first and last do."""

    pixel: npt.NDArray[np.int64]
    near: npt.NDArray[np.float32]
    far: npt.NDArray[np.float32]


def cover(mesh: Mesh, view: ViewId) -> Cover:
    """What a view sees of a mesh if nothing stands before it."""
    hits = cast_rays(mesh, view, RESOLUTION_MM)
    first = np.flatnonzero(np.r_[True, hits.pixel[1:] != hits.pixel[:-1]]) if len(hits.pixel) else np.empty(0, int)
    last = np.r_[first[1:], len(hits.pixel)][: len(first)] - 1
    return Cover(hits.pixel[first].astype(np.int64), hits.depth[first], hits.depth[last])


def shape(view: ViewId) -> tuple[int, int]:
    """(rows, columns) of a view's maps."""
    window = WINDOWS[view]
    return round((window.v1 - window.v0) / RESOLUTION_MM), round((window.u1 - window.u0) / RESOLUTION_MM)


def reversed_cover(seen: Cover, view: ViewId) -> Cover:
    """The mesh of the structure on the opposite side."""
    columns = shape(view)[1]
    pixel = seen.pixel // columns * columns + (columns - 1 - seen.pixel % columns)
    return Cover(pixel, -seen.far, -seen.near)


def build_maps(structures: Sequence[Mesh], skin: Mesh) -> dict[tuple[ViewId, LayerId, Arm], Labels]:
    """The label map of every plate; labels are places in `structures`, and the two reserved ones."""
    maps: dict[tuple[ViewId, LayerId, Arm], Labels] = {}
    body, arm_skin = split_skin(skin)
    for cast_view in dict.fromkeys(_CAST_FOR.values()):
        covers = [cover(mesh, cast_view) for mesh in [*structures, body, arm_skin]]
        for view in (v for v, base in _CAST_FOR.items() if base == cast_view):
            seen = covers if ALONG[view] else [reversed_cover(c, view) for c in covers]
            for layer in LAYERS_OF_VIEW[view]:
                arms: tuple[Arm, ...] = ("hidden", "shown") if view in ("left", "right") else ("shown",)
                for arm in arms:
                    maps[view, layer, arm] = _map(structures, seen, view, layer, arm)
    return maps


def _map(structures: Sequence[Mesh], seen: Sequence[Cover], view: ViewId, layer: LayerId, arm: Arm) -> Labels:
    rows, columns = shape(view)
    labels = np.full(rows * columns, OFF_BODY, np.uint16)
    depth = np.full(rows * columns, np.inf, np.float32)
    layers = LAYERS_OF_VIEW[view]
    fascia = np.zeros(rows * columns, bool)
    for number, mesh in enumerate(structures):
        if mesh.name == FASCIA_MESH:
            fascia[seen[number].pixel] = True
    skins = seen[len(structures) :] if arm == "shown" else seen[len(structures) : -1]
    for skin in skins:
        labels[skin.pixel] = BARE_SKIN
    labels[_cracks((labels != OFF_BODY).reshape(rows, columns)).ravel()] = BARE_SKIN
    for number, mesh in enumerate(structures):
        peeled = layers.index(layer_of(view, mesh.name)) < layers.index(layer)
        if peeled or mesh.kind == "fascia" or mesh.name in VEILS or (arm == "hidden" and mesh.name in ARM):
            continue
        pixel, near = seen[number].pixel, seen[number].near
        if mesh.name in APONEUROTIC_MESHES:
            # Whichever is met first: seen from the other side of the body, the fascia is.
            keep = ~fascia[pixel]
            pixel, near = pixel[keep], near[keep]
        nearer = near < depth[pixel]
        depth[pixel[nearer]] = near[nearer]
        labels[pixel[nearer]] = number
    whole = labels.reshape(rows, columns)
    return _own_half(whole, structures, view) if view in ("posterior", "anterior") else whole


def _own_half(labels: Labels, structures: Sequence[Mesh], view: ViewId) -> Labels:
    """The map in which, within 2 mm of the midline, each half has its own of a paired structure.

    The meshes of one half reach up to a few millimetres over the midline, where a place lies on both halves.
    """
    number = {(mesh.name, mesh.side): n for n, mesh in enumerate(structures)}
    middle, reach = labels.shape[1] // 2, round(MIDLINE_MM / RESOLUTION_MM)
    viewers_left: Side = "left" if view == "posterior" else "right"
    viewers_right: Side = "right" if view == "posterior" else "left"
    for columns, side in (
        (slice(middle - reach, middle), viewers_left),
        (slice(middle, middle + reach), viewers_right),
    ):
        own = np.arange(OFF_BODY + 1, dtype=np.uint16)
        for n, mesh in enumerate(structures):
            own[n] = number.get((mesh.name, side), n)
        labels[:, columns] = own[labels[:, columns]]
    return labels


def _cracks(body: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Cracks and pinholes of a silhouette: what belongs to the body though no ray met its skin."""
    padded = np.pad(body, _CRACK_PX)
    closed = ndimage.binary_closing(padded, iterations=_CRACK_PX)[_CRACK_PX:-_CRACK_PX, _CRACK_PX:-_CRACK_PX]
    holes, count = ndimage.label(~(closed | body))
    small = np.bincount(holes.ravel(), minlength=count + 1) <= _HOLE_PX
    small[0] = False
    cracks: npt.NDArray[np.bool_] = (closed | small[holes]) & ~body
    return cracks


def pack_maps(maps: Mapping[tuple[ViewId, LayerId, Arm], Labels]) -> bytes:
    """The bytes of `surface.bin`."""
    arrays: dict[str, npt.NDArray[np.uint16] | npt.NDArray[np.uint32]] = {}
    for (view, layer, arm), labels in maps.items():
        rows, starts, values = runs(labels)
        name = map_name(view, layer, arm)
        arrays |= {f"{name}.rows": rows, f"{name}.starts": starts, f"{name}.labels": values}
    return pack({"resolution_mm": RESOLUTION_MM}, arrays)


def runs(labels: Labels) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint16], Labels]:
    """(where each row's runs begin and, last, where all end; the column where each run begins; its label)."""
    begins = np.ones(labels.shape, bool)
    begins[:, 1:] = labels[:, 1:] != labels[:, :-1]
    rows = np.concatenate([[0], np.cumsum(begins.sum(axis=1))]).astype(np.uint32)
    return rows, np.nonzero(begins)[1].astype(np.uint16), labels[begins]
