"""From a statement to a record: every rule that one placement must meet, and what the atlas makes of it.

Each function takes a `complain` and goes on after a complaint, so that a client learns of all of them at once.
"""

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.perimeter_record import record_perimeter
from bodymap.charting.placement import (
    Needle,
    Offset,
    PlacementStatement,
    RecordedPlacement,
    RecordedTriggerPoint,
    Resolved,
    Statement,
    TriggerPoint,
    needles_at,
)
from bodymap.charting.places import flags_of_also, place_of_region
from bodymap.charting.resolution import Complain, Place, resolve_point
from bodymap.charting.vocabulary import Side
from bodymap.errors import Complaint, Invalid

_WAYS = "a point (`view` and `at`), a `region` and `side`, a `landmark`, or a `site`"


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
    recorded: RecordedPlacement | None
    if isinstance(statement, TriggerPoint):
        recorded = _record_trigger_point(atlas, statement, placement_id, number, pointer, collect)
    else:
        recorded = record_perimeter(atlas, statement, placement_id, number, pointer, collect)
    return None if complaints else recorded


def check_treatment(statement: Statement, needle: Needle | None, pointer: str, complain: Complain) -> None:
    """The rules on what was done, whatever the place."""
    used = statement.needle or needle
    length_mm = (statement.needle and statement.needle.length_mm) or (needle and needle.length_mm)
    if used and length_mm and statement.depth_mm is not None and statement.depth_mm > length_mm:
        detail = f"A depth of {statement.depth_mm:g} mm is more than the needle's length of {length_mm:g} mm."
        complain(Complaint(f"{pointer}/depth_mm", "depth-over-needle-length", detail))
    twitch = statement.twitch
    if twitch and twitch.obtained is False and twitch.count:
        detail = f"No twitch was obtained, yet {twitch.count} are counted."
        complain(Complaint(f"{pointer}/twitch/count", "contradiction", detail))
    for index, region in enumerate(statement.also):
        if region == statement.region or region in statement.also[:index]:
            complain(Complaint(f"{pointer}/also/{index}", "repeated", f"`{region}` is stated already."))
    for index, identifier in enumerate(statement.identifier):
        if identifier in statement.identifier[:index]:
            complain(Complaint(f"{pointer}/identifier/{index}", "repeated", "This identifier is stated already."))


def _record_trigger_point(
    atlas: Atlas, point: TriggerPoint, placement_id: str, number: int, pointer: str, complain: Complain
) -> RecordedTriggerPoint | None:
    place = _place_of_point(atlas, point, pointer, complain)
    if place is None:
        return None
    resolved = place.resolved
    also = flags_of_also(atlas, point, resolved.view, resolved.at, resolved.side, pointer, complain)
    members = {name: getattr(point, name) for name in TriggerPoint.__struct_fields__} | {"count": needles_at(point)}
    return RecordedTriggerPoint(
        **members, id=placement_id, number=number, resolved=place.resolved, flags=place.flags + also
    )


def _place_of_point(atlas: Atlas, point: TriggerPoint, pointer: str, complain: Complain) -> Place | None:
    ways = [name for name in ("at", "landmark", "site") if getattr(point, name) is not None]
    if len(ways) > 1:
        for name in ways[1:]:
            detail = f"A placement has one place: `{ways[0]}` goes without `{name}`."
            complain(Complaint(f"{pointer}/{name}", "two-places", detail))
        return None
    if point.landmark is not None or point.offset_mm is not None:
        return _place_by_landmark(atlas, point, pointer, complain)
    if point.site is not None:
        for name in ("view", "region"):
            if getattr(point, name) is not None:
                detail = f"A placement has one place: a `site` in words goes without `{name}`."
                complain(Complaint(f"{pointer}/{name}", "two-places", detail))
        return Place(resolved=_nowhere(point.side))
    if point.at is not None:
        if point.view is None:
            complain(Complaint(f"{pointer}/view", "missing-field", "A point needs the `view` that it is on."))
            return None
        return resolve_point(
            atlas,
            point.view,
            point.at,
            region=point.region,
            side=point.side,
            pointer=pointer,
            at_pointer=f"{pointer}/at",
            complain=complain,
        )
    if point.region is not None:
        return place_of_region(atlas, point, point.side, pointer, complain)
    missing = f"{pointer}/at" if point.view is not None else pointer
    complain(Complaint(missing, "no-place", f"Where? State {_WAYS}."))
    return None


def _place_by_landmark(atlas: Atlas, point: TriggerPoint, pointer: str, complain: Complain) -> Place | None:
    if point.landmark is None:
        complain(Complaint(f"{pointer}/landmark", "missing-field", "`offset_mm` is counted from a `landmark`."))
        return None
    offset = point.offset_mm or Offset()
    try:
        placed = atlas.landmarks.place(
            point.landmark,
            point.side,
            lateral_mm=offset.lateral,
            medial_mm=offset.medial,
            cranial_mm=offset.cranial,
            caudal_mm=offset.caudal,
            view=point.view,
            pointer=pointer,
        )
    except Invalid as error:
        for complaint in error.complaints:
            complain(complaint)
        return None
    at = (placed.x, placed.y)
    # The offset decided the side already: what lies there may cross the midline by a millimetre.
    place = resolve_point(
        atlas,
        placed.view,
        at,
        region=point.region,
        side=point.side,
        pointer=pointer,
        at_pointer=f"{pointer}/{'offset_mm' if point.offset_mm else 'landmark'}",
        complain=complain,
    )
    if place is None:
        return None
    text = atlas.landmarks.measure(point.landmark, placed.view, *at, point.side).text
    return structs.replace(place, resolved=structs.replace(place.resolved, landmark=text))


def _nowhere(side: Side | None) -> Resolved:
    return Resolved(
        region=None,
        structure=None,
        side=side,
        layer=None,
        muscle=None,
        inferred=False,
        view=None,
        at=None,
        beneath=(),
        landmark=None,
    )
