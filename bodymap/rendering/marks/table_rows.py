"""The rows of a table of placements, and the mark at the head of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.atlas.manifest import LayerId
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.pen import Pen, Xy
from bodymap.rendering.panels import Panel
from bodymap.rendering.scene import Box, Node, Text, paint
from bodymap.rendering.text_metrics import text_width


@dataclass(frozen=True)
class Row:
    """One placement in the table: whether the picture shows it, and its muscle's layer where that is not drawn."""

    placement: RecordedPlacement
    drawn: bool
    elsewhere: LayerId | None


def glyph(pen: Pen, at: Xy, row: Row) -> list[Node]:
    """The mark of a placement as it stands on the body; of one that is not drawn, only its number."""
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
    ink = paint(fill=theme.fill("region"), stroke=theme.treated_edge, stroke_width=0.9)
    return [Box(at[0] - 10, at[1] - 8, 20, 16, 2, ink)]


def rows_of(placements: Sequence[RecordedPlacement], panels: Sequence[Panel]) -> list[Row]:
    """The table's rows, by number."""
    drawn = {placement.number: panel for panel in panels for placement in panel.placements}
    rows: list[Row] = []
    for placement in sorted(placements, key=lambda placement: placement.number):
        panel = drawn.get(placement.number)
        rows.append(Row(placement, panel is not None, panel.layer_elsewhere(placement) if panel else None))
    return rows
