"""The views of a picture in rows, at one scale, with what is crowded larger below them."""

from collections.abc import Sequence

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.rendering.audience import PenOf
from bodymap.rendering.blocks import Block
from bodymap.rendering.body.insets import LETTERS, Inset, insets_of, outline_on_body, repeated
from bodymap.rendering.body.labels import edges_of
from bodymap.rendering.body.view import DrawnView, Place, draw_view
from bodymap.rendering.frame import Form
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.placement_marks import crowded
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.panels import Panel
from bodymap.rendering.scene import Group, Node, Text, paint
from bodymap.rendering.wording.wording import Wording

# How wide a column of callouts is where it is the only one, and where there is one on each side.
_ONE_COLUMN, _TWO_COLUMNS = 190.0, 152.0


def sheet(
    atlas: Atlas,
    panels: Sequence[Panel],
    options: ChartOptions,
    form: Form,
    theme: Theme,
    wording: Wording,
    y: float,
    pen_of: PenOf,
) -> tuple[list[DrawnView], list[DrawnView], float]:
    """The views in rows from `y` down, at one scale; the insets below their rows; and where the sheet ends. `pen_of`
    gives what draws the marks."""
    inner = form.width - 2 * form.margin
    callouts = form.callouts and options.labels == "callouts"
    numbers = options.labels != "none"
    rows = _rows(panels, form, inner, callouts)
    widest = max(sum(panel.width for panel in row) for row in rows)
    most = max(len(row) for row in rows)
    # A part of the body is drawn larger, until it fills the room that the whole would have had.
    closer = min(min(SIZES[p.view][0] / p.width, SIZES[p.view][1] / p.height) for p in panels)
    scale = min(form.largest * closer, (inner - form.gap * (most - 1)) / widest)
    if closer > 1 and len(panels) == 1:
        scale = _close(panels[0], form, inner, callouts)
    if callouts and len(rows) > 1:
        scale = min(scale, form.sheet * closer)
    views: list[DrawnView] = []
    insets: list[DrawnView] = []
    pen = pen_of(scale, numbers)
    if not form.header and any(crowded(panel, pen) for panel in panels):
        # A thumbnail has numbers only where each stands in its mark.
        pen = pen_of(scale, False)
    for row in rows:
        wide = sum(panel.width for panel in row) * scale + form.gap * (len(row) - 1)
        x = (form.width - wide) / 2
        if callouts and closer > 1 and len(panels) == 1:
            edges = edges_of(panels[0])
            x = form.margin if edges == {"right"} else form.width - form.margin - wide if edges == {"left"} else x
        top = y + (26 if form.header else 4)
        wanted: list[tuple[DrawnView, Inset]] = []
        for place_, panel in enumerate(row):
            letters = LETTERS[len(insets) + len(wanted) :]
            tight = crowded(panel, pen) if numbers and form.inset else []
            larger = insets_of(panel, tight, inner, None if callouts else form.inset, letters)
            sides = edges_of(panel) if closer > 1 and len(panels) == 1 else {"left", "right"}
            left = form.margin if callouts and place_ == 0 and "left" in sides else None
            right = form.width - form.margin if callouts and place_ == len(row) - 1 and "right" in sides else None
            spot = Place(x, top, scale, left, right)
            titled, apart = form.header, [number for inset in larger for number in inset.numbers]
            view = draw_view(atlas, panel, spot, pen, wording, options.detail, titled=titled, apart=apart)
            view.nodes += [node for inset in larger for node in outline_on_body(inset, view, theme)]
            views.append(view)
            wanted += [(view, inset) for inset in larger]
            x += panel.width * scale + form.gap
        y = top + max(panel.height for panel in row) * scale + 24
        one_a_row = callouts or form.inset > 0.5
        for part in [[entry] for entry in wanted] if one_a_row else [wanted] if wanted else []:
            drawn, y = _insets(atlas, part, form, wording, pen_of, theme, callouts, y)
            insets += drawn
    return views, insets, y


def _close(panel: Panel, form: Form, inner: float, callouts: bool) -> float:
    """The scale of a part of the body that stands by itself: beside its callouts as large as the sheet allows."""
    columns = len(edges_of(panel)) if callouts else 0
    wide = inner - columns * (_ONE_COLUMN if columns == 1 else _TWO_COLUMNS)
    return min(wide / panel.width, form.tallest / panel.height)


def _insets(
    atlas: Atlas,
    row: Sequence[tuple[DrawnView, Inset]],
    form: Form,
    wording: Wording,
    pen_of: PenOf,
    theme: Theme,
    callouts: bool,
    y: float,
) -> tuple[list[DrawnView], float]:
    """Crowded parts of views, larger, beside each other or with callouts on both sides; where that row ends."""
    wide = sum(inset.width for _, inset in row) + (len(row) - 1) * form.gap
    x, top = (form.width - wide) / 2, y + 16
    left, right = (form.margin, form.width - form.margin) if callouts else (None, None)
    drawn: list[DrawnView] = []
    for _, inset in row:
        spot = Place(x, top, inset.width / inset.panel.width, left, right)
        pen, labelled_numbers = pen_of(spot.scale, True), inset.numbers if callouts else ()
        larger = draw_view(atlas, inset.panel, spot, pen, wording, None, titled=False, labelled=labelled_numbers)
        ink = paint(font_size=10.5, font_weight="bold", fill=theme.mark)
        larger.nodes = [Text(x, top - 5, wording.detail(inset.letter), ink), *repeated(larger.nodes)]
        drawn.append(larger)
        x += inset.width + form.gap
    return drawn, top + max(inset.height for _, inset in row) + 24


def _rows(panels: Sequence[Panel], form: Form, inner: float, callouts: bool) -> list[list[Panel]]:
    """With callouts each view in a row of its own, left and right together; else as many in a row as stay legible."""
    rows: list[list[Panel]] = []
    for panel in panels:
        row = rows[-1] if rows else []
        if callouts:
            joins = bool(row) and row[0].view == "left" and panel.view == "right"
        else:
            wide = sum(other.width for other in [*row, panel])
            joins = bool(row) and (inner - form.gap * len(row)) / wide >= form.smallest
        if joins:
            row.append(panel)
        else:
            rows.append([panel])
    return rows


def bands(views: Sequence[DrawnView], end: float) -> tuple[Block, ...]:
    """What stands in each row of a sheet that ends at `end`: between two of them a page may end."""
    rows: dict[float, list[Node]] = {}
    for view in sorted(views, key=lambda view: view.top):
        rows.setdefault(round(view.top, 2), []).extend(view.nodes)
    ends = [*list(rows)[1:], end]
    return tuple(
        Block([Group(nodes, frame=(0, -top, 1.0))], bottom - top)
        for (top, nodes), bottom in zip(rows.items(), ends, strict=True)
    )
