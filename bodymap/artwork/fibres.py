"""Fibre strokes: the run of a muscle's fibres, as an engraver would hint at it.

The fibres of a muscle lead from one attachment to the other, spread between its borders. So does a potential that is
0 at one end, 1 at the other, and does not flow through the borders: the strokes are its lines of flow.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy import ndimage, sparse
from scipy.sparse import linalg

from bodymap.artwork.front import Field, Mask
from bodymap.artwork.raster import ViewId

Points = npt.NDArray[np.float64]

_CELL_MM = 2.0
_STEP_MM = 1.0
_SMALLEST_MM2 = 120.0
_SHORTEST_MM = 14.0

# Fan-shaped muscles, whose longest extent is not the way of their fibres: the direction from origin to insertion
# in degrees, for the left side of the body, 0 to the viewer's right and 90 down.
_TOWARDS: Mapping[tuple[ViewId, str], float] = MappingProxyType(
    {
        ("posterior", "trapezius_transverse"): 180,
        ("posterior", "trapezius_ascending"): 180,
        ("posterior", "trapezius_descending"): 110,
        ("posterior", "latissimus_dorsi"): 180,
        ("posterior", "rhomboid_major"): 150,
        ("posterior", "rhomboid_minor"): 150,
        ("posterior", "serratus_posterior_inferior"): 200,
        ("posterior", "serratus_posterior_superior"): 150,
        ("posterior", "infraspinatus"): 180,
        ("posterior", "gluteus_maximus"): 125,
        ("posterior", "gluteus_medius"): 95,
        ("posterior", "gluteus_minimus"): 105,
        ("posterior", "external_oblique"): 80,
        ("posterior", "deltoid_spinal"): 125,
        ("posterior", "transversus_abdominis"): 180,
        ("posterior", "occipitalis"): 270,
        ("posterior", "quadratus_femoris"): 180,
        ("anterior", "pectoralis_major_clavicular"): 15,
        ("anterior", "pectoralis_major_sternocostal"): 345,
        ("anterior", "external_oblique"): 125,
        ("anterior", "internal_oblique"): 245,
        ("anterior", "subscapularis"): 20,
        ("anterior", "transversus_abdominis"): 180,
        ("anterior", "frontalis"): 270,
        ("anterior", "iliacus"): 110,
        ("left", "latissimus_dorsi"): 255,
        ("left", "external_oblique"): 120,
        ("left", "internal_oblique"): 240,
        ("left", "pectoralis_major_sternocostal"): 0,
        ("left", "temporalis"): 90,
        ("left", "gluteus_maximus"): 120,
        ("left", "gluteus_medius"): 90,
        ("left", "serratus_anterior"): 330,
        ("left", "trapezius_ascending"): 250,
        ("left", "frontalis"): 270,
        ("left", "occipitalis"): 270,
    }
)


def direction(view: ViewId, mesh_name: str) -> float | None:
    """The stated course of a left muscle's fibres on a view, in degrees; `None` where they run lengthwise."""
    if view == "right":
        mirrored = _TOWARDS.get(("left", mesh_name))
        return None if mirrored is None else 180 - mirrored
    return _TOWARDS.get((view, mesh_name))


def strokes(whole: Mask, seen: Mask, resolution_mm: float, towards: float | None, spacing_mm: float) -> list[Points]:
    """Lines (n, 2) in page millimetres along the fibres of a muscle, drawn where it is `seen`.

    `whole` is the muscle's silhouette, `towards` the direction of its fibres in degrees or `None` for lengthwise.
    """
    every = round(_CELL_MM / resolution_mm)
    coarse = ndimage.binary_closing(whole, iterations=2)[::every, ::every]
    shown = ndimage.binary_erosion(seen, iterations=round(1.2 / resolution_mm))[::every, ::every] & coarse
    parts, count = ndimage.label(coarse)
    lines: list[Points] = []
    for part in range(1, count + 1):
        mask = parts == part
        if mask.sum() * _CELL_MM**2 >= _SMALLEST_MM2 and (mask & shown).any():
            potential = _potential(mask, towards)
            lines += _lines_of_flow(potential, mask, mask & shown, spacing_mm)
    return [(line + 0.5 / every) * _CELL_MM for line in lines]


