"""The print sheet of a session: what a clinic files. Words are words, the body is drawn in lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bodymap.rendering.chart.picture import Picture
from bodymap.rendering.chart.placement_rows import TableLine
from bodymap.rendering.chart.report import Report
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.table_rows import glyph
from bodymap.rendering.options import PageSize
from bodymap.rendering.output.sheet import drawing, frame, notice
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.output.typesetter import set_pages
from bodymap.rendering.scene import Group, Hatch
from bodymap.rendering.wording.record import Raised, Record

# So many letters of a row make it taller than it is worth to keep it on one page.
_LONG = 500


def write_sheet(report: Report, drawn: Picture, size: PageSize, made: datetime | None, stamp: Stamp | None) -> bytes:
    """The sheet as PDF. `made` is the date that the file carries, of the record and not of the day. Equal input gives
    equal bytes, in every process.
    """
    record, theme, hatches = report.record, drawn.audience.theme, drawn.hatches
    pen = drawn.audience.pen(1.0)
    subject, performer = (record.subject, record.performer) if record is not None else ("", "")
    # A printed name is in place of the subject, which then stands with the other facts.
    whose = report.person or ((subject,) if subject else ())
    facts = [*([subject] if report.person and subject else []), *(record.facts if record is not None else ())]
    data = {
        **frame(
            size=size,
            lang=report.lang,
            theme=theme,
            heading=report.heading,
            title=report.title,
            date=report.date,
            whose=(*whose, *([performer] if performer else [])),
            identity=record.identity if record is not None else (),
            foot=(report.sides, report.credit),
            credit=report.credit,
            stamp=stamp,
        ),
        "description": report.description,
        "facts": facts,
        "pictures": [drawing(band.nodes, (drawn.width, band.height), theme, hatches) for band in drawn.bands],
        "key": drawing(drawn.key.nodes, (drawn.width, drawn.key.height), theme, hatches),
        "left-out": report.left_out,
        "columns": [
            {"head": column.head, "width": column.on_paper, "padding": column.padding}
            for column in report.table.columns
        ],
        "rows": [_row(line, pen, hatches) for line in report.table.lines],
        "record": _record(record) if record is not None else None,
    }
    return set_pages("chart.typ", {**data, "notice": notice(data, report.lang)}, made)


def _row(line: TableLine, pen: Pen, hatches: Sequence[Hatch]) -> dict[str, Any]:
    mark = [Group(glyph(pen, (11, 10), line.row), pen.shared)]
    return {
        "number": str(line.number),
        "mark": drawing(mark, (24, 20), pen.theme, hatches),
        "cells": line.cells,
        "facts": line.facts,
        "long": sum(map(len, line.facts)) > _LONG,
    }


def _record(record: Record) -> dict[str, Any]:
    """What stands below the placements, and the heading over these."""
    words = record.words
    return {
        "placements": words.placements,
        "counts": record.counts,
        "events": record.events,
        "remarks": record.remarks,
        "flags": [_flag(flag) for flag in record.flags],
        "sources": record.sources,
        "acts": record.acts,
        "words": {
            "needles": words.needles,
            "events": words.events,
            "remarks": words.remarks,
            "flags": words.flags,
            "flags-note": words.flags_note,
            "no-flags": words.no_flags,
        },
    }


def _flag(flag: Raised) -> dict[str, Any]:
    sources = f" [{flag.sources}]" if flag.sources else ""
    lines = [flag.reason + sources, flag.limit]
    return {"name": f"{flag.name}: {flag.placements}", "lines": [line for line in lines if line]}
