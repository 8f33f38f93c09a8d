"""Plates: one view of the body at one depth of dissection, drawn twice, plain and shaded."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import ndimage
from shapely.affinity import scale
from shapely.geometry import MultiPolygon

from bodymap.artwork import palette, svg
from bodymap.artwork.front import (
    NOTHING,
    Front,
    Mask,
    disk,
    mirrored,
    nearest,
    partners,
    silhouette,
    tidied,
)
from bodymap.artwork.layers import LAYERS_OF_VIEW, Arm, LayerId, drawn
from bodymap.artwork.meshes import Mesh, load_meshes
from bodymap.artwork.outlines import polygons
from bodymap.artwork.raster import WINDOWS, Fragments, ViewId, rasterise
from bodymap.artwork.shading import bands, tone

RESOLUTION_MM = 0.5
ATLAS = "1"

Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class PlateDrawing:
    """Both details of a plate as SVG text, and what is seen of each structure, by mesh key, in page millimetres."""

    plain: str
    shaded: str
    visible: dict[str, MultiPolygon]


def draw_plate(
    meshes: Sequence[Mesh], view: ViewId, layer: LayerId, arm: Arm, names: Names, regions: Collection[str]
) -> PlateDrawing:
    """Draw what `layer` of `view` shows. `names` gives (structure id, English name) of each mesh name;
    `regions` are the mesh names that can be charted in, all others are quiet context.
    """
    present = [mesh for mesh in meshes if drawn(view, layer, arm, mesh)]
    fragments = rasterise(present, view, WINDOWS[view], RESOLUTION_MM)
    front = tidied(_symmetric(nearest(fragments), present, view), 2, round(14 / RESOLUTION_MM**2), 2.0)
    visible = _visible(front, present, view)
    skin = _skin(meshes, view)
    sheet = _sheet(meshes, front, present, view, layer)
    there = front.label != NOTHING
    shades = bands(tone(front, RESOLUTION_MM), there, RESOLUTION_MM)
    return PlateDrawing(
        _document(view, layer, arm, "plain", _groups(present, visible, names, regions, skin, sheet, [])),
        _document(view, layer, arm, "shaded", _groups(present, visible, names, regions, skin, sheet, shades)),
        {present[index].key: shape for index, shape in visible.items()},
    )


def silhouettes(meshes: Sequence[Mesh], view: ViewId) -> dict[str, MultiPolygon]:
    """The whole outline of every mesh on a view, by key, in page millimetres, seen or not; no specks under 10 mm2."""
    fragments = rasterise(meshes, view, WINDOWS[view], RESOLUTION_MM)
    order = np.argsort(fragments.structure, kind="stable")
    starts = np.searchsorted(fragments.structure[order], np.arange(len(meshes) + 1))
    shapes: dict[str, MultiPolygon] = {}
    for index, mesh in enumerate(meshes):
        mask = np.zeros(fragments.width * fragments.height, np.bool_)
        mask[fragments.pixel[order[starts[index] : starts[index + 1]]]] = True
        shape = polygons(mask.reshape(fragments.height, fragments.width), RESOLUTION_MM, tolerance_mm=0.4)
        if not shape.is_empty:
            shapes[mesh.key] = shape
    return shapes


def silhouettes_svg(
    view: ViewId, shapes: Mapping[str, MultiPolygon], meshes: Sequence[Mesh], names: Names, regions: Collection[str]
) -> str:
    """One path per region and side: its whole outline on this view."""
    paths = [
        svg.element("path", [*_identity(mesh, names, regions), ("d", svg.filled(shapes[mesh.key]))])
        for mesh in meshes
        if mesh.name in regions and mesh.key in shapes
    ]
    group = svg.element("g", [("id", "regions"), ("fill", palette.CONTEXT)], *paths)
    return _page(view, [("data-view", view)], f"Silhouettes of the regions, {view} view", [group])


def _symmetric(front: Front, meshes: Sequence[Mesh], view: ViewId) -> Front:
    if view not in ("posterior", "anterior"):
        return front
    middle = front.label.shape[1] // 2
    source = slice(0, middle) if view == "posterior" else slice(middle, None)
    return mirrored(front, partners(meshes), source)


def _visible(front: Front, meshes: Sequence[Mesh], view: ViewId) -> dict[int, MultiPolygon]:
    """What is seen of each mesh; on the symmetric views the right side is the mirror image of the left."""
    shapes: dict[int, MultiPolygon] = {}
    symmetric = view in ("posterior", "anterior")
    place = {mesh.key: index for index, mesh in enumerate(meshes)}
    width = front.label.shape[1] * RESOLUTION_MM
    for index in np.unique(front.label[front.label != NOTHING]).tolist():
        mesh = meshes[index]
        if symmetric and mesh.side == "right":
            continue
        shape = polygons(front.label == index, RESOLUTION_MM, level=0.42)
        if shape.is_empty:
            continue
        shapes[index] = shape
        if symmetric and mesh.side == "left":
            shapes[place[mesh.key.replace("__left", "__right")]] = scale(
                shape, xfact=-1, yfact=1, origin=(width / 2, 0)
            )
    return dict(sorted(shapes.items()))


@dataclass(frozen=True)
class _Skin:
    outline: MultiPolygon
    shade: MultiPolygon


def _skin(meshes: Sequence[Mesh], view: ViewId) -> _Skin:
    skin = [mesh for mesh in meshes if mesh.kind == "skin"]
    fragments = rasterise(skin, view, WINDOWS[view], RESOLUTION_MM)
    mask = ndimage.binary_fill_holes(ndimage.binary_closing(silhouette(fragments, [0]), disk(3)))
    front = nearest(fragments)
    turned = ndimage.gaussian_filter(np.where(front.label == NOTHING, 0, front.normal[..., 2]), 3.0)
    return _Skin(
        polygons(mask, RESOLUTION_MM, smoothing_px=2.0, tolerance_mm=0.35, smallest_mm2=200),
        polygons(mask & (turned < 0.45), RESOLUTION_MM, smoothing_px=2.5, tolerance_mm=0.5, smallest_mm2=40),
    )


def _sheet(meshes: Sequence[Mesh], front: Front, present: Sequence[Mesh], view: ViewId, layer: LayerId) -> MultiPolygon:
    """The aponeurosis on this plate: thoracolumbar fascia on the back, rectus sheath on the belly."""
    if view == "posterior" and layer == "superficial":
        pale, on = "thoracolumbar_fascia_posterior_layer", "latissimus_dorsi"
    elif view == "anterior":
        pale, on = "rectus_abdominis", "external_oblique" if layer == "superficial" else "internal_oblique"
    else:
        return MultiPolygon()
    fragments = rasterise([m for m in meshes if m.name == pale], view, WINDOWS[view], RESOLUTION_MM)
    mask = ndimage.binary_closing(silhouette(fragments, [0, 1]), disk(10))
    under = np.isin(front.label, [i for i, mesh in enumerate(present) if mesh.name == on])
    return polygons(mask & under, RESOLUTION_MM, smoothing_px=4, tolerance_mm=0.5, smallest_mm2=60)


def _identity(mesh: Mesh, names: Names, regions: Collection[str]) -> list[tuple[str, str]]:
    structure, _ = names[mesh.name]
    kind = "data-region" if mesh.name in regions else "data-structure"
    identity = structure if mesh.side == "midline" else f"{structure}-{mesh.side}"
    return [("id", identity), (kind, structure), ("data-side", mesh.side)]


def _groups(
    present: Sequence[Mesh],
    visible: Mapping[int, MultiPolygon],
    names: Names,
    regions: Collection[str],
    skin: _Skin,
    sheet: MultiPolygon,
    shades: Sequence[tuple[str, MultiPolygon]],
) -> list[str]:
    drawn_paths: dict[str, list[str]] = {"bones": [], "context": [], "regions": []}
    for index, shape in visible.items():
        mesh = present[index]
        title = names[mesh.name][1] + ("" if mesh.side == "midline" else f", {mesh.side}")
        attributes = _identity(mesh, names, regions)
        if mesh.name in regions:
            attributes.append(("fill", palette.flesh(mesh.name)))
        path = svg.element("path", [*attributes, ("d", svg.filled(shape))], svg.text("title", title))
        group = "regions" if mesh.name in regions else "bones" if mesh.kind == "bone" else "context"
        drawn_paths[group].append(path)
    line = [("stroke-width", ".6"), ("stroke-linejoin", "round")]
    body = [
        svg.element("path", [("id", "body-outline"), ("d", svg.filled(skin.outline))]),
        svg.element(
            "path",
            [("class", "shade"), ("fill", palette.SKIN_SHADE), ("fill-opacity", ".45"), ("stroke", "none")]
            + [("d", svg.filled(skin.shade))],
        ),
    ]
    groups = [
        _group("body", [("fill", palette.SKIN), ("stroke", palette.SKIN_EDGE), *line], body),
        _group("bones", [("fill", palette.BONE), ("stroke", palette.BONE_EDGE), *line], drawn_paths["bones"]),
        _group(
            "context",
            [("fill", palette.CONTEXT), ("stroke", palette.CONTEXT_EDGE), ("stroke-opacity", ".6"), *line],
            drawn_paths["context"],
        ),
        _group("regions", [("stroke", palette.REGION_EDGE), ("stroke-opacity", ".7"), *line], drawn_paths["regions"]),
    ]
    tones = (
        []
        if sheet.is_empty
        else [
            svg.element(
                "path", [("class", "sheet"), ("fill", palette.SHEET), ("fill-opacity", ".45"), ("d", svg.filled(sheet))]
            )
        ]
    )
    for name, shape in shades:
        dark = name.startswith("dark")
        tones.append(
            svg.element(
                "path",
                [("class", name), ("fill", palette.SHADOW if dark else palette.LIGHT)]
                + [("fill-opacity", ".12"), ("d", svg.filled(shape))],
            )
        )
    groups.append(_group("tone", [], tones))
    return [group for group in groups if group]


def _group(name: str, paint: Sequence[tuple[str, str]], paths: Sequence[str]) -> str:
    return svg.element("g", [("id", name), *paint], "\n", *(f"{path}\n" for path in paths)) if paths else ""


def _document(view: ViewId, layer: LayerId, arm: Arm, detail: str, groups: Sequence[str]) -> str:
    facts = [("data-view", view), ("data-layer", layer), ("data-arm", arm), ("data-detail", detail)]
    without = ", without the arm" if arm == "hidden" else ""
    return _page(view, facts, f"Muscles of the trunk, {view} view, {layer} layer{without}", groups)


def _page(view: ViewId, facts: Sequence[tuple[str, str]], title: str, groups: Sequence[str]) -> str:
    window = WINDOWS[view]
    size = f"0 0 {window.u1 - window.u0:g} {window.v1 - window.v0:g}"
    attributes = [("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", size), ("role", "img"), ("data-atlas", ATLAS)]
    head = [f"\n{svg.text('title', title)}\n{svg.text('desc', svg.CREDIT)}\n"]
    return svg.element("svg", [*attributes, *facts], *head, *(f"{group}\n" for group in groups)) + "\n"
