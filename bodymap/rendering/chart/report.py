"""What a chart says in words, once, for whatever sets it: the print sheet, and the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.charting.session import Session
from bodymap.rendering.chart.placement_rows import PlacementTable, placement_table
from bodymap.rendering.options import PrintedHeader
from bodymap.rendering.panels import Panel
from bodymap.rendering.text_metrics import clean
from bodymap.rendering.wording.record import Record
from bodymap.rendering.wording.wording import Wording
from bodymap.words import Language

_MOST_SENTENCES = 10


@dataclass(frozen=True)
class Report:
    """A session in words. Empty is what was not stated. `record` is what is said beyond the placements, None where that
    is nothing; `referral` is what the picture says of referral areas."""

    lang: Language
    heading: str
    description: str
    title: str
    date: str
    person: tuple[str, ...]
    views: tuple[str, ...]
    table: PlacementTable
    left_out: str
    sides: str
    credit: str
    record: Record | None
    referral: tuple[str, ...]


def write_report(
    session: Session,
    header: PrintedHeader | None,
    wording: Wording,
    panels: Sequence[Panel],
    record: Record | None,
    referral: Sequence[str] = (),
) -> Report:
    """The session in the words of a picture with these views."""
    table = placement_table(session.placements, panels, wording, record.needles if record is not None else None)
    left_out = [number for line in table.lines if not line.row.drawn for number in line.numbers]
    nothing = "" if session.placements else wording.nothing
    shown = [(panel.view, panel.layer, panel.placements) for panel in panels]
    views = ((wording.view_name(panel.view), wording.layer_name(panel.layer)) for panel in panels)
    return Report(
        lang=wording.lang,
        heading=wording.heading(session, [panel.view for panel in panels]),
        description=wording.description(session, shown, left_out, _MOST_SENTENCES),
        title=wording.title,
        date=wording.date_line(session.started_at or session.started_on, session.ended_at),
        person=tuple(wording.person(header)) if header is not None else (),
        views=tuple(", ".join(part for part in parts if part) for parts in views),
        table=table,
        left_out=nothing or (wording.left_out(left_out, len(panels)) if left_out else ""),
        sides=wording.own_sides if record is not None else "",
        credit=clean(wording.credit()),
        record=record,
        referral=tuple(referral),
    )
