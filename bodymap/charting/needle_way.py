"""The way of a placement's needle through the reference body, where it was stated: by angle, direction and depth."""

from functools import lru_cache

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.frames import on_midline, to_page
from bodymap.atlas.manifest import Arm, Side, ViewId
from bodymap.atlas.needle_entry_point import entry_at, inclined
from bodymap.atlas.needle_path import REACH_MM, trace
from bodymap.atlas.ray_grid import AXIS
from bodymap.atlas.vectors import Vector, along
from bodymap.charting.flags import kind_of_field
from bodymap.charting.place_flags import flags_met
from bodymap.charting.placement import Flag, Statement
from bodymap.charting.vocabulary import Direction, PerimeterSide

Xy = tuple[float, float]

# Less than the fields of lung and canal reach beyond what they are drawn around.
_STRIDE_MM = 5.0


def flags_with_way(
    atlas: Atlas,
    statement: Statement,
    view: ViewId,
    at: Xy,
    arm: Arm,
    side: PerimeterSide | None,
    flags: tuple[Flag, ...],
) -> tuple[Flag, ...]:
    """The flags of a needle at a point, with those that its own way meets as `on-the-way`.

    A way has an angle, at more than 0 degrees a direction, and a depth; where one of them is not stated, or points
    nowhere on the skin there, nothing is added. The depth is counted from the outermost structure, since the skin of
    the reference body sits loosely.
    """
    angle_deg, depth_mm = statement.angle_from_normal_deg, statement.depth_mm
    if angle_deg is None or not depth_mm:
        return flags
    half: Side = "left" if side == "left" else "right" if side == "right" else side_of(view, *at)
    met = {flag.code: flag for flag in _met(atlas, view, at, arm, half, angle_deg, statement.direction, depth_mm)}
    return (*(met.pop(flag.code, flag) for flag in flags), *met.values())


@lru_cache(maxsize=4096)
def _met(
    atlas: Atlas,
    view: ViewId,
    at: Xy,
    arm: Arm,
    half: Side,
    angle_deg: float,
    direction: Direction | None,
    depth_mm: float,
) -> tuple[Flag, ...]:
    """What the way meets; a session that is changed has most of its ways again."""
    entry = entry_at(atlas, view, *at, arm=arm)
    way = inclined(entry.normal, angle_deg, direction, half) if entry is not None else None
    if entry is None or way is None or not _may_meet(atlas, view, entry.skin, way, depth_mm + REACH_MM, arm):
        return ()
    path = trace(atlas, entry.skin, way, depth_mm, arm, on_midline(view, at[0]), neighbours=False)
    return flags_met(path, half)


def _may_meet(atlas: Atlas, view: ViewId, skin: Vector, way: Vector, longest_mm: float, arm: Arm) -> bool:
    """Whether a way comes to the field of something that it could go into, or near to a nerve or vessel, however loose
    the skin sits there: following one exactly takes most of the time, and many come to nothing."""
    if atlas.neurovascular.beside(skin, way, longest_mm, arm):
        return True
    for step in range(int(longest_mm / _STRIDE_MM) + 1):
        x, y, z = along(skin, way, step * _STRIDE_MM)
        at = to_page(view, x if AXIS[view] == "z" else z, y)
        if any(kind_of_field(hit.field).met for hit in atlas.fields.at(view, *at)):
            return True
    return False
