"""What an illustrator would correct in the picture of first surfaces, before it is drawn.

The drawing changes, not what is true: probe and statements are answered from the maps of `surface`.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import ndimage

from bodymap.artwork.front import NOTHING, Front, Labels, Mask, closed, nearest
from bodymap.artwork.head import face_and_scalp
from bodymap.artwork.layers import LayerId
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.raster import WINDOWS, ViewId, rasterise
from bodymap.artwork.shading import blurred_within

BARE_SKIN = "bare_skin"
"""The name of the stand-in mesh for skin that is drawn as such: of the head on outer plates, and of the hands."""

_OUTER: frozenset[LayerId] = frozenset({"superficial", "intermediate"})
# Muscles of the head that are charted: they lie over its skin.
_OF_THE_HEAD = frozenset({"masseter", "temporalis", "frontalis", "occipitalis"})
_JAW_GAP_MM = 9.0
_BEHIND_THE_JAW = frozenset({"longus_capitis", "longus_colli"} | {f"vertebra_C{number}" for number in range(1, 5)})
# Half the width at which the linea alba is drawn; its mesh is 25 mm wide.
_LINEA_ALBA_MM = 2.0
# The sheath of rectus is drawn where it is more than this beside the muscle.
_SHEATH_MM = 7.0
_SEAM_MM = 7.0
_GROIN_MM = 835.0
_OBLIQUES: dict[LayerId, str] = {
    "superficial": "external_oblique",
    "intermediate": "internal_oblique",
    "deep": "internal_oblique",
}


def stand_in(skin: Mesh) -> Mesh:
    """The skin as a structure that labels can name."""
    return replace(skin, name=BARE_SKIN)


def retouched(
    front: Front, meshes: Sequence[Mesh], present: Sequence[Mesh], view: ViewId, layer: LayerId, resolution_mm: float
) -> Front:
    """The picture with the mouth shut, rectus abdominis seen through its sheath, and head and hands in their skin.
    `present` are the meshes that the labels count, among them the stand-in for skin."""
    if view != "posterior":
        front = Front(_closed_jaw(front.label, present, resolution_mm), front.depth, front.normal)
    if view == "anterior":
        front = _through_the_sheath(front, meshes, present, layer, resolution_mm)
        if layer == "superficial":
            front = _throat(front, present)
    return _in_skin(front, present, view, layer, resolution_mm)


def sheath(front: Front, present: Sequence[Mesh], view: ViewId, layer: LayerId, resolution_mm: float) -> Mask:
    """Where an oblique muscle is aponeurosis: a narrow strip beside rectus abdominis."""
    if view != "anterior":
        return np.zeros(front.label.shape, np.bool_)
    rectus = np.isin(front.label, _places(present, {"rectus_abdominis"}))
    away = ndimage.distance_transform_edt(~rectus) * resolution_mm if rectus.any() else np.inf
    strip: Mask = np.isin(front.label, _places(present, {_OBLIQUES.get(layer, "")})) & (away <= _SHEATH_MM)
    return strip


def _places(meshes: Sequence[Mesh], names: frozenset[str] | set[str]) -> list[int]:
    return [index for index, mesh in enumerate(meshes) if mesh.name in names]


def _closed_jaw(label: Labels, meshes: Sequence[Mesh], resolution_mm: float) -> Labels:
    """The labels with the mouth shut: the meshes have no teeth, and the neck would show between the jaws."""
    skull, mandible = _places(meshes, {"skull"}), _places(meshes, {"mandible"})
    if not skull:
        return label
    head = np.isin(label, skull + mandible)
    gap = ndimage.binary_fill_holes(closed(head, round(_JAW_GAP_MM / resolution_mm))) & ~head
    gap &= np.isin(label, [NOTHING, *_places(meshes, _BEHIND_THE_JAW)])
    return np.where(gap, np.int16(skull[0]), label)


def _throat(front: Front, present: Sequence[Mesh]) -> Front:
    """The neck without its vertebrae, which larynx and windpipe would hide: the meshes have neither."""
    spine = np.isin(front.label, [n for n, mesh in enumerate(present) if mesh.name.startswith("vertebra_")])
    return Front(np.where(spine, np.int16(NOTHING), front.label), front.depth, front.normal)


def _through_the_sheath(
    front: Front, meshes: Sequence[Mesh], present: Sequence[Mesh], layer: LayerId, resolution_mm: float
) -> Front:
    """Rectus abdominis before its sheath, and between its halves a linea alba of its natural width."""
    own = {mesh.side: index for index, mesh in enumerate(present) if mesh.name == "rectus_abdominis"}
    if not own:
        return front
    halves = [mesh for mesh in meshes if mesh.name == "rectus_abdominis"]
    behind = nearest(rasterise(halves, "anterior", WINDOWS["anterior"], resolution_mm))
    cover = _places(present, {_OBLIQUES.get(layer, ""), "linea_alba"})
    alba = np.isin(front.label, _places(present, {"linea_alba"}))
    through = (behind.label != NOTHING) & np.isin(front.label, [*cover, *own.values()])
    label, depth, normal = front.label.copy(), front.depth.copy(), front.normal.copy()
    sides = np.array([own[mesh.side] for mesh in halves], np.int16)
    label[through] = sides[behind.label[through]]
    normal[through] = behind.normal[through]
    # The upper digitations end on the ribs in a fringe that pectoralis major covers; depth stays that of the sheath.
    columns = (np.arange(label.shape[1]) + 0.5) * resolution_mm + WINDOWS["anterior"].u0
    wide = alba & ~through & (np.abs(columns)[None, :] > _LINEA_ALBA_MM)
    if through.any() and wide.any():
        rows, nearest_column = ndimage.distance_transform_edt(
            ~through, return_distances=False, return_indices=True, sampling=(4, 1)
        )
        label[wide] = label[rows[wide], nearest_column[wide]]
        depth[alba] = depth[rows[alba], nearest_column[alba]]
    return Front(label, depth, normal)


def _in_skin(front: Front, present: Sequence[Mesh], view: ViewId, layer: LayerId, resolution_mm: float) -> Front:
    """Hands, and on outer plates the head, in their skin."""
    place = _places(present, {BARE_SKIN})[0]
    seen = nearest(rasterise([present[place]], view, WINDOWS[view], resolution_mm))
    there = seen.label != NOTHING
    # The skin mesh is of patches, and their seams would show.
    normal = blurred_within(seen.normal, seen.label, _SEAM_MM / resolution_mm)
    bare = np.isin(front.label, _places(present, {"hand_bones"}))
    bare |= there & _hands(bare, front.label, resolution_mm)
    if layer in _OUTER:
        face, scalp = face_and_scalp(view, (front.label.shape[0], front.label.shape[1]), resolution_mm)
        charted = np.isin(front.label, _places(present, _OF_THE_HEAD))
        bony = np.isin(front.label, [NOTHING, *_places(present, {"skull", "mandible"})])
        bare |= there & ((face & ~charted) | (scalp & bony))
    if view == "anterior" and layer == "superficial":
        bare |= there & _pubis(front.label, present, resolution_mm)
    return Front(
        np.where(bare, np.int16(place), front.label),
        np.where(bare & there, seen.depth, front.depth),
        np.where((bare & there)[..., None], normal, front.normal),
    )


def _pubis(label: Labels, present: Sequence[Mesh], resolution_mm: float) -> Mask:
    """The bone between the muscles of the belly and the thighs."""
    below = np.zeros(label.shape, np.bool_)
    below[round(_GROIN_MM / resolution_mm) :] = True
    bony: Mask = below & np.isin(label, [n for n, mesh in enumerate(present) if mesh.kind == "bone"])
    return bony


def _hands(bones: Mask, label: Labels, resolution_mm: float) -> Mask:
    """The skin around the bones of the hands, where nothing else is."""
    if not bones.any():
        return bones
    near: Mask = (ndimage.distance_transform_edt(~bones) * resolution_mm <= 7) & (label == NOTHING)
    return near
