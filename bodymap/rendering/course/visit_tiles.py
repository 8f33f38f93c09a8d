"""The visits of a course as small pictures: each in the same part of the body, at the same scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.charting.course import Course
from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.session import Session
from bodymap.rendering.body.skin import plain_muscles, plain_shape, plain_skin
from bodymap.rendering.boxes import Extents, around
from bodymap.rendering.course.options import TimelineOptions
from bodymap.rendering.focus import whole, window
from bodymap.rendering.look.colours import mixed
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.placement_marks import draw_marks
from bodymap.rendering.marks.side_letters import corner_letters
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.panels import Panel, Xy, narrow, place, spots_of
from bodymap.rendering.regions import RegionSide
from bodymap.rendering.scene import Box, Group, Node, Path, Window, paint
from bodymap.rendering.treated import Treated
from bodymap.rendering.wording.wording import Wording

_WIDTH = 0.7  # Of its height: how wide a part is drawn at least.


@dataclass(frozen=True)
class Tile:
    """One visit: its number in the course, the atlas that it stays on, and what each view shows of it."""

    number: int
    visit: Session
    atlas: Atlas
    panels: tuple[Panel, ...]

    @property
    def placements(self) -> tuple[RecordedPlacement, ...]:
        """Everything of the visit, by number."""
        return tuple(sorted(self.visit.placements, key=lambda placement: placement.number))

    @property
    def hidden(self) -> int:
        """How many of them are not drawn."""
        drawn = {placement.number for panel in self.panels for placement in panel.placements}
        return sum(placement.number not in drawn for placement in self.visit.placements)


def tiles_of(course: Course, atlases: Mapping[str, Atlas], options: TimelineOptions) -> list[Tile]:
    """The newest visits of a course, oldest first, each with the same views: those that any of them needs."""
    first = max(0, len(course.visits) - options.limit)
    newest = list(enumerate(course.visits, 1))[first:]
    shown = [(number, visit, _panels(atlases[visit.atlas], visit, options)) for number, visit in newest]
    used = {view for _, _, panels in shown for view, panel in panels.items() if panel.placements}
    views = [view for view in VIEWS if view in used] or ["posterior" if options.view == "auto" else options.view]
    parts = _parts({view: [panels[view] for _, _, panels in shown if view in panels] for view in views}, options)
    tiles: list[Tile] = []
    for number_, visit, panels in shown:
        own = [panels.get(view) or Panel(view, whole(view)) for view in views]
        for panel in own:
            narrow(panel, parts[panel.view])
            panel.treated = tuple(
                replace(treated, where="drawn" if treated.layer == "superficial" else "below")
                for treated in panel.treated
            )
        tiles.append(Tile(number_, visit, atlases[visit.atlas], tuple(own)))
    _same_arms(tiles)
    return tiles


def _panels(atlas: Atlas, visit: Session, options: TimelineOptions) -> dict[ViewId, Panel]:
    return {
        panel.view: panel for panel in place(atlas, visit.placements, ChartOptions(view=options.view, focus="full"))
    }


def _parts(panels: Mapping[ViewId, Sequence[Panel]], options: TimelineOptions) -> dict[ViewId, Extents]:
    """The part of each view that every visit is drawn in: from the same height to the same height on all of them, and
    wide enough to be recognised as a part of the body."""
    parts = {
        view: window(view, options.focus, [around(*at, 0) for panel in drawn for at in spots_of(panel)])
        for view, drawn in panels.items()
    }
    if options.focus != "auto":
        return parts
    top, bottom = min(part.top for part in parts.values()), max(part.bottom for part in parts.values())
    return {view: _wider(whole(view), Extents(part.left, top, part.right, bottom)) for view, part in parts.items()}


def _wider(page: Extents, part: Extents) -> Extents:
    lacking = max(0.0, min(page.right, _WIDTH * (part.bottom - part.top)) - (part.right - part.left))
    left = min(max(0.0, part.left - lacking / 2), page.right - (part.right - part.left) - lacking)
    return Extents(round(left), part.top, round(left + part.right - part.left + lacking), part.bottom)


def _same_arms(tiles: Sequence[Tile]) -> None:
    """Shows the arm of a view at all visits if one visit shows it."""
    for views in zip(*(tile.panels for tile in tiles), strict=True):
        arms = {panel.arm for panel in views if panel.placements}
        for panel in views:
            panel.arm = "shown" if "shown" in arms or panel.view in ("posterior", "anterior") else "hidden"


def draw_tile(tile: Tile, x: float, top: float, gap: float, pen: Pen, wording: Wording) -> list[Node]:
    """The views of a visit side by side, from `x` on, at the scale of the pen."""
    nodes: list[Node] = []
    for panel in tile.panels:
        nodes += _draw(tile.atlas, panel, (round(x, 2), round(top, 2)), pen, wording)
        x += panel.width * pen.scale + gap
    return nodes


def _draw(atlas: Atlas, panel: Panel, at: Xy, pen: Pen, wording: Wording) -> list[Node]:
    theme, scale, shown = pen.theme, pen.scale, panel.window

    def holds(region_side: RegionSide, point: Xy) -> bool:
        outline = atlas.silhouette(*region_side, panel.view)
        return outline is not None and outline.contains(*point)

    edges = [edge * scale for edge in (shown.left, shown.top, shown.right, shown.bottom)]
    marks = draw_marks(panel, pen, Extents(edges[0] + 1, edges[1] + 1, edges[2] - 1, edges[3] - 1), holds)
    x, y = at[0] - edges[0], at[1] - edges[1]
    body: list[Node] = [
        Path(
            plain_skin(atlas, panel.view, atlas.arm(panel.view, panel.arm)),
            paint(fill=theme.skin, stroke=theme.skin_edge, stroke_width=0.9 / scale),
        )
    ]
    faint = paint(fill="none", stroke=mixed(theme.skin, theme.muscle_edge, 0.5), stroke_width=0.6 / scale)
    body.append(Path(plain_muscles(atlas, panel.view, atlas.arm(panel.view, panel.arm), shown), faint))
    deeper = sorted(panel.treated, key=lambda treated: treated.where == "below")
    body += [path for treated in deeper if (path := _treated(atlas, panel, treated, pen)) is not None]
    body += [node for line, _ in panel.lines for node in pen.patch(line)]
    width, height = panel.width * scale, panel.height * scale
    page = Extents(at[0], at[1], at[0] + width, at[1] + height)
    taken = [Extents(b.left + x, b.top + y, b.right + x, b.bottom + y) for _, b in marks.boxes]
    part = (shown.left, shown.top, panel.width, panel.height)
    return [
        Window(at[0], at[1], width, height, part, body, (("view", panel.view),)),
        Box(at[0], at[1], width, height, 0, paint(fill="none", stroke=theme.hairline, stroke_width=1)),
        *corner_letters(panel, page, taken, [], theme, wording, small=True),
        Group(marks.nodes, pen.shared, frame=(x, y, scale)),
    ]


def _treated(atlas: Atlas, panel: Panel, treated: Treated, pen: Pen) -> Path | None:
    """The whole shape of a muscle that was treated, dashed if others lie over it."""
    outline = atlas.silhouette(treated.region, treated.side, panel.view)
    if outline is None:
        return None
    theme, scale = pen.theme, pen.scale
    below = treated.where == "below"
    dashes = pen.covered(2.6, 1.6) if below else {}
    fill = theme.fill(treated.how, below=below)
    edge = {"stroke": theme.treated_edge, "stroke_width": 0.9 / scale}
    solid = {"fill": fill, "fill_opacity": theme.below if below else 1, **edge, **dashes}
    ink = paint(**(solid | pen.undone(treated.status)))
    return Path(plain_shape(outline.d), ink, pen.region_data(treated.region, treated.side))
