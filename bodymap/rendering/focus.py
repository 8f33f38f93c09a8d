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
# On back and front: half the least width, what is around, and the shapes, height by width.
_HALF_MM, _BESIDE_MM, _ABOVE_MM = 200.0, 30.0, 45.0
_LOWEST, _TALLEST = 0.9, 1.3
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
    if view in ("posterior", "anterior"):
        return _close_up(page, marks)
    left, right = _stretch(min(m.left for m in marks), max(m.right for m in marks), page.right)
    top, bottom = _stretch(min(m.top for m in marks), max(m.bottom for m in marks), page.bottom)
    if (right - left) * (bottom - top) > _MOST * page.right * page.bottom:
        return page
    return Extents(left, top, right, bottom)


def _close_up(page: Extents, marks: Sequence[Extents]) -> Extents:
    """The part of the back or the front with room around it, symmetric about the midline and wide enough to have the
    contour of the skin on both sides; the whole where that would be most of it."""
    middle = page.right / 2
    half = max(_HALF_MM, *(max(middle - m.left, m.right - middle) + _BESIDE_MM for m in marks))
    top, bottom = min(m.top for m in marks) - _ABOVE_MM, max(m.bottom for m in marks) + _ABOVE_MM
    lacking = max(0.0, _LOWEST * 2 * half - (bottom - top)) / 2
    top, bottom = top - lacking, bottom + lacking
    half = min(max(half, (bottom - top) / _TALLEST / 2), middle)
    top, bottom = (top, bottom) if top >= 0 else (0.0, bottom - top)
    top, bottom = (top, bottom) if bottom <= page.bottom else (max(0.0, top - bottom + page.bottom), page.bottom)
    if bottom - top > _MOST * page.bottom:
        return page
    return Extents(round(middle - half), round(top), round(middle + half), round(bottom))


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
