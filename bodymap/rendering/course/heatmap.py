"""The density of needles over a period, smooth, on the outline of the skin.

A placement without a point, and one that was not done, adds nothing: it is counted instead.
"""

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.atlas.outlines import Ring
from bodymap.charting.course import Course
from bodymap.rendering.body.plate import prepare_ground
from bodymap.rendering.body.skin import around_skin, skin_outline
from bodymap.rendering.body.view import Place, scale_bar
from bodymap.rendering.boxes import Extents
from bodymap.rendering.course.density import smooth
from bodymap.rendering.course.heat import Heat, HeatView, heat_of
from bodymap.rendering.course.heat_colours import fills, pale_body, step_patterns
from bodymap.rendering.course.heat_legend import heat_legend
from bodymap.rendering.course.heat_words import description, omissions
from bodymap.rendering.course.options import HeatmapOptions
from bodymap.rendering.course.sheet import SMALLEST, CourseSheet, course_sheet, document
from bodymap.rendering.focus import whole
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.side_letters import corner_letters, letters
from bodymap.rendering.panels import Panel
from bodymap.rendering.scene import Box, Fragment, Node, Path, Scene, Text, Window, number, paint
from bodymap.rendering.text_metrics import text_width


def compose_heatmap(atlas: Atlas, course: Course, options: HeatmapOptions, own_theme: Theme | None = None) -> Scene:
    """The heat map of a course, all of its visits being on this atlas. `own_theme` is the theme of `theme=own`."""
    sheet = course_sheet(atlas, course, options, own_theme)
    heat = heat_of(atlas, sheet.course, options)
    form, words = sheet.form, sheet.words
    nodes: list[Node] = []
    y = form.margin
    if form.header:
        nodes, y = sheet.frame.stacked([sheet.frame.head(words.heatmap, sheet.period(), sheet.facts())], y)
        y -= 10
    drawn, y, scale = _views(sheet, heat, y)
    blocks = [sheet.frame.notes(omissions(sheet, heat), SMALLEST)]
    if form.legend and options.legend and course.visits:
        blocks.insert(0, heat_legend(sheet, heat, scale))
    more, y = sheet.frame.stacked(blocks, y)
    patterns = step_patterns(sheet.theme, scale)
    return document(sheet, [*nodes, *drawn, *more], y, words.heatmap, description(sheet, heat), patterns)


def _views(sheet: CourseSheet, heat: Heat, y: float) -> tuple[list[Node], float, float]:
    """The views in rows, at one scale; where the last row ends, and the scale."""
    form = sheet.form
    rows = _rows(sheet, [view.panel for view in heat.views])
    closer = min(min(SIZES[p.view][0] / p.width, SIZES[p.view][1] / p.height) for row in rows for p in row)
    widest = [(sheet.inner - form.gap * (len(row) - 1)) / sum(panel.width for panel in row) for row in rows]
    scale = min(form.largest * closer, *widest)
    by_panel = {id(view.panel): view for view in heat.views}
    nodes: list[Node] = []
    for row in rows:
        x = (form.width - sum(panel.width for panel in row) * scale - form.gap * (len(row) - 1)) / 2
        top = y + (26 if form.header else 4)
        for panel in row:
            place = Place(round(x, 2), round(top, 2), scale, None, None)
            nodes += _view(sheet, by_panel[id(panel)], heat, place)
            x += panel.width * scale + form.gap
        y = top + max(panel.height for panel in row) * scale + (30 if form.header else 6)
    return nodes, y, scale


def _rows(sheet: CourseSheet, panels: list[Panel]) -> list[list[Panel]]:
    """As many views in a row as stay legible."""
    rows: list[list[Panel]] = []
    for panel in panels:
        row = rows[-1] if rows else []
        wide = sum(other.width for other in [*row, panel])
        if row and (sheet.inner - sheet.form.gap * len(row)) / wide >= sheet.form.smallest:
            row.append(panel)
        else:
            rows.append([panel])
    return rows


