"""The key of a picture: the shapes that it uses, with their meanings."""

from collections.abc import Mapping, Sequence

from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.vocabulary import PlacementStatus
from bodymap.rendering.blocks import Block
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.placement_marks import has_ring
from bodymap.rendering.panels import Panel
from bodymap.rendering.scene import Box, Group, Node, Text, number, paint
from bodymap.rendering.text_metrics import SLACK, text_width

_UNDONE: tuple[PlacementStatus, ...] = ("planned", "not-done")
Entry = tuple[list[Node], str]
"""A shape around (7, 0) in a field of 14 by 10 units, and its name."""


def in_lines(entries: Sequence[Entry], pen: Pen, width: float, size: float) -> Block:
    """Shapes with their words, in lines no wider than `width`."""
    nodes: list[Node] = []
    x, y = 0.0, 8.0
    for glyph, text in entries:
        wide = 18 + SLACK * text_width(text, size)
        if x and x + wide > width:
            x, y = 0.0, y + 16
        ink = paint(font_size=size, fill=pen.theme.muted)
        nodes.append(Group([Group(glyph, pen.shared), Text(18, 3.4, text, ink)], frame=(x, y, 1.0)))
        x += wide + 12
    return Block(nodes, y + 8 if entries else 0.0)


def clinical_entries(panels: Sequence[Panel], pen: Pen, names: Mapping[str, str]) -> list[Entry]:
    """The shapes of panels that clinicians read, with their names."""
    theme = pen.theme
    points = [placement for panel in panels for placement, _ in panel.points]
    lines = [placement for panel in panels for placement, _ in panel.lines]
    regions = [placement for panel in panels for placement, _ in panel.regions]
    treated = [treated for panel in panels for treated in panel.treated]
    done = [t for t in treated if t.status == "done"]
    entries: list[Entry] = []
    sample = next((p for p in points if p.status == "done"), None)
    if sample is not None:
        entries.append((pen.disc((7, 0), 4.6, sample, False), names["point"]))
        if any(has_ring(placement) for placement in points):
            entries.append((pen.disc((7, 0), 3.6, sample, True), names["twitch"]))
    if lines:
        entries.append(([Group(pen.needle((7, 0), 4, "done"), pen.needles(4, "done"))], names["needle"]))
    if regions:
        entries.append((_swatch(theme.fill("region"), theme), names["region"]))
    if any(t.where == "drawn" and t.how == "point" for t in done):
        entries.append((_swatch(theme.fill("point"), theme), names["treated"]))
    if any(t.where in ("below", "covered") for t in done):
        dashed = (("fill-opacity", number(theme.below)), ("stroke-dasharray", "3.4 2"))
        how = "point" if any(t.where in ("below", "covered") and t.how != "region" for t in done) else "region"
        entries.append((_swatch(theme.fill(how), theme, dashed), names["below"]))
    if any(t.where == "above" for t in done):
        entries.append((_swatch(theme.fill("point"), theme, (("fill-opacity", number(theme.above)),)), names["above"]))
    severities = {panel.adverse.get(placement.number) for panel in panels for placement in panel.placements}
    if "serious" in severities:
        entries.append((pen.alert((7, 0), "serious"), names["serious"]))
    if severities & {"mild", "significant"}:
        entries.append((pen.alert((7, 0), "mild"), names["event"]))
    for status, placement in _undone([*points, *lines, *regions]):
        outline = (
            _swatch("none", theme, paint(**pen.undone(status))) if any(t.status == status for t in treated) else []
        )
        entries.append(([*outline, *pen.disc((7, 0), 4.4, placement, False)], names[status]))
    return entries


def plain_entries(panels: Sequence[Panel], pen: Pen, names: Mapping[str, str]) -> list[Entry]:
    """The shapes of panels that patients read, with their names: spots and treated muscles, whatever their depth."""
    placements = [placement for panel in panels for placement in panel.placements]
    done = next((placement for placement in placements if placement.status == "done"), None)
    entries: list[Entry] = []
    if done is not None:
        entries.append((pen.disc((7, 0), 4, done, False), names["point"]))
    if any(t.status == "done" for panel in panels for t in panel.treated):
        entries.append((_swatch(pen.theme.fill("point"), pen.theme), names["treated"]))
    for status, sample in _undone(placements):
        entries.append((pen.disc((7, 0), 4, sample, False), names[status]))
    return entries


def _undone(placements: Sequence[RecordedPlacement]) -> list[tuple[PlacementStatus, RecordedPlacement]]:
    samples = [(status, next((p for p in placements if p.status == status), None)) for status in _UNDONE]
    return [(status, placement) for status, placement in samples if placement is not None]


def _swatch(fill: str, theme: Theme, more: tuple[tuple[str, str], ...] = ()) -> list[Node]:
    ink = dict(paint(fill=fill, stroke=theme.treated_edge, stroke_width=1))
    return [Box(0, -5, 14, 10, 1.5, tuple(sorted((ink | dict(more)).items())))]
