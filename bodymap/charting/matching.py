"""Which placement of one visit is which of an earlier one.

A placement is the same as an earlier one when it `continues` it; else, nearest first and one to one, when both are of
one kind, in the same region (or structure) and on the same side (the midline lies on either), and

- given on the same view within 15 mm of each other, a perimeter by its centre;
- or one of the two was given only by its region;
- or both are a site with the same words.

Points on different views are never compared: nobody knows how far apart they are.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import dist
from typing import Literal, NamedTuple

from bodymap.atlas.frames import on_midline
from bodymap.charting.perimeter_line import Xy, centroid
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.vocabulary import PerimeterSide, ViewId

KEPT_WITHIN_MM = 15.0
RULE = (
    "Kept: `continues` an earlier placement, else of the same kind, in the same region and on the same side within "
    "15 mm on the same view, a perimeter by its centre, nearest first, one to one; where only the region was given, "
    "in the same region and on the same side; a site by its words and side. What was not done counts as not placed."
)

MatchedBy = Literal["continues", "distance", "region", "site"]
_ORDER: tuple[MatchedBy, ...] = ("continues", "distance", "region", "site")


class Match(NamedTuple):
    """Two placements that are the same place. `distance_mm` is None where it is not known."""

    before: RecordedPlacement
    after: RecordedPlacement
    by: MatchedBy
    distance_mm: float | None


def match(before: Sequence[RecordedPlacement], after: Sequence[RecordedPlacement]) -> list[Match]:
    """The placements of `after` that are those of `before`, one to one, in the order of `after`'s numbers."""
    alike: dict[_Place, list[RecordedPlacement]] = defaultdict(list)
    for old in before:
        alike[_place(old)].append(old)
    by_id = {old.id: old for old in before}
    candidates: list[tuple[tuple[int, float, int, int], Match]] = []
    for new in after:
        continued = [by_id[new.continues]] if new.continues in by_id else []
        for old in [*continued, *alike[_place(new)]]:
            pairing = same(old, new)
            if pairing is not None:
                by, apart = pairing
                order = (_ORDER.index(by), apart if apart is not None else 0.0, old.number, new.number)
                candidates.append((order, Match(old, new, by, apart)))
    candidates.sort(key=lambda entry: entry[0])
    taken_before: set[str] = set()
    taken_after: set[str] = set()
    matches: list[Match] = []
    for _, pair in candidates:
        if pair.before.id not in taken_before and pair.after.id not in taken_after:
            taken_before.add(pair.before.id)
            taken_after.add(pair.after.id)
            matches.append(pair)
    return sorted(matches, key=lambda pair: pair.after.number)


def centre_of(placement: RecordedPlacement) -> Xy | None:
    """The point of a trigger point, the centre of a perimeter's line; None where nobody said where."""
    if isinstance(placement, RecordedTriggerPoint):
        return placement.resolved.at
    if placement.ring is not None:
        return placement.ring.center
    return centroid(placement.outline) if placement.outline else None


def view_of(placement: RecordedPlacement) -> ViewId | None:
    """The view that the place was given on."""
    return placement.resolved.view or placement.view


def side_of(placement: RecordedPlacement) -> PerimeterSide | None:
    """The patient's side, as found or as stated."""
    return placement.resolved.side or placement.side


def same(old: RecordedPlacement, new: RecordedPlacement) -> tuple[MatchedBy, float | None] | None:
    """By what two placements are the same place, and how far apart they are; None where they are not."""
    one, other = centre_of(old), centre_of(new)
    both = one is not None and other is not None and view_of(old) == view_of(new)
    far = dist(one, other) if both and one is not None and other is not None else None
    apart = round(far, 2) if far is not None else None
    if new.continues is not None and new.continues == old.id:
        return "continues", apart
    place = _place(old)
    if place != _place(new):
        return None
    if place.words:
        return ("site", None) if side_of(old) == side_of(new) else None
    sides = _half(old), _half(new)
    if sides[0] != sides[1] and "midline" not in sides:
        return None
    if place.structure is None:
        return None
    if one is None or other is None:
        return "region", None
    return ("distance", apart) if far is not None and far <= KEPT_WITHIN_MM else None


class _Place(NamedTuple):
    """What two placements must have in common, wherever exactly they are, besides the side."""

    perimeter: bool
    words: str
    structure: str | None


def _place(placement: RecordedPlacement) -> _Place:
    words, resolved = _site(placement), placement.resolved
    known = resolved.region or placement.region or resolved.structure or resolved.muscle
    structure = known if not words else None
    return _Place(isinstance(placement, RecordedPerimeter), words, structure)


def _half(placement: RecordedPlacement) -> PerimeterSide | None:
    """The side of a placement; the midline where it stands on that, whatever side was stated or found of it there."""
    view, centre = view_of(placement), centre_of(placement)
    middle = view is not None and centre is not None and on_midline(view, centre[0])
    return "midline" if middle else side_of(placement)


def _site(placement: RecordedPlacement) -> str:
    if isinstance(placement, RecordedPerimeter) or placement.site is None:
        return ""
    return " ".join(placement.site.text.casefold().split())
