"""The table of compared visits before it is laid out, with the columns and rows of picture, sheet and text."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.charting.comparison import CHANGES, Change, ComparedPlace
from bodymap.charting.placement import RecordedPlacement
from bodymap.rendering.marks.pen import Pen, Xy
from bodymap.rendering.marks.table_rows import Row, glyph
from bodymap.rendering.scene import Node
from bodymap.rendering.wording.comparison import ComparisonWording

ROOMY = 92.0
"""From this width on a cell holds how a placement is called on its own visit's chart, next to its pain."""


@dataclass(frozen=True)
class ComparedRow:
    """A place, the placement that tells where it is, and whether the picture shows it."""

    place: ComparedPlace
    placement: RecordedPlacement
    drawn: bool


@dataclass(frozen=True)
class TableRow:
    """A place in words: its `facts` stand small below its name. `visits` are its pain and its number at each visit that
    has a column, `days` all that is said of it at the visits that it was in, each after its day, `heard` in full."""

    row: ComparedRow
    name: str
    facts: tuple[str, ...]
    side: str
    visits: tuple[tuple[str, str], ...]
    days: tuple[str, ...]
    heard: tuple[str, ...]

    @property
    def number(self) -> int:
        """Its number on the picture."""
        return self.row.place.number

    def cells(self, width: float) -> list[tuple[str, str]]:
        """Pain and number at each visit, in columns of so many units or points: in a narrow one the number where no
        pain was stated."""
        return [(pain, own) if pain or width >= ROOMY else (own, "") for pain, own in self.visits]


@dataclass(frozen=True)
class TableGroup:
    """The places that are all new, kept, gone, or not done."""

    change: Change
    heading: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class ComparisonTable:
    """The places in groups. `heads` stand over number, place and side, `visits` over the column of each visit; both are
    empty where the table has no columns."""

    heads: tuple[str, ...]
    visits: tuple[str, ...]
    groups: tuple[TableGroup, ...]


def table_of(rows: Sequence[ComparedRow], wording: ComparisonWording) -> ComparisonTable:
    """The table in the words of a picture."""
    groups: list[TableGroup] = []
    for change in CHANGES:
        members = tuple(_in_words(row, wording) for row in rows if row.place.change == change)
        if members:
            groups.append(TableGroup(change, f"{wording.compared.headings[change]} ({len(members)})", members))
    visits = tuple(wording.days[visit] for visit in wording.visits_in_columns)
    return ComparisonTable(wording.heads, visits, tuple(groups))


def row_glyph(pen: Pen, at: Xy, row: ComparedRow) -> list[Node]:
    """The mark as it stands on the body; of what the picture leaves out only the number."""
    if row.drawn and row.place.shown.at is None:
        return pen.plain_number(at, 7.5 + pen.bar, row.placement)
    return glyph(pen, at, Row(row.placement, row.drawn, None))


def _in_words(row: ComparedRow, wording: ComparisonWording) -> TableRow:
    facts = (wording.kind_in_words(row.placement), "" if row.drawn else wording.not_drawn(row.placement))
    seen = {occurrence.session: occurrence for occurrence in row.place.visits}
    parts = [(wording.days[one.session], ", ".join(filter(None, wording.at_visit(one)))) for one in row.place.visits]
    return TableRow(
        row,
        wording.place_name(row.placement),
        tuple(fact for fact in facts if fact),
        wording.side_name(row.placement),
        tuple(wording.at_visit(seen.get(visit)) for visit in wording.visits_in_columns),
        tuple(f"{day}: {text}" for day, text in parts if text),
        tuple(wording.heard_at_visits(row.place)),
    )
