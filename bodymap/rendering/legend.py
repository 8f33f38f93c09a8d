"""What stands under the picture: what the marks mean, and the table of placements."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.atlas.manifest import LayerId
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, needle_count
from bodymap.charting.terms import PlacementStatus
from bodymap.rendering.glyphs import Pen
from bodymap.rendering.lettering import text_width, wrap
from bodymap.rendering.placed import Panel
from bodymap.rendering.scene import Box, Group, Node, Path, Text, coarse, paint
from bodymap.rendering.theme import HATCH_ID, Theme
from bodymap.rendering.wording import Wording, joined, twitch_obtained

Xy = tuple[float, float]
_SIZE, _STEP, _PADDING = 10.5, 13.6, 4.6
_MOST_LINES = 4
NARROW = 600.0


@dataclass(frozen=True)
class Row:
    """One placement in the table: whether the picture shows it, and its muscle's layer where that is not drawn."""

    placement: RecordedPlacement
    drawn: bool
    elsewhere: LayerId | None


@dataclass(frozen=True)
class Block:
    """Drawn lines of a known height, from the top at y = 0."""

    nodes: list[Node]
    height: float


def table(rows: Sequence[Row], width: float, theme: Theme, wording: Wording) -> Block:
    """Number, muscle, side, kind, needles and facts of every placement, in rows that grow with their text."""
    if width < NARROW:
        return _narrow(rows, width, theme, wording)
    columns = (0.0, 34.0, 232.0, 292.0, 374.0, 424.0)
    small = paint(font_size=9, fill=theme.muted, font_weight="bold")
    nodes: list[Node] = [
        Group([Text(x, 9, word, ()) for x, word in zip(columns, wording.words.columns, strict=True)], small)
    ]
    rules = [15.0]
    pen = Pen(theme, 1.0)
    texts: list[Node] = []
    glyphs: list[Node] = []
    y = 15.0
    for row in rows:
        placement = row.placement
        facts = joined(_facts(row, wording))
        cells = (
            wrap(wording.place_name(placement), _SIZE, columns[2] - columns[1] - 10),
            wrap(wording.side_name(placement), _SIZE, columns[3] - columns[2] - 6),
            wrap(wording.kind_name(placement), _SIZE, columns[4] - columns[3] - 4),
            [str(needle_count(placement))],
            wrap(facts, _SIZE, width - columns[5], most=_MOST_LINES) if facts else [],
        )
        top = y + _PADDING
        for x, cell in zip(columns[1:], cells, strict=True):
            texts += [Text(x, top + 10.4 + place * _STEP, line) for place, line in enumerate(cell)]
        glyphs += _glyph(pen, (10.0, top + 6.8), row)
        y = top + max(1, *(len(cell) for cell in cells)) * _STEP + _PADDING
        rules.append(y)
    nodes += [
        _rules(rules, width, theme),
        Group(texts, paint(font_size=_SIZE)),
        Group(glyphs, pen.shared),
    ]
    return Block(nodes, y)


def _facts(row: Row, wording: Wording) -> list[str]:
    facts = wording.long_facts(row.placement, row.elsewhere)
    return facts if row.drawn else [*facts, wording.not_drawn(row.placement)]


def _rules(heights: Sequence[float], width: float, theme: Theme) -> Path:
    ink = paint(fill="none", stroke=theme.hairline, stroke_width=0.8)
    return Path("".join(f"M0 {coarse(y)}h{coarse(width)}" for y in heights), ink)


def _narrow(rows: Sequence[Row], width: float, theme: Theme, wording: Wording) -> Block:
    """The table for a telephone: name and side on the first line, the rest below."""
    pen = Pen(theme, 1.0)
    nodes: list[Node] = []
    names: list[Node] = []
    facts: list[Node] = []
    rules: list[float] = []
    y = 0.0
    for row in rows:
        placement = row.placement
        needles = needle_count(placement)
        kind = wording.within(wording.kind_name(placement))
        words = [kind, wording.counted(needles, wording.words.needles), *_facts(row, wording)]
        first = wrap(f"{wording.place_name(placement)}, {wording.side_name(placement)}", 12.5, width - 30)
        second = wrap(joined(words), 11, width - 30, most=_MOST_LINES)
        top = y + 5
        names += [Text(30, top + 12 + place * 16, line) for place, line in enumerate(first)]
        under = top + len(first) * 16
        facts += [Text(30, under + 11 + place * 14, line) for place, line in enumerate(second)]
        nodes += _glyph(pen, (10.0, top + 8), row)
        y = under + len(second) * 14 + 6
        rules.append(y)
    return Block(
        [
            _rules(rules, width, theme),
            Group(names, paint(font_size=12.5)),
            Group(facts, paint(font_size=11, fill=theme.muted)),
            Group(nodes, pen.shared),
        ],
        y,
    )


