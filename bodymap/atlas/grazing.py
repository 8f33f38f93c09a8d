"""What the ray under a point only grazes: a passage that a ray beside it has not.

The patient is not the reference body, so what is there by a hair's breadth is said to be.
"""

from collections.abc import Iterable

from bodymap.atlas.body import Atlas, Layered
from bodymap.atlas.manifest import Arm, ViewId
from bodymap.atlas.ray_grid import AXIS, SKIN_OF_ARM, Interval

# Beside it a structure may lie so much deeper or less deep and still be the same passage.
_SLANT_MM = 5.0
_BESIDE = ((-1, 0), (1, 0), (0, -1), (0, 1))


def beneath_and_beside(atlas: Atlas, view: ViewId, x: float, y: float, arm: Arm | None = None) -> tuple[Layered, ...]:
    """Everything under a point, outermost first, as `Atlas.beneath` has it; `grazed` is what one of the four cells of
    the columns' grid around it lacks. Raises `UnknownView`."""
    step = atlas.columns.grids[AXIS[view]].pitch_mm
    ways = [atlas.way(view, x + dx * step, y + dy * step, arm) for dx, dy in _BESIDE]
    passages = [passage for passage in atlas.way(view, x, y, arm) if passage.structure < SKIN_OF_ARM]
    return tuple(
        layered._replace(grazed=not all(_has(way, passage) for way in ways))
        for layered, passage in zip(atlas.beneath(view, x, y, arm), passages, strict=True)
    )


def _has(way: Iterable[Interval], passage: Interval) -> bool:
    return any(
        other.structure == passage.structure
        and other.low_mm <= passage.high_mm + _SLANT_MM
        and passage.low_mm <= other.high_mm + _SLANT_MM
        for other in way
    )
