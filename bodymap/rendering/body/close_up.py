"""What makes a part of the body a close-up: edges that fade into the paper, and a small body that says where it is."""

from collections.abc import Sequence

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.rendering.body.skin import plain_skin
from bodymap.rendering.boxes import Extents
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.panels import Panel, spots_of
from bodymap.rendering.scene import Box, Circle, Group, Node, Path, paint

LOCATOR = 104.0
"""How much of a column of callouts is kept for the small body."""

_TALL = 92.0
_FADE = (0.9, 0.72, 0.55, 0.4, 0.27, 0.15, 0.06)
_STEP = 3.4
_MOST_DOTS = 30
# A view that is not so many times as wide has no corner to spare.
_ROOMY = 5.0


def faded(page: Extents, theme: Theme) -> list[Node]:
    """Strips of paper over the edges, fainter inwards."""
    nodes: list[Node] = []
    wide, tall = page.right - page.left, page.bottom - page.top
    for place, opacity in enumerate(_FADE):
        ink, at = paint(fill=theme.paper, fill_opacity=opacity), place * _STEP
        nodes += [
            Box(page.left, page.top + at, wide, _STEP, 0, ink),
            Box(page.left, page.bottom - at - _STEP, wide, _STEP, 0, ink),
            Box(page.left + at, page.top, _STEP, tall, 0, ink),
            Box(page.right - at - _STEP, page.top, _STEP, tall, 0, ink),
        ]
    return nodes


def locator(
    atlas: Atlas,
    panel: Panel,
    page: Extents,
    left: float | None,
    right: float | None,
    taken: Sequence[Extents],
    theme: Theme,
) -> list[Node]:
    """The whole body, small, with what of it is drawn: below the callouts, or else in the first corner of the view
    where nothing stands. Nothing where every corner is taken."""
    width, height = SIZES[panel.view]
    scale = _TALL / height
    wide = width * scale
    bottom = page.bottom - _TALL - 4
    spots = [(right - wide, bottom)] if right is not None else [(left, bottom)] if left is not None else []
    if page.right - page.left > _ROOMY * wide:
        spots += [(x, y) for y in (bottom, page.top + 4) for x in (page.left + 4, page.right - wide - 4)]
    boxes = ((x, y, Extents(x - 4, y - 4, x + wide + 4, y + _TALL + 4)) for x, y in spots)
    free = next(((x, y) for x, y, box in boxes if not any(box.touches(other) for other in taken)), None)
    if free is None:
        return []
    part = panel.window
    skin = paint(fill=theme.skin, stroke=theme.skin_edge, stroke_width=0.8 / scale)
    dot = paint(fill=theme.treated_edge)
    frame = paint(fill="none", stroke=theme.mark, stroke_width=1.2 / scale)
    dots = [Circle(x, y, 2.1 / scale, dot) for x, y in sorted(set(spots_of(panel)))[:_MOST_DOTS]]
    body: list[Node] = [
        Path(plain_skin(atlas, panel.view, atlas.arm(panel.view, panel.arm)), skin),
        *dots,
        Box(part.left, part.top, panel.width, panel.height, 2 / scale, frame),
    ]
    ground = Box(free[0] - 3, free[1] - 3, wide + 6, _TALL + 6, 4, paint(fill=theme.paper, fill_opacity=0.9))
    return [ground, Group(body, frame=(free[0], free[1], scale), data=(("locator", panel.view),))]
