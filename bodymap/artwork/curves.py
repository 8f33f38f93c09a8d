"""Curves through outlines with as few corners as will do: uniform quadratic B-splines, fitted by least squares.

Such a spline runs through the middles of the edges of its control polygon, which is what SVG's `t` draws. Taking the
corners of a simplified outline as control points cuts every bend short; fitted ones come as near with half of them.
"""

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage, sparse
from scipy.sparse import linalg

Points = npt.NDArray[np.float64]

_SPACING_MM = 0.6
_ROUNDS = 7
_OVERHANG_MM = 0.4
# Knots nearer than this, counted in spacings, make kinks.
_SHORTEST_SPAN = 3
# A turn of more than this within 4 mm is a corner.
_CORNER = np.radians(72)


def fitted_ring(ring: Points, tolerance_mm: float) -> Points:
    """Control points (n, 2) of a closed spline that stays within about `tolerance_mm` of a closed ring (m, 2)."""
    dense = _evenly(ring)
    if len(dense) < 8:
        return dense
    corners = _sharp_corners(dense)
    knots = np.union1d(_first_knots(dense, 3 * tolerance_mm), corners)
    knots = knots[np.isin(knots, corners) | ~_near(knots, corners, len(dense))]
    while len(knots) < 4:
        knots = np.unique(np.r_[knots, np.linspace(0, len(dense), 5)[:-1].astype(np.int64)])
    control = dense[knots]
    for _ in range(_ROUNDS):
        control, miss = _fit(dense, knots, np.isin(knots, corners))
        worse = _middles_of_bad_spans(miss, knots, tolerance_mm)
        if not len(worse):
            break
        knots = np.unique(np.r_[knots, worse])
    # A control point may lie outside what it bends the curve to, but not so far that the page's cut is overrun.
    return np.clip(control, dense.min(axis=0) - _OVERHANG_MM, dense.max(axis=0) + _OVERHANG_MM)


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
    """Indices of the points that a coarse simplification keeps, less those crowding the one before."""
    coarse = shapely.simplify(shapely.LinearRing(dense), tolerance_mm)
    kept = {tuple(point) for point in shapely.get_coordinates(coarse)}
    knots: list[int] = []
    for index, point in enumerate(dense):
        if tuple(point) in kept and (not knots or index - knots[-1] >= _SHORTEST_SPAN):
            knots.append(index)
    while len(knots) > 1 and knots[0] + len(dense) - knots[-1] < _SHORTEST_SPAN:
        knots.pop()
    return np.array(knots, np.int64)


def _sharp_corners(dense: Points) -> npt.NDArray[np.int64]:
    """Indices of the points at corners, three each: three control points close together draw a corner."""
    ahead, behind = np.roll(dense, -3, axis=0) - dense, dense - np.roll(dense, 3, axis=0)
    turn = np.abs(np.arctan2(behind[:, 0] * ahead[:, 1] - behind[:, 1] * ahead[:, 0], (behind * ahead).sum(axis=1)))
    sharp = (turn > _CORNER) & (turn >= ndimage.maximum_filter1d(turn, 9, mode="wrap"))
    found = np.flatnonzero(sharp)
    return np.unique((found[:, None] + np.array([-1, 0, 1])) % len(dense))


def _near(knots: npt.NDArray[np.int64], corners: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.bool_]:
    """Which knots crowd a corner."""
    if not len(corners):
        return np.zeros(len(knots), np.bool_)
    gap = np.abs(knots[:, None] - corners[None, :])
    near: npt.NDArray[np.bool_] = np.minimum(gap, count - gap).min(axis=1) < _SHORTEST_SPAN
    return near


def _fit(
    dense: Points, knots: npt.NDArray[np.int64], pinned: npt.NDArray[np.bool_]
) -> tuple[Points, npt.NDArray[np.float64]]:
    """Control points, one for each knot, and how far the spline misses each dense point."""
    ends = np.r_[knots, knots[0] + len(dense)]
    place = np.interp((np.arange(len(dense)) - knots[0]) % len(dense), ends - knots[0], np.arange(len(ends)))
    control: Points = dense[knots]
    pull = np.where(pinned, 1e4, 0.02)
    for _ in range(3):
        matrix = _basis(place, len(knots))
        # Corners hold their place; elsewhere a little pull keeps ill-determined points from flying off.
        normal = (matrix.T @ matrix + sparse.diags_array(pull)).tocsc()
        control = linalg.splu(normal).solve(matrix.T @ dense + pull[:, None] * dense[knots])
        miss = dense - matrix @ control
        slope = _basis(place, len(knots), derivative=True) @ control
        step = (miss * slope).sum(axis=1) / np.maximum((slope * slope).sum(axis=1), 1e-9)
        place = place + np.clip(step, -0.25, 0.25)
    return control, np.hypot(*(dense - _basis(place, len(knots)) @ control).T)


def _basis(place: npt.NDArray[np.float64], count: int, *, derivative: bool = False) -> sparse.csr_array:
    """The weight of each of `count` cyclic control points at each place; control i is strongest at place i."""
    centre = np.rint(place).astype(np.int64)
    x = place - centre
    if derivative:
        weights = (x - 0.5, -2 * x, x + 0.5)
    else:
        weights = ((0.5 - x) ** 2 / 2, 0.75 - x * x, (0.5 + x) ** 2 / 2)
    rows = np.tile(np.arange(len(place)), 3)
    columns = np.concatenate([centre - 1, centre, centre + 1]) % count
    return sparse.coo_array((np.concatenate(weights), (rows, columns)), shape=(len(place), count)).tocsr()


def _middles_of_bad_spans(
    miss: npt.NDArray[np.float64], knots: npt.NDArray[np.int64], tolerance_mm: float
) -> npt.NDArray[np.int64]:
    """The middle of every span between knots that misses by more than allowed and is long enough to be halved."""
    ends = np.r_[knots, knots[0] + len(miss)]
    middles: list[int] = []
    for start, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        if stop - start >= 2 * _SHORTEST_SPAN and miss[np.arange(start, stop) % len(miss)].max() > tolerance_mm:
            middles.append((start + stop) // 2 % len(miss))
    return np.array(middles, np.int64)
