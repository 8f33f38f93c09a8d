"""From a statement to a record: every rule that one placement must meet, and what the atlas makes of it.

Each function takes a `complain` and goes on after a complaint, so that a client learns of all of them at once.
"""

from typing import cast

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.perimeter import (
    FEWEST_NEEDLES,
    FEWEST_VERTICES,
    MOST_NEEDLES,
    MOST_VERTICES,
    Xy,
    centroid,
    crosses_itself,
    distinct,
    encloses_nothing,
    outline_points,
    outline_steps,
    ring_points,
    ring_steps,
)
from bodymap.charting.placement import (
    Flag,
    LineNeedle,
    Needle,
    Perimeter,
    PlacementStatement,
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    Resolved,
    Statement,
    TriggerPoint,
)
from bodymap.charting.resolution import (
    Complain,
    Place,
    agrees,
    find_region,
    resolve_point,
    resolve_region,
)
from bodymap.charting.terms import PerimeterSide, ViewId
from bodymap.errors import Complaint

_POINT_WAYS = "a point (`view` and `at`), a `region` and `side`, a `landmark`, or a `site`"
_LINE_WAYS = "a `ring` on a `view`, an `outline` with `spacing_mm` on a `view`, or a `region`, `side` and `needles`"


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
        recorded = _record_perimeter(atlas, statement, placement_id, number, pointer, collect)
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


def _record_trigger_point(
    atlas: Atlas, point: TriggerPoint, placement_id: str, number: int, pointer: str, complain: Complain
) -> RecordedTriggerPoint | None:
    place = _place_of_point(atlas, point, pointer, complain)
    if place is None:
        return None
    also = _flags_of_also(atlas, point, point.at, place.resolved.side, pointer, complain)
    members = {name: getattr(point, name) for name in TriggerPoint.__struct_fields__}
    return RecordedTriggerPoint(
        **members, id=placement_id, number=number, resolved=place.resolved, flags=place.flags + also
    )


def _place_of_point(atlas: Atlas, point: TriggerPoint, pointer: str, complain: Complain) -> Place | None:
    if point.landmark is not None or point.offset_mm is not None:
        at = f"{pointer}/landmark" if point.landmark is not None else f"{pointer}/offset_mm"
        complain(Complaint(at, "not-yet", f"Landmarks are not in this release. State {_POINT_WAYS}."))
        return None
    if point.site is not None:
        for name in ("view", "at", "region"):
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
        return _place_of_region(atlas, point, point.side, pointer, complain)
    missing = f"{pointer}/at" if point.view is not None else pointer
    complain(Complaint(missing, "no-place", f"Where? State {_POINT_WAYS}."))
    return None


def _place_of_region(
    atlas: Atlas, statement: Statement, side: PerimeterSide | None, pointer: str, complain: Complain
) -> Place | None:
    region = find_region(atlas, statement.region or "", f"{pointer}/region", complain)
    if side is None:
        detail = "A region is on both sides of the body: state whose `side`, the patient's left or right."
        complain(Complaint(f"{pointer}/side", "side-missing", detail))
    if region is None or side is None:
        return None
    sides = {extent.side for extents in region.extents.values() for extent in extents}
    if side != "both" and side not in sides:
        detail = f"{region.names.en} is paired: its side is {' or '.join(sorted(sides))}, not {side}."
        complain(Complaint(f"{pointer}/side", "side-disagrees", detail))
        return None
    if statement.view is not None and statement.view not in region.layers:
        shown = ", ".join(f"`{view}`" for view in region.layers)
        detail = f"{region.names.en} is not shown on {statement.view}; it is on {shown}."
        complain(Complaint(f"{pointer}/view", "not-shown", detail, suggestions=tuple(region.layers)))
        return None
    return resolve_region(atlas, region, side, statement.view)


