"""Compared visits on paper: what changed, the body, and a table with a column for each visit. Words are words."""

from collections.abc import Sequence
from typing import Any

from bodymap.rendering.body.rows import bands, sheet
from bodymap.rendering.comparison.head import counts, pain
from bodymap.rendering.comparison.key import comparison_key
from bodymap.rendering.comparison.picture import ComparedVisits, Content, content_of
from bodymap.rendering.comparison.rows import TableRow, row_glyph
from bodymap.rendering.frame import PRINTED
from bodymap.rendering.look.theme import hatches
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.output.sheet import SIDE, SIZES, drawing, frame, notice
from bodymap.rendering.output.typesetter import set_pages
from bodymap.rendering.scene import Group, Node, Text
from bodymap.rendering.text_metrics import clean

_NUMBER, _SIDE_COLUMN, _LEAST_NAME = 28.0, 56.0, 130.0
_NARROWEST, _WIDEST, _COUNTS = 22.0, 104.0, 190.0
_KEY_SIZE = 7.6


def write_comparison_sheet(compared: ComparedVisits) -> bytes:
    """The sheet as PDF. The date that it carries is the one of the last change to the visits, not of the day. Equal
    input gives equal bytes, in every process.
    """
    content = content_of(compared)
    wording, theme, options = content.wording, content.theme, content.options
    size, credit = options.page or "a4", clean(wording.credit())
    inner = SIZES[size][0] - 2 * SIDE
    views, insets, end = sheet(compared.atlas, content.panels, options, PRINTED, theme, wording, 0, content.pen_of)
    patterns = hatches(theme, views[0].frame[2])
    table = content.table
    fitting = (inner - _NUMBER - _LEAST_NAME - _SIDE_COLUMN) / max(len(table.visits), 1)
    each = max(_NARROWEST, min(_WIDEST, fitting))
    key = comparison_key(content.panels, wording, inner, content.audience, _KEY_SIZE)
    pen = content.pen_of(1.0, True)
    data = {
        **frame(
            size=size,
            lang=options.lang,
            theme=theme,
            heading=content.heading,
            title=wording.title,
            date=wording.period,
            whose=wording.facts(),
            identity=(),
            foot=(wording.own_sides, credit),
            credit=credit,
        ),
        "description": content.description,
        "changes": _changes(content, inner),
        "changes-alt": _changes_alt(content),
        "pictures": [
            drawing(band.nodes, (PRINTED.width, band.height), theme, patterns) for band in bands([*views, *insets], end)
        ],
        "below": content.notes,
        "key": drawing(key.nodes if options.legend else [], (inner, key.height), theme, patterns),
        "key-alt": ", ".join(_words(key.nodes)),
        "heads": [*table.heads, *table.visits],
        "each": each,
        "groups": [
            {"heading": group.heading, "rows": [_row(row, pen, each) for row in group.rows]} for group in table.groups
        ],
    }
    made = max(visit.updated_at for visit in compared.visits)
    return set_pages("comparison.typ", {**data, "notice": notice(data, options.lang)}, made)


def _changes(content: Content, inner: float) -> dict[str, Any]:
    """What changed, counted, beside the pain of each visit."""
    strip = pain(content.wording, inner - _COUNTS, content.theme)
    stacked = bool(strip.nodes)
    listed = counts(content.wording, _COUNTS if stacked else inner, content.audience, stacked=stacked)
    nodes = [Group(listed.nodes), Group(strip.nodes, frame=(_COUNTS, 0, 1.0))]
    return drawing(nodes, (inner, max(listed.height, strip.height)), content.theme)


def _changes_alt(content: Content) -> str:
    visits = [content.wording.visit_in_words(visit) for visit in content.wording.comparison.sessions]
    return f"{', '.join(text for _, _, text in content.wording.counts())}. {'; '.join(visits)}."


def _row(row: TableRow, pen: Pen, each: float) -> dict[str, Any]:
    shape = [Group(row_glyph(pen, (12, 10), row.row), pen.shared)]
    return {
        "number": str(row.number),
        "mark": drawing(shape, (26, 20), pen.theme),
        "place": row.name,
        "facts": row.facts,
        "side": row.side,
        "visits": row.cells(each),
    }


def _words(nodes: Sequence[Node]) -> list[str]:
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            texts.append(node.text)
        elif isinstance(node, Group):
            texts += _words(node.children)
    return texts
