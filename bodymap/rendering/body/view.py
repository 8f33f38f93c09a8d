"""One view of a chart: the plate, what was treated, the marks, the letters of the sides, the callouts beside it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Detail
from bodymap.rendering.body.close_up import LOCATOR, faded, locator
from bodymap.rendering.body.labels import NUMBER_WIDTH, Label, Margin, call_out
from bodymap.rendering.body.referral_areas import dotted
from bodymap.rendering.body.shapes import draw_body
from bodymap.rendering.boxes import Extents
from bodymap.rendering.focus import whole
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.callouts import Column
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.placement_marks import Anchor, Marks, draw_marks
from bodymap.rendering.marks.side_letters import corner_letters, letters
from bodymap.rendering.panels import Panel, Xy
from bodymap.rendering.regions import RegionSide
from bodymap.rendering.scene import Box, Group, Line, Node, Text, Window, paint
from bodymap.rendering.text_metrics import text_width
from bodymap.rendering.wording.wording import Wording

# Nothing of the body lies further out than this above the hands: labels may reach in so far.
INLET_MM = 34.0
INLET_BOTTOM_MM = 850.0


@dataclass
class DrawnView:
    """One view as drawn. `frame` turns view millimetres into chart units: move by (x, y) after scaling. `top` is the
    top of its row of views."""

    panel: Panel
    frame: tuple[float, float, float]
    marks: Marks
    top: float
    labels: list[Label] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """Where a view goes: its left edge and top, its scale, and the chart's edges that callouts may use."""

    x: float
    top: float
    scale: float
    left: float | None
    right: float | None


def draw_view(
    atlas: Atlas,
    panel: Panel,
    place: Place,
    pen: Pen,
    wording: Wording,
    detail: Detail | None,
    *,
    titled: bool = True,
    apart: Collection[int] = (),
    labelled: Collection[int] | None = None,
) -> DrawnView:
    """A view at its place, with the marks of a pen of its scale; callouts on the sides for which `place` has room, only
    numbers if they do not fit.

    Without a `detail` there is no plate under the marks, only outlines. What is in `apart` has number and callout in
    an inset; with `labelled` nothing else has a callout.
    """
    shown, theme = panel.window, pen.theme
    width, height = panel.width * place.scale, panel.height * place.scale

    def holds(region_side: RegionSide, at: Xy) -> bool:
        outline = atlas.silhouette(*region_side, panel.view)
        return outline is not None and outline.contains(*at)

    edges = (value * place.scale for value in (shown.left, shown.top, shown.right, shown.bottom))
    left, top, right, bottom = edges
    marks = draw_marks(panel, pen, Extents(left + 1, top + 1, right - 1, bottom - 1), holds, apart)
    frame = (place.x - left, place.top - top, place.scale)
    drawn = DrawnView(panel, frame, marks, place.top - 26)
    margin = _margin(drawn, place, width, height, labelled)
    callouts: list[Node] = []
    if margin is not None:
        drawn.labels, callouts = call_out(panel, _anchors(drawn, labelled), margin, wording, theme)
    leaders = [step for label in drawn.labels for step in pairwise(label.leader)]
    body = [*draw_body(atlas, panel, pen, detail), *dotted(panel, theme, pen.scale)]
    data = (("view", panel.view), ("layer", panel.layer))
    if shown == whole(panel.view):
        drawn.nodes.append(Group(body, frame=frame, data=data))
        drawn.nodes += letters(panel, frame, boxes(drawn), leaders, theme, wording, small=not titled)
    else:
        part = (shown.left, shown.top, panel.width, panel.height)
        drawn.nodes.append(Window(place.x, place.top, width, height, part, body, data))
        page = Extents(place.x, place.top, place.x + width, place.top + height)
        if titled:
            drawn.nodes += faded(page, theme)
            taken = [*boxes(drawn), *(label.box for label in drawn.labels)]
            drawn.nodes += locator(atlas, panel, page, place.left, place.right, taken, theme)
        else:
            edge = paint(fill="none", stroke=theme.hairline, stroke_width=1)
            drawn.nodes.append(Box(place.x, place.top, width, height, 0, edge))
        drawn.nodes += corner_letters(panel, page, boxes(drawn), leaders, theme, wording, small=not titled)
    if titled:
        drawn.nodes += _heading(panel, place, theme, wording)
    drawn.nodes += scale_bar(place, width, height, theme, wording)
    drawn.nodes += callouts
    drawn.nodes.append(Group(marks.nodes, pen.shared, frame=frame))
    return drawn


