"""Visits compared: which placements are new, which go on from an earlier visit, which are gone.

A placement of one visit is the same as one of an earlier visit, and *kept*, when it `continues` it; else, nearest first
and one to one,

- a trigger point in the same region (or structure) and on the same side, on the same view within 15 mm; where one of
  the two was given by its region alone, the same region and side suffice;
- a perimeter on the same view whose centre is within 15 mm; where one was given by its region alone, the same
  region and side;
- a site with the same words and side.

Points on different views are never compared: nobody knows how far apart they are. A trigger point and a perimeter are
never the same. Of several visits, each placement is compared with the nearest visit first.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import dist
from typing import Literal, NamedTuple

import msgspec

from bodymap.charting.perimeter import Xy, centroid
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.session import Session
from bodymap.charting.terms import PerimeterSide, PlacementStatus, SessionStatus, ViewId

KEPT_WITHIN_MM = 15.0
RULE = (
    "Kept: `continues`, else the same region and side within 15 mm on the same view, perimeters by their centres, "
    "nearest first, one to one; where only the region was given, the same region and side; sites by their words."
)

Change = Literal["new", "kept", "gone"]
MatchedBy = Literal["continues", "distance", "region", "site"]
_ORDER: tuple[MatchedBy, ...] = ("continues", "distance", "region", "site")


class Match(NamedTuple):
    """Two placements that are the same place. `distance_mm` is None where it is not known."""

    before: RecordedPlacement
    after: RecordedPlacement
    by: MatchedBy
    distance_mm: float | None


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """A place in one of the visits. `matched` says by what it was found to be the one of an earlier visit, and
    `distance_mm` how far it lies from where it was then; both are null at its first visit."""

    session: str
    placement: str
    number: int
    status: PlacementStatus
    view: ViewId | None
    at: tuple[float, float] | None
    pain_before: int | None
    pain_after: int | None
    matched: MatchedBy | None
    distance_mm: float | None


class ComparedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One place over the visits, oldest first. It is `new` in the last visit alone, `kept` in the last and in an
    earlier one, `gone` in earlier ones alone. Where it is, is told as the last of its visits has it."""

    change: Change
    kind: Literal["trigger_point", "perimeter"]
    region: str | None
    structure: str | None
    muscle: str | None
    side: PerimeterSide | None
    site: str | None
    visits: tuple[Occurrence, ...]


class MuscleSide(msgspec.Struct, frozen=True, kw_only=True):
    """A muscle on a side."""

    muscle: str
    side: PerimeterSide | None


class MuscleChanges(msgspec.Struct, frozen=True, kw_only=True):
    """Muscles that placements went into, or are planned to: those not done are left out."""

    new: tuple[MuscleSide, ...]
    kept: tuple[MuscleSide, ...]
    gone: tuple[MuscleSide, ...]


class PlacementRef(msgspec.Struct, frozen=True, kw_only=True):
    """A placement of one of the visits."""

    placement: str
    number: int


class KeptPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """A placement and what it was the visit before."""

    before: PlacementRef
    after: PlacementRef
    matched: MatchedBy | None
    distance_mm: float | None


