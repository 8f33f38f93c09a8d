"""Sheets of referral areas: one path for each area and side of a view, in the plates' strict subset of SVG."""

from collections.abc import Mapping

import msgspec
import numpy as np
import shapely
from shapely.affinity import affine_transform

from bodymap.artwork import svg
from bodymap.artwork.figure import Figure, Shape
from bodymap.artwork.referral_areas import AREAS, Area, Seen, drawn
from bodymap.atlas.frames import FRAMES, SIZES
from bodymap.atlas.manifest import VIEWS, Side, ViewId
from bodymap.atlas.referral import ReferralArea, ReferralFile

Shapes = dict[tuple[str, Side], Shape]

_SIMPLIFIED_MM = 0.2
_SEEN: Mapping[ViewId, Seen] = {"posterior": "back", "anterior": "front", "left": "side", "right": "side"}


def vocabulary() -> tuple[ReferralArea, ...]:
    """The areas as the atlas tells of them."""
    return tuple(
        ReferralArea(
            id=area.id,
            name=area.name,
            words=area.words,
            paired=area.paired,
            arm=area.arm,
            views=tuple(view for view in VIEWS if _SEEN[view] in area.seen),
            rule=area.rule,
            note=area.note,
        )
        for area in AREAS
    )


def encode() -> bytes:
    """The bytes of the atlas's `referral.json`."""
    encoded = msgspec.json.encode(ReferralFile(vocabulary()), order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def draw_referral(figure: Figure, version: str) -> dict[ViewId, str]:
    """By view, the sheet of its areas. Equal meshes give equal text."""
    return {view: referral_svg(view, shapes, version) for view, shapes in referral_shapes(figure).items()}


def referral_shapes(figure: Figure) -> dict[ViewId, Shapes]:
    """By view, each area's shape by area and side, in page millimetres; sides are exact mirror images."""
    by_view: dict[ViewId, Shapes] = {view: {} for view in VIEWS}
    for area in AREAS:
        shapes = {seen: drawn(area, figure, seen) for seen in area.seen}
        for view in VIEWS:
            if _SEEN[view] in shapes:
                by_view[view].update(_on_page(area, shapes[_SEEN[view]], view))
    return by_view


def _on_page(area: Area, shape: Shape, view: ViewId) -> Shapes:
    """The left half's shape on a view, and its mirror image."""
    frame, width = FRAMES[view], SIZES[view][0]
    sign = 1 if view in ("anterior", "right") else -1
    page = affine_transform(shape, [sign, 0, 0, -1, -frame.u0, -frame.v0])
    page = shapely.normalize(shapely.set_precision(shapely.simplify(page, _SIMPLIFIED_MM), 0.1))
    if not area.paired:
        return {(area.id, "midline"): page}
    if view == "left" or view == "right":
        return {(area.id, view): page}
    mirrored = affine_transform(page, [-1, 0, 0, 1, width, 0])
    return {(area.id, "left"): page, (area.id, "right"): mirrored}


def referral_svg(view: ViewId, shapes: Shapes, version: str) -> str:
    """The text of one sheet."""
    width, height = SIZES[view]
    areas = {area.id: area for area in AREAS}
    paths: list[str] = []
    for (area_id, side), shape in shapes.items():
        area = areas[area_id]
        attributes = [("id", f"{area_id}-{side}"), ("data-area", area_id), ("data-side", side)]
        if area.arm and view in ("left", "right"):
            attributes.append(("data-arm", "shown"))
        title = area.name if side == "midline" else f"{area.name}, {side}"
        paths.append(svg.element("path", [*attributes, ("d", _path(shape))], svg.text("title", title)))
    attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("viewBox", f"0 0 {width:g} {height:g}"),
        ("role", "img"),
        ("data-atlas", version),
        ("data-view", view),
    ]
    head = f"\n{svg.text('title', f'Referral areas, {view} view')}\n{svg.text('desc', svg.CREDIT)}\n"
    group = svg.element("g", [("id", "referral"), ("fill", "#8a5a2b"), ("fill-opacity", ".3")], "\n".join(paths))
    return svg.element("svg", attributes, head, group, "\n") + "\n"


def _path(shape: Shape) -> str:
    """Path data of straight lines, in tenths of a millimetre."""
    tenths = np.rint(shapely.get_coordinates(shape)[:-1] * 10).astype(np.int64)
    steps = " ".join(f"{x / 10:g} {y / 10:g}" for x, y in np.diff(tenths, axis=0))
    return f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}l{steps}z"
