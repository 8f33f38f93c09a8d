"""A plate of the atlas as the background of a chart: paler than it ships, with treated regions emphasised."""

from collections.abc import Mapping
from functools import lru_cache

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Arm, Detail, LayerId, Side, ViewId
from bodymap.atlas.plates import Element, Plate
from bodymap.rendering.audience import audience_of
from bodymap.rendering.body.nerve_layer import nerve_layer
from bodymap.rendering.body.repaint import element_paint, group_paint, write_plate
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.output.svg import data_attributes, escape
from bodymap.rendering.scene import Paint
from bodymap.words import Language

RegionSide = tuple[str, Side]
Data = tuple[tuple[str, str], ...]


class Ground:
    """One plate prepared for charts in one theme."""

    def __init__(self, plate: Plate, theme: Theme) -> None:
        self._theme = theme
        self._runs: list[str | tuple[list[tuple[RegionSide, str]], dict[RegionSide, tuple[str, str]]]] = []
        for group in plate.groups.values():
            inks = [(e, element_paint(group, e, theme)) for e in group.elements]
            quiet = [(e, ink, _quiet(ink, e)) for e, ink in inks if ink is not None]
            if not quiet:
                continue
            self._runs.append(f"<g{_written(group_paint(group, theme))}>")
            if group.id == "regions":
                keyed = [((e.region, e.side or "midline"), path) for e, _, path in quiet]
                shapes = {(e.region, e.side or "midline"): (e.d, ink.get("fill", "none")) for e, ink, _ in quiet}
                self._runs.append((keyed, shapes))
            else:
                self._runs.append("".join(path for _, _, path in quiet))
            self._runs.append("</g>")

    def markup(self, treated: Mapping[RegionSide, tuple[Paint, Data]]) -> str:
        """The plate as SVG, in millimetres; regions in `treated` over their neighbours, in their paint and with their
        data attributes. A paint without a fill leaves a region its own."""
        parts: list[str] = []
        for run in self._runs:
            if isinstance(run, str):
                parts.append(run)
                continue
            quiet, shapes = run
            parts += [path for key, path in quiet if key not in treated]
            for key, (ink, names) in treated.items():
                if key in shapes:
                    d, fill = shapes[key]
                    own = {"fill": fill} if ("fill", "none") in ink else {}
                    attributes = "".join(f' {name}="{value}"' for name, value in (dict(ink) | own).items())
                    parts.append(f'<path{data_attributes(names)}{attributes} d="{d}"/>')
        return "".join(parts)


@lru_cache(maxsize=96)
def prepare_ground(atlas: Atlas, view: ViewId, layer: LayerId, detail: Detail, arm: Arm, theme: Theme) -> Ground:
    """The plate, prepared once. Raises `UnknownView`, `UnknownPlate`."""
    return Ground(atlas.plate(view, layer, arm, detail), theme)


def render_plate(
    atlas: Atlas,
    view: ViewId,
    layer: LayerId,
    detail: Detail = "plain",
    arm: Arm = "hidden",
    theme: Theme = THEMES["clinical"],
    lang: Language = "en",
    nerves: bool = False,
) -> bytes:
    """The plate without marks: as it ships in the clinical theme (charts draw it paler), repainted in every other; with
    the names that the theme's readers have for what is on it, in a language. With `nerves` their courses are drawn over
    it, and the vertebral artery's.

    Raises `UnknownView`, `UnknownPlate`.
    """
    plate = atlas.plate(view, layer, arm, detail)
    drawn = plate.raw if theme == THEMES["clinical"] else write_plate(audience_of(theme).plate(plate, lang), theme)
    if not nerves:
        return drawn
    body, end, after = drawn.rpartition(b"</svg>")
    return body + nerve_layer(atlas, view, atlas.arm(view, arm), theme, lang).encode() + end + after


def _quiet(ink: Mapping[str, str], element: Element) -> str:
    return f'<path{_written(ink)} d="{escape(element.d)}"/>'


def _written(ink: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in ink.items())
