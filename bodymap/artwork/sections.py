"""Cutting a mesh with a plane across a body axis, and reading the outline of the cut from behind."""

from typing import Literal

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Axis = Literal[0, 1, 2]

X: Axis = 0
Y: Axis = 1
Z: Axis = 2


def section(triangles: Points, axis: Axis, at_mm: float) -> Points:
    """The segments (k, 2, 3) in which the plane `axis` = `at_mm` cuts `triangles` (m, 3, 3). May be empty.

    A corner on the plane counts as beyond it, so that no segment is lost or found twice.
    """
    beyond = triangles[:, :, axis] >= at_mm
    cut = triangles[beyond.any(axis=1) & ~beyond.all(axis=1)]
    side = cut[:, :, axis] >= at_mm
    # The corner that is alone on its side: both edges that leave it are cut.
    alone = np.where(side.sum(axis=1) == 1, side.argmax(axis=1), (~side).argmax(axis=1))
    rows = np.arange(len(cut))
    apex = cut[rows, alone]
    ends = [_between(apex, cut[rows, (alone + step) % 3], axis, at_mm) for step in (1, 2)]
    return np.stack(ends, axis=1)


def _between(start: Points, end: Points, axis: Axis, at_mm: float) -> Points:
    share = (at_mm - start[:, axis]) / (end[:, axis] - start[:, axis])
    found: Points = start + share[:, None] * (end - start)
    return found


def levels(segments: Points, at_mm: float) -> Points:
    """Where the segments (k, 2, 3) pass the height Y = `at_mm`, as points (n, 3)."""
    beyond = segments[:, :, Y] >= at_mm
    cut = segments[beyond[:, 0] != beyond[:, 1]]
    return _between(cut[:, 0], cut[:, 1], Y, at_mm)


def rearmost(segments: Points, heights_mm: Points) -> Points:
    """For each height the smallest Z of the outline, met first from behind; infinite where there is none."""
    return np.array([levels(segments, height)[:, Z].min(initial=np.inf) for height in heights_mm], dtype=np.float64)


def standing_out(depth_mm: Points, reach: int) -> Points:
    """How far each place of a profile lies behind the chord between its neighbours `reach` places away.

    NaN at both ends, and where the profile has a gap.
    """
    found = np.full(len(depth_mm), np.nan)
    depth = np.where(np.isfinite(depth_mm), depth_mm, np.nan)
    found[reach:-reach] = (depth[2 * reach :] + depth[: -2 * reach]) / 2 - depth[reach:-reach]
    return found
