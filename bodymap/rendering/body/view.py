"""One view of a chart: the plate, what was treated, the marks, the letters of the sides, the callouts beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Detail, LayerId
from bodymap.charting.placement import RecordedPlacement
from bodymap.rendering.body.plate import prepare_ground
from bodymap.rendering.body.referral_areas import dotted
from bodymap.rendering.boxes import Extents
from bodymap.rendering.focus import whole
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.callouts import Column, Standing, Wanted, stand
from bodymap.rendering.marks.leaders import Leader, Tied, lead
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.placement_marks import Marks, draw_marks
from bodymap.rendering.marks.side_letters import corner_letters, letters
from bodymap.rendering.panels import Panel, RegionSide, Treated, Xy
from bodymap.rendering.scene import Box, Fragment, Group, Line, Node, Paint, Path, Text, Window, coarse, paint
from bodymap.rendering.text_metrics import text_width, wrap, wrap_facts
from bodymap.rendering.wording.wording import Wording

# Nothing of the body lies further out than this above the hands: labels may reach in so far.
INLET_MM = 34.0
INLET_BOTTOM_MM = 850.0
_NAME, _FACT, _NAME_STEP, _FACT_STEP = 11.0, 10.0, 13.4, 12.6
_NUMBER_WIDTH = 24.0
_TIE = 6.6
_GAP = 8.0
# The most characters of path data for the surroundings of the marks of an inset.
_OUTLINES = 2600
# A longer outline is of many thin slips: it is not repeated, as it costs more bytes than it shows.
_RAGGED = 2000
MOST_CALLOUTS = 30
"""The most callouts on one view. With more, only numbers are drawn, and the table has the rest."""


@dataclass(frozen=True)
class Label:
    """A callout in its place: its box, its mark's number, its leader from the text to the mark, bent at most
    once."""

    number: int
    box: Extents
    leader: Leader


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
    callouts = _callouts(drawn, place, width, height, theme, wording, labelled)
    leaders = [step for label in drawn.labels for step in pairwise(label.leader)]
    body = _ground(atlas, panel, pen, detail)
    unseen = panel.treated if detail is not None else [t for t in panel.treated if _told_in_part(atlas, panel, t)]
    body += [node for treated in unseen for node in _unseen(atlas, panel, treated, pen)]
    body += dotted(panel, theme, pen.scale)
    data = (("view", panel.view), ("layer", panel.layer))
    if shown == whole(panel.view):
        drawn.nodes.append(Group(body, frame=frame, data=data))
        drawn.nodes += letters(panel, frame, boxes(drawn), leaders, theme, wording, small=not titled)
    else:
        part = (shown.left, shown.top, panel.width, panel.height)
        drawn.nodes.append(Window(place.x, place.top, width, height, part, body, data))
        edge = paint(fill="none", stroke=theme.hairline, stroke_width=1)
        drawn.nodes.append(Box(place.x, place.top, width, height, 0, edge))
        page = Extents(place.x, place.top, place.x + width, place.top + height)
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


def _ground(atlas: Atlas, panel: Panel, pen: Pen, detail: Detail | None) -> list[Node]:
    """The plate with the treated regions of its layer emphasised, or only these regions."""
    treated = [treated for treated in panel.treated if treated.where == "drawn"]
    if detail is not None:
        ground = prepare_ground(atlas, panel.view, panel.layer, detail, panel.arm, pen.theme)
        emphasised = {(t.region, t.side): _ink(t, pen) for t in treated}
        return [Fragment(ground.markup(emphasised))]
    treated = [t for t in treated if _told_in_part(atlas, panel, t)]
    seen = [(t, atlas.visible(t.region, t.side, panel.view, panel.layer, panel.arm)) for t in treated]
    pale = paint(fill_opacity=0.4)
    plain = [(t, outline.d) for t, outline in seen if outline is not None]
    theme = pen.theme
    quiet = paint(fill=theme.skin, stroke=theme.muscle_edge, stroke_width=0.7 / pen.scale, stroke_linejoin="round")
    around = _neighbours(atlas, panel, {(t.region, t.side) for t in treated})
    return [*(Path(d, quiet) for d in around), *(Path(d, (*_ink(t, pen), *pale)) for t, d in plain)]


def _told_in_part(atlas: Atlas, panel: Panel, treated: Treated) -> bool:
    """Whether a treated region belongs into an inset: what lies under the drawn layer is on the body already, and here
    it would only crowd the numbers."""
    outline = atlas.silhouette(treated.region, treated.side, panel.view)
    if outline is None or treated.where == "below" or len(outline.d) > _RAGGED:
        return False
    return Extents(*outline.bounds).touches(panel.window)


def _neighbours(atlas: Atlas, panel: Panel, treated: Collection[RegionSide]) -> list[str]:
    """The outlines of the drawn layer's other regions in a part of a view, within a limit of bytes."""
    outlines: list[str] = []
    left = _OUTLINES
    for region in atlas.regions:
        if region.layers.get(panel.view) != panel.layer:
            continue
        for extent in region.extents.get(panel.view, ()):
            if (region.id, extent.side) in treated:
                continue
            outline = atlas.visible(region.id, extent.side, panel.view, panel.layer, panel.arm)
            if outline is not None and len(outline.d) <= left and Extents(*outline.bounds).touches(panel.window):
                outlines.append(outline.d)
                left -= len(outline.d)
    return outlines


