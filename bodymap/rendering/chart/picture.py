"""The chart of a session: its views on one sheet, what they leave out, the table, the credit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.charting.session import Session
from bodymap.rendering.body.insets import LETTERS, Inset, insets_of, outline_on_body, repeated
from bodymap.rendering.body.referral_areas import referral_hatch, referral_legend, referral_lines, referred, shade
from bodymap.rendering.body.view import MOST_CALLOUTS, DrawnView, Place, draw_view, page_field
from bodymap.rendering.chart.placement_table import Block, below, rows_of, table
from bodymap.rendering.legend.strip import key
from bodymap.rendering.look.theme import Theme, hatches
from bodymap.rendering.look.themes import theme_of
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.placement_marks import crowded
from bodymap.rendering.marks.soft_pen import pen_for
from bodymap.rendering.options import ChartOptions, PrintedHeader
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.panels import Panel, place
from bodymap.rendering.scene import Box, Group, Hatch, Line, Node, Scene, Text, paint
from bodymap.rendering.speech import Speech
from bodymap.rendering.text_metrics import clean, text_width, wrap, wrap_facts
from bodymap.rendering.wording_patient import wording_for

RENDERER_VERSION = "10"
"""Changes whenever equal input may give other bytes than before; part of every chart's ETag."""

_MOST_SENTENCES = 10


@dataclass(frozen=True)
class Format:
    """How a chart of some width is laid out, in chart units. Views are drawn no larger than `largest` units a
    millimetre, no larger than `sheet` in several rows with callouts, and stand in one row only while they are no
    smaller than `smallest`. `inset` is how much of the room between the margins an inset without callouts takes, 0 for
    none at all."""

    width: float
    margin: float
    largest: float
    smallest: float
    callouts: bool
    legend: bool
    header: bool
    inset: float
    credit: float
    gap: float = 20.0
    sheet: float = 0.52


PAGE = Format(800, 26, 0.64, 0.42, callouts=True, legend=True, header=True, inset=0.31, credit=8)
PHONE = Format(440, 18, 0.58, 0.4, callouts=False, legend=True, header=True, inset=0.78, credit=8)
THUMBNAIL = Format(240, 8, 0.32, 0.3, callouts=False, legend=False, header=False, inset=0, credit=5.5)
PRINTED = Format(640, 0, 0.48, 0.42, callouts=True, legend=True, header=True, inset=0.31, credit=7, sheet=0.34)


@dataclass(frozen=True)
class Composition:
    """A chart as laid out: the scene, and where things stand in it."""

    scene: Scene
    views: tuple[DrawnView, ...]
    insets: tuple[DrawnView, ...]
    left_out: tuple[int, ...]


@dataclass(frozen=True)
class Picture:
    """The views of a chart without the sheet around them, `width` units wide. `bands` are rows of views, between which
    a page may end; `key` says what the shapes mean, `referral` in words what the dotted areas are."""

    width: float
    bands: tuple[Block, ...]
    key: Block
    panels: tuple[Panel, ...]
    hatches: tuple[Hatch, ...]
    theme: Theme
    wording: Speech
    referral: tuple[str, ...]


def render_chart(
    atlas: Atlas,
    session: Session,
    options: ChartOptions,
    header: PrintedHeader | None = None,
    own_theme: Theme | None = None,
) -> bytes:
    """The chart as a standalone SVG document (UTF-8). Equal input gives equal bytes, in every process.

    Options that `check_theme` complains about are drawn as the defaults. Raises `UnknownPlate` where the atlas lacks
    a plate.
    """
    return write_svg(compose_chart(atlas, session, options, header, own_theme).scene)


