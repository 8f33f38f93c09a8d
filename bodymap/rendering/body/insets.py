"""Insets: parts of a view in which marks are too close to be numbered, repeated larger below the whole.

There they have their numbers and their callouts; on the body they are dots in a frame. A mark of an inset repeats one
of the body: it carries `data-repeats` and not `data-placement`, so that nothing is counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import dist

from bodymap.rendering.body.view import DrawnView, boxes
from bodymap.rendering.boxes import Extents, around
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.panels import Panel, Xy
from bodymap.rendering.scene import Box, Group, Node, Text, Window, paint

# Crowded marks this near each other, in millimetres, share an inset, with so much around them, and never smaller.
_CHAIN_MM = 42.0
_AROUND_MM = 11.0
_SMALLEST_MM = 64.0
# A part larger than this would hardly be enlarged.
_LARGEST_MM = 210.0
# How much of the chart's width an inset with callouts on both sides takes; it is as tall as these need, within bounds.
_LABELLED = 0.4
_LABEL_STEP, _LOWEST, _TALLEST = 31.0, 0.56, 1.05
_BARE_SHAPE = 0.72
LETTERS = "ABC"
"""One for each inset that a chart may have."""
FEWEST_CROWDED = 3


@dataclass(frozen=True)
class Inset:
    """A part of a view to be drawn again: its letter, the panel that holds what stands in it, which of these have their
    number only here, and its size in chart units."""

    letter: str
    panel: Panel
    numbers: frozenset[int]
    width: float
    height: float


def insets_of(
    panel: Panel, crowded: Sequence[tuple[int, Xy]], room: float, bare: float | None, letters: str
) -> list[Inset]:
    """The insets that a view needs, the most crowded first, in a chart with `room` units between its margins: `bare` is
    how much of that one takes, None for those with callouts beside them. `letters` are those not in use."""
    insets: list[Inset] = []
    clusters = [cluster for cluster in _clusters(crowded) if len(cluster) >= FEWEST_CROWDED]
    beside = max(1, min(len(clusters), len(letters)))
    for cluster in sorted(clusters, key=lambda cluster: (-len(cluster), cluster[0][0])):
        if len(insets) == len(letters):
            break
        wide = room * (_LABELLED if bare is None else bare if bare > 0.5 else min(2 * bare, 3 * bare / beside))
        rows = (len(cluster) + 1) // 2 * _LABEL_STEP
        tall = min(max(rows, wide * _LOWEST), wide * _TALLEST) if bare is None else wide * _BARE_SHAPE
        part = _window([at for _, at in cluster], panel.window, wide / tall)
        if part.right - part.left <= _LARGEST_MM and not any(part.touches(other.panel.window) for other in insets):
            numbers = frozenset(number for number, _ in cluster)
            insets.append(Inset(letters[len(insets)], _within(panel, part), numbers, wide, tall))
    return insets


def outline_on_body(inset: Inset, drawn: DrawnView, theme: Theme) -> list[Node]:
    """The frame of an inset on the body, with its letter at a corner where no mark stands."""
    x, y, scale = drawn.frame
    part = inset.panel.window
    left, top = x + part.left * scale, y + part.top * scale
    wide, tall = (part.right - part.left) * scale, (part.bottom - part.top) * scale
    corners = [(across, up) for up in (top, top + tall) for across in (left + wide, left)]
    taken = boxes(drawn)
    free = [at for at in corners if not any(around(*at, 7).touches(box) for box in taken)]
    at = (free or corners)[0]
    edge = paint(fill="none", stroke=theme.mark, stroke_width=0.9, stroke_dasharray="3 2")
    ink = paint(font_size=9, font_weight="bold", fill=theme.halo, text_anchor="middle")
    return [
        Box(left, top, wide, tall, 2, edge),
        Box(at[0] - 6, at[1] - 6, 12, 12, 2.5, paint(fill=theme.mark)),
        Text(at[0], at[1] + 3.2, inset.letter, ink),
    ]


def repeated(nodes: Sequence[Node]) -> list[Node]:
    """Marks as repetitions, with `data-repeats` in place of `data-placement`."""
    return [_repeated(node) for node in nodes]


def _repeated(node: Node) -> Node:
    if isinstance(node, Group):
        data = tuple(("repeats", value) for name, value in node.data if name == "placement")
        return replace(node, children=repeated(node.children), data=data)
    if isinstance(node, Window):
        return replace(node, children=repeated(node.children), data=())
    return node


def _clusters(crowded: Sequence[tuple[int, Xy]]) -> list[list[tuple[int, Xy]]]:
    """Chains of neighbours."""
    clusters: list[list[tuple[int, Xy]]] = []
    for number, at in sorted(crowded):
        near = [cluster for cluster in clusters if any(dist(at, other) <= _CHAIN_MM for _, other in cluster)]
        merged = sorted([entry for cluster in near for entry in cluster] + [(number, at)])
        clusters = [cluster for cluster in clusters if cluster not in near] + [merged]
    return clusters


def _window(spots: Sequence[Xy], page: Extents, shape: float) -> Extents:
    """The part around some places, in the shape of an inset, on the page."""
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    wide = max(max(xs) - min(xs) + 2 * _AROUND_MM, _SMALLEST_MM)
    tall = max(max(ys) - min(ys) + 2 * _AROUND_MM, _SMALLEST_MM / shape)
    wide, tall = max(wide, tall * shape), max(tall, wide / shape)
    left = _shifted((min(xs) + max(xs) - wide) / 2, wide, page.left, page.right)
    top = _shifted((min(ys) + max(ys) - tall) / 2, tall, page.top, page.bottom)
    return Extents(left, top, left + wide, top + tall)


def _shifted(low: float, length: float, least: float, most: float) -> float:
    return round(max(least, min(low, most - length)), 1)


def _within(panel: Panel, part: Extents) -> Panel:
    def holds(at: Xy) -> bool:
        return part.left < at[0] < part.right and part.top < at[1] < part.bottom

    return replace(
        panel,
        window=part,
        points=[entry for entry in panel.points if holds(entry[1])],
        lines=[entry for entry in panel.lines if all(needle.at and holds(needle.at) for needle in entry[1])],
        regions=[],
    )
