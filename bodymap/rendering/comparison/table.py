"""The table of compared visits as it stands under the picture: new, kept, gone, with a column for each visit."""

from bodymap.rendering.audience import Audience
from bodymap.rendering.blocks import Block
from bodymap.rendering.comparison.rows import ROOMY, ComparisonTable, TableGroup, row_glyph
from bodymap.rendering.frame import NARROW
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.scene import Group, Node, Path, Text, coarse, paint
from bodymap.rendering.text_metrics import wrap, wrap_facts
from bodymap.rendering.wording.comparison import ComparisonWording

_SIZE, _STEP, _SMALL, _PADDING = 10.5, 13.6, 9.0, 4.6
_NUMBER, _SIDE = 34.0, 66.0
_NARROWEST, _WIDEST = 38.0, 160.0
_LEAST_NAME = 190.0


def draw_table(table: ComparisonTable, wording: ComparisonWording, width: float, audience: Audience, pen: Pen) -> Block:
    """The rows in groups, each under its mark: in columns, or on a telephone and without columns one name a row, with
    what each visit says of it below. `pen` draws in units."""
    if not table.heads or width < NARROW:
        return _without_columns(table, width, audience, pen)
    theme = pen.theme
    each = max(_NARROWEST, min(_WIDEST, (width - _NUMBER - _LEAST_NAME - _SIDE) / len(table.visits)))
    first = width - each * len(table.visits)
    side = first - _SIDE
    small = paint(font_size=_SMALL, fill=theme.muted, font_weight="bold")
    days = [wrap(day, _SMALL, each - 6, bold=True) for day in table.visits]
    nodes: list[Node] = [Text(x, 9, head, small) for x, head in zip((0, _NUMBER, side), table.heads, strict=True)]
    for place, lines in enumerate(days):
        nodes += [Text(first + place * each, 9 + at * 11, line, small) for at, line in enumerate(lines)]
    y = 6 + max(len(lines) for lines in days) * 11.0
    if each >= ROOMY:
        which = paint(font_size=8.5, fill=theme.muted)
        ends = f"{wording.compared.before}, {wording.compared.after}"
        nodes += [Text(first + place * each, y + 3, ends, which) for place in range(len(days))]
        y += 9
    texts: list[Node] = []
    faint: list[Node] = []
    glyphs: list[Node] = []
    rules = [y]
    for group in table.groups:
        nodes += _heading(group, y, audience)
        y += 21
        rules.append(y)
        for row in group.rows:
            names = wrap(row.name, _SIZE, side - _NUMBER - 10)
            under = wrap_facts(row.facts, _SMALL, side - _NUMBER - 10)
            sides = wrap(row.side, _SIZE, _SIDE - 6)
            top = y + _PADDING
            texts += [Text(_NUMBER, top + 10.4 + at * _STEP, line) for at, line in enumerate(names)]
            faint += [Text(_NUMBER, top + 9.4 + len(names) * _STEP + at * 11, line) for at, line in enumerate(under)]
            texts += [Text(side, top + 10.4 + at * _STEP, line) for at, line in enumerate(sides)]
            for place, (pain, own) in enumerate(row.cells(each)):
                x = first + place * each
                texts += [Text(x, top + 10.4, pain)] if pain else []
                if own and each >= ROOMY:
                    faint.append(Text(x + (each * 0.42 if pain else 0), top + 10.4, own))
            glyphs += row_glyph(pen, (10.0, top + 6.8), row.row)
            y = top + max(1, len(names), len(sides)) * _STEP + len(under) * 11 + _PADDING
            rules.append(y)
    nodes += [
        _rules(rules, width, theme),
        Group(texts, paint(font_size=_SIZE)),
        Group(faint, paint(font_size=_SMALL, fill=theme.muted)),
        Group(glyphs, pen.shared),
    ]
    return Block(nodes, y)


def _without_columns(table: ComparisonTable, width: float, audience: Audience, pen: Pen) -> Block:
    theme = pen.theme
    nodes: list[Node] = []
    names: list[Node] = []
    faint: list[Node] = []
    glyphs: list[Node] = []
    rules: list[float] = []
    y = 0.0
    for group in table.groups:
        nodes += _heading(group, y, audience)
        y += 22
        rules.append(y)
        for row in group.rows:
            first = wrap(", ".join(part for part in (row.name, row.side) if part), 12.5, width - 34)
            second = [line for part in (row.facts, row.days) for line in wrap_facts(part, 11, width - 34)]
            top = y + 5
            names += [Text(34, top + 12 + at * 16, line) for at, line in enumerate(first)]
            under = top + len(first) * 16
            faint += [Text(34, under + 11 + at * 14, line) for at, line in enumerate(second)]
            glyphs += row_glyph(pen, (10.0, top + 8), row.row)
            y = under + len(second) * 14 + 6
            rules.append(y)
    nodes += [
        _rules(rules, width, theme),
        Group(names, paint(font_size=12.5)),
        Group(faint, paint(font_size=11, fill=theme.muted)),
        Group(glyphs, pen.shared),
    ]
    return Block(nodes, y)


def _rules(heights: list[float], width: float, theme: Theme) -> Path:
    ink = paint(fill="none", stroke=theme.hairline, stroke_width=0.8)
    return Path("".join(f"M0 {coarse(at)}h{coarse(width)}" for at in heights), ink)


def _heading(group: TableGroup, y: float, audience: Audience) -> list[Node]:
    ink = paint(font_size=11.5, font_weight="bold")
    mark = Group([audience.sample(group.change, 4.6)], frame=(10, y + 11.5, 1.0))
    return [mark, Text(_NUMBER, y + 15.4, group.heading, ink)]
