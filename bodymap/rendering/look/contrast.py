"""Contrast of a theme: everything that is drawn against everything that it can lie on."""

from collections.abc import Iterator
from dataclasses import dataclass

from bodymap.rendering.look.colours import contrast, mixed
from bodymap.rendering.look.theme import Theme

TEXT, SHAPES = 4.5, 3.0
TEXT_AAA, SHAPES_AAA = 7.0, 4.5
# What the darkest and the lightest places of a shaded plate add up to: the layers of its tone, one over the other.
_DARKEST_TONE, _LIGHTEST_TONE = (0.075,) * 8, (0.14,) * 3
TREATED = 2.0
"""The least contrast of a treated muscle's fill with every other muscle's."""


@dataclass(frozen=True)
class Pair:
    """A foreground on a background: the names of the theme's members, their colours, whether it is a text or a mark."""

    thing: str
    ground: str
    colour: str
    behind: str
    text: bool

    @property
    def ratio(self) -> float:
        """The contrast, as WCAG defines it."""
        return contrast(self.colour, self.behind)


def pairs(theme: Theme) -> tuple[Pair, ...]:
    """All pairs that must have contrast. Numbers on the body stand in marks or on a halo, so that no text lies on the
    plate itself; a mark has a ring in the colour of the halo, of which one must stand out."""
    return tuple(_pairs(theme))


def too_faint(theme: Theme, text: float = TEXT, shapes: float = SHAPES) -> list[Pair]:
    """The pairs below the contrast that text, shapes and treated muscles need."""
    return [pair for pair in pairs(theme) if pair.ratio < least(pair, text, shapes)]


def least(pair: Pair, text: float = TEXT, shapes: float = SHAPES) -> float:
    """The contrast that a pair needs."""
    if pair.thing == "treated":
        return TREATED
    return text if pair.text else shapes


def body(theme: Theme) -> dict[str, str]:
    """Every colour of the untreated body, plain and at the darkest and lightest of its shading."""
    grounds = {name: getattr(theme, name) for name in ("skin", "quiet", "bone", "context", "sheet")}
    grounds["rim"] = mixed(theme.skin, theme.rim, 0.4)
    grounds |= {f"muscles/{place}": colour for place, colour in enumerate(theme.muscles)}
    return grounds | _shaded(theme, {name: grounds[name] for name in grounds if name.startswith("muscles")})


def treated(theme: Theme) -> dict[str, str]:
    """Every colour of a treated region."""
    grounds = {"treated": theme.treated, "surrounded": theme.surrounded, "hatch": theme.hatch}
    return grounds | _shaded(theme, grounds)


def hatch_line(theme: Theme) -> str:
    """The lines of the hatch as they appear on its ground."""
    return mixed(theme.hatch, theme.treated_edge, theme.hatch_opacity)


def _shaded(theme: Theme, grounds: dict[str, str]) -> dict[str, str]:
    shaded: dict[str, str] = {}
    for name, colour in grounds.items():
        dark = light = colour
        for share in _DARKEST_TONE:
            dark = mixed(dark, theme.shade, share * theme.shading)
        for share in _LIGHTEST_TONE:
            light = mixed(light, theme.light, share * theme.shading)
        shaded[f"{name}, shaded"], shaded[f"{name}, lit"] = dark, light
    return shaded


def _pairs(theme: Theme) -> Iterator[Pair]:
    for name in ("ink", "muted", "mark"):
        yield Pair(name, "paper", getattr(theme, name), theme.paper, True)
    for name in ("mark", "muted"):
        yield Pair(name, "halo", getattr(theme, name), theme.halo, True)
    yield Pair("treated_edge", "paper", theme.treated_edge, theme.paper, False)
    everywhere = body(theme) | treated(theme)
    for name, colour in everywhere.items():
        seen = theme.mark if theme.for_patients else max(theme.mark, theme.halo, key=lambda ink: contrast(ink, colour))
        yield Pair("mark", name, seen, colour, False)
        yield Pair("treated_edge", name, theme.treated_edge, colour, False)
    for place, colour in enumerate(theme.muscles):
        if theme.treated_texture == "plain":
            yield Pair("treated", f"muscles/{place}", theme.treated, colour, False)
    if not theme.for_patients:
        yield Pair("hatch lines", "hatch", hatch_line(theme), theme.hatch, False)
