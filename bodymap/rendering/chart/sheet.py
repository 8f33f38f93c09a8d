"""The print sheet of a session: what a clinic files. Words are words, the body is drawn in lines."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bodymap.rendering.chart.picture import Picture
from bodymap.rendering.chart.report import Line, Raised, Report
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.soft_pen import pen_for
from bodymap.rendering.marks.table_rows import glyph
from bodymap.rendering.options import PageSize
from bodymap.rendering.output.sheet import drawing, frame, notice
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.output.typesetter import set_pages
from bodymap.rendering.scene import Group

# So many letters of a row make it taller than it is worth to keep it on one page.
_LONG = 500


def write_sheet(report: Report, drawn: Picture, size: PageSize, made: datetime | None, stamp: Stamp | None) -> bytes:
    """The sheet as PDF. `made` is the date that the file carries, of the record and not of the day. Equal input gives
    equal bytes, in every process.
    """
    words, theme = report.words, drawn.theme
    stated = dict(report.facts)
    patient, performer = stated.get(words.patient, ""), stated.get(words.performer, "")
    whose = report.person or ((f"{words.patient}: {patient}",) if patient else ())
    by = (f"{words.performer}: {performer}",) if performer else ()
    above = {words.performer} if report.person else {words.performer, words.patient}
    data = {
        **frame(
            size=size,
            lang=report.lang,
            theme=theme,
            heading=report.heading,
            title=report.title,
            date=report.date,
            whose=(*whose, *by),
            identity=report.identity,
            foot=(report.sides, report.credit),
            credit=report.credit,
            stamp=stamp,
        ),
        "description": report.description,
        "facts": _labelled((label, text) for label, text in report.facts if label not in above),
        "pictures": [drawing(band.nodes, (drawn.width, band.height), theme, drawn.hatches) for band in drawn.bands],
        "key": drawing(drawn.key.nodes, (drawn.width, drawn.key.height), theme, drawn.hatches),
        "left-out": report.left_out,
        "columns": [] if report.for_patients else report.columns,
        "rows": [_row(line, theme, drawn) for line in report.lines],
        "counts": report.counts,
        "events": report.events,
        "remarks": _labelled(report.remarks),
        "flags": None if report.for_patients else [_flag(flag) for flag in report.flags],
        "sources": report.sources,
        "acts": report.acts,
        "words": {
            "placements": words.placements,
            "needles": words.needles,
            "events": words.events,
            "remarks": words.remarks,
            "flags": words.flags,
            "flags-note": words.flags_note,
            "no-flags": words.no_flags,
        },
    }
    return set_pages("chart.typ", {**data, "notice": notice(data, report.lang)}, made)


def _labelled(facts: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{label}: {text}" if label else text for label, text in facts]


def _row(line: Line, theme: Theme, drawn: Picture) -> dict[str, Any]:
    pen = pen_for(theme, 1.0)
    mark = [Group(glyph(pen, (11, 10), line.row), pen.shared)]
    return {
        "number": str(line.number),
        "mark": drawing(mark, (24, 20), theme, drawn.hatches),
        "place": line.place,
        "side": line.side,
        "kind": line.kind,
        "needles": line.needles,
        "facts": line.facts,
        "long": sum(map(len, line.facts)) > _LONG,
    }


def _flag(flag: Raised) -> dict[str, Any]:
    sources = f" [{flag.sources}]" if flag.sources else ""
    lines = [flag.reason + sources, flag.limit]
    return {"name": f"{flag.name}: {flag.placements}", "lines": [line for line in lines if line]}
