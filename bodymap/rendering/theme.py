"""How things look: the paints of one theme. The marks are the darkest and the only blue; the body recedes."""

from dataclasses import dataclass

from bodymap.rendering.lettering import FONTS
from bodymap.rendering.scene import Hatch, Paint, paint

HATCH_ID = "bm-hatch"
HATCH_BELOW_ID = "bm-hatch-below"


@dataclass(frozen=True)
class Theme:
    """Colours, as #rrggbb. `fade` is how far the plate goes towards `paper` so that the marks come first."""

    id: str
    paper: str
    ink: str
    muted: str
    hairline: str
    mark: str
    halo: str
    treated: str
    treated_edge: str
    surrounded: str
    hatch: str
    fade: float
    fade_tone: float

    @property
    def page(self) -> Paint:
        """What everything inherits."""
        return paint(font_family=FONTS, fill=self.ink)


CLINICAL = Theme(
    id="clinical",
    paper="#fffdfa",
    ink="#1b2733",
    muted="#596775",
    hairline="#d9d4cc",
    mark="#0b3a66",
    halo="#fff",
    treated="#de9882",
    treated_edge="#8f3324",
    surrounded="#ecccbf",
    hatch="#f3d9cf",
    fade=0.36,
    fade_tone=0.36,
)

THEMES = {CLINICAL.id: CLINICAL}


def hatches(theme: Theme, scale: float) -> tuple[Hatch, ...]:
    """The patterns of regions that a placement gives without a point; `scale` is chart units a millimetre."""
    stroke = paint(stroke=theme.treated_edge, stroke_width=2.4, stroke_opacity=0.62)
    return (
        Hatch(HATCH_ID, round(5.5 / scale, 1), paint(fill=theme.hatch), stroke),
        Hatch(HATCH_BELOW_ID, round(5.5 / scale, 1), paint(fill=theme.hatch, fill_opacity=0.55), stroke),
    )


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` in it. What is not #rgb or #rrggbb comes back as it is."""
    first, second = _channels(colour), _channels(other)
    if first is None or second is None:
        return colour
    mix = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mix)


def _channels(colour: str) -> tuple[int, ...] | None:
    digits = colour.removeprefix("#")
    if not colour.startswith("#") or len(digits) not in (3, 6):
        return None
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    try:
        return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))
    except ValueError:
        return None
