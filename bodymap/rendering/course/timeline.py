"""The visits of a course as small multiples, oldest first, under the curve of the pain before and after each."""

from collections.abc import Mapping, Sequence
from math import ceil, floor

from bodymap.atlas import Atlas
from bodymap.charting.course import Course
from bodymap.rendering.blocks import Block
from bodymap.rendering.course.curve import curve, has_pain, measure_series, pain_series
from bodymap.rendering.course.options import TimelineOptions
from bodymap.rendering.course.sheet import SMALLEST, CourseSheet, course_sheet, document
from bodymap.rendering.course.timeline_words import caption, day_of, description, listed, omissions
from bodymap.rendering.course.visit_tiles import Tile, draw_tile, tiles_of
from bodymap.rendering.look.theme import Theme, hatches
from bodymap.rendering.panels import Panel
from bodymap.rendering.scene import Group, Node, Scene, Text, paint
from bodymap.rendering.text_metrics import wrap, wrap_facts

# How wide a visit is drawn at least, by how many views it has.
_WIDE = (0.0, 168.0, 236.0, 340.0, 400.0)
_TALLEST = 330.0
_BETWEEN = 6.0
_MOST_COLUMNS = 4
_MOST_LISTED, _LISTED = 8, 150.0


def compose_timeline(
    atlas: Atlas,
    course: Course,
    atlases: Mapping[str, Atlas],
    options: TimelineOptions,
    own_theme: Theme | None = None,
) -> Scene:
    """The visits of a course, each on the atlas of its own version, by version in `atlases`; `atlas` names muscles and
    is drawn where there is no visit. `own_theme` is the theme of `theme=own`."""
    sheet = course_sheet(atlas, course, options, own_theme)
    tiles = tiles_of(sheet.course, atlases, options)
    form, words = sheet.form, sheet.words
    nodes: list[Node] = []
    y = form.margin
    if form.header:
        blocks = [sheet.frame.head(words.timeline, sheet.period(), sheet.facts())]
        if words.curve and has_pain(course.visits):
            blocks.append(curve(sheet, len(tiles), pain_series(sheet)))
        blocks += [curve(sheet, len(tiles), series) for series in measure_series(sheet)]
        nodes, y = sheet.frame.stacked(blocks, y)
    scale = 1.0
    if tiles:
        drawn, y, scale = _multiples(sheet, tiles, options.labels == "numbers", y)
        nodes += drawn
    blocks = [sheet.frame.notes(omissions(sheet, tiles), SMALLEST)]
    if form.legend and options.legend and tiles:
        panels = [panel for tile in tiles for panel in tile.panels]
        blocks.append(sheet.audience.key(panels, sheet.inner, sheet.wording))
    more, y = sheet.frame.stacked(blocks, y)
    patterns = hatches(sheet.theme, scale)
    return document(sheet, [*nodes, *more], y, words.timeline, description(sheet, tiles), patterns)


def _multiples(sheet: CourseSheet, tiles: Sequence[Tile], numbers: bool, y: float) -> tuple[list[Node], float, float]:
    """The visits in rows, at one scale; where the last row ends, and the scale."""
    form, panels = sheet.form, tiles[0].panels
    gap = form.gap if form.header else form.margin
    wide = _WIDE[len(panels)] if form.header else sheet.inner / 2 - gap if len(panels) == 1 else sheet.inner
    columns = max(1, min(_MOST_COLUMNS, len(tiles), floor((sheet.inner + gap) / (wide + gap))))
    column = (sheet.inner - gap * (columns - 1)) / columns
    scale = (column - _BETWEEN * (len(panels) - 1)) / sum(panel.width for panel in panels)
    scale = round(min(scale, _TALLEST / max(panel.height for panel in panels)), 4)
    pictured = sum(panel.width for panel in panels) * scale + _BETWEEN * (len(panels) - 1)
    nodes: list[Node] = []
    for start in range(0, len(tiles), columns):
        row = tiles[start : start + columns]
        heads = [_caption(sheet, tile, column) for tile in row]
        titles = _view_titles(sheet, panels, scale)
        under = [_list(sheet, tile, column) if numbers else Block([], 0) for tile in row]
        top = y + max(block.height for block in heads) + titles.height
        below = top + max(panel.height for panel in panels) * scale
        for place, (tile, above, list_) in enumerate(zip(row, heads, under, strict=True)):
            x = form.margin + place * (column + gap)
            left = x + (column - pictured) / 2 if columns == 1 else x
            numbered = numbers and form.header
            parts = [
                *_moved(above.nodes, x, y),
                *_moved(titles.nodes, left, top - titles.height),
                *draw_tile(tile, left, top, _BETWEEN, sheet.audience.pen(scale, numbered), sheet.wording),
                *_moved(list_.nodes, x, below),
            ]
            nodes.append(Group(parts, data=(("visit", str(tile.number)), ("session", tile.visit.id))))
        y = below + max(block.height for block in under) + (20 if form.header else 6)
    return nodes, y, scale


