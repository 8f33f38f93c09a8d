"""The tendinous intersections of rectus abdominis, on the bulges of its mesh, which is furrowed there."""

import numpy as np
import shapely
from scipy.interpolate import make_interp_spline
from shapely.geometry import LineString, MultiPolygon

from bodymap.artwork.raster import WINDOWS

# From the linea alba outwards, in page millimetres beside and below the top of the midline on the anterior view.
_FURROWS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((1, 571), (18, 569), (40, 576), (60, 590), (80, 601)),
    ((1, 634), (22, 633), (42, 640), (60, 648), (80, 654)),
    ((1, 700), (24, 702.5), (46, 702), (60, 700), (76, 697)),
)
_HALF_WIDTH_MM = 1.9


def intersections(rectus: MultiPolygon) -> list[shapely.Polygon]:
    """The three intersections on each side, within what is seen of the muscle's two halves."""
    middle = (WINDOWS["anterior"].u1 - WINDOWS["anterior"].u0) / 2
    bands = []
    for furrow in _FURROWS:
        points = np.array(furrow, np.float64)
        run = make_interp_spline(np.arange(len(points)), points, k=3)(np.linspace(0, len(points) - 1, 24))
        for way in (1, -1):
            line = LineString(run * (way, 1) + (middle, 0))
            bands.append(shapely.buffer(line, _HALF_WIDTH_MM, quad_segs=3, cap_style="flat"))
    inner = shapely.buffer(rectus, -0.8)
    parts = (part for band in bands for part in shapely.get_parts(shapely.intersection(band, inner)))
    return [part for part in parts if isinstance(part, shapely.Polygon) and part.area > 20]
