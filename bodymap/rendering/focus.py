"""The part of a view that is drawn: all of it, a part of the body, or the surroundings of the marks."""

from collections.abc import Sequence

from bodymap.atlas.frames import SIZES
from bodymap.atlas.manifest import ViewId
from bodymap.rendering.boxes import Extents
from bodymap.rendering.options import Focus

# Windows on the views, in millimetres: each shows its part with enough around it to be known at a glance.
_WINDOWS: dict[str, dict[str, tuple[float, float, float, float]]] = {
    "neck": {"trunk": (170, 30, 530, 400), "side": (20, 30, 340, 400)},
    "shoulder": {"trunk": (70, 170, 630, 600), "side": (0, 170, 360, 600)},
    "upper-back": {"trunk": (120, 220, 580, 700), "side": (0, 220, 360, 700)},
    "lower-back": {"trunk": (140, 560, 560, 960), "side": (0, 560, 360, 960)},
}
# The margin of `auto` around the marks, and its minimum size.
_AROUND_MM = 55.0
_SMALLEST_MM = 260.0
# A window that shows most of the view is replaced by the whole view.
_MOST = 0.8


def whole(view: ViewId) -> Extents:
    """The page of a view, in millimetres."""
    return Extents(0, 0, *SIZES[view])


def window(view: ViewId, focus: Focus, marks: Sequence[Extents]) -> Extents:
    """The part of a view to draw, in millimetres. `marks` are what `auto` must show; without any it shows all."""
    page = whole(view)
    if focus == "full" or (focus == "auto" and not marks):
        return page
    if focus != "auto":
        return Extents(*_WINDOWS[focus]["trunk" if view in ("posterior", "anterior") else "side"])
    left, right = _stretch(min(m.left for m in marks), max(m.right for m in marks), page.right)
    top, bottom = _stretch(min(m.top for m in marks), max(m.bottom for m in marks), page.bottom)
    if (right - left) * (bottom - top) > _MOST * page.right * page.bottom:
        return page
    return Extents(left, top, right, bottom)


def _stretch(low: float, high: float, most: float) -> tuple[float, float]:
    """A stretch with room around it, no shorter than the smallest, within 0 and `most`."""
    low, high = low - _AROUND_MM, high + _AROUND_MM
    lacking = max(0.0, min(_SMALLEST_MM, most) - (high - low)) / 2
    low, high = low - lacking, high + lacking
    if low < 0:
        low, high = 0.0, high - low
    if high > most:
        low, high = max(0.0, low - (high - most)), most
    return round(low), round(high)