def _ink(treated: Treated, pen: Pen) -> Paint:
    s, theme = pen.scale, pen.theme
    ink = {"fill": theme.fill(treated.how), "stroke": theme.treated_edge, "stroke_width": 1.2 / s, "stroke_opacity": 1}
    return paint(**(ink | pen.tint(treated.how)))


def _unseen(atlas: Atlas, panel: Panel, treated: Treated, pen: Pen) -> list[Node]:
    """A treated region that the drawn layer covers, as a tinted silhouette; one of a removed layer, as an outline."""
    s, theme = pen.scale, pen.theme
    data = pen.region_data(treated.region, treated.side)
    if treated.where == "below":
        outline = atlas.silhouette(treated.region, treated.side, panel.view)
        fill = theme.fill(treated.how, below=True)
        ink = {
            "fill": fill,
            "fill_opacity": theme.below,
            "stroke": theme.treated_edge,
            "stroke_width": 1.1 / s,
            **pen.covered(3.4, 2),
        }
        return [Path(outline.d, paint(**(ink | pen.tint(treated.how))), data)] if outline is not None else []
    if treated.where == "above" and treated.layer is not None:
        outline = atlas.visible(treated.region, treated.side, panel.view, treated.layer, panel.arm)
        fill = theme.fill(treated.how, below=True)
        opacity = 0.6 if treated.how == "region" else theme.above
        # Cased, so that the outline of a removed muscle stands out from those under it.
        case = paint(fill="none", stroke=theme.paper, stroke_width=4 / s, stroke_linejoin="round")
        ink = {"fill": fill, "fill_opacity": opacity, "stroke": theme.treated_edge, "stroke_width": 1.7 / s}
        own = pen.tint(treated.how)
        if outline is not None:
            return [*([] if own else [Path(outline.d, case)]), Path(outline.d, paint(**(ink | own)), data)]
    return []


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


@dataclass(frozen=True)
class _Written:
    """The lines of one callout: (text, size, muted), tallest form first."""

    lines: tuple[tuple[str, float, bool], ...]

    @property
    def height(self) -> float:
        return sum(_FACT_STEP if muted else _NAME_STEP for _, _, muted in self.lines)


def _write(
    wording: Wording, placement: RecordedPlacement, elsewhere: LayerId | None, width: float, form: str
) -> _Written:
    name = wording.place_name(placement)
    side = wording.side_name(placement)
    short_facts = wording.short_facts(placement, elsewhere)
    if form != "full":
        short = [(line, _NAME, False) for line in wrap(", ".join(part for part in (name, side) if part), _NAME, width)]
        first = wrap_facts(short_facts, _FACT, width)[:1]
        if form == "short" and first and text_width(short_facts[0], _FACT) <= width:
            short.append((first[0], _FACT, True))
        return _Written(tuple(short))
    facts = [fact for fact in (side, *short_facts) if fact]
    lines = [(line, _NAME, False) for line in wrap(name, _NAME, width)]
    lines += [(line, _FACT, True) for line in wrap_facts(facts, _FACT, width)]
    return _Written(tuple(lines))


