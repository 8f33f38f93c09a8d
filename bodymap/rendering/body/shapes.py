"""Treated muscles on a view: solid where they are seen, whole and dashed where others cover them, and outlined only
where nothing was done."""

from collections.abc import Collection

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Detail
from bodymap.rendering.body.plate import prepare_ground
from bodymap.rendering.body.skin import arm_outlines
from bodymap.rendering.boxes import Extents
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.panels import Panel
from bodymap.rendering.regions import RegionSide
from bodymap.rendering.scene import Fragment, Node, Paint, Path, paint
from bodymap.rendering.treated import Treated

# The most characters of path data for the surroundings of the marks of an inset.
_OUTLINES = 2600
# A longer outline is of many thin slips: it is not repeated, as it costs more bytes than it shows.
_RAGGED = 2000


def draw_body(atlas: Atlas, panel: Panel, pen: Pen, detail: Detail | None) -> list[Node]:
    """The plate with what was treated on it, in millimetres; without a `detail` only outlines."""
    patches = [node for line, _ in panel.lines for node in pen.patch(line)]
    unseen = panel.treated if detail is not None else [t for t in panel.treated if _told_in_part(atlas, panel, t)]
    covered = [node for treated in unseen for node in _unseen(atlas, panel, treated, pen)]
    return [*_ground(atlas, panel, pen, detail), *patches, *covered, *_ghost(atlas, panel, pen)]


def _ghost(atlas: Atlas, panel: Panel, pen: Pen) -> list[Node]:
    """The outline of the arm over what was treated under it."""
    if not panel.ghost:
        return []
    edge = {"stroke": pen.theme.muscle_edge, "stroke_width": 0.9 / pen.scale, "stroke_opacity": 0.6}
    ink = paint(fill=pen.theme.skin, fill_opacity=0.15, **edge)
    return [Path(d, ink) for d in arm_outlines(atlas, panel.view)]


def _ground(atlas: Atlas, panel: Panel, pen: Pen, detail: Detail | None) -> list[Node]:
    """The plate with the treated regions of its layer emphasised, or only these regions."""
    treated = [treated for treated in panel.treated if treated.where == "drawn"]
    if detail is not None:
        ground = prepare_ground(atlas, panel.view, panel.layer, detail, panel.arm, pen.theme)
        emphasised = {(t.region, t.side): _ink(t, pen) for t in treated}
        return [Fragment(ground.markup(emphasised))]
    treated = [t for t in treated if _told_in_part(atlas, panel, t)]
    seen = [(t, atlas.visible(t.region, t.side, panel.view, panel.layer, panel.arm)) for t in treated]
    pale = paint(fill_opacity=0.4)
    plain = [(t, outline.d) for t, outline in seen if outline is not None]
    theme = pen.theme
    quiet = paint(fill=theme.skin, stroke=theme.muscle_edge, stroke_width=0.7 / pen.scale, stroke_linejoin="round")
    around = _neighbours(atlas, panel, {(t.region, t.side) for t in treated})
    return [*(Path(d, quiet) for d in around), *(Path(d, (*_ink(t, pen), *pale)) for t, d in plain)]


def _told_in_part(atlas: Atlas, panel: Panel, treated: Treated) -> bool:
    """Whether a treated region belongs into an inset: what lies under the drawn layer is on the body already, and here
    it would only crowd the numbers."""
    outline = atlas.silhouette(treated.region, treated.side, panel.view)
    if outline is None or treated.where == "below" or len(outline.d) > _RAGGED:
        return False
    return Extents(*outline.bounds).touches(panel.window)


def _neighbours(atlas: Atlas, panel: Panel, treated: Collection[RegionSide]) -> list[str]:
    """The outlines of the drawn layer's other regions in a part of a view, within a limit of bytes."""
    outlines: list[str] = []
    left = _OUTLINES
    for region in atlas.regions:
        if region.layers.get(panel.view) != panel.layer:
            continue
        for extent in region.extents.get(panel.view, ()):
            if (region.id, extent.side) in treated:
                continue
            outline = atlas.visible(region.id, extent.side, panel.view, panel.layer, panel.arm)
            if outline is not None and len(outline.d) <= left and Extents(*outline.bounds).touches(panel.window):
                outlines.append(outline.d)
                left -= len(outline.d)
    return outlines


def _ink(treated: Treated, pen: Pen) -> Paint:
    s, theme = pen.scale, pen.theme
    ink = {"fill": theme.fill(treated.how), "stroke": theme.treated_edge, "stroke_width": 1.2 / s, "stroke_opacity": 1}
    return paint(**(ink | pen.undone(treated.status) | pen.tint(treated.how)))


def _unseen(atlas: Atlas, panel: Panel, treated: Treated, pen: Pen) -> list[Node]:
    """A treated region that others cover, as a tinted silhouette; one of a removed layer, as an outline."""
    if treated.where in ("below", "covered"):
        return _silhouette(atlas, panel, treated, pen)
    if treated.where != "above" or treated.layer is None:
        return []
    outline = atlas.visible(treated.region, treated.side, panel.view, treated.layer, panel.arm)
    if outline is None:
        return []
    s, theme = pen.scale, pen.theme
    opacity = 0.6 if treated.how == "region" else theme.above
    # Cased, so that the outline of a removed muscle stands out from those under it.
    case = paint(fill="none", stroke=theme.paper, stroke_width=4 / s, stroke_linejoin="round")
    edge = {"stroke": theme.treated_edge, "stroke_width": 1.7 / s}
    ink = {"fill": theme.fill(treated.how, below=True), "fill_opacity": opacity, **edge}
    own = pen.undone(treated.status) | pen.tint(treated.how)
    drawn = Path(outline.d, paint(**(ink | own)), pen.region_data(treated.region, treated.side))
    return [drawn] if own else [Path(outline.d, case), drawn]


def _silhouette(atlas: Atlas, panel: Panel, treated: Treated, pen: Pen) -> list[Node]:
    outline = atlas.silhouette(treated.region, treated.side, panel.view)
    if outline is None:
        return []
    theme = pen.theme
    edge = {"stroke": theme.treated_edge, "stroke_width": 1.1 / pen.scale, **pen.covered(3.4, 2)}
    ink = {"fill": theme.fill(treated.how, below=True), "fill_opacity": theme.below, **edge}
    own = pen.undone(treated.status) | pen.tint(treated.how)
    return [Path(outline.d, paint(**(ink | own)), pen.region_data(treated.region, treated.side))]
