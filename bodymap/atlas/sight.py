"""The line of sight through a point of a view, and which nerves and vessels of the reference body run beside it."""

from typing import NamedTuple

from bodymap.atlas.body import Atlas
from bodymap.atlas.frames import to_body
from bodymap.atlas.manifest import Arm, ViewId
from bodymap.atlas.neurovascular import Beside
from bodymap.atlas.ray_grid import ALONG, AXIS, SKIN_OF_ARM
from bodymap.atlas.vectors import Vector, along

# How far behind the outermost structure the line is followed: as long as the longest needle that a source names, 100 mm
# (a study of multifidus with ultrasound).
FOLLOWED_MM = 100.0


class Sight(NamedTuple):
    """A line of sight in body millimetres: from the outermost structure, inwards, to a cavity, to where it leaves the
    body, or for 100 mm, whichever comes first; `arm` says whether the arm is there."""

    start: Vector
    direction: Vector
    length_mm: float
    arm: Arm

    def at(self, depth_mm: float) -> Vector:
        """The point so far behind the outermost structure."""
        return along(self.start, self.direction, depth_mm)


def sight_of(atlas: Atlas, view: ViewId, x: float, y: float, arm: Arm | None = None) -> Sight | None:
    """The line of sight through a point; `None` where nothing lies under it before a cavity. Raises `UnknownView`."""
    met = [interval for interval in atlas.way(view, x, y, arm) if interval.structure < SKIN_OF_ARM]
    layers = atlas.beneath(view, x, y, arm)
    before = [interval for interval, layer in zip(met, layers, strict=True) if not layer.in_cavity]
    if not before:
        return None
    behind = [interval.low_mm for interval, layer in zip(met, layers, strict=True) if layer.in_cavity]
    begin = met[0].low_mm
    end = min(behind) if behind else max(interval.high_mm for interval in before)
    across, up = to_body(view, x, y)
    inward = 1.0 if ALONG[view] else -1.0
    length_mm, shown = min(end - begin, FOLLOWED_MM), atlas.arm(view, arm)
    if AXIS[view] == "z":
        return Sight((across, up, begin * inward), (0.0, 0.0, inward), length_mm, shown)
    return Sight((begin * inward, up, across), (inward, 0.0, 0.0), length_mm, shown)


def beside_sight(atlas: Atlas, sight: Sight) -> tuple[Beside, ...]:
    """The courses beside a line of sight, nearest first, `at_mm` counted from the outermost structure. Raises `Corrupt`
    where the atlas has no courses."""
    return atlas.neurovascular.beside(*sight)
