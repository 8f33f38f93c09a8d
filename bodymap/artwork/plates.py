"""Plates: one view of the body at one depth of dissection, drawn twice, plain and shaded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from bodymap.artwork import palette, svg
from bodymap.artwork.curves import simplified_line
from bodymap.artwork.layers import Arm, LayerId
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.polygons import polygons
from bodymap.artwork.raster import WINDOWS, ViewId, rasterise
from bodymap.artwork.scene import RESOLUTION_MM, Scene, observe

Names = Mapping[str, tuple[str, str]]
Regions = Mapping[str, str]
"""The mesh names that can be charted in, with the muscle that each is of."""
Detail = Literal["plain", "shaded"]
Attributes = Sequence[tuple[str, str]]

_ATLAS = "1"

# How near the drawn curves keep to what is seen.
_REGION_MM, _QUIET_MM, _TONE_MM, _LIMB_MM, _FIBRE_MM = 0.25, 0.8, 1.1, 1.1, 0.25
# Where the body begins to fade at the foot of the page, in page millimetres, and in how many steps.
_FADE_MM, _FADE_STEPS = 874, 20


@dataclass(frozen=True)
class PlateDrawing:
    """Both details of a plate as SVG text, and what is seen of each structure, by mesh key, in page millimetres."""

    plain: str
    shaded: str
    visible: dict[str, MultiPolygon]


def draw_plate(
    meshes: Sequence[Mesh], view: ViewId, layer: LayerId, arm: Arm, names: Names, regions: Regions
) -> PlateDrawing:
    """Draw what `layer` of `view` shows.

    `names` gives (structure id, English name) of each mesh name; what is not in `regions` is quiet context.
    """
    scene = observe(meshes, view, layer, arm, regions)
    paths = {"body": _body(scene), **_structures(scene, names, regions)}
    return PlateDrawing(
        plain=_document(view, layer, arm, "plain", scene, paths),
        shaded=_document(view, layer, arm, "shaded", scene, paths),
        visible={
            scene.meshes[index].key: MultiPolygon(_valid(shapely.simplify(shape, 0.2)))
            for index, shape in scene.visible.items()
        },
    )


def silhouettes(meshes: Sequence[Mesh], view: ViewId) -> dict[str, MultiPolygon]:
    """The whole outline of every mesh on a view, seen or not, by key, in page millimetres; no specks."""
    fragments = rasterise(meshes, view, WINDOWS[view], RESOLUTION_MM)
    order = np.argsort(fragments.structure, kind="stable")
    starts = np.searchsorted(fragments.structure[order], np.arange(len(meshes) + 1))
    shapes: dict[str, MultiPolygon] = {}
    for index, mesh in enumerate(meshes):
        mask = np.zeros(fragments.width * fragments.height, np.bool_)
        mask[fragments.pixel[order[starts[index] : starts[index + 1]]]] = True
        shape = polygons(mask.reshape(fragments.height, fragments.width), RESOLUTION_MM)
        if not shape.is_empty:
            shapes[mesh.key] = shape
    return shapes


def silhouettes_svg(
    view: ViewId,
    shapes: Mapping[str, MultiPolygon],
    meshes: Sequence[Mesh],
    names: Names,
    regions: Regions,
) -> str:
    """One path per region and side: its whole outline on this view."""
    paths = [
        svg.element("path", [*_identity(mesh, names, regions), ("d", svg.filled(shapes[mesh.key], _QUIET_MM))])
        for mesh in meshes
        if mesh.name in regions and mesh.key in shapes
    ]
    group = _group("regions", [("fill", palette.CONTEXT)], paths)
    return _page(view, [], f"Silhouettes of the regions, {view} view", [group])


def _valid(shape: shapely.Geometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shapely.make_valid(shape))
    return [part for part in parts if isinstance(part, shapely.Polygon)]


def _identity(mesh: Mesh, names: Names, regions: Regions) -> list[tuple[str, str]]:
    structure, _ = names[mesh.name]
    kind = "data-region" if mesh.name in regions else "data-structure"
    identity = structure if mesh.side == "midline" else f"{structure}-{mesh.side}"
    return [("id", identity), (kind, structure), ("data-side", mesh.side)]


def _structures(scene: Scene, names: Names, regions: Regions) -> dict[str, list[str]]:
    """The paths of all structures seen, by group."""
    paths: dict[str, list[str]] = {"bones": [], "context": _limbs(scene), "regions": []}
    seen = [scene.meshes[index] for index in scene.visible]
    parts = Counter((regions[mesh.name], mesh.side) for mesh in seen if mesh.name in regions)
    for index, shape in scene.visible.items():
        mesh = scene.meshes[index]
        title = names[mesh.name][1] + ("" if mesh.side == "midline" else f", {mesh.side}")
        attributes = _identity(mesh, names, regions)
        if mesh.name in regions:
            group = "regions"
            attributes.append(("fill", palette.flesh(regions[mesh.name])))
            if parts[regions[mesh.name], mesh.side] > 1:
                attributes += palette.PART_PAINT
        elif mesh.kind == "bone":
            group = "bones"
        else:
            group = "context"
            if mesh.kind == "fascia":
                attributes.append(("fill", palette.SHEET))
        tolerance = _REGION_MM if group == "regions" else _QUIET_MM
        attributes.append(("d", svg.filled(shape, tolerance)))
        content = [] if group == "context" else [svg.text("title", title)]
        paths[group].append(svg.element("path", attributes, *content))
    return paths


def _document(
    view: ViewId, layer: LayerId, arm: Arm, detail: Detail, scene: Scene, paths: Mapping[str, Sequence[str]]
) -> str:
    groups = [
        _group("body", palette.BODY_PAINT, paths["body"]),
        _group("bones", palette.BONE_PAINT, paths["bones"]),
        _group("context", palette.CONTEXT_PAINT, paths["context"]),
        _group("regions", palette.REGION_PAINT, paths["regions"]),
        _group("edges", palette.EDGE_PAINT, _edges(scene)),
        _group("tone", [], _tone(scene, detail)),
        _group("fibres", palette.FIBRE_PAINT, _fibres(scene) if detail == "shaded" else []),
        _group("face", palette.FACE_PAINT, _face(scene)),
        _group("fade", palette.FADE_PAINT, _fade(scene, view)),
    ]
    facts = [("data-layer", layer), ("data-arm", arm), ("data-detail", detail)]
    without = ", without the arm" if arm == "hidden" else ""
    return _page(view, facts, f"Muscles of the trunk, {view} view, {layer} layer{without}", groups)


def _body(scene: Scene) -> list[str]:
    paths = [svg.element("path", [("id", "body-outline"), ("d", svg.filled(scene.outline, 0.3))])]
    layers = [(palette.RIM_PAINT, scene.rim), (palette.GROUND_PAINT, scene.ground)]
    if scene.head is not None:
        layers.append((palette.HAIR_PAINT, scene.head.hair))
    paths += [
        svg.element("path", [*paint, ("d", svg.filled(shape, _LIMB_MM))])
        for paint, shape in layers
        if not shape.is_empty
    ]
    return paths


def _limbs(scene: Scene) -> list[str]:
    """Forearm and thigh: their muscles without names, since nobody can chart in them."""
    d = "".join(svg.filled(shape, _LIMB_MM) for shape in scene.limbs.values())
    return [svg.element("path", [*palette.LIMB_PAINT, ("d", d)])] if d else []


def _edges(scene: Scene) -> list[str]:
    """The outlines of muscles that are drawn in parts, over the thin lines between these."""
    return [svg.element("path", [("d", svg.filled(shape, _REGION_MM))]) for shape in scene.unions]


def _face(scene: Scene) -> list[str]:
    if scene.head is None:
        return []
    ears = scene.head.ears
    covering = [] if ears.is_empty else [svg.element("path", [*palette.EAR_PAINT, ("d", svg.filled(ears, _QUIET_MM))])]
    return covering + [
        svg.element("path", [*palette.face_paint(weight), ("d", svg.stroked(lines))])
        for weight, lines in scene.head.lines.items()
    ]


def _fade(scene: Scene, view: ViewId) -> list[str]:
    """The foot of the body, step by step in the colour of the paper: it ends in a fade, not in a cut."""
    window = WINDOWS[view]
    width, height = window.u1 - window.u0, window.v1 - window.v0
    paths: list[str] = []
    for step in range(_FADE_STEPS):
        top = _FADE_MM + step * (height - _FADE_MM) // _FADE_STEPS
        left = [1 - _eased((step + ahead) / _FADE_STEPS) for ahead in (0, 1)]
        foot = shapely.get_parts(shapely.intersection(scene.outline, shapely.box(0, top, width, height)))
        opacity = f"{1 - left[1] / left[0]:.3f}".removeprefix("0")
        d = "".join(_box(top, *part.bounds) for part in foot)
        if d:
            paths.append(svg.element("path", [("fill-opacity", opacity), ("d", d)]))
    return paths


def _box(top: float, left: float, _: float, right: float, bottom: float) -> str:
    """A box that covers a part of the body, with its line, from `top` down."""
    width = round(right - left) + 4
    return f"M{round(left) - 2} {top:g}h{width}v{round(bottom - top) + 2}h-{width}z"


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)


def _tone(scene: Scene, detail: Detail) -> list[str]:
    paths: list[str] = []
    if not scene.sheet.is_empty:
        paths.append(svg.element("path", [*palette.SHEET_PAINT, ("d", svg.filled(scene.sheet, _TONE_MM))]))
    for name, shape in scene.bands if detail == "shaded" else scene.plain_bands:
        paint = palette.tone_paint(name, detail)
        paths.append(svg.element("path", [*paint, ("d", svg.filled(shape, _TONE_MM))]))
    return paths


def _fibres(scene: Scene) -> list[str]:
    return [
        svg.element(
            "path",
            [
                *palette.fibre_paint(name),
                ("d", svg.stroked(simplified_line(line, _FIBRE_MM) for line in lines)),
            ],
        )
        for name, lines in scene.fibres.items()
        if lines
    ]


def _group(name: str, paint: Attributes, paths: Sequence[str]) -> str:
    if not paths:
        return ""
    return svg.element("g", [("id", name), *paint], "\n", *(f"{path}\n" for path in paths)) + "\n"


def _page(view: ViewId, facts: Attributes, title: str, groups: Sequence[str]) -> str:
    window = WINDOWS[view]
    size = f"0 0 {window.u1 - window.u0:g} {window.v1 - window.v0:g}"
    attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("viewBox", size),
        ("role", "img"),
        ("data-atlas", _ATLAS),
        ("data-view", view),
    ]
    head = f"\n{svg.text('title', title)}\n{svg.text('desc', svg.CREDIT)}\n"
    return svg.element("svg", [*attributes, *facts], head, *groups) + "\n"
