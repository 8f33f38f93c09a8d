"""Visits compared, on one body: what is new, what is kept, what is gone, and the pain of each visit.

One body and not two: an eye that goes to and fro between two finds a change late or never, and marks that differ by
shape and fill say it at once. Of three and more visits the body still shows the last against all before it; when each
place was treated stands in its row of the table, with a column a visit, and the pain of all of them at the head.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.comparison import Comparison
from bodymap.charting.placement import RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.session import Session
from bodymap.rendering.audience import Audience, PenOf, audience_of
from bodymap.rendering.body.rows import sheet
from bodymap.rendering.comparison.head import counts, head
from bodymap.rendering.comparison.key import comparison_key
from bodymap.rendering.comparison.options import ComparisonOptions
from bodymap.rendering.comparison.rows import ComparedRow, ComparisonTable, table_of
from bodymap.rendering.comparison.table import draw_table
from bodymap.rendering.frame import Frame, form_of
from bodymap.rendering.look.theme import Theme, hatches
from bodymap.rendering.look.theme_file import theme_of
from bodymap.rendering.marks.comparison_pen import GONE
from bodymap.rendering.panels import Panel, place
from bodymap.rendering.regions import regions_of, sides_of
from bodymap.rendering.scene import Group, Node, Scene
from bodymap.rendering.wording.comparison import ComparisonWording

_MOST_SENTENCES = 12


@dataclass(frozen=True)
class ComparedVisits:
    """What is drawn, and how. `visits` are the sessions of `comparison`; `own_theme` is the theme of `theme=own`."""

    atlas: Atlas
    visits: tuple[Session, ...]
    comparison: Comparison
    options: ComparisonOptions
    own_theme: Theme | None = None


@dataclass(frozen=True)
class Content:
    """What a picture shows and says, before anything has its place."""

    audience: Audience
    wording: ComparisonWording
    options: ComparisonOptions
    panels: tuple[Panel, ...]
    rows: tuple[ComparedRow, ...]
    left_out: tuple[int, ...]

    @property
    def theme(self) -> Theme:
        """Its paints."""
        return self.audience.theme

    @property
    def heading(self) -> str:
        """The title of the document."""
        return self.wording.compared_heading([panel.view for panel in self.panels])

    @property
    def description(self) -> str:
        """What the document shows, in sentences."""
        shown = [(panel.view, panel.placements) for panel in self.panels]
        return self.wording.compared_description(shown, self.left_out, _MOST_SENTENCES)

    @property
    def table(self) -> ComparisonTable:
        """What became of each place."""
        return table_of(self.rows, self.wording)

    @property
    def notes(self) -> list[str]:
        """What the picture leaves out, counted; that there is nothing to compare."""
        left_out = [self.wording.left_out(self.left_out, len(self.panels))] if self.left_out else []
        return left_out + ([] if self.rows else [self.wording.nothing])

    @property
    def pen_of(self) -> PenOf:
        """What gives the pens of the picture."""
        return self.audience.comparison_pen({row.place.number: row.place.change for row in self.rows})


def content_of(compared: ComparedVisits) -> Content:
    """What the picture of these visits shows and says. Options that `check_theme` complains about are taken as the
    defaults."""
    atlas, audience = compared.atlas, audience_of(theme_of(compared.options.theme, compared.own_theme))
    comparison, options = audience.comparison(compared.comparison), audience.options(compared.options)
    placements = _placements([audience.session(visit) for visit in compared.visits], comparison)
    panels = _panels(atlas, placements, comparison, options)
    shown = {placement.number for panel in panels for placement in panel.placements}
    rows = [
        ComparedRow(place, placement, placement.number in shown)
        for place, placement in zip(comparison.places, placements, strict=True)
    ]
    wording = audience.comparison_wording(atlas, options.lang, comparison)
    left_out = tuple(row.place.number for row in rows if not row.drawn)
    return Content(audience, wording, options, tuple(panels), tuple(rows), left_out)


def compose_comparison(compared: ComparedVisits) -> Scene:
    """The picture before it is written. Equal input gives an equal scene.

    Raises `UnknownPlate` where the atlas lacks a plate.
    """
    content = content_of(compared)
    atlas, theme, wording, options = compared.atlas, content.theme, content.wording, content.options
    form = form_of(options.width)
    frame = Frame(form, theme, wording, options)
    if form.header:
        top = head(frame, wording, content.audience)
    else:
        top = counts(wording, form.inner, content.audience, stacked=False, words=False)
    nodes: list[Node] = [Group(top.nodes, frame=(form.margin, form.margin, 1.0))]
    y = form.margin + top.height + (10 if form.header else 6)
    views, insets, y = sheet(atlas, content.panels, options, form, theme, wording, y, content.pen_of)
    nodes += [node for view in (*views, *insets) for node in view.nodes]
    foot = [frame.notes(content.notes)]
    if form.legend and options.legend:
        foot.append(comparison_key(content.panels, wording, form.inner, content.audience))
        if content.rows:
            foot.append(draw_table(content.table, wording, form.inner, content.audience, content.pen_of(1.0, True)))
    below, y = frame.stacked(foot, y)
    return frame.scene(
        [*nodes, *below], y, title=content.heading, desc=content.description, hatches=hatches(theme, views[0].frame[2])
    )


def _placements(visits: Sequence[Session], comparison: Comparison) -> list[RecordedPlacement]:
    """The placement that tells where each place is, with the place's number."""
    known = {placement.id: placement for visit in visits for placement in visit.placements}
    placements: list[RecordedPlacement] = []
    for compared in comparison.places:
        placement = known[compared.shown.placement]
        if isinstance(placement, RecordedTriggerPoint):
            placements.append(structs.replace(placement, number=compared.number, twitch=None))
        else:
            placements.append(structs.replace(placement, number=compared.number))
    return placements


def _panels(
    atlas: Atlas, placements: Sequence[RecordedPlacement], comparison: Comparison, options: ComparisonOptions
) -> list[Panel]:
    """The views with what each shows; muscles that the last visit did not go into are drawn differently."""
    panels = place(atlas, placements, options)
    now = {compared.number for compared in comparison.places if compared.change in ("new", "kept")}
    for panel in panels:
        current = {pair for p in panel.placements if p.number in now for pair in _regions(atlas, p)}
        panel.treated = tuple(
            treated if (treated.region, treated.side) in current else replace(treated, how=GONE)
            for treated in panel.treated
        )
    return panels


def _regions(atlas: Atlas, placement: RecordedPlacement) -> set[tuple[str | None, str | None]]:
    ids = (*(region.id for region in regions_of(atlas, placement)), *placement.also)
    return {(region, side) for region in ids for side in sides_of(placement)}
