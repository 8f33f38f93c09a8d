"""A chart as text: for those who hear it, and for pasting into a note."""

from bodymap.rendering.chart.report import Report
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.output.text import filled, heading_lines, paragraph, section, title_lines, write_parts
from bodymap.rendering.text_metrics import BETWEEN
from bodymap.words import catalogue


def write_text(report: Report, stamp: Stamp | None = None) -> bytes:
    """The report in UTF-8, in lines of at most 78 columns, in reading order. Equal reports give equal bytes."""
    words = report.words
    facts = [f"{label}: {text}" if label else text for label, text in report.facts]
    remarks = [f"{label}: {text}" for label, text in report.remarks]
    return write_parts(
        [
            paragraph(stamp.said) if stamp is not None else [],
            [*title_lines(report.title), *paragraph(report.date, BETWEEN.join(report.person))],
            paragraph(*facts, BETWEEN.join(report.identity)),
            paragraph(*report.views, report.left_out),
            [line for entry in _placements(report) for line in entry],
            section(words.needles, [BETWEEN.join(report.counts)] if report.counts else []),
            _flags(report) if not report.for_patients else [],
            section(catalogue(report.lang).referral.key, report.referral),
            section(words.events, report.events),
            section(words.remarks, remarks),
            paragraph(*report.acts),
            paragraph(report.sides, report.credit),
        ]
    )


def _placements(report: Report) -> list[list[str]]:
    entries: list[list[str]] = []
    if report.lines:
        title = report.words.placements if not report.for_patients else ""
        entries.append(heading_lines(title))
    for line in report.lines:
        number = f"{line.number}. "
        if report.for_patients:
            entries.append(filled(number + " ".join(line.facts), len(number)))
            continue
        needles = f"{report.columns[4]}: {line.needles}"
        first = ", ".join(part for part in (line.place, line.side) if part)
        facts = "; ".join([line.kind, needles, *line.facts])
        entries.append([*filled(number + first, len(number)), *filled(" " * len(number) + facts, len(number))])
    return entries


def _flags(report: Report) -> list[str]:
    words = report.words
    lines = [*heading_lines(words.flags), *filled(words.flags_note)]
    if not report.flags:
        return [*lines, *filled(words.no_flags)]
    for flag in report.flags:
        lines += filled(f"- {flag.name}: {flag.placements}", 2)
        lines += filled(f"  {flag.reason}", 2) if flag.reason else []
        lines += filled(f"  [{flag.sources}]", 2) if flag.sources else []
        lines += filled(f"  {flag.limit}", 2) if flag.limit else []
    return [*lines, *(line for source in report.sources for line in filled(f"  {source}", 4))]
