"""The legend of a heat map: the meaning of its colours, and the muscles with most needles."""

from collections.abc import Sequence

from bodymap.charting.course import Tally
from bodymap.rendering.blocks import Block
from bodymap.rendering.course.heat import Heat
from bodymap.rendering.course.heat_colours import fills
from bodymap.rendering.course.heat_words import made_of, step_words, tally_words
from bodymap.rendering.course.sheet import CourseSheet
from bodymap.rendering.scene import Box, Group, Line, Node, Text, paint
from bodymap.rendering.text_metrics import text_width, wrap

_GAP = 30.0
_MOST_ROWS = 7
_SWATCH = (44.0, 14.0)


def heat_legend(sheet: CourseSheet, heat: Heat, scale: float) -> Block:
    """The steps of the colour and the table of muscles: side by side if there is room. `scale` is that of the views, in
    whose millimetres the patterns are."""
    wide = sheet.inner >= 600
    width = (sheet.inner - _GAP) * 0.44 if wide else sheet.inner
    steps = _steps(sheet, heat, width, scale) if heat.shown else Block([], 0)
    rest = sheet.inner - width - _GAP if wide and steps.nodes else sheet.inner
    table = _table(sheet, sheet.wording.tallied(heat.tallies), rest)
    if not steps.nodes:
        return table
    if wide:
        at = (width + _GAP, 0.0, 1.0)
        return Block([*steps.nodes, Group(table.nodes, frame=at)], max(steps.height, table.height))
    below = steps.height + 14
    return Block([*steps.nodes, Group(table.nodes, frame=(0, below, 1.0))], below + table.height)


def _steps(sheet: CourseSheet, heat: Heat, width: float, scale: float) -> Block:
    theme, words = sheet.theme, sheet.words
    size = 10.5 if sheet.form.callouts else 11.0
    nodes: list[Node] = []
    y = 0.0
    for line in wrap(words.unit or made_of(sheet, heat), size, width, bold=True):
        y += size + 3
        nodes.append(Text(0, y - 2, line, paint(font_size=size, font_weight="bold")))
    y += 6
    colours = fills(theme, len(heat.steps))
    swatch = min(_SWATCH[0], width / (len(colours) + 1.2)), _SWATCH[1]
    edge = paint(stroke=theme.treated_edge, stroke_width=0.8 / scale, fill="none")
    boxes: list[Node] = []
    for place, colour in enumerate(colours):
        ink = tuple(sorted({**dict(edge), "fill": colour}.items()))
        boxes.append(Box(place * swatch[0] / scale, 0, swatch[0] / scale, swatch[1] / scale, 0, ink))
    nodes.append(Group(boxes, frame=(0, y, scale)))
    y += swatch[1]
    small = paint(font_size=9.2, fill=theme.muted)
    if words.unit:
        tick = paint(stroke=theme.treated_edge, stroke_width=0.8)
        middle = paint(font_size=9.2, fill=theme.muted, text_anchor="middle")
        for place, step in enumerate(heat.steps):
            x = place * swatch[0]
            nodes.append(Line(x, y, x, y + 3, tick))
            value = step_words(sheet, step)
            nodes.append(Text(x, y + 13, value, small if place == 0 else middle))
        nodes.append(Text(len(colours) * swatch[0] + 6, y - 3.5, words.and_more, small))
    else:
        nodes.append(Text(0, y + 13, words.less, small))
        end = paint(font_size=9.2, fill=theme.muted, text_anchor="end")
        nodes.append(Text(len(colours) * swatch[0], y + 13, words.more, end))
    y += 20
    paragraphs = ([made_of(sheet, heat)] if words.unit else []) + [words.kernel]
    for text in paragraphs:
        for line in wrap(text, 9.6, width):
            y += 13
            nodes.append(Text(0, y, line, paint(font_size=9.6, fill=theme.muted)))
        y += 4
    return Block(nodes, y)


def _table(sheet: CourseSheet, tallies: Sequence[Tally], width: float) -> Block:
    """The muscles with most needles, each with a bar for their number."""
    theme, words = sheet.theme, sheet.words
    size = 10.5
    nodes: list[Node] = []
    y = 0.0
    if not tallies:
        return Block([], 0)
    for line in wrap(words.muscles, size, width, bold=True):
        y += size + 3
        nodes.append(Text(0, y - 2, line, paint(font_size=size, font_weight="bold")))
    y += 4
    shown = tallies[:_MOST_ROWS]
    counts = [tally_words(sheet, tally) for tally in shown]
    right = max(text_width(text, 9.6) for text in counts)
    most = max(1, *(tally.needles for tally in shown))
    # No bar where needles are not spoken of.
    bar = 64.0 if sheet.wording.needles(most) else 0.0
    room = width - right - bar - 16
    grey = paint(font_size=9.6, fill=theme.muted, text_anchor="end")
    for tally, text in zip(shown, counts, strict=True):
        top = y
        for line in wrap(sheet.wording.tally_place(tally), size, room):
            y += 13.4
            nodes.append(Text(0, y, line, paint(font_size=size)))
        nodes.append(Text(width, top + 13.4, text, grey))
        if bar:
            long = max(1.0, bar * tally.needles / most)
            ink = paint(fill=theme.treated_edge)
            nodes.append(Box(width - right - bar - 8, top + 6.6, round(long, 1), 6, 0, ink))
        y += 3
    if len(tallies) > len(shown):
        y += 13
        rest = sheet.wording.counted(len(tallies) - len(shown), words.further)
        nodes.append(Text(0, y, rest, paint(font_size=9.6, fill=theme.muted)))
    return Block(nodes, y + 4)
