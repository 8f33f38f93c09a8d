"""The marks of a patient's picture: soft round dots, with no sign of what was done there."""

from bodymap.atlas.manifest import Side
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.charting.vocabulary import PlacementStatus
from bodymap.rendering.marks.pen import Pen, Xy
from bodymap.rendering.scene import Box, Node, Paint, paint

_GLOW = 0.2


class SoftPen(Pen):
    """Soft marks: filled if done, hollow and dashed if planned, hollow if not done."""

    def disc(self, xy: Xy, radius: float, placement: RecordedPlacement, twitch: bool) -> list[Node]:
        """A spot with its number."""
        nodes: list[Node] = [
            self._circle(xy, radius + 4.5, fill_opacity=_GLOW),
            self._circle(xy, radius, **self._body(placement.status)),
        ]
        size = {1: 1.28, 2: 1.16}.get(len(str(placement.number)), 0.86) * radius
        return nodes + self._text(xy, placement.number, size, self.theme.halo if placement.status == "done" else "")

    def dot(self, xy: Xy, radius: float, placement: RecordedPlacement, twitch: bool) -> list[Node]:
        """A spot too close to its neighbours to hold its number."""
        return [
            self._circle(xy, radius + 2.2, fill_opacity=_GLOW),
            self._circle(xy, radius, **self._body(placement.status)),
        ]

    def line(self, line: RecordedPerimeter) -> list[Node]:
        """Nothing: a sore area has no line around it; what was not done there is an outline."""
        return [] if line.status == "done" else super().line(line)

    def needle(self, xy: Xy, size: float, status: PlacementStatus) -> list[Node]:
        """A small dot around a sore area."""
        return [self._circle(xy, min(size * 0.7, 2.6))]

    def needles(self, size: float, status: PlacementStatus, line: int = 0) -> Paint:
        """The shared paint of the dots."""
        return paint(fill=self.theme.mark) if status == "done" else paint(**self._body(status, 0.8))

    def small_number(self, spot: Xy, value: int) -> list[Node]:
        """Nothing: single needles have no numbers here."""
        return []

    def square(self, spot: Xy, half: float, placement: RecordedPlacement) -> list[Node]:
        """The number of an area."""
        s, done = self.scale, placement.status == "done"
        x, y, wide = (spot[0] - half) / s, (spot[1] - 7.5) / s, 2 * half / s
        pill = Box(x, y, wide, 15 / s, 7.5 / s, paint(**self._body(placement.status)))
        around = self._circle(spot, half + 4, fill_opacity=_GLOW)
        return [around, pill, *self._text(spot, placement.number, 10, self.theme.halo if done else "")]

    def _body(self, status: PlacementStatus, width: float = 1.3) -> dict[str, str | float]:
        return {} if status == "done" else self._outline(status, width)

    def region_data(self, region: str, side: Side) -> tuple[tuple[str, str], ...]:
        """Nothing: a muscle has no name here."""
        return ()

    def covered(self, dash: float, gap: float) -> dict[str, str | float]:
        """Nothing: a treated place is drawn alike at every depth."""
        return {}
