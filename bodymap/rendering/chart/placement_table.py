"""The table of placements as it stands under the picture."""

from collections.abc import Sequence
from itertools import accumulate

from bodymap.charting.placement import needle_count
from bodymap.rendering.blocks import Block
from bodymap.rendering.chart.placement_rows import PlacementTable, TableLine
from bodymap.rendering.frame import NARROW
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.table_rows import glyph
from bodymap.rendering.scene import Group, Node, Path, Text, coarse, paint
from bodymap.rendering.text_metrics import wrap, wrap_facts
from bodymap.rendering.wording.wording import Wording

_SIZE, _STEP, _PADDING = 10.5, 13.6, 4.6
_MOST_LINES = 6
_SENTENCE = 12.5


def draw_table(table: PlacementTable, width: float, pen: Pen, wording: Wording) -> Block:
    """The table in rows that grow with their text: in its columns; on a telephone with two texts a placement; without
    columns with a sentence each. `pen` draws in units."""
    if not table.columns:
        return _sentences(table.lines, width, pen)
    if width < NARROW:
        return _narrow(table.lines, width, pen, wording)
    shown = table.varying
    columns = [column for column, there in zip(table.columns, shown, strict=True) if there]
    xs = [0.0, *accumulate(column.width for column in columns[:-1])]
    small = paint(font_size=9, fill=pen.theme.muted, font_weight="bold")
    heads = [Text(x, 9, column.head, ()) for x, column in zip(xs, columns, strict=True)]
    rules = [15.0]
    texts: list[Node] = []
    glyphs: list[Node] = []
    y = 15.0
    for line in table.lines:
        facts = wrap_facts(line.facts, _SIZE, width - xs[-1], most=_MOST_LINES)
        own = [text for text, there in zip(line.cells, shown[1:-1], strict=True) if there]
        between = zip(own, columns[1:-1], strict=True)
        cells = [*(wrap(text, _SIZE, column.width - column.gap) for text, column in between), facts]
        top = y + _PADDING
        for x, cell in zip(xs[1:], cells, strict=True):
            texts += [Text(x, top + 10.4 + place * _STEP, part) for place, part in enumerate(cell)]
        glyphs += glyph(pen, (10.0, top + 6.8), line.row)
        y = top + max(1, *(len(cell) for cell in cells)) * _STEP + _PADDING
        rules.append(y)
    nodes: list[Node] = [
        Group(heads, small),
        _rules(rules, width, pen.theme),
        Group(texts, paint(font_size=_SIZE)),
        Group(glyphs, pen.shared),
    ]
    return Block(nodes, y)


def _sentences(lines: Sequence[TableLine], width: float, pen: Pen) -> Block:
    texts: list[Node] = []
    glyphs: list[Node] = []
    rules: list[float] = []
    y = 0.0
    for line in lines:
        parts = wrap(" ".join(line.facts), _SENTENCE, width - 34)
        texts += [Text(34, y + 16.5 + place * 17, part) for place, part in enumerate(parts)]
        glyphs += glyph(pen, (10.0, y + 12.5), line.row)
        y += len(parts) * 17 + 8
        rules.append(y)
    sentences = Group(texts, paint(font_size=_SENTENCE))
    return Block([_rules(rules, width, pen.theme), sentences, Group(glyphs, pen.shared)], y)


def _rules(heights: Sequence[float], width: float, theme: Theme) -> Path:
    ink = paint(fill="none", stroke=theme.hairline, stroke_width=0.8)
    return Path("".join(f"M0 {coarse(y)}h{coarse(width)}" for y in heights), ink)


def _narrow(lines: Sequence[TableLine], width: float, pen: Pen, wording: Wording) -> Block:
    """The table for a telephone: place and side on the first line, the rest below."""
    glyphs: list[Node] = []
    names: list[Node] = []
    facts: list[Node] = []
    rules: list[float] = []
    y = 0.0
    for line in lines:
        words = [wording.within(line.kind), wording.needles(needle_count(line.row.placement)), *line.facts]
        first = wrap(f"{line.place}, {line.side}", 12.5, width - 30)
        second = wrap_facts(words, 11, width - 30, most=_MOST_LINES)
        top = y + 5
        names += [Text(30, top + 12 + place * 16, part) for place, part in enumerate(first)]
        under = top + len(first) * 16
        facts += [Text(30, under + 11 + place * 14, part) for place, part in enumerate(second)]
        glyphs += glyph(pen, (10.0, top + 8), line.row)
        y = under + len(second) * 14 + 6
        rules.append(y)
    return Block(
        [
            _rules(rules, width, pen.theme),
            Group(names, paint(font_size=12.5)),
            Group(facts, paint(font_size=11, fill=pen.theme.muted)),
            Group(glyphs, pen.shared),
        ],
        y,
    )
