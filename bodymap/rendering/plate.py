"""A plate of the atlas as the ground of a chart: quieter than it ships, treated regions brought forward."""

from collections.abc import Mapping
from functools import lru_cache

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Arm, Detail, LayerId, Side, ViewId
from bodymap.atlas.plates import Element, Plate
from bodymap.errors import NotYet
from bodymap.rendering.scene import Paint
from bodymap.rendering.svg import escape
from bodymap.rendering.theme import THEMES, Theme, mixed

RegionSide = tuple[str, Side]

_PAINTS = ("fill", "stroke")
_KEPT = (
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linejoin",
    "stroke-linecap",
)


class Ground:
    """One plate prepared for charts in one theme."""

    def __init__(self, plate: Plate, theme: Theme) -> None:
        self._runs: list[str | tuple[list[tuple[RegionSide, str]], dict[RegionSide, str]]] = []
        for group in plate.groups.values():
            toned = group.id in ("tone", "fibres")
            fade = theme.fade_tone if toned else theme.fade
            self._runs.append(f"<g{_faded(group.attributes, theme, fade)}>")
            if group.id == "regions":
                quiet = [((e.region, e.side or "midline"), _quiet(e, theme, fade)) for e in group.elements]
                shapes = {(e.region, e.side or "midline"): e.d for e in group.elements}
                self._runs.append((quiet, shapes))
            else:
                self._runs.append("".join(_quiet(element, theme, fade) for element in group.elements))
            self._runs.append("</g>")

    def markup(self, treated: Mapping[RegionSide, Paint]) -> str:
        """The plate as SVG, in millimetres; regions in `treated` in their paint, over their neighbours."""
        parts: list[str] = []
        for run in self._runs:
            if isinstance(run, str):
                parts.append(run)
                continue
            quiet, shapes = run
            parts += [path for key, path in quiet if key not in treated]
            for key, ink in treated.items():
                if key in shapes:
                    attributes = "".join(f' {name}="{value}"' for name, value in ink)
                    parts.append(f'<path{_names(*key)}{attributes} d="{shapes[key]}"/>')
        return "".join(parts)


@lru_cache(maxsize=96)
def prepare_ground(atlas: Atlas, view: ViewId, layer: LayerId, detail: Detail, arm: Arm, theme: str) -> Ground:
    """The plate, prepared once. Raises `UnknownView`, `UnknownPlate`."""
    return Ground(atlas.plate(view, layer, arm, detail), THEMES[theme])


def render_plate(
    atlas: Atlas, view: ViewId, layer: LayerId, detail: Detail = "plain", arm: Arm = "hidden", theme: str = "clinical"
) -> bytes:
    """The plate alone, as it ships. Raises `UnknownView`, `UnknownPlate`, `NotYet` for a theme to come."""
    if theme not in THEMES:
        raise NotYet(f"This release draws the theme {', '.join(THEMES)}; {theme!r} will come.")
    return atlas.plate(view, layer, arm, detail).raw


def _names(region: str, side: str) -> str:
    return f' data-region="{escape(region)}" data-side="{escape(side)}"'


def _quiet(element: Element, theme: Theme, fade: float) -> str:
    return f'<path{_faded(element.attributes, theme, fade)} d="{escape(element.d)}"/>'


def _faded(attributes: Mapping[str, str], theme: Theme, fade: float) -> str:
    parts: list[str] = []
    for name in _KEPT:
        value = attributes.get(name)
        if value is None:
            continue
        if name in _PAINTS:
            value = mixed(value, theme.paper, fade)
        parts.append(f' {name}="{escape(value)}"')
    return "".join(parts)
