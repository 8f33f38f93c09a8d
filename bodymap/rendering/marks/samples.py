"""Placements that stand for all of their kind, where a key shows what a mark looks like."""

from bodymap.charting.placement import LineNeedle, RecordedPerimeter, RecordedTriggerPoint, Resolved, Ring
from bodymap.charting.vocabulary import PlacementStatus

_NOWHERE = Resolved(
    region=None,
    structure=None,
    side=None,
    layer=None,
    muscle=None,
    inferred=False,
    beneath=(),
    landmark=None,
)


def sample_point(number: int = 1, status: PlacementStatus = "done") -> RecordedTriggerPoint:
    """A trigger point."""
    return RecordedTriggerPoint(id="", number=number, status=status, count=1, resolved=_NOWHERE, flags=())


def sample_ring(radius_mm: float, needles: int, number: int = 1) -> RecordedPerimeter:
    """A perimeter around (0, 0); its needles have no places."""
    line = tuple(LineNeedle(number=place, at=None, region=None, side=None, flags=()) for place in range(1, needles + 1))
    ring = Ring(center=(0.0, 0.0), radius_mm=radius_mm)
    return RecordedPerimeter(
        id="", number=number, status="done", needles=line, ring=ring, resolved=_NOWHERE, flags=(), view="posterior"
    )
