"""The table of compared visits: what is new, what is kept, what is gone, with a column for each visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.charting.comparison import CHANGES, Change, ComparedPlace, Occurrence
from bodymap.charting.placement import RecordedPlacement
from bodymap.rendering.blocks import Block
from bodymap.rendering.comparison.words import ComparisonWording
from bodymap.rendering.frame import NARROW
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.comparison_pen import sample
from bodymap.rendering.marks.pen import Pen, Xy
from bodymap.rendering.marks.table_rows import Row, glyph
from bodymap.rendering.scene import Group, Node, Path, Text, coarse, paint
from bodymap.rendering.text_metrics import wrap, wrap_facts

_SIZE, _STEP, _SMALL, _PADDING = 10.5, 13.6, 9.0, 4.6
_NUMBER, _SIDE = 34.0, 66.0
_NARROWEST, _WIDEST = 38.0, 160.0
_LEAST_NAME = 190.0
# From this width on a cell holds how a placement is called on its own visit's chart, beside its pain.
_ROOMY = 92.0


@dataclass(frozen=True)
class ComparedRow:
    """A place, the placement that tells where it is, and whether the picture shows it."""

    place: ComparedPlace
    placement: RecordedPlacement
    drawn: bool


def comparison_table(
    rows: Sequence[ComparedRow], wording: ComparisonWording, width: float, theme: Theme, pen: Pen
) -> Block:
    """The rows in groups, each under its mark. `pen` draws in chart units."""
    if theme.for_patients or width < NARROW:
        return _told(rows, wording, width, theme, pen)
    visits = list(wording.days)
    each = max(_NARROWEST, min(_WIDEST, (width - _NUMBER - _LEAST_NAME - _SIDE) / len(visits)))
    first = width - each * len(visits)
    side = first - _SIDE
    small = paint(font_size=_SMALL, fill=theme.muted, font_weight="bold")
    heads = [wrap(wording.days[visit], _SMALL, each - 6, bold=True) for visit in visits]
    tall = max(len(head) for head in heads)
    words = wording.columns
    nodes: list[Node] = [Text(0, 9, words[0], small), Text(_NUMBER, 9, words[1], small), Text(side, 9, words[2], small)]
    for place, head in enumerate(heads):
        nodes += [Text(first + place * each, 9 + at * 11, line, small) for at, line in enumerate(head)]
    y = 6 + tall * 11.0
    if each >= _ROOMY:
        which = paint(font_size=8.5, fill=theme.muted)
        said = f"{wording.told.before} → {wording.told.after}"
        nodes += [Text(first + place * each, y + 3, said, which) for place in range(len(visits))]
        y += 9
    texts: list[Node] = []
    faint: list[Node] = []
    glyphs: list[Node] = []
    rules = [y]
    for change, members in grouped(rows):
        nodes += _heading(change, len(members), y, wording, theme)
        y += 21
        rules.append(y)
        for row in members:
            name, below = named(row, wording)
            names = wrap(name, _SIZE, side - _NUMBER - 10)
            under = wrap_facts(below, _SMALL, side - _NUMBER - 10)
            sides = wrap(wording.side_name(row.placement), _SIZE, _SIDE - 6)
            cells = [cell(at_visit(row.place, visit), wording, each) for visit in visits]
            top = y + _PADDING
            texts += [Text(_NUMBER, top + 10.4 + at * _STEP, line) for at, line in enumerate(names)]
            faint += [Text(_NUMBER, top + 9.4 + len(names) * _STEP + at * 11, line) for at, line in enumerate(under)]
            texts += [Text(side, top + 10.4 + at * _STEP, line) for at, line in enumerate(sides)]
            lines = 1
            for place, (said, more) in enumerate(cells):
                x = first + place * each
                texts += [Text(x, top + 10.4, said)] if said else []
                beside = x + (each * 0.42 if said else 0)
                if more and each >= _ROOMY:
                    faint.append(Text(beside, top + 10.4, more))
            glyphs += mark(pen, (10.0, top + 6.8), row)
            y = top + max(lines, len(names), len(sides)) * _STEP + len(under) * 11 + _PADDING
            rules.append(y)
    ink = paint(fill="none", stroke=theme.hairline, stroke_width=0.8)
    nodes += [
        Path("".join(f"M0 {coarse(at)}h{coarse(width)}" for at in rules), ink),
        Group(texts, paint(font_size=_SIZE)),
        Group(faint, paint(font_size=_SMALL, fill=theme.muted)),
        Group(glyphs, pen.shared),
    ]
    return Block(nodes, y)


def _told(rows: Sequence[ComparedRow], wording: ComparisonWording, width: float, theme: Theme, pen: Pen) -> Block:
    """The table for narrow pictures and for patients: one name a row, with what each visit says of it below."""
    nodes: list[Node] = []
    names: list[Node] = []
    faint: list[Node] = []
    glyphs: list[Node] = []
    rules: list[float] = []
    y = 0.0
    for change, members in grouped(rows):
        nodes += _heading(change, len(members), y, wording, theme)
        y += 22
        rules.append(y)
        for row in members:
            name, below = named(row, wording)
            side = wording.side_name(row.placement)
            first = wrap(", ".join(part for part in (name, side) if part), 12.5, width - 34)
            placed = [(wording.days[seen.session], wording.at_visit(seen)) for seen in row.place.visits]
            said = [f"{day}: {', '.join(part for part in told if part)}" for day, told in placed if any(told)]
            second = [line for part in (below, said) for line in wrap_facts(part, 11, width - 34)]
            top = y + 5
            names += [Text(34, top + 12 + at * 16, line) for at, line in enumerate(first)]
            under = top + len(first) * 16
            faint += [Text(34, under + 11 + at * 14, line) for at, line in enumerate(second)]
            glyphs += mark(pen, (10.0, top + 8), row)
            y = under + len(second) * 14 + 6
            rules.append(y)
    ink = paint(fill="none", stroke=theme.hairline, stroke_width=0.8)
    nodes += [
        Path("".join(f"M0 {coarse(at)}h{coarse(width)}" for at in rules), ink),
        Group(names, paint(font_size=12.5)),
        Group(faint, paint(font_size=11, fill=theme.muted)),
        Group(glyphs, pen.shared),
    ]
    return Block(nodes, y)


def grouped(rows: Sequence[ComparedRow]) -> list[tuple[Change, list[ComparedRow]]]:
    """The rows by what became of their places, in the order in which that is told."""
    found: list[tuple[Change, list[ComparedRow]]] = [(c, [r for r in rows if r.place.change == c]) for c in CHANGES]
    return [(change, members) for change, members in found if members]


def _heading(change: Change, count: int, y: float, wording: ComparisonWording, theme: Theme) -> list[Node]:
    ink = paint(font_size=11.5, font_weight="bold")
    mark = Group([sample(change, theme, 4.6)], frame=(10, y + 11.5, 1.0))
    return [mark, Text(_NUMBER, y + 15.4, f"{wording.told.headings[change]} ({count})", ink)]


def mark(pen: Pen, at: Xy, row: ComparedRow) -> list[Node]:
    """The mark as it stands on the body; of what the picture leaves out the number alone."""
    if row.drawn and row.place.shown.at is None:
        return pen.plain_number(at, 7.5 + pen.bar, row.placement)
    return glyph(pen, at, Row(row.placement, row.drawn, None))


def named(row: ComparedRow, wording: ComparisonWording) -> tuple[str, list[str]]:
    """The place's name, and the facts that stand small below it."""
    facts = [wording.kind_said(row.placement), "" if row.drawn else wording.not_drawn(row.placement)]
    return wording.place_name(row.placement), [fact for fact in facts if fact]


def at_visit(place: ComparedPlace, visit: str) -> Occurrence | None:
    """The place at one of the visits, None where it was not in that."""
    return next((seen for seen in place.visits if seen.session == visit), None)


def cell(seen: Occurrence | None, wording: ComparisonWording, width: float) -> tuple[str, str]:
    """The pain of a place at a visit, and its number there; in a narrow column the number where no pain was stated."""
    said, more = wording.at_visit(seen)
    return (said, more) if said or width >= _ROOMY else (more, "")
