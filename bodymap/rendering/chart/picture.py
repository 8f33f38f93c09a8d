"""The chart of a session: its views on one sheet, what they leave out, the table, the credit."""

from dataclasses import dataclass

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.rendering.audience import Audience, audience_of
from bodymap.rendering.blocks import Block, below
from bodymap.rendering.body.referral_areas import referral_hatch, referral_legend, referral_lines, referred, shade
from bodymap.rendering.body.rows import bands, sheet
from bodymap.rendering.body.view import DrawnView
from bodymap.rendering.chart.placement_rows import placement_table
from bodymap.rendering.chart.placement_table import draw_table
from bodymap.rendering.frame import PRINTED, Frame, form_of
from bodymap.rendering.look.theme import Theme, hatches
from bodymap.rendering.look.theme_file import theme_of
from bodymap.rendering.options import ChartOptions, PrintedHeader
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.panels import Panel, place
from bodymap.rendering.scene import Hatch, Node, Scene
from bodymap.rendering.wording.wording import Wording

_MOST_SENTENCES = 10


@dataclass(frozen=True)
class Composition:
    """A chart as laid out: the scene, and where things stand in it."""

    scene: Scene
    views: tuple[DrawnView, ...]
    insets: tuple[DrawnView, ...]
    left_out: tuple[int, ...]


@dataclass(frozen=True)
class Picture:
    """The views of a chart without the sheet around them, `width` units wide. `bands` are rows of views, between which
    a page may end; `key` says what the shapes mean, `referral` in words what the dotted areas are; `session` is what of
    the session the readers are shown."""

    width: float
    bands: tuple[Block, ...]
    key: Block
    panels: tuple[Panel, ...]
    hatches: tuple[Hatch, ...]
    audience: Audience
    session: Session
    wording: Wording
    referral: tuple[str, ...]


def render_chart(
    atlas: Atlas,
    session: Session,
    options: ChartOptions,
    header: PrintedHeader | None = None,
    own_theme: Theme | None = None,
) -> bytes:
    """The chart as a standalone SVG document (UTF-8). Equal input gives equal bytes, in every process.

    Options that `check_theme` complains about are drawn as the defaults. Raises `UnknownPlate` where the atlas lacks
    a plate.
    """
    return write_svg(compose_chart(atlas, session, options, header, own_theme).scene)


def compose_chart(
    atlas: Atlas,
    session: Session,
    options: ChartOptions,
    header: PrintedHeader | None = None,
    own_theme: Theme | None = None,
) -> Composition:
    """The chart before it is written: what `render_chart` writes, and where each mark and label stands.

    `own_theme` is the theme of `theme=own`.
    """
    audience = audience_of(theme_of(options.theme, own_theme))
    session, options, theme = audience.session(session), audience.options(options), audience.theme
    wording = audience.wording(atlas, options.lang, session.events)
    form = form_of(options.width)
    frame = Frame(form, theme, wording, options)
    panels = place(atlas, session.placements, options, session.events)
    shown = {placement.number for panel in panels for placement in panel.placements}
    left_out = tuple(sorted(p.number for p in session.placements if p.number not in shown))
    referral = referred(atlas, session.placements, options) if form.legend else ()
    shade(atlas, panels, referral)
    nodes: list[Node] = []
    y = form.margin
    if form.header:
        date = wording.date_line(session.started_at, session.ended_at)
        person = wording.person(header) if header is not None else []
        facts, lead = wording.session_facts(session), wording.head_line(session)
        told = [fact for fact in facts if fact not in lead]
        nodes, y = frame.stacked([frame.head(wording.title, date, told, person, lead)], y)
        y -= form.between
    views, insets, y = sheet(atlas, panels, options, form, theme, wording, y, audience.pen)
    nodes += [node for view in (*views, *insets) for node in view.nodes]
    note = wording.left_out(left_out, len(panels)) if left_out else ""
    notes = (note if session.placements else wording.nothing, wording.flag_line(session) if form.legend else "")
    foot = [frame.notes([text for text in notes if text])]
    scale = views[0].frame[2]
    if referral:
        foot.append(referral_legend(atlas, referral, panels, form.inner, theme, wording, scale))
    if form.legend and options.legend:
        foot.append(audience.key(panels, form.inner, wording))
        if session.placements:
            table = placement_table(session.placements, panels, wording)
            foot.append(draw_table(table, form.inner, audience.pen(1.0), wording))
    below_views, y = frame.stacked(foot, y)
    shown_ = [(panel.view, panel.layer, panel.placements) for panel in panels]
    description = wording.description(session, shown_, left_out, _MOST_SENTENCES)
    scene = frame.scene(
        [*nodes, *below_views],
        y,
        title=wording.heading(session, [panel.view for panel in panels]),
        desc=" ".join([description, *referral_lines(atlas, referral, panels, wording)]),
        hatches=(*hatches(theme, scale), *referral_hatch(referral, theme, scale)),
    )
    return Composition(scene, tuple(views), tuple(insets), left_out)


def compose_picture(atlas: Atlas, session: Session, options: ChartOptions, own_theme: Theme | None = None) -> Picture:
    """The views only, to be put on a page with words of its own around them."""
    audience = audience_of(theme_of(options.theme, own_theme))
    session, options, theme = audience.session(session), audience.options(options), audience.theme
    wording = audience.wording(atlas, options.lang, session.events)
    panels = place(atlas, session.placements, options, session.events)
    referral = referred(atlas, session.placements, options)
    shade(atlas, panels, referral)
    views, insets, end = sheet(atlas, panels, options, PRINTED, theme, wording, 0, audience.pen)
    scale = views[0].frame[2]
    shapes = audience.key(panels, PRINTED.width, wording)
    areas = referral_legend(atlas, referral, panels, PRINTED.width, theme, wording, scale)
    return Picture(
        PRINTED.width,
        bands([*views, *insets], end),
        below(shapes, areas) if referral else shapes,
        tuple(panels),
        (*hatches(theme, scale), *referral_hatch(referral, theme, scale)),
        audience,
        session,
        wording,
        tuple(referral_lines(atlas, referral, panels, wording)),
    )
