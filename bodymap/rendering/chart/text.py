"""A chart as text: for those who hear it, and for pasting into a note."""

from bodymap.rendering.chart.report import Report
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.output.text import Part, filled, heading_lines, paragraph, section, title_lines, write_parts
from bodymap.rendering.text_metrics import BETWEEN
from bodymap.rendering.wording.record import Record
from bodymap.words import catalogue


def write_text(report: Report, stamp: Stamp | None = None) -> bytes:
    """The report in UTF-8, in lines of at most 78 columns, in reading order. Equal reports give equal bytes."""
    record = report.record
    above = paragraph(record.subject, record.performer, *record.facts, BETWEEN.join(record.identity)) if record else []
    return write_parts(
        [
            paragraph(stamp.sentence) if stamp is not None else [],
            [*title_lines(report.title), *paragraph(report.date, BETWEEN.join(report.person))],
            above,
            paragraph(*report.views, report.left_out),
            _placements(report),
            *(_counted(record) if record is not None else ()),
            section(catalogue(report.lang).referral.key, report.referral),
            *(_remarked(record) if record is not None else ()),
            paragraph(report.sides, report.credit),
        ]
    )


def _placements(report: Report) -> Part:
    """The heading, and the placements in one part with it."""
    if not report.table.lines:
        return []
    lines = heading_lines(report.record.words.placements) if report.record is not None else []
    for line in report.table.lines:
        number = f"{line.number}. "
        if not report.table.columns:
            lines += filled(number + " ".join(line.facts), len(number))
            continue
        needles = f"{report.table.columns[4].head}: {line.needles}"
        first = ", ".join(part for part in (line.place, line.side) if part)
        facts = "; ".join([line.kind, needles, *line.facts])
        lines += [*filled(number + first, len(number)), *filled(" " * len(number) + facts, len(number))]
    return lines


def _counted(record: Record) -> list[Part]:
    """Needles and flags."""
    words = record.words
    lines = [*heading_lines(words.flags), *filled(words.flags_note)]
    for flag in record.flags:
        lines += filled(f"- {flag.name}: {flag.placements}", 2)
        lines += filled(f"  {flag.reason}", 2) if flag.reason else []
        lines += filled(f"  [{flag.sources}]", 2) if flag.sources else []
        lines += filled(f"  {flag.limit}", 2) if flag.limit else []
    if record.flags:
        lines += [line for source in record.sources for line in filled(f"  {source}", 4)]
    else:
        lines += filled(words.no_flags)
    return [section(words.needles, [BETWEEN.join(record.counts)] if record.counts else []), lines]


def _remarked(record: Record) -> list[Part]:
    """Events, remarks, and who signed or voided it."""
    words = record.words
    return [section(words.events, record.events), section(words.remarks, record.remarks), paragraph(*record.acts)]
