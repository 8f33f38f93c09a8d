"""Visits compared: which placements are new in the last one, which are kept, which are gone.

Of several visits, each placement is compared with the nearest visit first, so that a place is followed also over a
visit that left it out. What was planned counts as placed, what was not done does not.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from bodymap.charting.matching import KEPT_WITHIN_MM, RULE, MatchedBy, centre_of, match, same, side_of, view_of
from bodymap.charting.placement import RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.session import Session, occurred_at
from bodymap.charting.vocabulary import Pain, PerimeterSide, PlacementStatus, SessionStatus, ViewId

Change = Literal["new", "kept", "gone", "not-done"]
CHANGES: tuple[Change, ...] = ("new", "kept", "gone", "not-done")


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """A place in one of the visits. `matched` says by what it was found to be the one of an earlier visit, and
    `distance_mm` how far it lies from where it was then; both are null at its first visit."""

    session: Annotated[str, Meta(description="The session's id.", extra_json_schema={"format": "uuid"})]
    placement: Annotated[str, Meta(description="The placement's id.", extra_json_schema={"format": "uuid"})]
    number: Annotated[int, Meta(description="The placement's number in its session.")]
    status: Annotated[PlacementStatus, Meta(description="The placement's status.")]
    view: Annotated[ViewId | None, Meta(description="The view that its point is on.")]
    at: Annotated[
        tuple[float, float] | None,
        Meta(description="The point `[x, y]` in the view's millimetres: x to the viewer's right, y down."),
    ]
    pain_before: Pain | None
    pain_after: Pain | None
    matched: Annotated[
        MatchedBy | None, Meta(description="By what it was matched with an earlier visit; null at its first.")
    ]
    distance_mm: Annotated[
        float | None,
        Meta(description="Millimetres from where it was then; null at its first visit or without a point."),
    ]


class ComparedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One place over the visits, oldest first. It is `new` if it was needled only in the last visit, `kept` if in the
    last and in an earlier one, `gone` if only in earlier ones, `not-done` if in none. `number` is its number on the
    picture. Its place is that of the last visit in which it was needled."""

    number: Annotated[int, Meta(description="Its number on the picture.")]
    change: Annotated[Change, Meta(description="What became of it, up to the last visit.")]
    kind: Annotated[Literal["trigger_point", "perimeter"], Meta(description="Which kind of placement it is.")]
    region: Annotated[str | None, Meta(description="The region's id, or null.")]
    structure: Annotated[str | None, Meta(description="The structure's id where it is no region.")]
    muscle: Annotated[str | None, Meta(description="The muscle's id, or null.")]
    side: Annotated[PerimeterSide | None, Meta(description="The patient's side.")]
    site: Annotated[str | None, Meta(description="The place in words, where no plate shows it.")]
    visits: tuple[Occurrence, ...]

    @property
    def shown(self) -> Occurrence:
        """The occurrence that tells where the place is."""
        return next((seen for seen in reversed(self.visits) if seen.status != "not-done"), self.visits[-1])


class MuscleSide(msgspec.Struct, frozen=True, kw_only=True):
    """A muscle on a side."""

    muscle: Annotated[str, Meta(description="The muscle's id.")]
    side: Annotated[PerimeterSide | None, Meta(description="The patient's side.")]


class MuscleChanges(msgspec.Struct, frozen=True, kw_only=True):
    """Muscles that placements went into, or are planned to: those not done are left out."""

    new: tuple[MuscleSide, ...]
    kept: tuple[MuscleSide, ...]
    gone: tuple[MuscleSide, ...]


class PlacementRef(msgspec.Struct, frozen=True, kw_only=True):
    """A placement of one of the visits."""

    placement: Annotated[str, Meta(description="The placement's id.", extra_json_schema={"format": "uuid"})]
    number: Annotated[int, Meta(description="Its number in its session.")]


class KeptPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """A placement and what it was the visit before."""

    before: PlacementRef
    after: PlacementRef
    matched: Annotated[MatchedBy | None, Meta(description="By what it was matched.")]
    distance_mm: Annotated[
        float | None, Meta(description="Millimetres between the two places; null where one has no point.")
    ]


