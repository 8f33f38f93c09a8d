"""SVG text: path data in few bytes, and the strict subset that plates are written in."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import numpy.typing as npt
from shapely.geometry import MultiPolygon

from bodymap.artwork.curves import Points, fitted_ring

CREDIT = (
    "BodyParts3D, (c) The Database Center for Life Science, CC BY-SA 2.1 Japan; Z-Anatomy, CC BY-SA 4.0. "
    "This drawing is a derivative under CC BY-SA 4.0."
)


def element(name: str, attributes: Iterable[tuple[str, str]], *content: str) -> str:
    """One element; empty ones are closed at once."""
    opening = name + "".join(f" {key}={quoteattr(value)}" for key, value in attributes)
    return f"<{opening}>{''.join(content)}</{name}>" if content else f"<{opening}/>"


def text(name: str, content: str) -> str:
    """One element that holds nothing but text."""
    return f"<{name}>{escape(content)}</{name}>"


def filled(shape: MultiPolygon, tolerance_mm: float = 0.3) -> str:
    """Path data of closed curves within `tolerance_mm` of the polygons' rings, holes included.

    Control points lie on a grid of 0.2 mm: the middles between them, where the curve's pieces meet, are then exact
    in tenths, and the shorthand `t` never drifts.
    """
    return "".join(
        _ring(fitted_ring(np.asarray(ring.coords), tolerance_mm))
        for polygon in shape.geoms
        for ring in (polygon.exterior, *polygon.interiors)
    )


def stroked(lines: Iterable[Points]) -> str:
    """Path data of open curves, each (n, 2) in millimetres, smooth through the middles of their edges."""
    return "".join(_line(line) for line in lines)


def _ring(corners: Points) -> str:
    grid = _distinct(np.rint(corners * 5).astype(np.int64), closed=True)
    if len(grid) < 3:
        return ""
    middle = grid + np.roll(grid, -1, axis=0)  # tenths of a millimetre, between a corner and the next
    start, control, end = middle[-1], grid[0] * 2, middle[0]
    out = _Pen()
    out.command("M", start)
    out.command("q", control - start, end - start)
    for index in range(1, len(grid)):
        out.command("t", middle[index] - middle[index - 1])
    return out.text() + "z"


def _line(points: Points) -> str:
    grid = _distinct(np.rint(points * 5).astype(np.int64), closed=False)
    if len(grid) < 2:
        return ""
    out = _Pen()
    out.command("M", grid[0] * 2)
    if len(grid) == 2:
        out.command("l", (grid[1] - grid[0]) * 2)
        return out.text()
    middle = grid[1:-1] + grid[2:]
    middle[-1] = grid[-1] * 2
    out.command("q", (grid[1] - grid[0]) * 2, middle[0] - grid[0] * 2)
    for index in range(1, len(middle)):
        out.command("t", middle[index] - middle[index - 1])
    return out.text()


def _distinct(grid: npt.NDArray[np.int64], *, closed: bool) -> npt.NDArray[np.int64]:
    """The points without repetitions next to each other, in a closed ring also without its start at the end."""
    if len(grid) < 2:
        return grid
    keep = np.r_[True, (np.diff(grid, axis=0) != 0).any(axis=1)]
    corners = grid[keep]
    return corners[:-1] if closed and len(corners) > 1 and (corners[0] == corners[-1]).all() else corners


class _Pen:
    """Writes commands with tenths of a millimetre in as few characters as SVG allows."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._last = ""
        self._dotted = False

    def command(self, letter: str, *points: npt.NDArray[np.int64]) -> None:
        numbers = [_tenths(int(value)) for point in points for value in point]
        if letter != self._last:
            self._parts.append(letter)
            self._join(numbers, fresh=True)
        else:
            self._join(numbers, fresh=False)
        self._last = letter

    def _join(self, numbers: list[str], *, fresh: bool) -> None:
        for number in numbers:
            if not fresh and not number.startswith("-") and not (number.startswith(".") and self._dotted):
                self._parts.append(" ")
            self._parts.append(number)
            self._dotted = "." in number
            fresh = False

    def text(self) -> str:
        return "".join(self._parts)


def _tenths(value: int) -> str:
    sign, whole, tenth = ("-" if value < 0 else ""), abs(value) // 10, abs(value) % 10
    if not tenth:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{tenth}"