class VisitPair(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What changed from one visit to the next."""

    from_: str
    to: str
    new: tuple[PlacementRef, ...]
    kept: tuple[KeptPlacement, ...]
    gone: tuple[PlacementRef, ...]
    muscles: MuscleChanges


class ComparedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """One of the visits."""

    id: str
    version: int
    status: SessionStatus
    started_at: datetime | None
    performer: str | None
    pain_before: int | None
    pain_after: int | None
    placements: int


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Visits of one subject, oldest first, and what became of each place. `muscles` compares the last visit with all
    before it, `pairs` each visit with the next."""

    subject: str | None
    kept_within_mm: float
    rule: str
    sessions: tuple[ComparedVisit, ...]
    places: tuple[ComparedPlace, ...]
    muscles: MuscleChanges
    pairs: tuple[VisitPair, ...]

    def count(self, change: Change) -> int:
        """How many places are new, kept or gone."""
        return sum(place.change == change for place in self.places)


class _Seen(NamedTuple):
    visit: int
    placement: RecordedPlacement
    by: MatchedBy | None
    distance_mm: float | None


_Thread = list[_Seen]


def in_order(sessions: Sequence[Session]) -> list[Session]:
    """Sessions by when they were started, or else recorded; then by id."""
    return sorted(sessions, key=lambda session: (session.started_at or session.created_at, session.id))


def compare(sessions: Sequence[Session], muscle_of: Mapping[str, str]) -> Comparison:
    """What changed over two or more sessions, whatever their order. `muscle_of` maps region ids to muscle ids."""
    visits = in_order(sessions)
    threads = _threads(visits)
    last = len(visits) - 1
    places = [_place(thread, visits, last) for thread in threads]
    rank = {"kept": 0, "new": 0, "gone": 1}
    places.sort(key=lambda place: (rank[place.change], _recency(place, visits), place.visits[-1].number))
    before = [placement for visit in visits[:-1] for placement in visit.placements]
    return Comparison(
        subject=visits[-1].subject,
        kept_within_mm=KEPT_WITHIN_MM,
        rule=RULE,
        sessions=tuple(_visit(visit) for visit in visits),
        places=tuple(places),
        muscles=_muscles(before, visits[-1].placements, muscle_of),
        pairs=tuple(_pair(threads, visits, index, muscle_of) for index in range(last)),
    )


def match(before: Sequence[RecordedPlacement], after: Sequence[RecordedPlacement]) -> list[Match]:
    """The placements of `after` that are those of `before`, one to one, in the order of `after`'s numbers."""
    found: list[tuple[tuple[int, float, int, int], Match]] = []
    for new in after:
        for old in before:
            pairing = _same(old, new)
            if pairing is not None:
                by, apart = pairing
                order = (_ORDER.index(by), apart if apart is not None else 0.0, old.number, new.number)
                found.append((order, Match(old, new, by, apart)))
    found.sort(key=lambda entry: entry[0])
    taken_before: set[str] = set()
    taken_after: set[str] = set()
    kept: list[Match] = []
    for _, pair in found:
        if pair.before.id not in taken_before and pair.after.id not in taken_after:
            taken_before.add(pair.before.id)
            taken_after.add(pair.after.id)
            kept.append(pair)
    return sorted(kept, key=lambda pair: pair.after.number)


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


def _same(old: RecordedPlacement, new: RecordedPlacement) -> tuple[MatchedBy, float | None] | None:
    """By what two placements are the same place, and how far apart they are; None where they are not."""
    one, other = centre_of(old), centre_of(new)
    on_one_view = one is not None and other is not None and view_of(old) == view_of(new)
    apart = round(dist(one, other), 2) if on_one_view and one is not None and other is not None else None
    if new.continues is not None and new.continues == old.id:
        return "continues", apart
    if isinstance(old, RecordedPerimeter) != isinstance(new, RecordedPerimeter):
        return None
    same_side = side_of(old) == side_of(new)
    words = _site(old), _site(new)
    if any(words):
        return ("site", None) if same_side and words[0] == words[1] else None
    region = old.resolved.region or old.region
    same_place = same_side and (region, old.resolved.structure) == (
        new.resolved.region or new.region,
        new.resolved.structure if region is None else old.resolved.structure,
    )
    if one is None or other is None:
        return ("region", None) if same_place and region is not None else None
    if apart is None or apart > KEPT_WITHIN_MM or not (same_place or isinstance(old, RecordedPerimeter)):
        return None
    return "distance", apart


def _site(placement: RecordedPlacement) -> str:
    if isinstance(placement, RecordedPerimeter) or placement.site is None:
        return ""
    return " ".join(placement.site.text.casefold().split())


def _threads(visits: Sequence[Session]) -> list[_Thread]:
    """Every place with the placements that are it, visit by visit."""
    threads: list[_Thread] = []
    home: dict[str, _Thread] = {}
    for index, visit in enumerate(visits):
        waiting = {placement.id: placement for placement in visit.placements}
        for placement in visit.placements:
            thread = home.get(placement.continues or "")
            if thread is not None and thread[-1].visit < index:
                found = _same(thread[-1].placement, placement)
                _go_on(thread, _Seen(index, placement, "continues", found[1] if found else None), home)
                del waiting[placement.id]
        for earlier in range(index - 1, -1, -1):
            by_id = {thread[-1].placement.id: thread for thread in threads if thread[-1].visit == earlier}
            open_ones = [thread[-1].placement for thread in by_id.values()]
            for pair in match(open_ones, list(waiting.values())):
                _go_on(by_id[pair.before.id], _Seen(index, pair.after, pair.by, pair.distance_mm), home)
                del waiting[pair.after.id]
        for placement in waiting.values():
            begun: _Thread = []
            threads.append(begun)
            _go_on(begun, _Seen(index, placement, None, None), home)
    return threads


def _go_on(thread: _Thread, seen: _Seen, home: dict[str, _Thread]) -> None:
    thread.append(seen)
    home[seen.placement.id] = thread


def _place(thread: _Thread, visits: Sequence[Session], last: int) -> ComparedPlace:
    newest = thread[-1].placement
    point = newest if isinstance(newest, RecordedTriggerPoint) else None
    return ComparedPlace(
        change="gone" if thread[-1].visit < last else "kept" if len(thread) > 1 else "new",
        kind="perimeter" if point is None else "trigger_point",
        region=newest.resolved.region or newest.region,
        structure=newest.resolved.structure,
        muscle=newest.resolved.muscle,
        side=side_of(newest),
        site=point.site.text if point is not None and point.site is not None else None,
        visits=tuple(_occurrence(seen, visits[seen.visit]) for seen in thread),
    )


def _occurrence(seen: _Seen, visit: Session) -> Occurrence:
    placement = seen.placement
    return Occurrence(
        session=visit.id,
        placement=placement.id,
        number=placement.number,
        status=placement.status,
        view=view_of(placement),
        at=centre_of(placement),
        pain_before=placement.pain_before,
        pain_after=placement.pain_after,
        matched=seen.by,
        distance_mm=seen.distance_mm,
    )


def _recency(place: ComparedPlace, visits: Sequence[Session]) -> int:
    """The place's last visit, counted from the newest."""
    newest = place.visits[-1].session
    return next(count for count, visit in enumerate(reversed(visits)) if visit.id == newest)


def _visit(session: Session) -> ComparedVisit:
    return ComparedVisit(
        id=session.id,
        version=session.version,
        status=session.status,
        started_at=session.started_at,
        performer=session.performer,
        pain_before=session.pain_before,
        pain_after=session.pain_after,
        placements=len(session.placements),
    )


def _pair(threads: Sequence[_Thread], visits: Sequence[Session], index: int, muscle_of: Mapping[str, str]) -> VisitPair:
    new: list[PlacementRef] = []
    kept: list[KeptPlacement] = []
    gone: list[PlacementRef] = []
    for thread in threads:
        seen = {entry.visit: entry for entry in thread}
        old, now = seen.get(index), seen.get(index + 1)
        if old is not None and now is not None:
            pair = KeptPlacement(
                before=_ref(old.placement), after=_ref(now.placement), matched=now.by, distance_mm=now.distance_mm
            )
            kept.append(pair)
        elif now is not None:
            new.append(_ref(now.placement))
        elif old is not None:
            gone.append(_ref(old.placement))
    return VisitPair(
        from_=visits[index].id,
        to=visits[index + 1].id,
        new=tuple(sorted(new, key=lambda ref: ref.number)),
        kept=tuple(sorted(kept, key=lambda pair: pair.after.number)),
        gone=tuple(sorted(gone, key=lambda ref: ref.number)),
        muscles=_muscles(visits[index].placements, visits[index + 1].placements, muscle_of),
    )


def _ref(placement: RecordedPlacement) -> PlacementRef:
    return PlacementRef(placement=placement.id, number=placement.number)


def _muscles(
    before: Sequence[RecordedPlacement], after: Sequence[RecordedPlacement], muscle_of: Mapping[str, str]
) -> MuscleChanges:
    old = dict.fromkeys(entry for placement in before for entry in _muscles_of(placement, muscle_of))
    now = dict.fromkeys(entry for placement in after for entry in _muscles_of(placement, muscle_of))
    return MuscleChanges(
        new=tuple(entry for entry in now if entry not in old),
        kept=tuple(entry for entry in now if entry in old),
        gone=tuple(entry for entry in old if entry not in now),
    )


def _muscles_of(placement: RecordedPlacement, muscle_of: Mapping[str, str]) -> Iterator[MuscleSide]:
    if placement.status == "not-done":
        return
    side = side_of(placement)
    if placement.resolved.muscle:
        yield MuscleSide(muscle=placement.resolved.muscle, side=side)
    for region in placement.also:
        if region in muscle_of:
            yield MuscleSide(muscle=muscle_of[region], side=side)
