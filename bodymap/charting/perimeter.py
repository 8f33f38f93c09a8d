"""Where a stated perimeter is: the needles on its line, and what the atlas finds at each."""

from typing import NamedTuple

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.atlas.frames import on_midline
from bodymap.charting.flags import REGION_DIFFERS, distinct_flags
from bodymap.charting.needle_way import flags_with_way
from bodymap.charting.perimeter_line import (
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
from bodymap.charting.placement import Flag, LineNeedle, Perimeter, Resolved
from bodymap.charting.resolution import arm_of_point, resolve_further_muscles, resolve_point
from bodymap.charting.vocabulary import ViewId
from bodymap.charting.whole_muscles import place_at, place_without_point
from bodymap.errors import Complain, Complaint

_WAYS = (
    "a `ring` on a `view`, an `outline` with `spacing_mm` on a `view`, or a `region` or `muscle`, `side` and `needles`"
)


class Line(NamedTuple):
    """A line of needles on the body. `resolved` is what lies at its centre, or the stated region or muscle; `needles`
    has what lies at each needle, and `flags` each flag of theirs once.
    """

    resolved: Resolved
    needles: tuple[LineNeedle, ...]
    flags: tuple[Flag, ...]


def resolve_perimeter(atlas: Atlas, line: Perimeter, pointer: str, complain: Complain) -> Line | None:
    """What the atlas finds along the stated line; `None` where complaints were made about the place."""
    stated = [name for name in ("ring", "outline", "needles") if getattr(line, name) is not None]
    if len(stated) != 1:
        if not stated:
            complain(Complaint(pointer, "no-place", f"Where? State {_WAYS}."))
        for name in stated[1:]:
            complain(Complaint(f"{pointer}/{name}", "two-places", f"One line only: state {_WAYS}."))
        return None
    if line.needles is not None:
        return _line_by_region(atlas, line, line.needles, pointer, complain)
    where = "ring" if line.ring is not None else "outline"
    if line.view is None:
        complain(Complaint(f"{pointer}/view", "missing-field", f"`{where}` needs the `view` that it is on."))
    points = _points(line, pointer, complain)
    if points is None or line.view is None:
        return None
    center = line.ring.center if line.ring is not None else centroid(distinct(line.outline or ()))
    place = place_at(
        atlas,
        line,
        line.view,
        center,
        line.side,
        pointer=pointer,
        at_pointer=f"{pointer}/{where}",
        complain=complain,
    )
    needles = _line_needles(atlas, line, line.view, points, f"{pointer}/{where}", complain)
    if place is None or needles is None:
        return None
    middle = on_midline(line.view, center[0])
    side = (line.side or "both") if middle else place.resolved.side
    if line.side == "both" and not middle:
        sides = {needle.side for needle in needles}
        if not {"left", "right"} <= sides:
            only = " and ".join(sorted(str(each) for each in sides))
            detail = f"Every needle of this line lies on the patient's {only}: the side is not both."
            complain(Complaint(f"{pointer}/side", "side-disagrees", detail))
        side = "both"
    also = resolve_further_muscles(atlas, line, line.view, center, side, pointer, complain)
    # Nothing stands at the centre: of its flags only what was said of the stated region is the placement's.
    of_region = tuple(flag for flag in place.flags if flag.code == REGION_DIFFERS)
    flags = distinct_flags([*of_region, *also, *(flag for needle in needles for flag in needle.flags)])
    return Line(structs.replace(place.resolved, side=side), needles, flags)


def _line_by_region(atlas: Atlas, line: Perimeter, count: int, pointer: str, complain: Complain) -> Line | None:
    if line.spacing_mm is not None:
        detail = "Needles by region are counted in `needles`; a spacing belongs to an outline."
        complain(Complaint(f"{pointer}/spacing_mm", "two-places", detail))
    if line.region is None and line.muscle is None:
        complain(Complaint(f"{pointer}/region", "no-place", f"Where? State {_WAYS}."))
        return None
    place = place_without_point(atlas, line, line.side, pointer, complain)
    resolve_further_muscles(atlas, line, None, None, line.side, pointer, complain)
    skipped = _skipped(line, count, pointer, complain)
    if place is None or skipped is None:
        return None
    needles = tuple(
        LineNeedle(
            number=index,
            at=None,
            region=place.resolved.region,
            side=place.resolved.side,
            flags=place.flags,
        )
        for index in range(1, count + 1)
        if index not in skipped
    )
    return Line(place.resolved, needles, place.flags)


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
    atlas: Atlas, line: Perimeter, view: ViewId, points: list[Xy], pointer: str, complain: Complain
) -> tuple[LineNeedle, ...] | None:
    needles: list[LineNeedle] = []
    off: list[int] = []
    for number, at in enumerate(points, start=1):
        if number in line.skip:
            continue
        quiet: list[Complaint] = []
        place = resolve_point(atlas, view, at, region=None, side=None, pointer="", at_pointer="", complain=quiet.append)
        if place is None:
            off.append(number)
            continue
        resolved, arm = place.resolved, arm_of_point(atlas, view, at, None)
        needles.append(
            LineNeedle(
                number=number,
                at=at,
                region=resolved.region,
                structure=resolved.structure if resolved.region is None else None,
                side=resolved.side,
                flags=flags_with_way(atlas, line, view, at, arm, resolved.side, place.flags),
            )
        )
    if off:
        which = f"Needle {off[0]} lies" if len(off) == 1 else f"Needles {', '.join(map(str, off))} lie"
        detail = f"{which} off the body on {view}. Move the line, or leave them out with `skip`."
        complain(Complaint(pointer, "off-body", detail))
        return None
    return tuple(needles)