def boxes(drawn: DrawnView) -> list[Extents]:
    """The boxes of the marks, on the page."""
    x, y, _ = drawn.frame
    return [Extents(b.left + x, b.top + y, b.right + x, b.bottom + y) for _, b in drawn.marks.boxes]


def _anchors(drawn: DrawnView, labelled: Collection[int] | None) -> dict[int, Anchor]:
    """Where leaders meet the marks that are to have a callout, on the page."""
    x, y, _ = drawn.frame
    anchors = drawn.marks.anchors.items()
    return {n: Anchor(x + at.x, y + at.y, at.reach) for n, at in anchors if labelled is None or n in labelled}


def _margin(
    drawn: DrawnView, place: Place, width: float, height: float, labelled: Collection[int] | None
) -> Margin | None:
    """The room for callouts beside a view; None where there is none, or nothing to say."""
    anchors = _anchors(drawn, labelled).values()
    if not anchors or (place.left is None and place.right is None):
        return None
    trunk = drawn.panel.view in ("posterior", "anterior") and drawn.panel.window == whole(drawn.panel.view)
    reach_in = INLET_MM * place.scale if trunk else -6.0
    # No leader may begin inside of a mark: at the hands the columns step back.
    nearest = min(min(a.x - place.x - a.reach, place.x + width - a.x - a.reach) for a in anchors)
    inlet = min(reach_in, nearest - 8)
    bottom = place.top + (INLET_BOTTOM_MM * place.scale if inlet > 4 else height)
    if drawn.panel.window != whole(drawn.panel.view) and labelled is None:
        bottom -= LOCATOR
    columns: list[Column] = []
    rooms: list[float] = []
    if place.left is not None:
        columns.append(Column("left", place.x + inlet, place.top + 4, bottom))
        rooms.append(columns[-1].port - place.left)
    if place.right is not None:
        columns.append(Column("right", place.x + width - inlet, place.top + 4, bottom))
        rooms.append(place.right - columns[-1].port)
    marks = [number for number, _ in drawn.marks.boxes]
    covered = tuple(zip(marks, boxes(drawn), strict=True))
    return Margin(tuple(columns), min(rooms) - NUMBER_WIDTH, place.x + width / 2, covered)


def _heading(panel: Panel, place: Place, theme: Theme, wording: Wording) -> list[Node]:
    left = place.x if place.left is None else place.left
    wide = panel.width * place.scale
    right = place.x + wide if place.right is None else place.right
    name, layer = wording.view_name(panel.view), wording.layer_name(panel.layer)
    nodes: list[Node] = [Text(left, place.top - 9, name, paint(font_size=13, font_weight="bold"))]
    if text_width(name, 13, bold=True) + text_width(layer, 10.5) + 12 <= right - left:
        nodes.append(Text(right, place.top - 9, layer, paint(font_size=10.5, fill=theme.muted, text_anchor="end")))
    return nodes


def scale_bar(place: Place, width: float, height: float, theme: Theme, wording: Wording) -> list[Node]:
    """Ten centimetres of the reference figure, for a small part two, with a tick in the middle; only if there is room
    for the bar and its words."""
    x, y = place.x + 2, place.top + height + 12
    room = (place.x + width if place.right is None else place.right) - x
    fitting = [cm for cm in (10, 5, 2) if 10 * cm * place.scale + 6 + text_width(wording.scale(cm), 8.5) <= room]
    cm = next((cm for cm in fitting if 10 * cm * place.scale < 0.6 * width), 0)
    if not cm or not wording.scale(cm):
        return []
    long = 10 * cm * place.scale
    ink = paint(stroke=theme.ink, stroke_width=1)
    words = paint(font_size=8.5, fill=theme.muted)
    return [
        Line(x, y, x + long, y, ink),
        *(Line(at, y - 3, at, y + 3, ink) for at in (x, x + long / 2, x + long)),
        Text(x + long + 6, y + 3, wording.scale(cm), words),
    ]
