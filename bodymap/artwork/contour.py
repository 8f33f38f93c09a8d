"""The contour of the body as plates draw it: a few millimetres off muscle and bone, and smooth.

The skin mesh stands 10 to 25 mm off what lies beneath it and wobbles at the waist. Only head and hands follow it here;
elsewhere it is no more than the limit that keeps gaps, such as that between arm and trunk, open.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from scipy import ndimage
from shapely.geometry import MultiPolygon

from bodymap.artwork.front import Mask, closed, silhouette
from bodymap.artwork.layers import ARM, Arm
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.polygons import polygons
from bodymap.artwork.raster import WINDOWS, ViewId, rasterise
from bodymap.artwork.skin import split_skin

RESOLUTION_MM = 1.0

_SKIN_MM = 6.5
# Hollows narrower than twice this are bridged, as skin does.
_HOLLOW_MM = 11
_SMOOTHING_MM = 4.0
# Above this line of the page the contour is that of the skin mesh.
_CHIN_MM = 236.0
# Between these lines bulges narrower than twice this are taken away; fingers and ears lie beyond.
_TRUNK_MM, _BULGE_MM = (270.0, 800.0), 22
_RIM_MM = 2.6


def contour(meshes: Sequence[Mesh], view: ViewId, arm: Arm) -> MultiPolygon:
    """The body's outline on a view, in page millimetres."""
    skin, arms = split_skin(next(mesh for mesh in meshes if mesh.kind == "skin"))
    shown = [skin, arms] if arm == "shown" else [skin]
    flesh = [mesh for mesh in meshes if mesh.kind in ("muscle", "bone") and (arm == "shown" or mesh.name not in ARM)]
    limit = _filled(shown, view, 3)
    core = _filled(flesh, view, 2)
    grown = np.asarray(ndimage.distance_transform_edt(~core) <= _SKIN_MM / RESOLUTION_MM)
    chin = round(_CHIN_MM / RESOLUTION_MM)
    grown[:chin] |= limit[:chin]
    bridged = closed(grown, round(_HOLLOW_MM / RESOLUTION_MM)) & (limit | grown)
    trunk = slice(*(round(edge / RESOLUTION_MM) for edge in _TRUNK_MM))
    bridged[trunk] = _opened(bridged, round(_BULGE_MM / RESOLUTION_MM))[trunk]
    return polygons(bridged, RESOLUTION_MM, smoothing_px=_SMOOTHING_MM / RESOLUTION_MM, smallest_mm2=400)


def _opened(mask: Mask, radius_px: int) -> Mask:
    """The mask without parts narrower than twice the radius; at the page's border it goes on as it is there."""
    return ~closed(~mask, radius_px)


def rim(outline: MultiPolygon) -> MultiPolygon:
    """The edge of the body where its skin turns away from the viewer, as a narrow band."""
    inner = shapely.buffer(outline, -_RIM_MM, quad_segs=4)
    band = shapely.difference(outline, inner)
    return MultiPolygon([part for part in shapely.get_parts(band) if part.area > 20])


def _filled(meshes: Sequence[Mesh], view: ViewId, gap_px: int) -> Mask:
    fragments = rasterise(meshes, view, WINDOWS[view], RESOLUTION_MM)
    mask: Mask = ndimage.binary_fill_holes(closed(silhouette(fragments, range(len(meshes))), gap_px))
    return mask
