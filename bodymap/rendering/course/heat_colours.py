"""The steps of a density in the paints of a theme: ordered by lightness; in print by pattern, black on white."""

from functools import lru_cache

from msgspec import structs

from bodymap.rendering.look.colours import mixed
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.scene import Hatch, Paint, Pattern, paint

_HUSH = 0.22
_SHARES = ((0.5, 0.0), (0.9, 0.0), (1.0, 0.3), (1.0, 0.62), (1.0, 1.0))
# (pattern, step, width of its lines, whether they are white on black), each darker than the one before.
_PATTERNS: tuple[tuple[Pattern, float, float, bool], ...] = (
    ("dots", 5.6, 0.0, False),
    ("level", 4.6, 1.2, False),
    ("slanted", 4.2, 3.4, False),
    ("level", 3.6, 1.1, True),
)


def step_id(place: int) -> str:
    """The id of a step's pattern."""
    return f"bm-step-{place + 1}"


def fills(theme: Theme, steps: int) -> list[str]:
    """The fill of each of at most five steps, the faintest first."""
    if theme.treated_texture != "plain":
        every = [*(f"url(#{step_id(place)})" for place in range(len(_PATTERNS))), theme.treated_edge]
    else:
        every = [mixed(mixed(theme.skin, theme.treated, tint), theme.treated_edge, edge) for tint, edge in _SHARES]
    return [every[round(place * (len(every) - 1) / max(steps - 1, 1))] for place in range(steps)]


def step_patterns(theme: Theme, scale: float) -> tuple[Hatch, ...]:
    """The patterns that `fills` names; `scale` is chart units a millimetre."""
    if theme.treated_texture == "plain":
        return ()
    hatches: list[Hatch] = []
    for place, (pattern, step, width, turned) in enumerate(_PATTERNS):
        ground, ink = (theme.treated_edge, theme.paper) if turned else (theme.paper, theme.treated_edge)
        lines: Paint = paint(fill=ink) if pattern == "dots" else paint(stroke=ink, stroke_width=round(width / scale, 2))
        hatches.append(Hatch(step_id(place), round(step / scale, 2), paint(fill=ground), lines, pattern))
    return tuple(hatches)


@lru_cache(maxsize=16)
def pale_body(theme: Theme) -> Theme:
    """The theme with a body that is hardly more than its outline, so that what lies on it stands out."""

    def near_skin(colour: str) -> str:
        return mixed(theme.skin, colour, _HUSH)

    return structs.replace(
        theme,
        muscles=tuple(near_skin(tint) for tint in theme.muscles),
        **{name: near_skin(getattr(theme, name)) for name in ("bone", "context", "sheet", "quiet", "rim")},
        **{
            name: mixed(theme.skin, getattr(theme, name), 0.55) for name in ("muscle_edge", "bone_edge", "context_edge")
        },
    )
