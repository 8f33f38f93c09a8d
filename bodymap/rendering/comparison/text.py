"""Compared visits as text: for those who hear them, and for pasting into a note."""

from bodymap.rendering.comparison.picture import Told
from bodymap.rendering.comparison.table import ComparedRow, grouped, named
from bodymap.rendering.output.text import filled, heading_lines, paragraph, title_lines, write_parts
from bodymap.rendering.text_metrics import BETWEEN, clean


def write_comparison_text(found: Told) -> bytes:
    """What changed, in UTF-8, in lines of at most 78 columns, in reading order. Equal input gives equal bytes."""
    wording = found.wording
    parts = [[*title_lines(wording.title), *paragraph(wording.period, BETWEEN.join(wording.facts()))]]
    parts.append(
        [line for visit in wording.comparison.sessions for line in filled(f"- {wording.visit_said(visit)}", 2)]
    )
    parts.append(filled(f"{', '.join(said for _, _, said in wording.counts())}."))
    parts += [filled(note) for note in found.notes]
    for change, rows in grouped(found.rows):
        heading = f"{wording.told.headings[change]} ({len(rows)})"
        parts.append([*heading_lines(heading), *(line for row in rows for line in _row(found, row))])
    parts.append(paragraph(wording.told.rule, wording.own_sides, clean(wording.credit())))
    return write_parts(parts)


def _row(found: Told, row: ComparedRow) -> list[str]:
    wording = found.wording
    name, below = named(row, wording)
    number = f"{row.place.number}. "
    indent = " " * len(number)
    side = wording.side_name(row.placement)
    lines = filled(number + ", ".join(part for part in (name, side) if part), len(number))
    visits = [f"{wording.days[seen.session]}: {wording.heard_at_visit(seen)}" for seen in row.place.visits]
    for text in (BETWEEN.join(below), *(visits if not found.theme.for_patients else ())):
        lines += filled(indent + text, len(indent) + 2) if text else []
    return lines
