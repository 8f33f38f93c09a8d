"""What a plate shows, as shapes in page millimetres and without paint: outlines, tone, sheets, fibres."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.affinity import scale
from shapely.geometry import MultiPolygon

from bodymap.artwork.contour import contour, rim
from bodymap.artwork.fibres import Points, direction, strokes
from bodymap.artwork.front import (
    NOTHING,
    Front,
    Labels,
    Mask,
    closed,
    glimpsed,
    mirrored,
    nearest,
    partners,
    silhouette,
    tidied,
    without,
)
from bodymap.artwork.head import Head, draw_head
from bodymap.artwork.layers import Arm, LayerId, drawn, quiet
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.polygons import polygons
from bodymap.artwork.raster import WINDOWS, Fragments, ViewId, rasterise
from bodymap.artwork.retouch import BARE_SKIN, retouched, sheath, stand_in
from bodymap.artwork.shading import Bands, bands, plain_bands, tone
from bodymap.artwork.tendons import intersections

RESOLUTION_MM = 0.5

_ROUNDING_MM = 1.2
_LEAST_SHARE = 0.035
# A part of a structure that is smaller than this share of what is seen of it is a crumb, up to so many mm2.
_CRUMB_SHARE, _LARGEST_CRUMB_MM2 = 0.1, {"superficial": 320.0, "intermediate": 160.0}
# Slips to the ribs are left out, the narrow linea alba is not.
_NARROWEST_PX = {"pectoralis_major_abdominal": 9, "linea_alba": 0}
_GROUND_GAP_MM, _GROUND_MARGIN_MM = 22.0, 3.5
_FIBRE_SPACING_MM = 4.6
_SYMMETRIC_VIEWS = frozenset({"posterior", "anterior"})
_STRIATED = frozenset({"rectus_abdominis"})


Fibres = dict[Literal["dark", "light"], list[Points]]


@dataclass(frozen=True, eq=False)
class Scene:
    """The shapes of one plate. `visible` is by index in `meshes`, as is `limbs`, the muscles of forearm and thigh,
    which nobody can chart in. `outline` and `rim` are the skin's; `ground` is what gaps between muscles show. `unions`
    are the outlines of muscles of which several parts are seen. `head` is none where the skull is seen.
    """

    meshes: Sequence[Mesh]
    visible: dict[int, MultiPolygon]
    limbs: dict[int, MultiPolygon]
    unions: list[MultiPolygon]
    outline: MultiPolygon
    rim: MultiPolygon
    ground: MultiPolygon
    head: Head | None
    sheet: MultiPolygon
    bands: Bands
    plain_bands: Bands
    fibres: Fibres


def observe(meshes: Sequence[Mesh], view: ViewId, layer: LayerId, arm: Arm, regions: Mapping[str, str]) -> Scene:
    """See the body from `view` with everything outside `layer` taken away. `regions` are the mesh names that can be
    charted in, with their muscles; fibres are traced in them only."""
    solid = [mesh for mesh in meshes if drawn(view, layer, arm, mesh) or quiet(arm, mesh)]
    present = [*solid, stand_in(next(mesh for mesh in meshes if mesh.kind == "skin"))]
    outer = layer in ("superficial", "intermediate")
    hushed = [quiet(arm, mesh) for mesh in present]
    fragments, front = _first_surfaces(solid, view, hushed)
    front = retouched(front, meshes, present, view, layer, RESOLUTION_MM)
    if view in _SYMMETRIC_VIEWS:
        middle = front.label.shape[1] // 2
        left_half = slice(0, middle) if view == "posterior" else slice(middle, None)
        front = mirrored(front, partners(present), left_half)
    front = tidied(
        front,
        [_narrowest_px(mesh, outer, regions) for mesh in present],
        _smallest_px(front.label, present, layer, regions),
        _ROUNDING_MM / RESOLUTION_MM,
    )
    still = np.isin(front.label, [n for n, mesh in enumerate(present) if hushed[n] or mesh.name == BARE_SKIN])
    bare = np.isin(front.label, [n for n, mesh in enumerate(present) if mesh.name == BARE_SKIN])
    bones = {index for index, mesh in enumerate(present) if mesh.kind == "bone"}
    bony = np.isin(front.label, list(bones))
    sheet = _fascia(meshes, front, present, view, layer) | sheath(front, present, view, layer, RESOLUTION_MM)
    kin = _kin(present, regions)
    sinew = np.isin(front.label, [index for index, mesh in enumerate(present) if mesh.kind == "fascia"])
    paler = 0.08 * bony + 0.3 * sinew + 0.1 * still + 0.06 * sheet
    # On outer plates bones are a quiet ground; deeper their relief tells where one is.
    light = (tone(front, RESOLUTION_MM, kin, () if outer else bones) + paler).astype(np.float32)
    there = front.label != NOTHING
    outline = contour(meshes, view, arm)
    shapes = _shapes(front.label, present, view)
    visible = {n: shape for n, shape in shapes.items() if not hushed[n] and present[n].name != BARE_SKIN}
    return Scene(
        meshes=present,
        visible=visible,
        limbs={n: shape for n, shape in shapes.items() if hushed[n]},
        unions=_unions(visible, kin),
        outline=outline,
        rim=rim(outline),
        ground=_ground(there & ~bare, outline) if layer == "superficial" else MultiPolygon(),
        head=draw_head(view, outline) if outer else None,
        sheet=_pale(sheet, shapes, present, view),
        bands=bands(light, there, RESOLUTION_MM),
        plain_bands=plain_bands(light, there & ~still, RESOLUTION_MM),
        fibres=_fibres(fragments, np.where(sheet, np.int16(NOTHING), front.label), present, view, regions),
    )


def _first_surfaces(solid: Sequence[Mesh], view: ViewId, hushed: Sequence[bool]) -> tuple[Fragments, Front]:
    """What is met along the view, without muscles of which only shreds are seen, and what of it is met first."""
    fragments = rasterise(solid, view, WINDOWS[view], RESOLUTION_MM)
    front = nearest(fragments)
    muscles = {index for index, mesh in enumerate(solid) if mesh.kind == "muscle" and not hushed[index]}
    shreds = muscles.intersection(glimpsed(fragments, front, _LEAST_SHARE))
    if not shreds:
        return fragments, front
    fragments = without(fragments, shreds)
    return fragments, nearest(fragments)


def _narrowest_px(mesh: Mesh, outer: bool, regions: Mapping[str, str]) -> int:
    """Parts thinner than twice this are not drawn: a region must be true, context must be calm."""
    if mesh.name in regions or mesh.kind == "bone":
        return _NARROWEST_PX.get(mesh.name, 3 if outer else 2)
    return _NARROWEST_PX.get(mesh.name, 4 if outer else 3)


def _smallest_px(label: Labels, meshes: Sequence[Mesh], layer: LayerId, regions: Mapping[str, str]) -> list[int]:
    """Parts smaller than this are not drawn; the small muscles lie deep."""
    seen = np.bincount(label[label != NOTHING], minlength=len(meshes)) * RESOLUTION_MM**2
    most = _LARGEST_CRUMB_MM2.get(layer, 0.0)
    least: list[int] = []
    for index, mesh in enumerate(meshes):
        if mesh.name in regions:
            smallest = 45.0 if layer == "superficial" else 32.0
        else:
            # Deeper, what is given away would make a small muscle larger than it is.
            smallest = 80.0 if layer in _LARGEST_CRUMB_MM2 else 45.0 if mesh.kind == "bone" else 60.0
        crumb = min(_CRUMB_SHARE * float(seen[index]), most)
        least.append(round(max(smallest, crumb) / RESOLUTION_MM**2))
    return least


def _kin(meshes: Sequence[Mesh], regions: Mapping[str, str]) -> list[int]:
    """For each mesh the first one that is of the same muscle and side."""
    first: dict[tuple[str, str], int] = {}
    return [
        first.setdefault((regions.get(mesh.name, mesh.name), mesh.side), index) for index, mesh in enumerate(meshes)
    ]


def _shapes(label: Labels, meshes: Sequence[Mesh], view: ViewId) -> dict[int, MultiPolygon]:
    """What is seen of each mesh; on the symmetric views the right side is the mirror image of the left."""
    shapes: dict[int, MultiPolygon] = {}
    place = {(mesh.name, mesh.side): index for index, mesh in enumerate(meshes)}
    for index in np.unique(label[label != NOTHING]).tolist():
        mesh = meshes[index]
        if view in _SYMMETRIC_VIEWS and mesh.side == "right":
            continue
        shape = polygons(label == index, RESOLUTION_MM, level=0.42)
        if shape.is_empty:
            continue
        shapes[index] = shape
        if view in _SYMMETRIC_VIEWS and mesh.side == "left":
            shapes[place[mesh.name, "right"]] = scale(shape, xfact=-1, origin=(_page_width(view) / 2, 0))
    return dict(sorted(shapes.items()))


def _unions(visible: Mapping[int, MultiPolygon], kin: Sequence[int]) -> list[MultiPolygon]:
    parts: dict[int, list[MultiPolygon]] = {}
    for index, shape in visible.items():
        parts.setdefault(kin[index], []).append(shape)
    joined = [
        shapely.buffer(shapely.union_all([shapely.buffer(part, 0.6) for part in several]), -0.6)
        for several in parts.values()
        if len(several) > 1
    ]
    return [MultiPolygon([part for part in shapely.get_parts(shape) if part.area > 20]) for shape in joined]


def _ground(flesh: Mask, outline: MultiPolygon) -> MultiPolygon:
    """What is seen in the gaps between muscles and bones: not the page, but deeper flesh."""
    whole = closed(flesh, round(_GROUND_GAP_MM / RESOLUTION_MM))
    shape = polygons(whole, RESOLUTION_MM, smoothing_px=3, smallest_mm2=200)
    inside = shapely.intersection(shape, shapely.buffer(outline, -_GROUND_MARGIN_MM, quad_segs=4))
    return MultiPolygon(
        [part for part in shapely.get_parts(inside) if isinstance(part, shapely.Polygon) and part.area > 60]
    )


def _fascia(meshes: Sequence[Mesh], front: Front, present: Sequence[Mesh], view: ViewId, layer: LayerId) -> Mask:
    """The thoracolumbar fascia, where latissimus dorsi is aponeurosis."""
    if view != "posterior" or layer != "superficial":
        return np.zeros(front.label.shape, np.bool_)
    pale = [mesh for mesh in meshes if mesh.name == "thoracolumbar_fascia_posterior_layer"]
    mask = closed(silhouette(rasterise(pale, view, WINDOWS[view], RESOLUTION_MM), [0, 1]), 10)
    under = np.isin(front.label, [index for index, mesh in enumerate(present) if mesh.name == "latissimus_dorsi"])
    return mask & under


def _pale(sheet: Mask, shapes: Mapping[int, MultiPolygon], meshes: Sequence[Mesh], view: ViewId) -> MultiPolygon:
    """Aponeuroses, and on the anterior view the intersections of rectus abdominis."""
    pale = polygons(sheet, RESOLUTION_MM, smoothing_px=6, smallest_mm2=60)
    halves = [shape for index, shape in shapes.items() if meshes[index].name == "rectus_abdominis"]
    if view != "anterior" or not halves:
        return pale
    return MultiPolygon([*pale.geoms, *(band for half in halves for band in intersections(half))])


def _fibres(
    fragments: Fragments, label: Labels, meshes: Sequence[Mesh], view: ViewId, regions: Mapping[str, str]
) -> Fibres:
    """Fibre strokes of every region, every third a light one; on the symmetric views mirrored from the left."""
    lines: Fibres = {"dark": [], "light": []}
    for index, mesh in enumerate(meshes):
        charted = mesh.name in regions or mesh.name in _STRIATED
        if not charted or (view in _SYMMETRIC_VIEWS and mesh.side == "right"):
            continue
        seen: Mask = label == index
        if not seen.any():
            continue
        towards = direction(view, mesh.name)
        whole = silhouette(fragments, [index]) | seen
        for number, line in enumerate(strokes(whole, seen, RESOLUTION_MM, towards, _FIBRE_SPACING_MM)):
            mine = lines["light" if number % 3 == 2 else "dark"]
            mine.append(line)
            if view in _SYMMETRIC_VIEWS:
                mine.append(line * (-1, 1) + (_page_width(view), 0))
    return lines


def _page_width(view: ViewId) -> float:
    return WINDOWS[view].u1 - WINDOWS[view].u0
