"""Light and shadow on a front surface, as a few broad bands."""

from collections.abc import Collection

import numpy as np
from scipy import ndimage
from shapely.geometry import MultiPolygon

from bodymap.artwork.front import NOTHING, Field, Front, Labels, Mask, boxes
from bodymap.artwork.polygons import banded

Bands = list[tuple[str, MultiPolygon]]

# From above and in front: the two sides of the body are lit alike.
_LIGHT = np.array([0.0, 0.5, 0.8], np.float32) / np.float32(np.hypot(0.5, 0.8))

# Which step of tone begins at which brightness: (class, threshold, smallest part in mm2).
_DARK: tuple[tuple[str, float, float], ...] = (
    ("dark-1", 0.66, 60.0),
    ("dark-2", 0.50, 60.0),
    ("dark-3", 0.32, 40.0),
    ("dark-4", 0.14, 40.0),
)
_BRIGHT: tuple[tuple[str, float, float], ...] = (("light-1", 0.88, 80.0), ("light-2", 0.945, 60.0))


def brightness(front: Front) -> Field:
    """Lambert's law on the surface, 0 to 1; 0 beside the body."""
    lit = np.clip(front.normal @ _LIGHT, 0, 1)
    return np.where(front.label == NOTHING, np.float32(0), lit).astype(np.float32)


def blurred_within(field: Field, label: Labels, sigma_px: float) -> Field:
    """A Gaussian blur that does not cross from one structure to the next."""
    result = np.zeros_like(field)
    for index, box in boxes(label, 1):
        mine = (label[box] == index).astype(np.float32)
        weight = ndimage.gaussian_filter(mine, sigma_px, mode="constant")
        value = ndimage.gaussian_filter(field[box] * mine, sigma_px, mode="constant")
        inside = mine > 0
        result[box][inside] = value[inside] / np.maximum(weight[inside], 1e-6)
    return result


def contact_shadow(front: Front, resolution_mm: float) -> Field:
    """How much of the sky a nearer neighbour takes from each pixel, 0 to 1."""
    there = front.label != NOTHING
    if not there.any():
        return np.zeros(front.label.shape, np.float32)
    depth = np.where(there, front.depth, front.depth[there].max() + 60)
    reach = round(5 / resolution_mm)
    near = ndimage.minimum_filter(ndimage.gaussian_filter(depth, 1 / resolution_mm), size=2 * reach + 1)
    shade = np.clip((depth - near - 4) / 22, 0, 1) * there
    return ndimage.gaussian_filter(shade, 1.5 / resolution_mm).astype(np.float32)


def tone(front: Front, resolution_mm: float) -> Field:
    """Brightness as the bands show it: blurred within each structure, less the contact shadow."""
    soft = blurred_within(brightness(front), front.label, 5.5 / resolution_mm)
    shade: Field = soft - np.float32(0.35) * contact_shadow(front, resolution_mm)
    return shade


def bands(
    field: Field, inside: Mask, resolution_mm: float, only: Collection[str] = (), smallest_mm2: float = 0
) -> Bands:
    """(class, shape) of each step of tone that occurs inside the mask, in paint order; all or `only` some."""
    steps = [
        (name, banded(field, inside, edge, resolution_mm, below=below, smallest_mm2=max(least, smallest_mm2)))
        for table, below in ((_DARK, True), (_BRIGHT, False))
        for name, edge, least in table
        if not only or name in only
    ]
    return [(name, shape) for name, shape in steps if not shape.is_empty]