def _potential(mask: Mask, towards: float | None) -> Field:
    """The harmonic function that is 0 and 1 on the two ends of a mask, without flow through its other borders."""
    rows, columns = np.nonzero(mask)
    points = np.stack([columns, rows], axis=1) - np.array([columns.mean(), rows.mean()])
    if towards is None:
        axis = np.linalg.eigh(points.T @ points)[1][:, 1]
        axis = axis if axis[1] >= 0 else -axis
    else:
        axis = np.array([np.cos(np.radians(towards)), np.sin(np.radians(towards))])
    along = points @ axis
    low, high = np.quantile(along, [0.0, 1.0])
    reach = 0.05 * (high - low) + 1e-9
    number = np.full(mask.shape, -1, np.int64)
    number[mask] = np.arange(len(rows))
    fixed = (along <= low + reach) | (along >= high - reach)
    value = (along >= high - reach).astype(np.float64)
    pairs = []
    for first, second in ((number[:, :-1], number[:, 1:]), (number[:-1], number[1:])):
        joined = (first >= 0) & (second >= 0)
        pairs.append(np.stack([first[joined], second[joined]], axis=1))
    edges = np.concatenate(pairs)
    both = np.concatenate([edges, edges[:, ::-1]])
    links = sparse.coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(len(rows), len(rows))).tocsr()
    laplacian = (sparse.diags_array(np.asarray(links.sum(axis=1)).ravel() + 1e-9) - links).tocsr()
    free = ~fixed
    if free.any():
        right_side = -laplacian[free][:, fixed] @ value[fixed]
        value[free] = linalg.spsolve(laplacian[free][:, free].tocsc(), right_side)
    result = np.zeros(mask.shape, np.float32)
    result[mask] = value
    return result


def _lines_of_flow(potential: Field, mask: Mask, shown: Mask, spacing_mm: float) -> list[Points]:
    """Evenly spaced lines up the potential, in cells; the ones that start half way up, the longest, come first."""
    slope = _slope(potential, mask)
    taken = np.zeros(mask.shape, np.bool_)
    radius = spacing_mm / _CELL_MM
    rows, columns = np.nonzero(shown)
    order = np.lexsort((columns, rows, np.abs(potential[rows, columns] - 0.5).round(2)))
    lines: list[Points] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if taken[row, column]:
            continue
        ahead = _trace((column, row), slope, shown, taken, 1.0)
        back = _trace((column, row), slope, shown, taken, -1.0)
        line = np.array([*back[:0:-1], *ahead])
        _claim(taken, line, radius)
        trimmed = _frayed(line, row * 7 + column * 13)
        if len(trimmed) * _STEP_MM >= _SHORTEST_MM:
            lines.append(trimmed)
    return lines


def _slope(potential: Field, mask: Mask) -> Points:
    """Unit vectors (x, y) up the potential."""
    rows, columns = ndimage.distance_transform_edt(~mask, return_distances=False, return_indices=True)
    filled = ndimage.gaussian_filter(potential[rows, columns].astype(np.float64), 1.0)
    down, right = np.gradient(filled)
    length = np.maximum(np.hypot(right, down), 1e-12)
    unit: Points = np.stack([right / length, down / length], axis=-1)
    return unit


def _trace(
    start: tuple[float, float], slope: Points, shown: Mask, taken: Mask, sense: float
) -> list[tuple[float, float]]:
    x, y = start
    points = [(x, y)]
    step = sense * _STEP_MM / _CELL_MM
    for _ in range(400):
        dx, dy = slope[round(y), round(x)]
        x, y = x + step * dx, y + step * dy
        column, row = round(x), round(y)
        if not (0 <= row < shown.shape[0] and 0 <= column < shown.shape[1]):
            break
        if not shown[row, column] or taken[row, column]:
            break
        points.append((x, y))
    return points


def _claim(taken: Mask, line: Points, radius: float) -> None:
    """Mark what lies within `radius` cells of a line."""
    reach = int(np.ceil(radius))
    for x, y in line:
        top, left = max(round(y) - reach, 0), max(round(x) - reach, 0)
        box = taken[top : round(y) + reach + 1, left : round(x) + reach + 1]
        rows, columns = np.ogrid[top : top + box.shape[0], left : left + box.shape[1]]
        box |= (rows - y) ** 2 + (columns - x) ** 2 < radius * radius


def _frayed(line: Points, seed: int) -> Points:
    """A line with its ends cut by a varying length, so that no row of ends draws a border of its own."""
    most = min(10, len(line) // 4)
    first, last = (seed * 2654435761 % 97) * most // 96, (seed * 40503 % 89) * most // 88
    return ndimage.uniform_filter1d(line[first : len(line) - last], 5, axis=0, mode="nearest")
