"""The frame that every picture stands in: its form by its width, head, notes, credit, and the document around it.

What stands in the frame is each picture's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.rendering.blocks import Block
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import PictureOptions
from bodymap.rendering.output.formats import RENDERER_VERSION
from bodymap.rendering.scene import Box, Group, Hatch, Line, Node, Scene, Text, paint
from bodymap.rendering.text_metrics import SLACK, clean, text_width, wrap, wrap_facts
from bodymap.rendering.wording.wording import Wording


@dataclass(frozen=True)
class Form:
    """How a picture of some width is laid out, in chart units. Views are drawn no larger than `largest` units a
    millimetre, no larger than `sheet` in several rows with callouts, and stand in one row only while they are no
    smaller than `smallest`. `inset` is how much of the room between the margins an inset without callouts takes, 0 for
    none at all."""

    width: float
    margin: float
    largest: float
    smallest: float
    callouts: bool
    legend: bool
    header: bool
    inset: float
    credit: float
    gap: float = 20.0
    sheet: float = 0.52
    tallest: float = 640.0

    @property
    def inner(self) -> float:
        """How wide the room between the margins is."""
        return self.width - 2 * self.margin

    @property
    def between(self) -> float:
        """How far apart blocks stand."""
        return 10 if self.header else 4


PAGE = Form(800, 26, 0.64, 0.42, callouts=True, legend=True, header=True, inset=0.31, credit=8)
PHONE = Form(440, 18, 0.58, 0.4, callouts=False, legend=True, header=True, inset=0.78, credit=8)
THUMBNAIL = Form(240, 8, 0.32, 0.3, callouts=False, legend=False, header=False, inset=0, credit=5.5)
PRINTED = Form(
    640, 0, 0.48, 0.42, callouts=True, legend=True, header=True, inset=0.31, credit=7, sheet=0.34, tallest=460.0
)
NARROW = 600.0
"""Below this width, in chart units, tables have no columns."""


def form_of(pixels: int, thumbnails: bool = True) -> Form:
    """The form of a picture that is so many pixels wide; `thumbnails` says whether it has one for the smallest."""
    if thumbnails and pixels < 300:
        return THUMBNAIL
    return PHONE if pixels < 640 else PAGE


@dataclass(frozen=True)
class Frame:
    """The frame of one picture, in its form, its theme and its words."""

    form: Form
    theme: Theme
    wording: Wording
    options: PictureOptions

    def head(self, title: str, when: str, facts: Sequence[str], bold: Sequence[str] = (), lead: str = "") -> Block:
        """Title and time, side by side where there is room; what stands out; what answers at a glance; the other facts;
        a rule."""
        width = self.form.inner
        lines = wrap(title, 18, width, bold=True)
        ink = paint(font_size=18, font_weight="bold")
        nodes: list[Node] = [Text(0, 15 + place * 21, line, ink) for place, line in enumerate(lines)]
        y = 15.0 + (len(lines) - 1) * 21
        if SLACK * (text_width(lines[-1], 18, bold=True) + text_width(when, 11.5)) + 16 <= width:
            nodes.append(Text(width, y, when, paint(font_size=11.5, text_anchor="end")))
        else:
            for line in wrap(when, 11.5, width):
                y += 17
                nodes.append(Text(0, y, line, paint(font_size=11.5)))
        for line in wrap_facts(bold, 12, width, bold=True):
            y += 17
            nodes.append(Text(0, y, line, paint(font_size=12, font_weight="bold")))
        for line in wrap(lead, 13.5, width, bold=True) if lead else []:
            y += 18
            nodes.append(Text(0, y, line, paint(font_size=13.5, font_weight="bold")))
        y += 2
        for line in wrap_facts(facts, 10.5, width):
            y += 14
            nodes.append(Text(0, y, line, paint(font_size=10.5, fill=self.theme.muted)))
        y += 9
        nodes.append(Line(0, y, width, y, paint(stroke=self.theme.hairline, stroke_width=1)))
        return Block(nodes, y)

    def notes(self, texts: Sequence[str], smallest: float = 9.0) -> Block:
        """What a picture leaves out, one line each; empty if nothing is left out. A thumbnail has the `smallest`
        letters."""
        size = 11.0 if self.form.header else smallest
        lines = [line for words in texts for line in wrap(words, size, self.form.inner - 10, bold=True)]
        if not lines:
            return Block([], 0)
        tall = len(lines) * (size + 3) + 5
        ink = paint(font_size=size, font_weight="bold")
        nodes: list[Node] = [Box(0, 0, 3, tall, 0, paint(fill=self.theme.treated_edge))]
        nodes += [Text(10, 2 + size + place * (size + 3), line, ink) for place, line in enumerate(lines)]
        return Block(nodes, tall)

    def stacked(self, blocks: Sequence[Block], y: float) -> tuple[list[Node], float]:
        """Blocks below each other between the margins, from `y` down, and where they end."""
        nodes: list[Node] = []
        for block in blocks:
            if block.nodes:
                nodes.append(Group(block.nodes, frame=(self.form.margin, y, 1.0)))
                y += block.height + self.form.between
        return nodes, y

    def scene(
        self,
        nodes: Sequence[Node],
        y: float,
        *,
        title: str,
        desc: str,
        hatches: Sequence[Hatch] = (),
        below: float | None = None,
        on_atlas: bool = True,
    ) -> Scene:
        """The picture as a document: its nodes on paper, and the credit below them from `y` on, with `below` units
        more under it than the margin, as between blocks by default. `desc` is for screen readers;
        `on_atlas` says whether it depends on the version of the atlas."""
        form, theme, wording = self.form, self.theme, self.wording
        credit = self._credit()
        foot, _ = self.stacked([credit], y)
        y += credit.height + (form.between if below is None else below)
        height = round(y + form.margin - 10, 1)
        atlas = (("atlas", wording.atlas.version),) if on_atlas else ()
        return Scene(
            width=form.width,
            height=height,
            pixels=self.options.width,
            title=title,
            desc=desc,
            metadata=wording.credit(),
            nodes=[Box(0, 0, form.width, height, 0, paint(fill=theme.paper)), *nodes, *foot],
            paint=theme.page,
            hatches=hatches,
            id_prefix=self.options.id_prefix or "",
            lang=self.options.lang,
            data=(*atlas, ("renderer", RENDERER_VERSION)),
            data_names=wording.data_names,
        )

    def _credit(self) -> Block:
        size = self.form.credit
        lines = wrap(clean(self.wording.credit()), size, self.form.inner)
        ink = paint(font_size=size, fill=self.theme.muted)
        nodes: list[Node] = [Text(0, size + place * (size + 2.5), line, ink) for place, line in enumerate(lines)]
        return Block(nodes, len(lines) * (size + 2.5))