def _flags_of_also(
    atlas: Atlas,
    statement: Statement,
    at: Xy | None,
    side: PerimeterSide | None,
    pointer: str,
    complain: Complain,
) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    for index, name in enumerate(statement.also):
        region = find_region(atlas, name, f"{pointer}/also/{index}", complain)
        if region is not None and at is not None and statement.view is not None:
            flags.extend(agrees(atlas, statement.view, at, region, side, f"{pointer}/also/{index}", complain))
    return tuple(flags)


def _record_perimeter(
    atlas: Atlas, line: Perimeter, placement_id: str, number: int, pointer: str, complain: Complain
) -> RecordedPerimeter | None:
    stated = [name for name in ("ring", "outline", "needles") if getattr(line, name) is not None]
    if len(stated) != 1:
        if not stated:
            complain(Complaint(pointer, "no-place", f"Where? State {_LINE_WAYS}."))
        for name in stated[1:]:
            complain(Complaint(f"{pointer}/{name}", "two-places", f"One line only: state {_LINE_WAYS}."))
        return None
    if line.needles is not None:
        return _record_line_by_region(atlas, line, line.needles, placement_id, number, pointer, complain)
    where = "ring" if line.ring is not None else "outline"
    if line.view is None:
        complain(Complaint(f"{pointer}/view", "missing-field", f"`{where}` needs the `view` that it is on."))
    points = _points(line, pointer, complain)
    if points is None or line.view is None:
        return None
    center = line.ring.center if line.ring is not None else centroid(distinct(line.outline or ()))
    place = resolve_point(
        atlas,
        line.view,
        center,
        region=line.region,
        side=line.side,
        pointer=pointer,
        at_pointer=f"{pointer}/{where}",
        complain=complain,
    )
    needles = _line_needles(atlas, line.view, points, line.skip, f"{pointer}/{where}", complain)
    if place is None or needles is None:
        return None
    side = place.resolved.side
    if line.side == "both":
        sides = {needle.side for needle in needles}
        if not {"left", "right"} <= sides:
            only = " and ".join(sorted(str(found) for found in sides))
            detail = f"Every needle of this line lies on the patient's {only}: the side is not both."
            complain(Complaint(f"{pointer}/side", "side-disagrees", detail))
        side = "both"
    also = _flags_of_also(atlas, line, center, side, pointer, complain)
    return _perimeter(
        line, placement_id, number, structs.replace(place.resolved, side=side), needles, place.flags + also
    )


def _record_line_by_region(
    atlas: Atlas, line: Perimeter, count: int, placement_id: str, number: int, pointer: str, complain: Complain
) -> RecordedPerimeter | None:
    if line.spacing_mm is not None:
        detail = "Needles by region are counted in `needles`; a spacing belongs to an outline."
        complain(Complaint(f"{pointer}/spacing_mm", "two-places", detail))
    if line.region is None:
        complain(Complaint(f"{pointer}/region", "no-place", f"Where? State {_LINE_WAYS}."))
        return None
    place = _place_of_region(atlas, line, line.side, pointer, complain)
    _flags_of_also(atlas, line, None, line.side, pointer, complain)
    skipped = _skipped(line, count, pointer, complain)
    if place is None or skipped is None:
        return None
    needles = tuple(
        LineNeedle(
            number=index,
            at=None,
            region=line.region,
            structure=line.region,
            side=place.resolved.side,
            flags=place.flags,
        )
        for index in range(1, count + 1)
        if index not in skipped
    )
    return _perimeter(line, placement_id, number, place.resolved, needles, place.flags)


def _perimeter(
    line: Perimeter,
    placement_id: str,
    number: int,
    resolved: Resolved,
    needles: tuple[LineNeedle, ...],
    flags: tuple[Flag, ...],
) -> RecordedPerimeter:
    members = {name: getattr(line, name) for name in Perimeter.__struct_fields__}
    members["needles"] = needles
    return RecordedPerimeter(**members, id=placement_id, number=number, resolved=resolved, flags=flags)


