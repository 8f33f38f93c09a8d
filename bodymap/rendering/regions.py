"""What a placement went into: its region or muscle, and its sides, by the record.

A record may be older than the atlas that draws it, so that nothing here fails where the atlas lacks what it names.
"""

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Muscle, Region, Side
from bodymap.charting.placement import RecordedPlacement, whole_muscle
from bodymap.charting.vocabulary import PerimeterSide
from bodymap.errors import UnknownRegion

RegionSide = tuple[str, Side]


def region_of(atlas: Atlas, placement: RecordedPlacement) -> Region | None:
    """The region that a placement went into, as recorded; `None` where that is none, or none of this atlas."""
    return find_region(atlas, placement.resolved.region or placement.region)


def regions_of(atlas: Atlas, placement: RecordedPlacement) -> tuple[Region, ...]:
    """The region that a placement went into, or those of the whole muscle or group where nobody said which; empty where
    there is none of this atlas."""
    region = region_of(atlas, placement)
    if region is not None:
        return (region,)
    muscle = muscle_of(atlas, placement)
    return tuple(atlas.region(name) for name in muscle.regions) if muscle is not None else ()


def muscle_of(atlas: Atlas, placement: RecordedPlacement) -> Muscle | None:
    """The muscle or group that a placement went into where nobody said which part, if it is one of this atlas."""
    return atlas.muscles.get(whole_muscle(placement) or "")


def find_region(atlas: Atlas, region_id: str | None) -> Region | None:
    """The region of this id, or `None`: a record may be older than the atlas that draws it."""
    if region_id is None:
        return None
    try:
        return atlas.region(region_id)
    except UnknownRegion:
        return None


def sides_of(placement: RecordedPlacement) -> tuple[Side, ...]:
    """The side of a placement; both halves of a placement on both sides or on the midline."""
    return halves_of(placement.resolved.side or placement.side)


def halves_of(side: PerimeterSide | None) -> tuple[Side, ...]:
    """The halves of the body that a side is of: every region has one on each, and on the midline they meet."""
    if side == "both" or side == "midline":
        return ("left", "right")
    return (side,) if side is not None else ()
