"""The table of placements that stands under the picture."""

from collections.abc import Sequence

from bodymap.charting.placement import needle_count
from bodymap.rendering.blocks import Block
from bodymap.rendering.frame import NARROW
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.soft_pen import pen_for
from bodymap.rendering.marks.table_rows import Row, glyph
from bodymap.rendering.scene import Group, Node, Path, Text, coarse, paint
from bodymap.rendering.speech import Speech
from bodymap.rendering.text_metrics import wrap, wrap_facts
from bodymap.rendering.wording import Wording

Xy = tuple[float, float]
_SIZE, _STEP, _PADDING = 10.5, 13.6, 4.6
_MOST_LINES = 6
_TOLD = 12.5


def table(rows: Sequence[Row], width: float, theme: Theme, wording: Speech) -> Block:
    """Number, muscle, side, kind, needles and facts of every placement, in rows that grow with their text; for
    patients a sentence each."""
    if not isinstance(wording, Wording):
        return _told(rows, width, theme, wording)
    if width < NARROW:
        return _narrow(rows, width, theme, wording)
    columns = (0.0, 34.0, 232.0, 292.0, 374.0, 424.0)
    small = paint(font_size=9, fill=theme.muted, font_weight="bold")
    nodes: list[Node] = [
        Group([Text(x, 9, word, ()) for x, word in zip(columns, wording.words.columns, strict=True)], small)
    ]
    rules = [15.0]
    pen = pen_for(theme, 1.0)
    texts: list[Node] = []
    glyphs: list[Node] = []
    y = 15.0
    for row in rows:
        placement = row.placement
        facts = wrap_facts(_facts(row, wording), _SIZE, width - columns[5], most=_MOST_LINES)
        cells = (
            wrap(wording.place_name(placement), _SIZE, columns[2] - columns[1] - 10),
            wrap(wording.side_name(placement), _SIZE, columns[3] - columns[2] - 6),
            wrap(wording.kind_name(placement), _SIZE, columns[4] - columns[3] - 4),
            [needles_cell(needle_count(placement))],
            facts,
        )
        top = y + _PADDING
        for x, cell in zip(columns[1:], cells, strict=True):
            texts += [Text(x, top + 10.4 + place * _STEP, line) for place, line in enumerate(cell)]
        glyphs += glyph(pen, (10.0, top + 6.8), row)
        y = top + max(1, *(len(cell) for cell in cells)) * _STEP + _PADDING
        rules.append(y)
    nodes += [
        _rules(rules, width, theme),
        Group(texts, paint(font_size=_SIZE)),
        Group(glyphs, pen.shared),
    ]
    return Block(nodes, y)


def _told(rows: Sequence[Row], width: float, theme: Theme, wording: Speech) -> Block:
    pen = pen_for(theme, 1.0)
    texts: list[Node] = []
    glyphs: list[Node] = []
    rules: list[float] = []
    y = 0.0
    for row in rows:
        lines = wrap(" ".join(_facts(row, wording)), _TOLD, width - 34)
        texts += [Text(34, y + 16.5 + place * 17, line) for place, line in enumerate(lines)]
        glyphs += glyph(pen, (10.0, y + 12.5), row)
        y += len(lines) * 17 + 8
        rules.append(y)
    return Block([_rules(rules, width, theme), Group(texts, paint(font_size=_TOLD)), Group(glyphs, pen.shared)], y)


def needles_cell(count: int | None) -> str:
    """How many needles, in a column that says so; a dash where nobody did."""
    return "–" if count is None else str(count)


def _facts(row: Row, wording: Speech) -> list[str]:
    facts = wording.long_facts(row.placement, row.elsewhere)
    return facts if row.drawn else [*facts, wording.not_drawn(row.placement)]


def _rules(heights: Sequence[float], width: float, theme: Theme) -> Path:
    ink = paint(fill="none", stroke=theme.hairline, stroke_width=0.8)
    return Path("".join(f"M0 {coarse(y)}h{coarse(width)}" for y in heights), ink)


def _narrow(rows: Sequence[Row], width: float, theme: Theme, wording: Wording) -> Block:
    """The table for a telephone: name and side on the first line, the rest below."""
    pen = pen_for(theme, 1.0)
    nodes: list[Node] = []
    names: list[Node] = []
    facts: list[Node] = []
    rules: list[float] = []
    y = 0.0
    for row in rows:
        placement = row.placement
        needles = needle_count(placement)
        kind = wording.within(wording.kind_name(placement))
        words = [kind, wording.needles(needles), *_facts(row, wording)]
        first = wrap(f"{wording.place_name(placement)}, {wording.side_name(placement)}", 12.5, width - 30)
        second = wrap_facts(words, 11, width - 30, most=_MOST_LINES)
        top = y + 5
        names += [Text(30, top + 12 + place * 16, line) for place, line in enumerate(first)]
        under = top + len(first) * 16
        facts += [Text(30, under + 11 + place * 14, line) for place, line in enumerate(second)]
        nodes += glyph(pen, (10.0, top + 8), row)
        y = under + len(second) * 14 + 6
        rules.append(y)
    return Block(
        [
            _rules(rules, width, theme),
            Group(names, paint(font_size=12.5)),
            Group(facts, paint(font_size=11, fill=theme.muted)),
            Group(nodes, pen.shared),
        ],
        y,
    )