def _view_titles(sheet: CourseSheet, panels: Sequence[Panel], scale: float) -> Block:
    """The names of a visit's views; empty if there is only the back."""
    if [panel.view for panel in panels] == ["posterior"]:
        return Block([], 0)
    size = 8.5 if sheet.form.header else 6.5
    nodes: list[Node] = []
    x, most = 0.0, 0
    for panel in panels:
        lines = wrap(sheet.wording.view_name(panel.view), size, panel.width * scale)
        nodes += [Text(round(x, 2), (size + 1.5) * (line + 1) - 1.5, text) for line, text in enumerate(lines)]
        x += panel.width * scale + _BETWEEN
        most = max(most, len(lines))
    return Block([Group(nodes, paint(font_size=size, fill=sheet.theme.muted))], most * (size + 1.5) + 3)


def _caption(sheet: CourseSheet, tile: Tile, width: float) -> Block:
    """The visit's number, day, and most important facts."""
    if not sheet.form.header:
        size = 7.5
        lines = wrap(f"{tile.number} · {day_of(sheet, tile)}", size, width)
        ink = paint(font_size=size)
        return Block([Text(0, 8 + place * 9, line, ink) for place, line in enumerate(lines)], 3 + len(lines) * 9)
    first, facts = caption(sheet, tile)
    nodes: list[Node] = []
    y = 0.0
    for line in wrap(first, 11.5, width, bold=True):
        y += 14
        nodes.append(Text(0, y, line, paint(font_size=11.5, font_weight="bold")))
    for line in wrap_facts(facts, 9.5, width):
        y += 12.5
        nodes.append(Text(0, y, line, paint(font_size=9.5, fill=sheet.theme.muted)))
    return Block(nodes, y + 7)


def _list(sheet: CourseSheet, tile: Tile, width: float) -> Block:
    """The list of a visit's numbers with their muscles."""
    if not sheet.form.header:
        return Block([], 0)
    nodes: list[Node] = []
    columns = max(1, floor((width + _BETWEEN) / _LISTED))
    wide = (width - _BETWEEN * (columns - 1)) / columns
    entries = listed(sheet, tile, _MOST_LISTED * columns)
    each = max(1, ceil(len(entries) / columns))
    ink = paint(font_size=9.2, fill=sheet.theme.ink)
    bold = paint(font_size=9.2, font_weight="bold", fill=sheet.theme.mark)
    lowest = y = 3.0
    for place, (number, words) in enumerate(entries):
        x = place // each * (wide + _BETWEEN)
        y = 3.0 if place % each == 0 else y
        if number:
            nodes.append(Text(x, y + 11.5, number, bold))
        for line in wrap(words, 9.2, wide - 16 if number else wide):
            y += 11.8
            nodes.append(Text(x + 16 if number else x, y, line, ink))
        lowest = max(lowest, y)
    return Block(nodes, lowest)


def _moved(nodes: Sequence[Node], x: float, y: float) -> list[Node]:
    return [Group(nodes, frame=(round(x, 2), round(y, 2), 1.0))] if nodes else []