class VisitPair(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What changed from one visit to the next."""

    from_: Annotated[str, Meta(description="The id of the earlier session.", extra_json_schema={"format": "uuid"})]
    to: Annotated[str, Meta(description="The id of the later session.", extra_json_schema={"format": "uuid"})]
    new: tuple[PlacementRef, ...]
    kept: tuple[KeptPlacement, ...]
    gone: tuple[PlacementRef, ...]
    muscles: MuscleChanges


class ComparedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """One of the visits."""

    id: Annotated[str, Meta(description="The session's id.", extra_json_schema={"format": "uuid"})]
    version: Annotated[int, Meta(description="The session's version.")]
    status: Annotated[SessionStatus, Meta(description="The session's status.")]
    started_at: Annotated[datetime | None, Meta(description="When it started.")]
    started_on: Annotated[date | None, Meta(description="The day, where only that is known.")]
    performer: Annotated[str | None, Meta(description="Who performed it.")]
    pain_before: Pain | None
    pain_after: Pain | None
    placements: Annotated[int, Meta(description="How many placements it has.")]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Visits of one subject, oldest first, and what became of each place. `muscles` compares the last visit with all
    before it, `pairs` each visit with the next."""

    subject: Annotated[str | None, Meta(description="Whose visits they are.")]
    kept_within_mm: Annotated[float, Meta(description="Within how many millimetres two places count as one.")]
    rule: Annotated[str, Meta(description="How places of two visits are matched, in words.")]
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
    return sorted(sessions, key=lambda session: (occurred_at(session), session.id))


def compare(sessions: Sequence[Session], muscle_of: Mapping[str, str]) -> Comparison:
    """What changed over two or more sessions, whatever their order. `muscle_of` maps region ids to muscle ids."""
    visits = in_order(sessions)
    threads = _threads(visits)
    last = len(visits) - 1
    places = [_place(thread, visits, last) for thread in threads]
    places.sort(key=lambda place: (CHANGES.index(place.change), _recency(place, visits), place.shown.number))
    places = [msgspec.structs.replace(place, number=number) for number, place in enumerate(places, 1)]
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


def _threads(visits: Sequence[Session]) -> list[_Thread]:
    """Every place with the placements that are it, visit by visit."""
    threads: list[_Thread] = []
    home: dict[str, _Thread] = {}
    for index, visit in enumerate(visits):
        waiting = {placement.id: placement for placement in visit.placements}
        for placement in visit.placements:
            thread = home.get(placement.continues or "")
            if thread is not None and thread[-1].visit < index:
                pairing = same(thread[-1].placement, placement)
                _go_on(thread, _Seen(index, placement, "continues", pairing[1] if pairing else None), home)
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


def _needled(placement: RecordedPlacement) -> bool:
    return placement.status != "not-done"


def _place(thread: _Thread, visits: Sequence[Session], last: int) -> ComparedPlace:
    needled = [seen for seen in thread if _needled(seen.placement)]
    newest = (needled or thread)[-1].placement
    point = newest if isinstance(newest, RecordedTriggerPoint) else None
    change: Change = "not-done"
    if needled:
        change = "gone" if needled[-1].visit < last else "kept" if len(needled) > 1 else "new"
    return ComparedPlace(
        number=0,
        change=change,
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
    newest = place.shown.session
    return next(count for count, visit in enumerate(reversed(visits)) if visit.id == newest)


def _visit(session: Session) -> ComparedVisit:
    return ComparedVisit(
        id=session.id,
        version=session.version,
        status=session.status,
        started_at=session.started_at,
        started_on=session.started_on,
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
        seen = {entry.visit: entry for entry in thread if _needled(entry.placement)}
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
    if not _needled(placement):
        return
    side = side_of(placement)
    if placement.resolved.muscle:
        yield MuscleSide(muscle=placement.resolved.muscle, side=side)
    for region in placement.also:
        if region in muscle_of:
            yield MuscleSide(muscle=muscle_of[region], side=side)