def _points(line: Perimeter, pointer: str, complain: Complain) -> list[Xy] | None:
    """Where the needles of a ring or an outline stand, before any is skipped."""
    if line.ring is not None:
        if (line.ring.needles is None) == (line.spacing_mm is None):
            detail = "A ring needs either its number of `needles` or a `spacing_mm`, and not both."
            complain(Complaint(f"{pointer}/ring/needles", "missing-field", detail))
            return None
        steps = line.ring.needles or ring_steps(line.ring.radius_mm, line.spacing_mm or 1)
        if not _count_fits(steps, pointer, complain) or _skipped(line, steps, pointer, complain) is None:
            return None
        return ring_points(line.ring.center, line.ring.radius_mm, steps)
    outline = distinct(line.outline or ())
    if not FEWEST_VERTICES <= len(outline) <= MOST_VERTICES:
        detail = f"An outline has {FEWEST_VERTICES} to {MOST_VERTICES} vertices, this one {len(outline)}."
        complain(Complaint(f"{pointer}/outline", "wrong-length", detail))
        return None
    if encloses_nothing(outline) or crosses_itself(outline):
        detail = "An outline runs once around an area and never crosses itself."
        complain(Complaint(f"{pointer}/outline", "not-an-outline", detail))
        return None
    if line.spacing_mm is None:
        complain(Complaint(f"{pointer}/spacing_mm", "missing-field", "An outline needs a `spacing_mm`."))
        return None
    steps = outline_steps(outline, line.spacing_mm)
    if not _count_fits(steps, pointer, complain) or _skipped(line, steps, pointer, complain) is None:
        return None
    return outline_points(outline, steps)


def _count_fits(steps: int, pointer: str, complain: Complain) -> bool:
    if FEWEST_NEEDLES <= steps <= MOST_NEEDLES:
        return True
    code = "too-few-needles" if steps < FEWEST_NEEDLES else "too-many-needles"
    detail = f"This spacing gives {steps} needles on the line; {FEWEST_NEEDLES} to {MOST_NEEDLES} can stand there."
    complain(Complaint(f"{pointer}/spacing_mm", code, detail))
    return False


def _skipped(line: Perimeter, steps: int, pointer: str, complain: Complain) -> frozenset[int] | None:
    fine = True
    for index, skip in enumerate(line.skip):
        at = f"{pointer}/skip/{index}"
        if skip > steps:
            complain(Complaint(at, "no-such-needle", f"There is no needle {skip}; the line has {steps}."))
            fine = False
        elif skip in line.skip[:index]:
            complain(Complaint(at, "repeated", f"Needle {skip} is skipped already."))
            fine = False
    if fine and len(line.skip) == steps:
        complain(Complaint(f"{pointer}/skip", "no-needles", "Every needle of the line is skipped."))
        fine = False
    return frozenset(line.skip) if fine else None


def _line_needles(
    atlas: Atlas, view: ViewId, points: list[Xy], skip: tuple[int, ...], pointer: str, complain: Complain
) -> tuple[LineNeedle, ...] | None:
    needles: list[LineNeedle] = []
    off: list[int] = []
    for number, at in enumerate(points, start=1):
        if number in skip:
            continue
        quiet: list[Complaint] = []
        place = resolve_point(atlas, view, at, region=None, side=None, pointer="", at_pointer="", complain=quiet.append)
        if place is None:
            off.append(number)
            continue
        found = place.resolved
        needles.append(
            LineNeedle(
                number=number,
                at=at,
                region=found.region,
                structure=found.structure,
                side=found.side,
                flags=place.flags,
            )
        )
    if off:
        which = f"Needle {off[0]} lies" if len(off) == 1 else f"Needles {', '.join(map(str, off))} lie"
        detail = f"{which} off the body on {view}. Move the line, or leave them out with `skip`."
        complain(Complaint(pointer, "off-body", detail))
        return None
    return tuple(needles)


def _nowhere(side: PerimeterSide | None) -> Resolved:
    return Resolved(
        region=None,
        structure=None,
        side=cast(PerimeterSide, side),
        layer=None,
        muscle=None,
        inferred=False,
        beneath=(),
        landmark=None,
    )
