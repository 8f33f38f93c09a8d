"""Compared visits as text: for those who hear them, and for pasting into a note."""

from bodymap.rendering.chart.text import columns, filled
from bodymap.rendering.comparison.picture import Told
from bodymap.rendering.comparison.table import ComparedRow, grouped, named
from bodymap.rendering.text_metrics import BETWEEN, clean


def write_comparison_text(found: Told) -> bytes:
    """What changed, in UTF-8, in lines of at most 78 columns, in reading order. Equal input gives equal bytes."""
    wording = found.wording
    title = filled(wording.title)
    parts = [[*title, "=" * max(map(columns, title)), *filled(wording.period), *filled(BETWEEN.join(wording.facts()))]]
    parts.append(
        [line for visit in wording.comparison.sessions for line in filled(f"- {wording.visit_said(visit)}", 2)]
    )
    parts.append(filled(f"{', '.join(said for _, _, said in wording.counts())}."))
    if not found.rows:
        parts.append(filled(wording.nothing))
    if found.left_out:
        parts.append(filled(wording.left_out(found.left_out, len(found.panels))))
    for change, rows in grouped(found.rows):
        heading = f"{wording.told.headings[change]} ({len(rows)})"
        parts.append([heading, "-" * columns(heading), *(line for row in rows for line in _row(found, row))])
    parts.append(
        [line for text in (wording.told.rule, wording.own_sides, clean(wording.credit())) for line in filled(text)]
    )
    return ("\n\n".join("\n".join(part) for part in parts if part) + "\n").encode("utf-8")


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