def compose_chart(
    atlas: Atlas,
    session: Session,
    options: ChartOptions,
    header: PrintedHeader | None = None,
    own_theme: Theme | None = None,
) -> Composition:
    """The chart before it is written: what `render_chart` writes, and where each mark and label stands.

    `own_theme` is the theme of `theme=own`.
    """
    theme, wording, options = _meant(atlas, session, options, own_theme)
    form = THUMBNAIL if options.width < 300 else PHONE if options.width < 640 else PAGE
    panels = place(atlas, session.placements, options, session.events)
    shown = {placement.number for panel in panels for placement in panel.placements}
    left_out = tuple(sorted(p.number for p in session.placements if p.number not in shown))
    inner = form.width - 2 * form.margin
    told = referred(atlas, session.placements, options, theme) if form.legend else ()
    shade(atlas, panels, told)
    nodes: list[Node] = []
    y = form.margin
    if form.header:
        block = _header(session, header, inner, theme, wording)
        nodes.append(Group(block.nodes, frame=(form.margin, y, 1.0)))
        y += block.height
    views, insets, y = sheet(atlas, panels, options, form, theme, wording, y)
    nodes += [node for view in (*views, *insets) for node in view.nodes]
    foot = [left_out_note(left_out, len(panels), not session.placements, inner, theme, wording, form)]
    scale = views[0].frame[2]
    if told:
        foot.append(referral_legend(atlas, told, panels, inner, theme, wording, scale))
    if form.legend and options.legend:
        foot.append(key(panels, inner, theme, wording))
        if session.placements:
            foot.append(table(rows_of(session.placements, panels), inner, theme, wording))
    foot.append(credit(inner, theme, wording, form.credit))
    for block in foot:
        if block.nodes:
            nodes.append(Group(block.nodes, frame=(form.margin, y, 1.0)))
            y += block.height + (10 if form.header else 4)
    height = round(y + form.margin - 10, 1)
    nodes.insert(0, page_field(form.width, height, theme))
    shown_ = [(panel.view, panel.layer, panel.placements) for panel in panels]
    description = wording.description(session, shown_, left_out, _MOST_SENTENCES)
    scene = Scene(
        width=form.width,
        height=height,
        pixels=options.width,
        title=wording.heading(session, [panel.view for panel in panels]),
        desc=" ".join([description, *referral_lines(atlas, told, panels, wording)]),
        metadata=wording.credit(),
        nodes=nodes,
        paint=theme.page,
        hatches=(*hatches(theme, scale), *referral_hatch(told, theme, scale)),
        id_prefix=options.id_prefix or "",
        lang=options.lang,
        data=(("atlas", atlas.version), ("renderer", RENDERER_VERSION)),
        data_names=wording.data_names,
    )
    return Composition(scene, tuple(views), tuple(insets), left_out)


def compose_picture(atlas: Atlas, session: Session, options: ChartOptions, own_theme: Theme | None = None) -> Picture:
    """The views alone, to be put on a page with words of its own around them."""
    theme, wording, options = _meant(atlas, session, options, own_theme)
    panels = place(atlas, session.placements, options, session.events)
    told = referred(atlas, session.placements, options, theme)
    shade(atlas, panels, told)
    views, insets, end = sheet(atlas, panels, options, PRINTED, theme, wording, 0)
    scale = views[0].frame[2]
    shapes = key(panels, PRINTED.width, theme, wording)
    areas = referral_legend(atlas, told, panels, PRINTED.width, theme, wording, scale)
    return Picture(
        PRINTED.width,
        bands([*views, *insets], end),
        below(shapes, areas) if told else shapes,
        tuple(panels),
        (*hatches(theme, scale), *referral_hatch(told, theme, scale)),
        theme,
        wording,
        tuple(referral_lines(atlas, told, panels, wording)),
    )


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


def _meant(
    atlas: Atlas, session: Session, options: ChartOptions, own_theme: Theme | None
) -> tuple[Theme, Speech, ChartOptions]:
    """The theme, its words, and the options as they are drawn."""
    theme = theme_of(options.theme, own_theme)
    if theme.for_patients and options.layer == "auto":
        # What lies under the skin's first muscles is no sight for everyone.
        options = structs.replace(options, layer="superficial")
    return theme, wording_for(atlas, options.lang, theme.for_patients, session.events), options


