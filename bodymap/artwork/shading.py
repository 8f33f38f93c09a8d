"""Light and shadow on a front surface: many faint steps of tone, which join to a smooth one."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from shapely.geometry import MultiPolygon

from bodymap.artwork.front import NOTHING, Field, Front, Labels, Mask, boxes
from bodymap.artwork.polygons import banded

Bands = list[tuple[str, MultiPolygon]]

# From above and in front: the two sides of the body are lit alike.
_LIGHT = np.array([0.0, 0.5, 0.8], np.float32) / np.float32(np.hypot(0.5, 0.8))

# The brightness at which each step begins; all steps of a class have one opacity.
_DARK = (0.79, 0.725, 0.66, 0.595, 0.525, 0.45, 0.37, 0.27)
_BRIGHT = (0.865, 0.915, 0.955)
_PLAIN_DARK = (0.54,)
_SMALLEST_MM2, _SMALLEST_PLAIN_MM2 = 110.0, 220.0

# How far the edges of a muscle are rounded off, and how much against the run of its mesh.
_ROUND_MM, _ROUNDNESS = 11.0, 0.42
# The width of the blur against the root of a structure's area.
_BLUR_SHARE = 0.075
_SHADOW_MM, _SHADOW_DEPTH_MM, _SHADOW = 4.0, 4.0, 0.42


def blurred_within(
    field: Field, label: Labels, least_px: float, most_px: float = 0, firm: Collection[int] = ()
) -> Field:
    """A Gaussian blur (of a field (height, width) or (height, width, n)) that does not cross from one structure to the
    next. Given a range of widths, a large structure is blurred more than a small one, unless it is `firm`: the meshes
    of large muscles show ribs through."""
    result = np.zeros_like(field)
    for index, box in boxes(label, 1):
        mine = (label[box] == index).astype(np.float32)
        wide = least_px if index in firm else max(most_px, least_px)
        sigma_px = float(np.clip(_BLUR_SHARE * mine.sum() ** 0.5, least_px, wide))
        spread = (sigma_px, sigma_px, 0)[: field.ndim]
        weight = ndimage.gaussian_filter(mine, sigma_px, mode="constant")
        masked = field[box] * (mine if field.ndim == 2 else mine[..., None])
        value = ndimage.gaussian_filter(masked, spread, mode="constant")
        inside = mine > 0
        share = np.maximum(weight[inside], 1e-6)
        result[box][inside] = value[inside] / (share if field.ndim == 2 else share[:, None])
    return result


def occlusion(front: Front, resolution_mm: float) -> Field:
    """The shadow that a structure casts on its neighbour where it lies on it, 0 to 1: darkest at the edge."""
    label, depth = front.label, front.depth
    over = np.zeros(label.shape, np.bool_)
    for axis in (0, 1):
        one, two = [slice(None)] * 2, [slice(None)] * 2
        one[axis], two[axis] = slice(None, -1), slice(1, None)
        first, second = tuple(one), tuple(two)
        both = (label[first] != label[second]) & (label[first] != NOTHING) & (label[second] != NOTHING)
        over[first] |= both & (depth[first] < depth[second])
        over[second] |= both & (depth[second] < depth[first])
    if not over.any():
        return np.zeros(label.shape, np.float32)
    away, (rows, columns) = ndimage.distance_transform_edt(~over, return_indices=True)
    there = (label != NOTHING) & (label != label[rows, columns])
    lower = np.where(there, depth - np.where(there, depth[rows, columns], 0), 0)
    strength = np.clip(0.35 + lower / _SHADOW_DEPTH_MM, 0, 1) * (lower > 0)
    falloff = np.clip(1 - away * resolution_mm / _SHADOW_MM, 0, 1)
    shade: Field = (there * strength * falloff).astype(np.float32)
    return shade


def tone(front: Front, resolution_mm: float, kin: Sequence[int] = (), firm: Collection[int] = ()) -> Field:
    """Brightness, 0 to 1: Lambert's law on a surface that is smoothed and rounded within each structure, less the
    shadows of what lies over it; 0 beside the body. `kin` gives structures of one muscle one number: they are rounded
    as one. What is `firm`, such as bone, keeps its relief."""
    label = np.append(np.asarray(kin, np.int16), np.int16(NOTHING))[front.label] if len(kin) else front.label
    normal = blurred_within(front.normal.astype(np.float32), label, 4 / resolution_mm, 18 / resolution_mm, firm)
    normal = normal + np.float32(_ROUNDNESS) * _rounding(label, resolution_mm)
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-6)
    lit = blurred_within(np.clip(normal @ _LIGHT, 0, 1).astype(np.float32), label, 3.0 / resolution_mm)
    shade: Field = lit - np.float32(_SHADOW) * occlusion(Front(label, front.depth, front.normal), resolution_mm)
    return np.where(label == NOTHING, np.float32(0), shade).astype(np.float32)


def bands(field: Field, inside: Mask, resolution_mm: float) -> Bands:
    """(class, shape) of each step of tone that occurs inside the mask, in paint order."""
    return _steps(field, inside, resolution_mm, (("dark", _DARK), ("light", _BRIGHT)), _SMALLEST_MM2)


def plain_bands(field: Field, inside: Mask, resolution_mm: float) -> Bands:
    """The one step of shadow that a plain plate has."""
    return _steps(field, inside, resolution_mm, (("dark", _PLAIN_DARK),), _SMALLEST_PLAIN_MM2)


def _steps(
    field: Field, inside: Mask, resolution_mm: float, table: Sequence[tuple[str, Sequence[float]]], smallest_mm2: float
) -> Bands:
    steps = [
        (name, banded(field, inside, edge, resolution_mm, below=name == "dark", smallest_mm2=smallest_mm2))
        for name, edges in table
        for edge in edges
    ]
    return [(name, shape) for name, shape in steps if not shape.is_empty]


def _rounding(label: Labels, resolution_mm: float) -> npt.NDArray[np.float32]:
    """How much each pixel's normal leans outwards (to the viewer's right, up, 0), as on a cushion with its edges
    rounded off."""
    edge = np.zeros(label.shape, np.bool_)
    edge[:-1] |= label[:-1] != label[1:]
    edge[:, :-1] |= label[:, :-1] != label[:, 1:]
    away = ndimage.distance_transform_edt(~edge) * resolution_mm if edge.any() else np.full(label.shape, _ROUND_MM)
    down, right = np.gradient(ndimage.gaussian_filter(away, 1.5 / resolution_mm), resolution_mm)
    lean = np.cos(np.clip(away / _ROUND_MM, 0, 1) * np.pi / 2)
    return np.stack([-right * lean, down * lean, np.zeros_like(lean)], axis=-1).astype(np.float32)
