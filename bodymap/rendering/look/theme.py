"""Themes: the paints of marks, of treated regions, of the plate, and of the page."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.rendering.look.colours import Colour
from bodymap.rendering.options import ThemeId
from bodymap.rendering.scene import Hatch, Paint, Pattern, paint
from bodymap.rendering.text_metrics import FONTS

TREATED_ID = "bm-treated"
SURROUNDED_ID = "bm-around"
HATCH_ID = "bm-hatch"
HATCH_BELOW_ID = "bm-hatch-below"

Texture = Literal["plain", "lines", "dots"]
Share = Annotated[float, Meta(ge=0, le=1)]
Tints = Annotated[tuple[Colour, ...], Meta(min_length=1, max_length=6)]


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A theme: the marks come first, then treated regions, then the rest of the body.

    `for_patients` draws soft dots, uses plain words, and puts nothing clinical on the picture. `muscles` are the tints
    that tell neighbours apart, darkest first; `shading` and `fibres` say how much of a shaded plate's tone and fibres
    is drawn, `line_width` how thick its lines are against the drawing as it ships.
    """

    id: ThemeId
    for_patients: bool = False

    # The page.
    paper: Colour
    ink: Colour
    muted: Colour
    hairline: Colour

    # Marks: `halo` is the ring around them and the number in them.
    mark: Colour
    halo: Colour

    # Treated regions: by a point, around a line of needles, only by region (always hatched).
    treated: Colour
    treated_edge: Colour
    surrounded: Colour
    hatch: Colour
    hatch_opacity: Share = 0.62
    treated_texture: Texture = "plain"
    surrounded_texture: Texture = "plain"

    # The plate.
    skin: Colour
    skin_edge: Colour
    rim: Colour
    quiet: Colour
    quiet_edge: Colour
    bone: Colour
    bone_edge: Colour
    context: Colour
    context_edge: Colour
    muscles: Tints
    muscle_edge: Colour
    sheet: Colour
    shade: Colour
    light: Colour
    shading: Share = 1.0
    fibres: Share = 1.0
    line_width: Annotated[float, Meta(gt=0, le=4)] = 1.0

    @property
    def page(self) -> Paint:
        """The paint that everything inherits."""
        return paint(font_family=FONTS, fill=self.ink)

    @property
    def below(self) -> float:
        """The opacity of fills under the drawn layer. A copier loses what is fainter than this."""
        return 0.5 if self.treated_texture == "plain" else 0.6

    @property
    def above(self) -> float:
        """The opacity of fills over the drawn layer; in themes with patterns there is only an outline."""
        return 0.3 if self.treated_texture == "plain" else 0.0

    def fill(self, how: str, below: bool = False) -> str:
        """The fill of a region that was treated by a "point", around a "line", or only by "region"; `below` if other
        muscles lie over it. A pattern is followed by the flat colour of who cannot draw it."""
        if self.for_patients:
            return self.treated
        if how == "region":
            return f"url(#{HATCH_BELOW_ID if below else HATCH_ID}) {self.hatch}"
        if below:
            how = "point"
        if how == "line":
            return self.surrounded if self.surrounded_texture == "plain" else f"url(#{SURROUNDED_ID}) {self.surrounded}"
        return self.treated if self.treated_texture == "plain" else f"url(#{TREATED_ID}) {self.treated}"


def hatches(theme: Theme, scale: float) -> tuple[Hatch, ...]:
    """The patterns that a theme fills regions with; `scale` is chart units a millimetre."""

    def step(units: float) -> float:
        return round(units / scale, 1)

    ink = paint(stroke=theme.treated_edge, stroke_width=2.4, stroke_opacity=theme.hatch_opacity)
    patterns = [
        Hatch(HATCH_ID, step(5.5), paint(fill=theme.hatch), ink),
        Hatch(HATCH_BELOW_ID, step(5.5), paint(fill=theme.hatch, fill_opacity=0.55), ink),
    ]
    textures: tuple[tuple[str, Colour, Texture], ...] = (
        (TREATED_ID, theme.treated, theme.treated_texture),
        (SURROUNDED_ID, theme.surrounded, theme.surrounded_texture),
    )
    for name, ground, texture in textures:
        if texture != "plain":
            pattern: Pattern = "level" if texture == "lines" else "dots"
            thin = paint(stroke=theme.treated_edge, stroke_width=1.5) if texture == "lines" else ()
            dots = paint(fill=theme.treated_edge) if texture == "dots" else ()
            patterns.append(
                Hatch(name, step(3.6 if texture == "lines" else 5), paint(fill=ground), thin or dots, pattern)
            )
    return tuple(patterns)
