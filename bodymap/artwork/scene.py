"""What a plate shows, as shapes in page millimetres and without paint: outlines, tone, sheets, fibres."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import ndimage
from shapely.affinity import scale
from shapely.geometry import MultiPolygon

from bodymap.artwork.fibres import Points, direction, strokes
from bodymap.artwork.front import (
    NOTHING,
    Front,
    Labels,
    Mask,
    closed,
    disk,
    glimpsed,
    mirrored,
    nearest,
    partners,
    silhouette,
    tidied,
    without,
)
from bodymap.artwork.layers import Arm, LayerId, drawn, quiet
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.polygons import polygons
from bodymap.artwork.raster import WINDOWS, Fragments, ViewId, rasterise
from bodymap.artwork.shading import Bands, bands, tone

RESOLUTION_MM = 0.5

_ROUNDING_MM = 1.0
_LEAST_SHARE = 0.035
_FIBRE_SPACING_MM = 3.8
_JAW_GAP_MM = 9.0
_SYMMETRIC_VIEWS = frozenset({"posterior", "anterior"})


Fibres = dict[Literal["dark", "light"], list[Points]]


@dataclass(frozen=True, eq=False)
class Scene:
    """The shapes of one plate. `visible` is by index in `meshes`; `outline` and `rim` are the skin's, `quiet` the
    forearms, hands and thighs. `plain_bands` are the few steps of tone that even the plain plate has.
    """

    meshes: Sequence[Mesh]
    visible: dict[int, MultiPolygon]
    outline: MultiPolygon
    rim: MultiPolygon
    quiet: MultiPolygon
    sheet: MultiPolygon
    bands: Bands
    plain_bands: Bands
    fibres: Fibres


def observe(meshes: Sequence[Mesh], view: ViewId, layer: LayerId, arm: Arm, regions: Collection[str]) -> Scene:
    """See the body from `view` with everything outside `layer` taken away. Fibres are traced in `regions` only."""
    present = [mesh for mesh in meshes if drawn(view, layer, arm, mesh) or quiet(arm, mesh)]
    hushed = [quiet(arm, mesh) for mesh in present]
    fragments = rasterise(present, view, WINDOWS[view], RESOLUTION_MM)
    front = nearest(fragments)
    muscles = {index for index, mesh in enumerate(present) if mesh.kind == "muscle" and not hushed[index]}
    shreds = muscles.intersection(glimpsed(fragments, front, _LEAST_SHARE))
    if shreds:
        fragments = without(fragments, shreds)
        front = nearest(fragments)
    front = Front(_one_quiet_shape(front.label, present, hushed), front.depth, front.normal)
    if view != "posterior":
        front = Front(_closed_jaw(front.label, present), front.depth, front.normal)
    if view in _SYMMETRIC_VIEWS:
        middle = front.label.shape[1] // 2
        left_half = slice(0, middle) if view == "posterior" else slice(middle, None)
        front = mirrored(front, partners(present), left_half)
    front = tidied(
        front,
        [_narrowest_px(mesh, regions) for mesh in present],
        [round(_smallest_mm2(mesh, layer, regions) / RESOLUTION_MM**2) for mesh in present],
        _ROUNDING_MM / RESOLUTION_MM,
    )
    still = np.isin(front.label, np.flatnonzero(hushed))
    bony = np.isin(front.label, [index for index, mesh in enumerate(present) if mesh.kind == "bone"])
    sheet = _sheet(meshes, front, present, view, layer)
    light = (tone(front, RESOLUTION_MM) + 0.08 * bony + 0.16 * still + 0.08 * sheet).astype(np.float32)
    there = front.label != NOTHING
    outline, rim = _skin(meshes, view)
    return Scene(
        meshes=present,
        visible=_visible(front.label, present, hushed, view),
        outline=outline,
        rim=rim,
        quiet=polygons(still, RESOLUTION_MM, level=0.42, smallest_mm2=40),
        sheet=polygons(sheet, RESOLUTION_MM, smoothing_px=10, smallest_mm2=60),
        bands=bands(light, there, RESOLUTION_MM),
        plain_bands=bands(light, there & ~still, RESOLUTION_MM, only=("dark-2",), smallest_mm2=240),
        fibres=_fibres(fragments, np.where(sheet, np.int16(NOTHING), front.label), present, view, regions),
    )


def _narrowest_px(mesh: Mesh, regions: Collection[str]) -> int:
    """Parts thinner than twice this are not drawn: a region must be true, context must be calm."""
    return 2 if mesh.name in regions or mesh.kind == "bone" else 3


def _smallest_mm2(mesh: Mesh, layer: LayerId, regions: Collection[str]) -> float:
    """Parts smaller than this are not drawn; the small muscles lie deep."""
    if mesh.name in regions:
        return 45 if layer == "superficial" else 32
    return 45 if mesh.kind == "bone" else 60


def _one_quiet_shape(label: Labels, meshes: Sequence[Mesh], hushed: Sequence[bool]) -> Labels:
    """The labels with all quiet meshes of a side as one, so that no line divides them."""
    becomes = np.arange(len(meshes) + 1, dtype=np.int16)
    becomes[-1] = NOTHING
    for side in ("left", "right"):
        mine = [index for index, mesh in enumerate(meshes) if hushed[index] and mesh.side == side]
        becomes[mine] = mine[:1]
    whole: Labels = becomes[label]
    return whole


def _closed_jaw(label: Labels, meshes: Sequence[Mesh]) -> Labels:
    """The labels with the mouth shut: the meshes have no teeth, and the neck would show between the jaws."""
    place = {mesh.name: index for index, mesh in enumerate(meshes) if mesh.side == "midline"}
    if "skull" not in place:
        return label
    head = (label == place["skull"]) | (label == place["mandible"])
    gap = ndimage.binary_fill_holes(closed(head, round(_JAW_GAP_MM / RESOLUTION_MM))) & ~head
    covered = [index for index, mesh in enumerate(meshes) if mesh.name in _BEHIND_THE_JAW]
    gap &= np.isin(label, [NOTHING, *covered])
    return np.where(gap, np.int16(place["skull"]), label)


_BEHIND_THE_JAW = frozenset({"longus_capitis", "longus_colli"} | {f"vertebra_C{number}" for number in range(1, 5)})


def _visible(label: Labels, meshes: Sequence[Mesh], hushed: Sequence[bool], view: ViewId) -> dict[int, MultiPolygon]:
    """What is seen of each mesh; on the symmetric views the right side is the mirror image of the left."""
    shapes: dict[int, MultiPolygon] = {}
    place = {(mesh.name, mesh.side): index for index, mesh in enumerate(meshes)}
    for index in np.unique(label[label != NOTHING]).tolist():
        mesh = meshes[index]
        if hushed[index] or (view in _SYMMETRIC_VIEWS and mesh.side == "right"):
            continue
        shape = polygons(label == index, RESOLUTION_MM, level=0.42)
        if shape.is_empty:
            continue
        shapes[index] = shape
        if view in _SYMMETRIC_VIEWS and mesh.side == "left":
            shapes[place[mesh.name, "right"]] = scale(shape, xfact=-1, origin=(_page_width(view) / 2, 0))
    return dict(sorted(shapes.items()))


def _skin(meshes: Sequence[Mesh], view: ViewId) -> tuple[MultiPolygon, MultiPolygon]:
    """The outline of the body, and the part of it where the skin turns away from the viewer."""
    fragments = rasterise([mesh for mesh in meshes if mesh.kind == "skin"], view, WINDOWS[view], RESOLUTION_MM)
    mask = ndimage.binary_fill_holes(closed(silhouette(fragments, [0]), 3))
    weight = ndimage.gaussian_filter(mask.astype(np.float32), 6.0)
    turned = ndimage.gaussian_filter(nearest(fragments).normal[..., 2] * mask, 6.0)
    facing = turned / np.maximum(weight, 1e-3)
    inner = ndimage.binary_erosion(mask, disk(1), border_value=1)
    return (
        polygons(mask, RESOLUTION_MM, smoothing_px=2.0, smallest_mm2=200),
        polygons(inner & (facing < 0.5), RESOLUTION_MM, smoothing_px=3.0, smallest_mm2=120),
    )


def _sheet(meshes: Sequence[Mesh], front: Front, present: Sequence[Mesh], view: ViewId, layer: LayerId) -> Mask:
    """The aponeurosis on this plate: thoracolumbar fascia on the back, rectus sheath on the belly."""
    if view == "posterior" and layer == "superficial":
        pale, on = "thoracolumbar_fascia_posterior_layer", "latissimus_dorsi"
    elif view == "anterior":
        pale, on = "rectus_abdominis", "internal_oblique" if layer == "deep" else "external_oblique"
    else:
        return np.zeros(front.label.shape, np.bool_)
    fragments = rasterise([mesh for mesh in meshes if mesh.name == pale], view, WINDOWS[view], RESOLUTION_MM)
    mask = closed(silhouette(fragments, [0, 1]), 10)
    under = np.isin(front.label, [index for index, mesh in enumerate(present) if mesh.name == on])
    return mask & under


def _fibres(
    fragments: Fragments, label: Labels, meshes: Sequence[Mesh], view: ViewId, regions: Collection[str]
) -> Fibres:
    """Fibre strokes of every region, every third a light one; on the symmetric views mirrored from the left."""
    lines: Fibres = {"dark": [], "light": []}
    for index, mesh in enumerate(meshes):
        if mesh.name not in regions or (view in _SYMMETRIC_VIEWS and mesh.side == "right"):
            continue
        seen: Mask = label == index
        if not seen.any():
            continue
        towards = direction(view, mesh.name)
        whole = silhouette(fragments, [index])
        for number, line in enumerate(strokes(whole, seen, RESOLUTION_MM, towards, _FIBRE_SPACING_MM)):
            mine = lines["light" if number % 3 == 2 else "dark"]
            mine.append(line)
            if view in _SYMMETRIC_VIEWS:
                mine.append(line * (-1, 1) + (_page_width(view), 0))
    return lines


def _page_width(view: ViewId) -> float:
    return WINDOWS[view].u1 - WINDOWS[view].u0
