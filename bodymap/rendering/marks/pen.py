"""What each mark looks like, on a body drawn at a scale: sizes in chart units, coordinates in millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import ClassVar

from bodymap.atlas.manifest import Side
from bodymap.charting.events import Severity
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.charting.vocabulary import PlacementStatus
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.scene import Box, Circle, Group, Node, Paint, Path, Text, coarse, number, paint

Xy = tuple[float, float]
_DASHES = {"planned": (2.2, 1.8)}
RIM_MM = 5.0
"""How far the area of a perimeter reaches beyond its needles."""
_PATCH = 0.85
_TRIANGLE = ((0.0, -6.4), (6.4, 4.8), (-6.4, 4.8))
_OCTAGON = tuple((7.8 * cos(pi * turn / 8), 7.8 * sin(pi * turn / 8)) for turn in range(1, 17, 2))


@dataclass(frozen=True)
class Pen:
    """Draws at `scale` chart units a millimetre. Places come in chart units and are written in millimetres."""

    theme: Theme
    scale: float
    numbers: bool = True
    bar: ClassVar[float] = 0.0  # How much wider the number of a region stands than that of a point.

    @property
    def shared(self) -> Paint:
        """The paint that the group around marks sets for all of them."""
        return paint(fill=self.theme.mark, font_weight="bold", text_anchor="middle")

    def data(self, placement: RecordedPlacement) -> tuple[tuple[str, str], ...]:
        """Further data of a placement's marks."""
        return ()

    def region_data(self, region: str, side: Side) -> tuple[tuple[str, str], ...]:
        """The data of a region, treated or not."""
        return (("region", region), ("side", side))

    def covered(self, dash: float, gap: float) -> dict[str, str | float]:
        """Further paint of the outline of a treated region that others cover: broken, `dash` and `gap` in units."""
        return {"stroke_dasharray": f"{number(dash / self.scale)} {number(gap / self.scale)}"}

    def tint(self, how: str) -> dict[str, str | float]:
        """Paint of a region treated in this way that replaces the theme's."""
        return {}

    def undone(self, status: PlacementStatus) -> dict[str, str | float]:
        """Paint of a region that replaces the theme's where nothing was done: unfilled, dashed where it is planned,
        dotted and faint where it was not done."""
        if status == "done":
            return {}
        s, planned = self.scale, status == "planned"
        dash = f"{number(4.6 / s)} {number(2.6 / s)}" if planned else f"{number(0.1 / s)} {number(2.8 / s)}"
        colour = self.theme.treated_edge if planned else self.theme.muted
        ink: dict[str, str | float] = {"fill": "none", "stroke": colour, "stroke_width": 1.5 / s}
        return {**ink, "stroke_dasharray": dash, "stroke_linecap": "butt" if planned else "round"}

    def patch(self, line: RecordedPerimeter) -> list[Node]:
        """The area that a perimeter surrounds and a rim beyond it, tinted where it was done."""
        if line.status != "done":
            return []
        fill = self.theme.fill("line")
        if line.ring is not None:
            circle = Circle(*line.ring.center, line.ring.radius_mm + RIM_MM, paint(fill=fill))
            return [Group([circle], paint(opacity=_PATCH))]
        corners = "L".join(f"{number(x)} {number(y)}" for x, y in line.outline or ())
        ink = paint(fill=fill, stroke=fill, stroke_width=2 * RIM_MM, stroke_linejoin="round")
        return [Group([Path(f"M{corners}z", ink)], paint(opacity=_PATCH))] if corners else []

    def disc(self, xy: Xy, radius: float, placement: RecordedPlacement, twitch: bool) -> list[Node]:
        """A trigger point: filled where done, hollow and dashed where planned, hollow and crossed where not done; a
        second ring where a twitch was obtained."""
        done = placement.status == "done"
        nodes: list[Node] = [self._circle(xy, radius + (5 if twitch else 1.7), fill=self.theme.halo)]
        if twitch:
            nodes.append(self._circle(xy, radius + 2.9, **self._outline(placement.status, 1.5)))
        if done:
            nodes.append(self._circle(xy, radius))
        else:
            nodes.append(self._circle(xy, radius - 0.7, **self._outline(placement.status, 1.5)))
        size = {1: 1.28, 2: 1.16}.get(len(str(placement.number)), 0.86) * radius
        nodes += self._text(xy, placement.number, size, self.theme.halo if done else "")
        if placement.status == "not-done":
            nodes += self._cross((xy[0] + radius * 0.85, xy[1] - radius * 0.85))
        return nodes

    def dot(self, xy: Xy, radius: float, placement: RecordedPlacement, twitch: bool) -> list[Node]:
        """A trigger point too close to its neighbours to hold its number; a ring around a smaller dot for a twitch."""
        nodes: list[Node] = [self._circle(xy, radius + 1.1, fill=self.theme.halo)]
        if placement.status != "done" or twitch:
            nodes.append(self._circle(xy, radius - 0.5, **self._outline(placement.status, 1)))
        if placement.status == "done":
            nodes.append(self._circle(xy, radius * 0.5 if twitch else radius))
        if placement.status == "not-done":
            nodes += self._cross((xy[0] + radius * 0.8, xy[1] - radius * 0.8), 2)
        return nodes

    def ties(self, ends: Sequence[tuple[Xy, Xy]]) -> list[Node]:
        """The lines between tabs and their dots, on light casings."""
        s = self.scale
        d = "".join(f"M{number(a / s)} {number(b / s)}L{number(c / s)} {number(d / s)}" for (a, b), (c, d) in ends)
        casing = paint(fill="none", stroke=self.theme.halo, stroke_width=2.6 / s)
        ink = paint(fill="none", stroke=self.theme.mark, stroke_width=0.9 / s)
        return [Path(d, casing), Path(d, ink)] if ends else []

    def tab(self, spot: Xy, half: float, value: int) -> list[Node]:
        """A number on a tab."""
        edge = 0.8 / self.scale
        return [
            self._box(spot, half, 5.5, 2.2, fill=self.theme.halo, stroke=self.theme.mark, stroke_width=edge),
            *self._text(spot, value, 8.5),
        ]

    def line(self, line: RecordedPerimeter) -> list[Node]:
        """The dashed line of a perimeter, on a light one."""
        s = self.scale
        halo = paint(fill="none", stroke=self.theme.halo, stroke_opacity=0.85, stroke_width=3.4 / s)
        dash, gap = {"done": (1.2, 2.2), "planned": (4.2, 2.4), "not-done": (0.1, 2.8)}[line.status]
        colour = self.theme.muted if line.status == "not-done" else self.theme.mark
        dashes = {"stroke_dasharray": f"{number(dash / s)} {number(gap / s)}"}
        cap = {"stroke_linecap": "round"} if line.status == "not-done" else {}
        ink = paint(fill="none", stroke=colour, stroke_width=1.1 / s, **dashes, **cap)
        if line.ring is not None:
            x, y = line.ring.center
            return [Circle(x, y, line.ring.radius_mm, halo), Circle(x, y, line.ring.radius_mm, ink)]
        corners = "L".join(f"{number(x)} {number(y)}" for x, y in line.outline or ())
        return [Path(f"M{corners}z", halo), Path(f"M{corners}z", ink)] if corners else []

    def needle(self, xy: Xy, size: float, status: PlacementStatus) -> list[Node]:
        """One needle of a perimeter: a hollow diamond."""
        s = self.scale
        h = coarse(size / s)
        return [Path(f"M{number(xy[0] / s)} {number(xy[1] / s - size / s)}l{h} {h}-{h} {h}-{h}-{h}z")]

    def needles(self, size: float, status: PlacementStatus, line: int = 0) -> Paint:
        """What the needles of the perimeter of this number share."""
        return paint(**self._outline(status, 1.5 if size > 2.5 else 1.1))

    def small_number(self, spot: Xy, value: int) -> list[Node]:
        """The number of a needle next to it, on a halo."""
        s = self.scale
        x, y = spot[0] / s, (spot[1] + 2.7) / s
        given = {"font_size": 7.5 / s, "font_weight": "normal"}
        edge = {"stroke": self.theme.halo, "stroke_width": 2.2 / s, "stroke_linejoin": "round"}
        return [Text(x, y, str(value), paint(**given, **edge)), Text(x, y, str(value), paint(**given))]

    def square(self, spot: Xy, half: float, placement: RecordedPlacement) -> list[Node]:
        """The number of a perimeter, in a hollow square."""
        ink = self._outline(placement.status, 1.4)
        nodes: list[Node] = [
            self._box(spot, half + 1.4, 8.9, 3, fill=self.theme.halo),
            self._box(spot, half - 0.7, 6.8, 1.8, **ink),
            *self._text(spot, placement.number, 10),
        ]
        if placement.status == "not-done":
            nodes += self._cross((spot[0] + half - 1, spot[1] - 6))
        return nodes

    def plain_number(self, spot: Xy, half: float, placement: RecordedPlacement) -> list[Node]:
        """The number of a placement of which only the region is known: without field and edge, so that it does not look
        like a point."""
        s, words = self.scale, str(placement.number)
        x, y = spot[0] / s, (spot[1] + 4.5) / s
        edge = {"stroke": self.theme.halo, "stroke_width": 3.6 / s, "stroke_linejoin": "round"}
        nodes: list[Node] = [
            Text(x, y, words, paint(font_size=12.5 / s, **edge)),
            Text(x, y, words, paint(font_size=12.5 / s)),
        ]
        if placement.status == "planned":
            nodes.insert(0, self._box(spot, half, 8, 8, **self._outline("planned", 1)))
        if placement.status == "not-done":
            nodes += self._cross((spot[0] + half - 1, spot[1] - 6))
        return nodes

    def _outline(self, status: PlacementStatus, width: float) -> dict[str, str | float]:
        colour = self.theme.muted if status == "not-done" else self.theme.mark
        return {"fill": self.theme.halo, "stroke": colour, "stroke_width": width / self.scale, **self._dash(status)}

    def _dash(self, status: PlacementStatus) -> dict[str, str | float]:
        dash = _DASHES.get(status)
        return {"stroke_dasharray": " ".join(number(part / self.scale) for part in dash)} if dash else {}

    def _circle(self, xy: Xy, radius: float, **ink: str | float) -> Circle:
        return Circle(xy[0] / self.scale, xy[1] / self.scale, radius / self.scale, paint(**ink))

    def _box(self, spot: Xy, half: float, tall: float, corner: float, **ink: str | float) -> Box:
        s = self.scale
        return Box((spot[0] - half) / s, (spot[1] - tall) / s, 2 * half / s, 2 * tall / s, corner / s, paint(**ink))

    def _text(self, xy: Xy, value: int, size: float, colour: str = "") -> list[Node]:
        if not self.numbers:
            return []
        given = {"fill": colour} if colour else {}
        ink = paint(font_size=size / self.scale, **given)
        return [Text(xy[0] / self.scale, (xy[1] + 0.36 * size) / self.scale, str(value), ink)]

    def alert(self, spot: Xy, severity: Severity) -> list[Node]:
        """An adverse event: an open triangle with an exclamation mark, next to its mark; a filled octagon, larger,
        where it was serious."""
        s, (x, y) = self.scale, spot
        serious = severity == "serious"
        corners = _OCTAGON if serious else _TRIANGLE
        d = "M" + "L".join(f"{coarse((x + dx) / s)} {coarse((y + dy) / s)}" for dx, dy in corners) + "z"
        top, low = (-4.0, 0.6) if serious else (-2.4, 1.2)
        stem = f"M{coarse(x / s)} {coarse((y + top) / s)}L{coarse(x / s)} {coarse((y + low) / s)}"
        halo, mark = self.theme.halo, self.theme.mark
        inner, fill = (halo, mark) if serious else (mark, halo)
        return [
            Path(d, paint(fill=halo, stroke=halo, stroke_width=4.6 / s, stroke_linejoin="round")),
            Path(d, paint(fill=fill, stroke=mark, stroke_width=1.5 / s, stroke_linejoin="round")),
            Path(stem, _stroke(inner, (2.2 if serious else 1.5) / s)),
            self._circle((x, y + (3.6 if serious else 3.1)), 1.2 if serious else 0.8, fill=inner),
        ]

    def _cross(self, spot: Xy, arm: float = 3) -> list[Node]:
        s, x, y = self.scale, *spot
        d = "".join(
            f"M{coarse((x - arm) / s)} {coarse((y - arm * sign) / s)}"
            f"L{coarse((x + arm) / s)} {coarse((y + arm * sign) / s)}"
            for sign in (1, -1)
        )
        return [Path(d, _stroke(self.theme.halo, 3.6 / s)), Path(d, _stroke(self.theme.mark, 1.6 / s))]


def _stroke(colour: str, width: float) -> Paint:
    return paint(fill="none", stroke=colour, stroke_width=width, stroke_linecap="round")
