"""A plate of the atlas as the background of a chart, in the paints of its theme, with treated regions emphasised."""

from collections.abc import Mapping
from functools import lru_cache

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Arm, Detail, LayerId, Side, ViewId
from bodymap.atlas.plates import Element, Group, Plate
from bodymap.rendering.audience import audience_of
from bodymap.rendering.body.nerve_layer import nerve_layer
from bodymap.rendering.body.repaint import element_paint, group_paint, write_plate
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.output.svg import data_attributes, escape
from bodymap.rendering.scene import Paint
from bodymap.words import Language

RegionSide = tuple[str, Side]

# The groups of a plate that lie under its regions.
_BELOW = ("body", "bones", "context")


class Ground:
    """One plate prepared for charts in one theme. `fade` is the paper over the foot of the body, as SVG: what is laid
    over the plate and reaches there has it drawn once more."""

    def __init__(self, plate: Plate, theme: Theme) -> None:
        self._theme = theme
        self._pen = audience_of(theme).pen(1.0)
        self._shapes: dict[RegionSide, tuple[str, str]] = {}
        self._regions: list[tuple[RegionSide, str]] = []
        self._opening = ""
        groups = plate.groups
        # Under the regions, over them but under what was treated, and over everything.
        self._below = "".join(self._drawn(groups[name]) for name in _BELOW if name in groups)
        self._edges = self._drawn(groups["edges"]) if "edges" in groups else ""
        self.fade = self._drawn(groups["fade"]) if "fade" in groups else ""
        above = (name for name in groups if name not in {*_BELOW, "regions", "edges"})
        self._above = "".join(self._drawn(groups[name]) for name in above)
        if "regions" in groups:
            self._opening = self._group(groups["regions"])
            for element, ink in self._inks(groups["regions"]):
                key = element.region, element.side or "midline"
                self._shapes[key] = element.d, ink.get("fill", "none")
                self._regions.append(
                    (key, f'<path{self._named("region", key)}{_written(ink)} d="{escape(element.d)}"/>')
                )

    def markup(self, treated: Mapping[RegionSide, Paint]) -> str:
        """The plate as SVG, in millimetres; regions in `treated` in their paint, over their neighbours. A paint without
        a fill leaves a region its own."""
        untreated = "".join(path for key, path in self._regions if key not in treated)
        over: list[str] = []
        for key, ink in treated.items():
            if key in self._shapes:
                d, fill = self._shapes[key]
                own = {"fill": fill} if ("fill", "none") in ink else {}
                over.append(f'<path{self._named("region treated", key)}{_written(dict(ink) | own)} d="{d}"/>')
        emphasised = f'<g class="treated" stroke-linejoin="round">{"".join(over)}</g>' if over else ""
        regions = f"{self._opening}{untreated}</g>" if untreated else ""
        return self._below + regions + self._edges + emphasised + self._above

    def _named(self, kind: str, key: RegionSide) -> str:
        return f' class="{kind}"{data_attributes(self._pen.region_data(*key))}'

    def _inks(self, group: Group) -> list[tuple[Element, dict[str, str]]]:
        inks = [(element, element_paint(group, element, self._theme)) for element in group.elements]
        return [(element, ink) for element, ink in inks if ink is not None]

    def _drawn(self, group: Group) -> str:
        paths = "".join(f'<path{_written(ink)} d="{escape(element.d)}"/>' for element, ink in self._inks(group))
        return f"{self._group(group)}{paths}</g>" if paths else ""

    def _group(self, group: Group) -> str:
        return f'<g class="{escape(group.id)}"{_written(group_paint(group, self._theme))}>'


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


def _written(ink: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in ink.items())
