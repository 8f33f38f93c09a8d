"""The marks of compared visits: what is new is filled, what is kept is a bold ring, what is gone is dotted and struck.

The shapes mean the same as on a chart: round is a trigger point, square the number of a perimeter; a number of which
only the region is known stands on a bar. What was not done is crossed, as there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from bodymap.charting.comparison import Change
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.charting.vocabulary import PlacementStatus
from bodymap.rendering.marks.pen import Pen, Xy
from bodymap.rendering.marks.samples import sample_point
from bodymap.rendering.marks.soft_pen import SoftPen
from bodymap.rendering.scene import Circle, Group, Node, Paint, Path, Text, coarse, number, paint

GONE: Final = "gone"
"""The treatment of a region that was needled only before the last visit."""

_RING = 2.3
_THIN = 1.2
_DOTS = (1.6, 1.7)
_STUB = 3.2
_SMALL = 7.0  # Dots on a smaller ring would not be seen.


@dataclass(frozen=True)
class ComparisonPen(Pen):
    """Draws each placement by its change over the visits: `changes` by the numbers of the picture."""

    changes: Mapping[int, Change] = field(default_factory=dict)
    bar: ClassVar[float] = 4.5

    def data(self, placement: RecordedPlacement) -> tuple[tuple[str, str], ...]:
        """The change of a placement, as a data attribute."""
        return (("change", self.changes[placement.number]),)

    def tint(self, how: str) -> dict[str, str | float]:
        """The tint of a region; one without a needle of the last visit has only a dotted outline."""
        if how != GONE:
            return {}
        dots = f"{number(1.4 / self.scale)} {number(1.8 / self.scale)}"
        return {"fill": "none", "stroke": self.theme.muted, "stroke_width": 1 / self.scale, "stroke_dasharray": dots}

    def disc(self, xy: Xy, radius: float, placement: RecordedPlacement, twitch: bool) -> list[Node]:
        """A trigger point."""
        change = self.changes[placement.number]
        if change == "not-done":
            return Pen.disc(self, xy, radius, placement, False)
        size = {1: 1.28, 2: 1.16}.get(len(str(placement.number)), 0.86) * radius
        halo = self._circle(xy, radius + 1.7, fill=self.theme.halo)
        if change == "new":
            return [halo, self._circle(xy, radius), *self._text(xy, placement.number, size, self.theme.halo)]
        if change == "kept":
            thick = min(_RING, radius * 0.42)
            bold = self._circle(xy, radius - thick / 2, **self._ring(thick))
            return [halo, bold, *self._text(xy, placement.number, size * 0.92)]
        dotted = self._dotted()
        if radius < _SMALL:
            dotted.pop("stroke_dasharray")
        ring = self._circle(xy, radius - 0.6, **dotted)
        return [halo, ring, *self._struck(xy, radius, radius), *self._faint(xy, placement.number, size * 0.92)]

    def dot(self, xy: Xy, radius: float, placement: RecordedPlacement, twitch: bool) -> list[Node]:
        """A trigger point too close to its neighbours to hold its number."""
        change = self.changes[placement.number]
        if change == "not-done":
            return Pen.dot(self, xy, radius, placement, False)
        halo = self._circle(xy, radius + 1.1, fill=self.theme.halo)
        if change == "new":
            return [halo, self._circle(xy, radius)]
        if change == "kept":
            return [halo, self._circle(xy, radius - 0.7, **self._ring(1.5))]
        thin: dict[str, str | float] = {"stroke": self.theme.muted, "stroke_width": 1 / self.scale}
        ring = self._circle(xy, radius - 0.5, fill=self.theme.halo, **thin)
        return [halo, ring, Path(self._slash(xy, radius + 1.4, radius + 1.4), paint(fill="none", **thin))]

    def tab(self, spot: Xy, half: float, value: int) -> list[Node]:
        """The number of such a dot."""
        change = self.changes[value]
        if change == "new":
            filled = self._box(spot, half, 5.5, 2.2, fill=self.theme.mark)
            return [filled, *self._text(spot, value, 8.5, self.theme.halo)]
        if change == "kept":
            return [self._box(spot, half, 5.5, 2.2, **self._ring(1.4)), *self._text(spot, value, 8.5)]
        return [self._box(spot, half, 5.5, 2.2, **self._dotted()), *self._text(spot, value, 8.5, self.theme.muted)]

    def patch(self, line: RecordedPerimeter) -> list[Node]:
        """The area of a perimeter, unless it is gone."""
        return [] if self.changes[line.number] == GONE else super().patch(line)

    def line(self, line: RecordedPerimeter) -> list[Node]:
        """The line of a perimeter: dashed, of one that is gone dotted and faint."""
        halo, ink = Pen.line(self, line)
        if self.changes[line.number] != GONE:
            return [halo, ink]
        dots = f"{number(1.2 / self.scale)} {number(2.2 / self.scale)}"
        faint = paint(fill="none", stroke=self.theme.muted, stroke_width=1 / self.scale, stroke_dasharray=dots)
        if isinstance(ink, Circle):
            return [halo, Circle(ink.x, ink.y, ink.r, faint)]
        return [halo, Path(ink.d, faint)] if isinstance(ink, Path) else [halo, ink]

    def needles(self, size: float, status: PlacementStatus, line: int = 0) -> Paint:
        """Diamonds: filled, bold, or faint."""
        change = self.changes.get(line, "kept")
        if change == "new":
            return paint(fill=self.theme.mark, stroke=self.theme.halo, stroke_width=0.8 / self.scale)
        if change == GONE:
            return paint(fill=self.theme.halo, stroke=self.theme.muted, stroke_width=0.9 / self.scale)
        return super().needles(size, status)

    def small_number(self, spot: Xy, value: int) -> list[Node]:
        """Nothing: the numbers of single needles do not matter when visits are compared."""
        return []

    def square(self, spot: Xy, half: float, placement: RecordedPlacement) -> list[Node]:
        """The number of a perimeter."""
        change = self.changes[placement.number]
        if change == "not-done":
            return Pen.square(self, spot, half, placement)
        halo = self._box(spot, half + 1.4, 8.9, 3, fill=self.theme.halo)
        if change == "new":
            filled = self._box(spot, half, 7.5, 2, fill=self.theme.mark)
            return [halo, filled, *self._text(spot, placement.number, 10, self.theme.halo)]
        if change == "kept":
            bold = self._box(spot, half - _RING / 2, 7.5 - _RING / 2, 1.4, **self._ring(_RING))
            return [halo, bold, *self._text(spot, placement.number, 9.4)]
        dotted = self._box(spot, half - 0.6, 6.9, 1.8, **self._dotted())
        return [halo, dotted, *self._struck(spot, half + 1.6, 9.1), *self._faint(spot, placement.number, 9.4)]

    def plain_number(self, spot: Xy, half: float, placement: RecordedPlacement) -> list[Node]:
        """The number of a placement of which only the region is known: on a bar, so that it does not look like a
        point."""
        change, value = self.changes[placement.number], placement.number
        if change == "not-done":
            return Pen.plain_number(self, spot, half - self.bar, placement)
        if change == GONE:
            return [*self._struck(spot, half - self.bar, 6), *self._faint(spot, value, 11.5)]
        halo = self._box(spot, half + 1.4, 8, 8, fill=self.theme.halo)
        if change == "new":
            return [
                halo,
                self._box(spot, half, 6.6, 6.6, fill=self.theme.mark),
                *self._text(spot, value, 10, self.theme.halo),
            ]
        bold = self._box(spot, half - _RING / 2, 6.6 - _RING / 2, 5.4, **self._ring(_RING))
        return [halo, bold, *self._text(spot, value, 9.4)]

    def _ring(self, width: float) -> dict[str, str | float]:
        return {"fill": self.theme.halo, "stroke": self.theme.mark, "stroke_width": width / self.scale}

    def _dotted(self) -> dict[str, str | float]:
        dots = " ".join(number(part / self.scale) for part in _DOTS)
        return {
            "fill": self.theme.halo,
            "stroke": self.theme.muted,
            "stroke_width": _THIN / self.scale,
            "stroke_dasharray": dots,
        }

    def _struck(self, spot: Xy, wide: float, tall: float) -> list[Node]:
        """A stroke through a mark that is gone, on a light casing."""
        d, s = self._slash(spot, wide * 0.72 + _STUB, tall * 0.72 + _STUB), self.scale
        return [
            Path(d, paint(fill="none", stroke=colour, stroke_width=width / s, stroke_linecap="round"))
            for colour, width in ((self.theme.halo, 3.2), (self.theme.muted, 1.4))
        ]

    def _slash(self, spot: Xy, wide: float, tall: float) -> str:
        s, (x, y) = self.scale, spot
        return f"M{coarse((x - wide) / s)} {coarse((y + tall) / s)}L{coarse((x + wide) / s)} {coarse((y - tall) / s)}"

    def _faint(self, spot: Xy, value: int, size: float) -> list[Node]:
        """A number over the stroke through it."""
        if not self.numbers:
            return []
        s = self.scale
        x, y = spot[0] / s, (spot[1] + 0.36 * size) / s
        halo = paint(font_size=size / s, stroke=self.theme.halo, stroke_width=2.6 / s, stroke_linejoin="round")
        return [
            Text(x, y, str(value), halo),
            Text(x, y, str(value), paint(font_size=size / s, fill=self.theme.muted)),
        ]


@dataclass(frozen=True)
class SoftComparisonPen(ComparisonPen, SoftPen):
    """Soft marks of compared visits: sore areas are soft, needles are small dots."""

    def line(self, line: RecordedPerimeter) -> list[Node]:
        """Nothing around a sore area; of one that is gone its edge."""
        return super().line(line) if self.changes[line.number] == GONE else []

    def needle(self, xy: Xy, size: float, status: PlacementStatus) -> list[Node]:
        """A small dot around a sore area."""
        return SoftPen.needle(self, xy, size, status)


def sample(pen: Pen, change: Change, radius: float) -> Group:
    """The mark of a change around (0, 0), in chart units, by a pen that knows it as the one of number 1."""
    point = sample_point(1, "not-done" if change == "not-done" else "done")
    return Group(pen.disc((0, 0), radius, point, False), pen.shared)
