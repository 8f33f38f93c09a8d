"""From pixels to smooth polygons in page millimetres."""

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage
from shapely.geometry import MultiPolygon, Polygon
from skimage import measure

from bodymap.artwork.front import Field, Mask

_MARGIN_PX = 8


def polygons(
    mask: Mask,
    resolution_mm: float,
    *,
    smoothing_px: float = 1.4,
    tolerance_mm: float = 0.05,
    smallest_mm2: float = 10.0,
    level: float = 0.5,
) -> MultiPolygon:
    """The outline of a mask: smoothed, simplified, holes kept; parts and holes under `smallest_mm2` left out.

    `level` below a half lets the outline reach outwards, which closes the joints between neighbours.
    """
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return MultiPolygon()
    # Beyond the page the mask goes on as at its border, so that the cut is straight; then it is cut to the page.
    top, left = max(int(rows.min()) - _MARGIN_PX, 0), max(int(columns.min()) - _MARGIN_PX, 0)
    part = mask[top : rows.max() + 1 + _MARGIN_PX, left : columns.max() + 1 + _MARGIN_PX]
    field = np.pad(np.pad(part.astype(np.float32), _MARGIN_PX, mode="edge"), 1)
    if smoothing_px:
        field = ndimage.gaussian_filter(field, smoothing_px)
    rings = [
        (ring[:, ::-1] + (left - _MARGIN_PX - 0.5, top - _MARGIN_PX - 0.5)) * resolution_mm
        for ring in measure.find_contours(field, level)  # type: ignore[no-untyped-call]
        if len(ring) > 3
    ]
    page = shapely.box(0, 0, mask.shape[1] * resolution_mm, mask.shape[0] * resolution_mm)
    return assembled(rings, page, tolerance_mm, smallest_mm2)


def assembled(
    rings: list[npt.NDArray[np.float64]], page: Polygon, tolerance_mm: float, smallest_mm2: float
) -> MultiPolygon:
    """Closed rings combined by the even-odd rule, simplified, without what is smaller than stated."""
    whole: shapely.Geometry = Polygon()
    for shape in (shapely.make_valid(Polygon(ring)) for ring in rings):
        if shape.area >= smallest_mm2:
            whole = shapely.symmetric_difference(whole, shape)
    whole = shapely.normalize(shapely.intersection(whole, page))
    remaining = [
        Polygon(part.exterior, [hole for hole in part.interiors if Polygon(hole).area >= smallest_mm2])
        for part in _parts(shapely.simplify(whole, tolerance_mm))
        if Polygon(part.exterior).area >= smallest_mm2
    ]
    return MultiPolygon(remaining)


def banded(
    field: Field, inside: Mask, threshold: float, resolution_mm: float, *, below: bool, smallest_mm2: float
) -> MultiPolygon:
    """Where a field inside a mask is below (or above) a threshold, as broad calm shapes."""
    mask = inside & ((field < threshold) if below else (field > threshold))
    return polygons(mask, resolution_mm, smoothing_px=4.5, smallest_mm2=smallest_mm2)


def _parts(shape: shapely.Geometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