def _glyph(pen: Pen, at: Xy, row: Row) -> list[Node]:
    """The mark of a placement as it stands on the body; of one that is not drawn, its number alone."""
    placement, theme = row.placement, pen.theme
    if not row.drawn:
        ink = paint(font_size=10.5, fill=theme.muted)
        return [Text(at[0], at[1] + 3.8, str(placement.number), ink)]
    half = max(7.5, text_width(str(placement.number), 10, bold=True) / 2 + 2.6)
    if isinstance(placement, RecordedPerimeter) and (placement.ring or placement.outline):
        return pen.square(at, half, placement)[1:]
    if isinstance(placement, RecordedPerimeter) or placement.resolved.at is None:
        return [*_chip(at, theme), *pen.plain_number(at, half - 1.5, placement)]
    return pen.disc(at, 7.5, placement, False)[1:]


def _chip(at: Xy, theme: Theme) -> list[Node]:
    ink = paint(fill=f"url(#{HATCH_ID})", stroke=theme.treated_edge, stroke_width=0.9)
    return [Box(at[0] - 10, at[1] - 8, 20, 16, 2, ink)]


def key(panels: Sequence[Panel], width: float, theme: Theme, wording: Wording, size: float = 9.2) -> Block:
    """What the shapes mean: only those that this picture uses."""
    pen, words = Pen(theme, 1.0, numbers=False), wording.words
    points = [placement for panel in panels for placement, _ in panel.points]
    lines = [placement for panel in panels for placement, _ in panel.lines]
    regions = [placement for panel in panels for placement, _ in panel.regions]
    below = [treated for panel in panels for treated in panel.treated if treated.where == "below"]
    above = [treated for panel in panels for treated in panel.treated if treated.where == "above"]
    statuses = {placement.status for placement in (*points, *lines, *regions)}
    entries: list[tuple[list[Node], str]] = []
    sample = next((p for p in points if p.status == "done"), None)
    if sample is not None:
        entries.append((pen.disc((7, 0), 4.6, sample, False), words.key_point))
        if any(twitch_obtained(placement) for placement in points):
            entries.append((pen.disc((7, 0), 3.6, sample, True), words.key_twitch))
    if lines:
        entries.append(([Group(pen.needle((7, 0), 4, "done"), pen.needles(4, "done"))], words.key_needle))
    if regions:
        entries.append((_swatch(f"url(#{HATCH_ID})", theme, ()), words.key_region))
    if any(t.where == "drawn" and t.how == "point" for panel in panels for t in panel.treated):
        entries.append((_swatch(theme.treated, theme, ()), words.key_treated))
    if below:
        entries.append(
            (
                _swatch(theme.treated, theme, (("fill-opacity", "0.5"), ("stroke-dasharray", "3.4 2"))),
                words.key_below,
            )
        )
    if above:
        entries.append((_swatch(theme.treated, theme, (("fill-opacity", "0.22"),)), words.key_above))
    undone: tuple[PlacementStatus, ...] = ("planned", "not-done")
    for status in undone:
        found = next((p for p in (*points, *lines, *regions) if p.status == status), None)
        if status in statuses and found is not None:
            entries.append((pen.disc((7, 0), 5, found, False), words.statuses[status]))
    nodes: list[Node] = []
    x, y = 0.0, 8.0
    for glyph, text in entries:
        wide = 18 + text_width(text, size)
        if x and x + wide > width:
            x, y = 0.0, y + 16
        ink = paint(font_size=size, fill=theme.muted)
        nodes.append(Group([Group(glyph, pen.shared), Text(18, 3.4, text, ink)], frame=(x, y, 1.0)))
        x += wide + 12
    return Block(nodes, y + 8 if entries else 0.0)


def _swatch(fill: str, theme: Theme, more: tuple[tuple[str, str], ...]) -> list[Node]:
    ink = dict(paint(fill=fill, stroke=theme.treated_edge, stroke_width=1))
    return [Box(0, -5, 14, 10, 1.5, tuple(sorted((ink | dict(more)).items())))]


def rows_of(placements: Sequence[RecordedPlacement], panels: Sequence[Panel]) -> list[Row]:
    """The table's rows, by number."""
    drawn = {placement.number: panel for panel in panels for placement in panel.placements}
    rows: list[Row] = []
    for placement in sorted(placements, key=lambda placement: placement.number):
        panel = drawn.get(placement.number)
        rows.append(Row(placement, panel is not None, panel.layer_elsewhere(placement) if panel else None))
    return rows
