"""A placement from statement to record. Each step goes one way, down: the rules on what was done (`rules`), where it
was (`trigger_point`, `perimeter`, `whole_muscles`), and what the atlas finds there (`resolution`).

Every step takes a `complain` and goes on after a complaint, so that a client learns of all of them at once.
"""

from bodymap.atlas import Atlas
from bodymap.charting.perimeter import Line, resolve_perimeter
from bodymap.charting.placement import (
    Needle,
    Perimeter,
    PlacementStatement,
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    TriggerPoint,
    needles_at,
)
from bodymap.charting.resolution import Place
from bodymap.charting.rules import check_treatment
from bodymap.charting.trigger_point import resolve_trigger_point
from bodymap.errors import Complain, Complaint


def record(
    atlas: Atlas,
    statement: PlacementStatement,
    *,
    placement_id: str,
    number: int,
    needle: Needle | None,
    pointer: str,
    complain: Complain,
) -> RecordedPlacement | None:
    """The record of a statement; `None` where complaints were made. `needle` is the session's default needle."""
    complaints: list[Complaint] = []

    def collect(complaint: Complaint) -> None:
        complaints.append(complaint)
        complain(complaint)

    check_treatment(statement, needle, pointer, collect)
    if isinstance(statement, TriggerPoint):
        place = resolve_trigger_point(atlas, statement, pointer, collect)
        return None if place is None or complaints else _trigger_point(statement, place, placement_id, number)
    line = resolve_perimeter(atlas, statement, pointer, collect)
    return None if line is None or complaints else _perimeter(statement, line, placement_id, number)


def _trigger_point(statement: TriggerPoint, place: Place, placement_id: str, number: int) -> RecordedTriggerPoint:
    members = {name: getattr(statement, name) for name in TriggerPoint.__struct_fields__}
    members["count"] = needles_at(statement)
    return RecordedTriggerPoint(**members, id=placement_id, number=number, resolved=place.resolved, flags=place.flags)


def _perimeter(statement: Perimeter, line: Line, placement_id: str, number: int) -> RecordedPerimeter:
    members = {name: getattr(statement, name) for name in Perimeter.__struct_fields__}
    members["needles"] = line.needles
    return RecordedPerimeter(**members, id=placement_id, number=number, resolved=line.resolved, flags=line.flags)