def _view(sheet: CourseSheet, view: HeatView, heat: Heat, place: Place) -> list[Node]:
    theme, wording, panel, scale = sheet.theme, sheet.wording, view.panel, place.scale
    shown = panel.window
    width, height = panel.width * scale, panel.height * scale
    ground = prepare_ground(sheet.atlas, panel.view, "superficial", "plain", panel.arm, pale_body(theme))
    inside: list[Node] = [Fragment(ground.markup({}))]
    covered: list[Extents] = []
    frame = (place.x - shown.left * scale, place.top - shown.top * scale, scale)
    for left, right, field in view.fields:
        page = SIZES[panel.view][1]
        rings = [field.rings(step) for step in heat.steps]
        layers = _layers(theme, heat, [smooth(lines) for lines in rings], scale)
        inside.append(Window(left, 0, right - left, page, (left, 0, right - left, page), layers))
        covered += [_covered(ring, left, right, frame) for ring in rings[0]]
    inside += [
        Path(around_skin(sheet.atlas, panel.view, panel.arm), paint(fill=theme.paper, fill_rule="evenodd")),
        Path(
            skin_outline(sheet.atlas, panel.view, panel.arm),
            paint(fill="none", stroke=theme.skin_edge, stroke_width=0.8 / scale),
        ),
        Fragment(ground.fade),
    ]
    part = (shown.left, shown.top, panel.width, panel.height)
    nodes: list[Node] = [Window(place.x, place.top, width, height, part, inside, (("view", panel.view),))]
    if shown == whole(panel.view):
        nodes += letters(panel, frame, covered, [], theme, wording)
    else:
        nodes.append(Box(place.x, place.top, width, height, 0, paint(fill="none", stroke=theme.hairline)))
        page_box = Extents(place.x, place.top, place.x + width, place.top + height)
        nodes += corner_letters(panel, page_box, covered, [], theme, wording, small=False)
    if sheet.form.header:
        nodes += _heading(sheet, view, place, width)
        nodes += scale_bar(place, width, height, theme, wording)
    return nodes


def _covered(ring: Ring, left: float, right: float, frame: tuple[float, float, float]) -> Extents:
    """What a line of equal density goes around, on the page, as far as it is shown."""
    dx, dy, scale = frame
    xs, ys = [min(max(x, left), right) for x, _ in ring], [y for _, y in ring]
    box = (min(xs) * scale + dx, min(ys) * scale + dy, max(xs) * scale + dx, max(ys) * scale + dy)
    return Extents(*box)


def _layers(theme: Theme, heat: Heat, shapes: list[str], scale: float) -> list[Node]:
    """The steps over each other, each with its line, so that they differ without their colours."""
    nodes: list[Node] = []
    for place, (d, colour) in enumerate(zip(shapes, fills(theme, len(shapes)), strict=True)):
        if d:
            line = {"stroke_width": (1.1 if place == 0 else 0.7) / scale, "stroke_opacity": 1 if place == 0 else 0.7}
            ink = paint(fill=colour, fill_rule="evenodd", stroke=theme.treated_edge, **line)
            nodes.append(Path(d, ink, (("density", number(heat.steps[place])),)))
    return nodes


def _heading(sheet: CourseSheet, view: HeatView, place: Place, width: float) -> list[Node]:
    name = sheet.wording.view_name(view.panel.view)
    nodes: list[Node] = [Text(place.x, place.top - 9, name, paint(font_size=13, font_weight="bold"))]
    needles = sheet.wording.needles(view.count)
    if needles and text_width(name, 13, bold=True) + text_width(needles, 10.5) + 12 <= width:
        ink = paint(font_size=10.5, fill=sheet.theme.muted, text_anchor="end")
        nodes.append(Text(round(place.x + width, 2), place.top - 9, needles, ink))
    return nodes
