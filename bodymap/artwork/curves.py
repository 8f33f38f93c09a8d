"""Curves through outlines with as few corners as will do: uniform quadratic B-splines, fitted by least squares.

Such a spline runs through the middles of the edges of its control polygon, which is what SVG's `t` draws. Taking the
corners of a simplified outline as control points cuts every bend short; fitted ones come as near with half of them.
"""

import numpy as np
import numpy.typing as npt
import shapely

Points = npt.NDArray[np.float64]

_SPACING_MM = 0.6
_ROUNDS = 7


def fitted_ring(ring: Points, tolerance_mm: float) -> Points:
    """Control points (n, 2) of a closed spline that stays within about `tolerance_mm` of a closed ring (m, 2)."""
    dense = _evenly(ring)
    if len(dense) < 8:
        return dense
    knots = _first_knots(dense, 3 * tolerance_mm)
    while len(knots) < 4:
        knots = np.unique(np.r_[knots, np.linspace(0, len(dense), 5)[:-1].astype(np.int64)])
    control = dense[knots]
    for _ in range(_ROUNDS):
        control, miss = _fit(dense, knots)
        worst = _worst_of_each_span(miss, knots, tolerance_mm)
        if not len(worst):
            break
        knots = np.unique(np.r_[knots, worst])
    return control


def simplified_line(line: Points, tolerance_mm: float) -> Points:
    """An open line with fewer points."""
    result: Points = shapely.get_coordinates(shapely.simplify(shapely.LineString(line), tolerance_mm))
    return result


def _evenly(ring: Points) -> Points:
    closed = shapely.LinearRing(ring)
    count = max(int(closed.length / _SPACING_MM), 8)
    places = np.arange(count) * (closed.length / count)
    points: Points = shapely.get_coordinates(shapely.line_interpolate_point(closed, places))
    return points


def _first_knots(dense: Points, tolerance_mm: float) -> npt.NDArray[np.int64]:
    """Indices of the points that a coarse simplification keeps."""
    kept = {
        tuple(point) for point in shapely.get_coordinates(shapely.simplify(shapely.LinearRing(dense), tolerance_mm))
    }
    return np.array([index for index, point in enumerate(dense) if tuple(point) in kept], np.int64)


def _fit(dense: Points, knots: npt.NDArray[np.int64]) -> tuple[Points, npt.NDArray[np.float64]]:
    """Control points, one for each knot, and how far the spline misses each dense point."""
    ends = np.r_[knots, knots[0] + len(dense)]
    place = np.interp((np.arange(len(dense)) - knots[0]) % len(dense), ends - knots[0], np.arange(len(ends)))
    control: Points = dense[knots]
    for _ in range(3):
        matrix = _basis(place, len(knots))
        # A little pull towards the outline's own points keeps ill-determined corners from flying off.
        normal = matrix.T @ matrix + 0.02 * np.eye(len(knots))
        control = np.asarray(np.linalg.solve(normal, matrix.T @ dense + 0.02 * dense[knots]), np.float64)
        miss = dense - matrix @ control
        slope = _basis(place, len(knots), derivative=True) @ control
        step = (miss * slope).sum(axis=1) / np.maximum((slope * slope).sum(axis=1), 1e-9)
        place = place + np.clip(step, -0.25, 0.25)
    return control, np.hypot(*(dense - _basis(place, len(knots)) @ control).T)


def _basis(place: npt.NDArray[np.float64], count: int, *, derivative: bool = False) -> Points:
    """The weight of each of `count` cyclic control points at each place; control i is strongest at place i."""
    centre = np.rint(place).astype(np.int64)
    x = place - centre
    if derivative:
        weights = (x - 0.5, -2 * x, x + 0.5)
    else:
        weights = ((0.5 - x) ** 2 / 2, 0.75 - x * x, (0.5 + x) ** 2 / 2)
    matrix = np.zeros((len(place), count))
    rows = np.arange(len(place))
    for offset, weight in zip((-1, 0, 1), weights, strict=True):
        np.add.at(matrix, (rows, (centre + offset) % count), weight)
    return matrix


def _worst_of_each_span(
    miss: npt.NDArray[np.float64], knots: npt.NDArray[np.int64], tolerance_mm: float
) -> npt.NDArray[np.int64]:
    """In every span between knots that misses by more than allowed: the worst point, kept off the knots."""
    ends = np.r_[knots, knots[0] + len(miss)]
    found: list[int] = []
    for start, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        span = np.arange(start, stop) % len(miss)
        if stop - start >= 4 and miss[span].max() > tolerance_mm:
            place = int(np.clip(miss[span].argmax(), 1 + (stop - start) // 5, (stop - start) - (stop - start) // 5 - 1))
            found.append(int(span[place]))
    return np.array(found, np.int64)
