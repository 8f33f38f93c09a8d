"""What the shapes of compared visits mean, and by which rule a place is kept."""

from collections.abc import Sequence

from bodymap.rendering.audience import Audience
from bodymap.rendering.blocks import Block
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.comparison_pen import GONE
from bodymap.rendering.panels import Panel
from bodymap.rendering.scene import Box, Group, Node, Path, Text, number, paint
from bodymap.rendering.text_metrics import SLACK, text_width, wrap
from bodymap.rendering.wording.comparison import ComparisonWording


def comparison_key(
    panels: Sequence[Panel], wording: ComparisonWording, width: float, audience: Audience, size: float = 9.2
) -> Block:
    """Shapes with their words, only those that the picture uses, then the rule, in lines no wider than `width`."""
    size += audience.larger
    words, theme = wording.compared, audience.theme
    entries: list[tuple[Sequence[Node], str]] = [
        ([Group([audience.sample(change, 5)], frame=(7, 0, 1.0))], words.meanings[change])
        for change, count, _ in wording.counts()
        if count
    ]
    # What a picture does not name to its readers is not explained to them either.
    names, treated = wording.mark_names(), [treated for panel in panels for treated in panel.treated]

    def explain(mark: str, shape: Sequence[Node]) -> None:
        if mark in names:
            entries.append((shape, names[mark]))

    now = [t for t in treated if t.how != GONE]
    if any(panel.lines for panel in panels):
        diamond = paint(fill=theme.halo, stroke=theme.mark, stroke_width=1.5)
        explain("needle", [Path("M7 -4l4 4-4 4-4-4z", diamond)])
    if any(t.how == "region" for t in now):
        explain("region", _swatch(theme.fill("region"), theme))
    if any(t.where == "drawn" and t.how != "region" for t in now):
        explain("treated", _swatch(theme.fill("point"), theme))
    if any(t.where == "below" for t in now):
        below = {"fill_opacity": number(theme.below), "stroke_dasharray": "3.4 2"}
        explain("below", _swatch(theme.fill("point"), theme, **below))
    if any(t.where == "above" for t in now):
        explain("above", _swatch(theme.fill("point"), theme, fill_opacity=number(theme.above)))
    if any(t.how == GONE for t in treated):
        entries.append((_swatch("none", theme, stroke=theme.muted, stroke_dasharray="1.4 1.8"), words.earlier))
    nodes: list[Node] = []
    x, y = 0.0, 8.0
    ink = paint(font_size=size, fill=theme.muted)
    for glyph, text in entries:
        wide = 18 + SLACK * text_width(text, size)
        if x and x + wide > width:
            x, y = 0.0, y + 16
        nodes.append(Group([*glyph, Text(18, 3.4, text, ink)], frame=(x, y, 1.0)))
        x += wide + 12
    y += 12 if entries else 0
    for line in wrap(words.rule, size - 0.4, width):
        y += size + 2.4
        nodes.append(Text(0, y, line, paint(font_size=round(size - 0.4, 1), fill=theme.muted)))
    return Block(nodes, y + 5)


def _swatch(fill: str, theme: Theme, **more: str) -> list[Node]:
    ink = {"fill": fill, "stroke": theme.treated_edge, "stroke_width": 1.0, **more}
    return [Box(0, -5, 14, 10, 1.5, paint(**ink))]
