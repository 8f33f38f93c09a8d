"""The full key of marks over HTTP. It holds nothing about a patient."""

from dataclasses import dataclass
from typing import Any

from bodymap.api.atlas import SHORT
from bodymap.api.operation import Call
from bodymap.api.pictures import Row, own_theme_of, pictures
from bodymap.atlas import Atlas
from bodymap.rendering.legend.options import KeyOptions
from bodymap.rendering.legend.picture import compose_key, write_key_text
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.output.formats import Format
from bodymap.rendering.output.raster import write_png
from bodymap.rendering.output.svg import write_svg


@dataclass(frozen=True)
class Legend:
    """The full key, not drawn yet. `digest` is that of the atlas."""

    atlas: Atlas
    digest: str
    options: KeyOptions
    own_theme: Theme | None
    name: str = "legend"
    written: tuple[()] = ()
    sessions: tuple[str, ...] = ()
    version: None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> tuple[object, ...]:
        """What the bytes depend on, for the entity tag."""
        return "legend", self.digest, self.options, self.own_theme

    def draw(self, form: Format) -> bytes:
        """Every mark of a theme, named and explained in a language."""
        if form == "txt":
            return write_key_text(self.atlas, self.options)
        scene = compose_key(self.atlas, self.options, self.own_theme)
        return write_png(scene) if form == "png" else write_svg(scene)


def compose_legend(call: Call, _: Any) -> Legend:
    """The full key of marks of a theme, in a language."""
    atlas = call.backend.atlas
    return Legend(atlas, call.backend.atlases.edition(atlas.version).digest, call.query, own_theme_of(call))


OPERATIONS = pictures(
    "/v1/charts/legend",
    compose_legend,
    {
        "svg": Row("drawLegend", "The full key of marks, of a theme, in a language", KeyOptions),
        "png": Row("drawLegendAsPng", "The full key of marks, as pixels", KeyOptions),
        "txt": Row("tellLegend", "The full key of marks, in words", KeyOptions),
    },
    cache=SHORT,
    quick=True,
)