def _callouts(
    drawn: DrawnView,
    place: Place,
    width: float,
    height: float,
    theme: Theme,
    wording: Wording,
    labelled: Collection[int] | None,
) -> list[Node]:
    panel = drawn.panel
    anchors = {number: at for number, at in drawn.marks.anchors.items() if labelled is None or number in labelled}
    if not anchors or len(panel.placements) > MOST_CALLOUTS:
        return []
    trunk = panel.view in ("posterior", "anterior") and panel.window == whole(panel.view)
    reach_in = INLET_MM * place.scale if trunk else -6.0
    corner = (drawn.frame[0] - place.x, drawn.frame[1] - place.top)
    # No leader may begin inside of a mark: at the hands the columns step back.
    nearest = min(min(a.x + corner[0] - a.reach, width - a.x - corner[0] - a.reach) for a in anchors.values())
    inlet = min(reach_in, nearest - 8)
    bottom = place.top + (INLET_BOTTOM_MM * place.scale if inlet > 4 else height)
    columns: list[Column] = []
    if place.left is not None:
        columns.append(Column("left", place.x + inlet, place.top + 4, bottom))
    if place.right is not None:
        columns.append(Column("right", place.x + width - inlet, place.top + 4, bottom))
    if not columns:
        return []
    rooms = {"left": columns[0].port - (place.left or 0), "right": (place.right or 0) - columns[-1].port}
    room = min(rooms[column.edge] for column in columns) - _NUMBER_WIDTH
    elsewhere = {placement.number: panel.layer_elsewhere(placement) for placement in panel.placements}
    wanted = {placement.number: placement for placement in panel.placements if placement.number in anchors}
    for form in ("full", "short", "name"):
        written = {n: _write(wording, p, elsewhere[n], room, form) for n, p in wanted.items()}
        wants = [
            Wanted(n, drawn.frame[0] + anchors[n].x, drawn.frame[1] + anchors[n].y, written[n].height)
            for n in sorted(written)
        ]
        for gap in (_GAP, _GAP / 2):
            standing = stand(wants, columns, place.x + width / 2, gap, _TIE)
            if standing is not None:
                return _draw_callouts(drawn, standing, written, theme)
    return []


def _draw_callouts(
    drawn: DrawnView, standing: Sequence[Standing], written: dict[int, _Written], theme: Theme
) -> list[Node]:
    x, y, _ = drawn.frame
    leaders: list[Node] = []
    columns: dict[str, tuple[list[Node], list[Node], list[Node]]] = {"left": ([], [], []), "right": ([], [], [])}
    ordered = sorted(standing, key=lambda label: label.key)
    anchored = [(label, drawn.marks.anchors[label.key]) for label in ordered]
    tied = [Tied(label.key, label.tie, (x + at.x, y + at.y), at.reach) for label, at in anchored]
    owners = [number for number, _ in drawn.marks.boxes]
    for label, leader in zip(ordered, lead(tied, list(zip(owners, boxes(drawn), strict=True))), strict=True):
        outwards = -1 if label.edge == "left" else 1
        leaders.append(Path(_line(leader), (), (("leader", str(label.key)),)))
        numbers, names, facts = columns[label.edge]
        port = label.tie[0] + outwards * 4
        inner = port + outwards * (_NUMBER_WIDTH - 4)
        baseline, widest = label.top - 2.8, 0.0
        numbers.append(Text(port, baseline + _NAME_STEP, str(label.key), (), (("label", str(label.key)),)))
        for text, size, muted in written[label.key].lines:
            baseline += _FACT_STEP if muted else _NAME_STEP
            (facts if muted else names).append(Text(inner, baseline, text))
            widest = max(widest, text_width(text, size))
        far = inner + outwards * widest
        box = Extents(min(port, far), label.top, max(port, far), label.top + written[label.key].height)
        drawn.labels.append(Label(label.key, box, leader))
    casing = "".join(_line(label.leader) for label in drawn.labels)
    nodes: list[Node] = [
        Path(casing, paint(fill="none", stroke=theme.paper, stroke_opacity=0.75, stroke_width=2.6)),
        Group(leaders, paint(fill="none", stroke=theme.mark, stroke_width=0.8)),
    ]
    for edge, (numbers, names, facts) in columns.items():
        if numbers:
            parts: list[Node] = [
                Group(numbers, paint(font_size=12, font_weight="bold", fill=theme.mark)),
                Group(names, paint(font_size=_NAME)),
                Group(facts, paint(font_size=_FACT, fill=theme.muted)),
            ]
            nodes.append(Group(parts, paint(text_anchor="end" if edge == "left" else "start")))
    return nodes


def _line(leader: Leader) -> str:
    return "M" + "L".join(f"{coarse(x)} {coarse(y)}" for x, y in leader)
