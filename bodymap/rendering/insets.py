"""Insets: where marks stand too close to be numbered in place, that part again, larger, beside the whole.

A mark of an inset repeats one of the body: it carries `data-repeats` and not `data-placement`, so that nothing is
counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import dist

from bodymap.atlas import Atlas
from bodymap.rendering.crowd import Extents
from bodymap.rendering.placed import Panel, Treated, Xy
from bodymap.rendering.scene import Box, Group, Node, Text, Window, paint
from bodymap.rendering.theme import Theme
from bodymap.rendering.views import DrawnView

# Crowded marks this near each other, in millimetres, share an inset, with so much around them, and never smaller.
_CHAIN_MM = 42.0
_AROUND_MM = 16.0
_SMALLEST_MM = 76.0
# A part larger than this would hardly be enlarged.
_LARGEST_MM = 210.0
# An outline of more characters than this is a comb of slips: repeated, it costs more bytes than it tells.
_RAGGED = 2000
MOST_INSETS = 3
FEWEST_CROWDED = 3


@dataclass(frozen=True)
class Inset:
    """A part of a view to be drawn again: its letter, and the panel that holds what stands in it."""

    letter: str
    panel: Panel


def insets_of(atlas: Atlas, drawn: DrawnView, shape: float) -> list[Inset]:
    """The insets that a view needs, the most crowded first; `shape` is their width over their height."""
    crowded = [(number, at) for number, at in drawn.marks.crowded]
    found: list[Inset] = []
    for cluster in sorted(_clusters(crowded), key=lambda cluster: (-len(cluster), cluster[0][0])):
        if len(cluster) < FEWEST_CROWDED or len(found) == MOST_INSETS:
            continue
        part = _window([at for _, at in cluster], drawn.panel.window, shape)
        if part.right - part.left <= _LARGEST_MM and not any(part.touches(other.panel.window) for other in found):
            found.append(Inset("ABC"[len(found)], _within(atlas, drawn.panel, part)))
    return found


def outline_on_body(inset: Inset, drawn: DrawnView, theme: Theme) -> list[Node]:
    """The frame of an inset on the body, with its letter."""
    x, y, scale = drawn.frame
    part = inset.panel.window
    left, top = x + part.left * scale, y + part.top * scale
    wide, tall = (part.right - part.left) * scale, (part.bottom - part.top) * scale
    edge = paint(fill="none", stroke=theme.mark, stroke_width=0.9, stroke_dasharray="3 2")
    ink = paint(font_size=9, font_weight="bold", fill=theme.mark, text_anchor="end")
    return [Box(left, top, wide, tall, 2, edge), Text(left + wide - 3, top - 3, inset.letter, ink)]


def repeated(nodes: Sequence[Node]) -> list[Node]:
    """Marks as repetitions: what told of a placement tells of a repetition."""
    return [_repeated(node) for node in nodes]


def _repeated(node: Node) -> Node:
    if isinstance(node, Group):
        data = tuple(("repeats", value) for name, value in node.data if name == "placement")
        return replace(node, children=repeated(node.children), data=data)
    if isinstance(node, Window):
        return replace(node, children=repeated(node.children), data=())
    return replace(node, data=()) if isinstance(node, Text) and not _letter(node) else node


def _letter(text: Text) -> bool:
    return any(name == "letter" for name, _ in text.data)


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


def _within(atlas: Atlas, panel: Panel, part: Extents) -> Panel:
    def holds(at: Xy) -> bool:
        return part.left < at[0] < part.right and part.top < at[1] < part.bottom

    return replace(
        panel,
        window=part,
        points=[entry for entry in panel.points if holds(entry[1])],
        lines=[entry for entry in panel.lines if all(needle.at and holds(needle.at) for needle in entry[1])],
        regions=[],
        # What lies under the drawn layer is on the body already; here it would only crowd the numbers.
        treated=tuple(t for t in panel.treated if t.where != "below" and _seen(atlas, panel, t, part)),
    )


def _seen(atlas: Atlas, panel: Panel, treated: Treated, part: Extents) -> bool:
    outline = atlas.silhouette(treated.region, treated.side, panel.view)
    return outline is not None and len(outline.d) <= _RAGGED and Extents(*outline.bounds).touches(part)