def sheet(
    atlas: Atlas,
    panels: Sequence[Panel],
    options: ChartOptions,
    form: Format,
    theme: Theme,
    wording: Speech,
    y: float,
    pen_of: Callable[[Theme, float, bool], Pen] = pen_for,
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
    if callouts and len(rows) > 1:
        scale = min(scale, form.sheet * closer)
    views: list[DrawnView] = []
    insets: list[DrawnView] = []
    pen = pen_of(theme, scale, numbers)
    if not form.header and any(crowded(panel, pen) for panel in panels):
        # A thumbnail has numbers only where each stands in its mark.
        pen = pen_of(theme, scale, False)
    for row in rows:
        wide = sum(panel.width for panel in row) * scale + form.gap * (len(row) - 1)
        x = (form.width - wide) / 2
        top = y + (26 if form.header else 4)
        wanted: list[tuple[DrawnView, Inset]] = []
        labelled = callouts and all(len(panel.placements) <= MOST_CALLOUTS for panel in row)
        for place_, panel in enumerate(row):
            letters = LETTERS[len(insets) + len(wanted) :]
            tight = crowded(panel, pen) if numbers and form.inset else []
            larger = insets_of(panel, tight, inner, None if labelled else form.inset, letters)
            left = form.margin if callouts and place_ == 0 else None
            right = form.width - form.margin if callouts and place_ == len(row) - 1 else None
            spot = Place(x, top, scale, left, right)
            titled, apart = form.header, [number for inset in larger for number in inset.numbers]
            view = draw_view(atlas, panel, spot, pen, wording, options.detail, titled=titled, apart=apart)
            view.nodes += [node for inset in larger for node in outline_on_body(inset, view, theme)]
            views.append(view)
            wanted += [(view, inset) for inset in larger]
            x += panel.width * scale + form.gap
        y = top + max(panel.height for panel in row) * scale + 24
        alone = labelled or form.inset > 0.5
        for part in [[entry] for entry in wanted] if alone else [wanted] if wanted else []:
            drawn, y = _insets(atlas, part, form, wording, pen_of, theme, labelled, y)
            insets += drawn
    return views, insets, y


def _insets(
    atlas: Atlas,
    row: Sequence[tuple[DrawnView, Inset]],
    form: Format,
    wording: Speech,
    pen_of: Callable[[Theme, float, bool], Pen],
    theme: Theme,
    labelled: bool,
    y: float,
) -> tuple[list[DrawnView], float]:
    """Crowded parts of views, larger, beside each other or with callouts on both sides; where that row ends."""
    wide = sum(inset.width for _, inset in row) + (len(row) - 1) * form.gap
    x, top = (form.width - wide) / 2, y + 16
    left, right = (form.margin, form.width - form.margin) if labelled else (None, None)
    drawn: list[DrawnView] = []
    for _, inset in row:
        spot = Place(x, top, inset.width / inset.panel.width, left, right)
        pen, told = pen_of(theme, spot.scale, True), inset.numbers if labelled else ()
        larger = draw_view(atlas, inset.panel, spot, pen, wording, None, titled=False, labelled=told)
        ink = paint(font_size=10.5, font_weight="bold", fill=theme.mark)
        larger.nodes = [Text(x, top - 5, wording.detail(inset.letter), ink), *repeated(larger.nodes)]
        drawn.append(larger)
        x += inset.width + form.gap
    return drawn, top + max(inset.height for _, inset in row) + 24


def _rows(panels: Sequence[Panel], form: Format, inner: float, callouts: bool) -> list[list[Panel]]:
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


def _header(session: Session, header: PrintedHeader | None, width: float, theme: Theme, wording: Speech) -> Block:
    """Title, date, whose session."""
    date = wording.date_line(session.started_at or session.started_on, session.ended_at)
    nodes: list[Node] = [Text(0, 15, wording.title, paint(font_size=18, font_weight="bold"))]
    y = 15.0
    if text_width(wording.title, 18, bold=True) + text_width(date, 11.5) + 16 <= width:
        nodes.append(Text(width, 15, date, paint(font_size=11.5, text_anchor="end")))
    else:
        y += 17
        nodes.append(Text(0, y, date, paint(font_size=11.5)))
    if header is not None:
        for line in wrap_facts(wording.person(header), 12, width, bold=True):
            y += 17
            nodes.append(Text(0, y, line, paint(font_size=12, font_weight="bold")))
    y += 2
    for line in wrap_facts(wording.session_facts(session), 10.5, width):
        y += 14
        nodes.append(Text(0, y, line, paint(font_size=10.5, fill=theme.muted)))
    y += 9
    nodes.append(Line(0, y, width, y, paint(stroke=theme.hairline, stroke_width=1)))
    return Block(nodes, y)


def left_out_note(
    left_out: Sequence[int], views: int, empty: bool, width: float, theme: Theme, wording: Speech, form: Format
) -> Block:
    """What the picture leaves out, counted; that nothing was recorded."""
    if empty:
        words = wording.nothing
    elif left_out:
        words = wording.left_out(left_out, views)
    else:
        return Block([], 0)
    size = 11.0 if form.header else 9.0
    lines = wrap(words, size, width - 10, bold=True)
    tall = len(lines) * (size + 3) + 5
    nodes: list[Node] = [Box(0, 0, 3, tall, 0, paint(fill=theme.treated_edge))]
    ink = paint(font_size=size, font_weight="bold")
    nodes += [Text(10, 2 + size + place_ * (size + 3), line, ink) for place_, line in enumerate(lines)]
    return Block(nodes, tall)


def credit(width: float, theme: Theme, wording: Speech, size: float) -> Block:
    lines = wrap(clean(wording.credit()), size, width)
    ink = paint(font_size=size, fill=theme.muted)
    nodes: list[Node] = [Text(0, size + place_ * (size + 2.5), line, ink) for place_, line in enumerate(lines)]
    return Block(nodes, len(lines) * (size + 2.5))
