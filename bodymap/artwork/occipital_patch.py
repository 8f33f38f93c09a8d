"""The occipital belly of occipitofrontalis as a soft patch on the skull.

The source has only a stub of it, a rectangle. The patch stands on the line between two landmarks of the reference body,
the external occipital protuberance and the mastoid process, where the stub does; its outline and thickness are for
drawing and are no measure of the muscle.
"""

import numpy as np
import numpy.typing as npt

from bodymap.artwork.bony_points import inion, mastoid
from bodymap.artwork.sections import Points, X, Y, Z

# Shares of the way from the protuberance to the mastoid process between which the patch stands.
_BEGINS, _ENDS = 0.3, 1.05
# Its lower edge stands this far above the line between them, clear of the muscles that end there.
_ABOVE_MM, _HIGH_MM = 8.0, 36.0
_THICK_MM = 3.0
# It lies this far off the bone, so that no facet of the bone comes through.
_OFF_BONE_MM = 0.3
_AROUND, _OUTWARD = 48, 9
# An ellipse is 2, a rectangle infinity.
_SQUARE = 2.6


def occipital_patch(skull: Points) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """(vertices, faces) of the patch on the left, closed, from the skull's triangles (m, 3, 3)."""
    medial, lateral = inion(skull), mastoid(skull)
    angle = np.arange(_AROUND) * 2 * np.pi / _AROUND
    unit = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    unit = np.sign(unit) * np.abs(unit) ** (2 / _SQUARE)
    far = np.repeat(np.arange(_OUTWARD + 1) / _OUTWARD, _AROUND)
    across, high = np.tile(unit, (_OUTWARD + 1, 1)).T * far
    share = (_BEGINS + _ENDS) / 2 + across * (_ENDS - _BEGINS) / 2
    x = share * lateral[X]
    y = medial[Y] + share * (lateral[Y] - medial[Y]) + _ABOVE_MM + (1 + high) * _HIGH_MM / 2
    bone = np.array([_rear(skull, *place) for place in zip(x, y, strict=True)]) - _OFF_BONE_MM
    thick = _THICK_MM * (1 - far**4)
    inner, outer = np.stack([x, y, bone], axis=1), np.stack([x, y, bone - thick], axis=1)
    size = len(inner)
    # Both sheets share their rim, which is the last ring.
    vertices = np.concatenate([inner, outer[: size - _AROUND]])
    ring = np.arange(_AROUND)
    faces: list[npt.NDArray[np.int64]] = []
    for step in range(_OUTWARD):
        a, b = step * _AROUND + ring, step * _AROUND + np.roll(ring, -1)
        c, d = a + _AROUND, b + _AROUND
        sheet = np.concatenate([np.stack([a, c, d], axis=1), np.stack([a, d, b], axis=1)])
        over = np.where(sheet < size - _AROUND, sheet + size, sheet)
        faces += [sheet, over[:, ::-1]]
    return vertices, np.concatenate(faces).astype(np.int64)


def _rear(triangles: Points, x: float, y: float) -> float:
    """Where a straight line from behind first meets the triangles. Raises `ValueError` where it meets none."""
    a, b, c = np.moveaxis(triangles, 1, 0)
    area = (b[:, X] - a[:, X]) * (c[:, Y] - a[:, Y]) - (c[:, X] - a[:, X]) * (b[:, Y] - a[:, Y])
    with np.errstate(divide="ignore", invalid="ignore"):
        second = ((x - a[:, X]) * (c[:, Y] - a[:, Y]) - (c[:, X] - a[:, X]) * (y - a[:, Y])) / area
        third = ((b[:, X] - a[:, X]) * (y - a[:, Y]) - (x - a[:, X]) * (b[:, Y] - a[:, Y])) / area
        # Of a triangle that is seen on edge both are nought by nought, and it is met nowhere.
        met = (second >= 0) & (third >= 0) & (second + third <= 1)
    if not met.any():
        raise ValueError(f"the skull has no bone at X {x:.0f}, Y {y:.0f}")
    depth = a[met, Z] + second[met] * (b[met, Z] - a[met, Z]) + third[met] * (c[met, Z] - a[met, Z])
    return float(depth.min())
