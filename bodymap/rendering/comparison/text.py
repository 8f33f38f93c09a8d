"""Compared visits as text: for those who hear them, and for pasting into a note."""

from bodymap.rendering.comparison.picture import Content
from bodymap.rendering.comparison.rows import TableRow
from bodymap.rendering.output.text import filled, heading_lines, paragraph, title_lines, write_parts
from bodymap.rendering.text_metrics import BETWEEN, clean


def write_comparison_text(content: Content) -> bytes:
    """What changed, in UTF-8, in lines of at most 78 columns, in reading order. Equal input gives equal bytes."""
    wording = content.wording
    parts = [[*title_lines(wording.title), *paragraph(wording.period, BETWEEN.join(wording.facts()))]]
    parts.append(
        [line for visit in wording.comparison.sessions for line in filled(f"- {wording.visit_in_words(visit)}", 2)]
    )
    parts.append(filled(f"{', '.join(text for _, _, text in wording.counts())}."))
    parts += [filled(note) for note in content.notes]
    for group in content.table.groups:
        parts.append([*heading_lines(group.heading), *(line for row in group.rows for line in _row(row))])
    parts.append(paragraph(wording.compared.rule, wording.own_sides, clean(wording.credit())))
    return write_parts(parts)


def _row(row: TableRow) -> list[str]:
    number = f"{row.number}. "
    indent = " " * len(number)
    lines = filled(number + ", ".join(part for part in (row.name, row.side) if part), len(number))
    for text in (BETWEEN.join(row.facts), *row.heard):
        lines += filled(indent + text, len(indent) + 2) if text else []
    return lines
