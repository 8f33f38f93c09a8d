"""How words or a study become a point of a region's mesh: what such a rule has, and the measures that several share."""

from collections.abc import Callable
from typing import NamedTuple

import shapely

from bodymap.artwork.figure import Figure
from bodymap.atlas.manifest import ViewId
from bodymap.atlas.trigger_points import Basis

Xy = tuple[float, float]
Find = Callable[[Figure, str], Xy]


class PlaceRule(NamedTuple):
    """On which view a point lies, how it is found in a mesh, and by which words; what it is, and the ids of its sources
    where they are not the entry's own. `regions` are those that it is for, where not for all of the entry's."""

    view: ViewId
    find: Find
    rule: str
    basis: Basis = "words"
    sources: tuple[str, ...] = ()
    regions: frozenset[str] = frozenset()


def centre(part: shapely.Geometry) -> Xy:
    """The centroid of the largest piece, or the middle of the largest circle in it where the centroid lies outside."""
    piece = max(shapely.get_parts(part), key=lambda each: float(each.area))
    found = piece.centroid
    if not shapely.contains(piece, found):
        found = shapely.get_point(shapely.maximum_inscribed_circle(piece, 0.1), 0)
    return float(found.x), float(found.y)
