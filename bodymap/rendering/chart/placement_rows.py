"""The table of placements before it is laid out, with the columns and rows of picture, sheet and text."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from bodymap.charting.placement import RecordedPlacement, RecordedTriggerPoint, needle_count
from bodymap.rendering.marks.table_rows import Row, rows_of
from bodymap.rendering.panels import Panel
from bodymap.rendering.wording.wording import Wording


@dataclass(frozen=True)
class Column:
    """A column with what stands over it: how wide it is on the picture, in units, and on paper, in points, `gap` units
    and `padding` points of that to its right being empty. The last one takes what the others leave."""

    head: str
    width: float
    on_paper: float
    gap: float = 0.0
    padding: float = 0.0


@dataclass(frozen=True)
class TableLine:
    """One placement, or several that are told together by their `numbers`: the mark of the first, and what stands in
    the columns between its number and the facts: `place`, `side`, `kind` and how many `needles`, a dash where nobody
    said. `facts` are everything stated, in a fixed order."""

    row: Row
    numbers: tuple[int, ...]
    place: str
    side: str
    kind: str
    needles: str
    facts: tuple[str, ...]

    @property
    def number(self) -> int:
        """The number on the picture."""
        return self.row.placement.number

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns between number and facts."""
        return self.place, self.side, self.kind, self.needles


@dataclass(frozen=True)
class PlacementTable:
    """The placements by their numbers. Without columns, what is said of one is a sentence in its `facts`."""

    columns: tuple[Column, ...]
    lines: tuple[TableLine, ...]

    @property
    def varying(self) -> tuple[bool, ...]:
        """Which columns a picture has: all but those of kind and of needles where every placement is a trigger point
        with one needle, as most are."""
        single = all(
            isinstance(line.row.placement, RecordedTriggerPoint) and needle_count(line.row.placement) in (1, None)
            for line in self.lines
        )
        return tuple(not single or place not in (3, 4) for place in range(len(self.columns)))


def placement_table(
    placements: Sequence[RecordedPlacement],
    panels: Sequence[Panel],
    wording: Wording,
    needles: Mapping[int, str] | None = None,
) -> PlacementTable:
    """The table of a picture with these panels. `needles` are those stated for a placement, in words, by its number:
    where they are given they are among its facts."""
    together: dict[Hashable, list[Row]] = {}
    for row in rows_of(placements, panels):
        together.setdefault((row.drawn, wording.told_with(row.placement)), []).append(row)
    lines = tuple(_line(rows, wording, needles or {}) for rows in together.values())
    return PlacementTable(_columns(wording.columns), lines)


def _columns(heads: Sequence[str]) -> tuple[Column, ...]:
    if not heads:
        return ()
    number, place, side, kind, needles, facts = heads
    return (
        Column(number, 34, 26),
        Column(place, 198, 122, gap=10, padding=6),
        Column(side, 60, 52, gap=6, padding=6),
        Column(kind, 82, 66, gap=4, padding=6),
        Column(needles, 50, 40),
        Column(facts, 0, 0),
    )


def _line(rows: Sequence[Row], wording: Wording, needles: Mapping[int, str]) -> TableLine:
    row, placement = rows[0], rows[0].placement
    several = [each.placement for each in rows]
    stated = wording.several(several) if len(rows) > 1 else wording.long_facts(placement, row.elsewhere)
    count, own = needle_count(placement), needles.get(placement.number)
    return TableLine(
        row,
        tuple(placement.number for placement in several),
        wording.place_name(placement),
        wording.side_name(placement),
        wording.kind_name(placement),
        "–" if count is None else str(count),
        (
            *stated,
            *(() if row.drawn else (wording.not_drawn(placement),)),
            *((own,) if own else ()),
        ),
    )
