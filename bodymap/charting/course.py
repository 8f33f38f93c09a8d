"""The course of a treatment: the visits of one subject, oldest first, and where their needles went.

A session that was voided holds no more, one that was cancelled or is only planned was no visit: they are left out and
counted, so that a picture of the course can say so.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from bodymap.charting.comparison import in_order
from bodymap.charting.matching import side_of
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, needle_count, whole_muscle
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import PerimeterSide


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """The visits of a subject in a period, oldest first. `from_` is included and `to` is not; None is open.

    `voided`, `cancelled` and `planned` count the sessions of the period that are no visits, `elsewhere` the visits that
    stay on another version of the atlas than the picture's.
    """

    subject: str
    from_: datetime | None
    to: datetime | None
    visits: tuple[Session, ...]
    voided: int = 0
    cancelled: int = 0
    planned: int = 0
    elsewhere: int = 0


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many needles went into a side of a region, over how many visits, or of a `muscle` of which nobody said which
    part; both are None for all other places. `unstated` are the placements of which nobody said how many needles they
    had.
    """

    region: str | None
    muscle: str | None = None
    side: PerimeterSide | None
    needles: int
    unstated: int
    visits: int


class NotPlaced(msgspec.Struct, frozen=True, kw_only=True):
    """Placements of which nobody said at which point they are, and those of which nothing was put in."""

    without_point: int
    planned: int
    not_done: int


def course_of(
    subject: str, sessions: Sequence[Session], from_: datetime | None = None, to: datetime | None = None
) -> Course:
    """The course that these sessions of a subject make."""
    visits = [s for s in in_order(sessions) if s.status not in ("voided", "cancelled", "planned")]
    counts = {status: sum(s.status == status for s in sessions) for status in ("voided", "cancelled", "planned")}
    return Course(subject=subject, from_=from_, to=to, visits=tuple(visits), **counts)


def on_one_atlas(course: Course, versions: Collection[str]) -> Course:
    """The visits on the newest visit's atlas version of those that are here: millimetres of two versions are those of
    two figures."""
    here = on_atlases(course, versions)
    return on_atlases(course, {here.visits[-1].atlas} if here.visits else set())


def on_atlases(course: Course, versions: Collection[str]) -> Course:
    """The visits on atlas versions that are here."""
    visits = tuple(visit for visit in course.visits if visit.atlas in versions)
    return msgspec.structs.replace(course, visits=visits, elsewhere=len(course.visits) - len(visits))


def has_point(placement: RecordedPlacement) -> bool:
    """Whether somebody said at which point of a view the needles of a placement went in."""
    if isinstance(placement, RecordedPerimeter):
        return placement.view is not None and any(needle.at is not None for needle in placement.needles)
    return placement.resolved.at is not None


def placed(visits: Sequence[Session]) -> list[tuple[Session, RecordedPlacement]]:
    """The placements that were done at a known point, with their visits."""
    done = [(visit, p) for visit in visits for p in visit.placements if p.status == "done"]
    return [(visit, placement) for visit, placement in done if has_point(placement)]


def not_placed(visits: Sequence[Session]) -> NotPlaced:
    """The other placements, counted."""
    placements = [placement for visit in visits for placement in visit.placements]
    return NotPlaced(
        without_point=sum(p.status == "done" and not has_point(p) for p in placements),
        planned=sum(p.status == "planned" for p in placements),
        not_done=sum(p.status == "not-done" for p in placements),
    )


def tallies(visits: Sequence[Session]) -> list[Tally]:
    """Needles by region and side, most first: of everything done, also of what was given only by region or muscle."""
    needles: Counter[_Into] = Counter()
    unstated: Counter[_Into] = Counter()
    seen: dict[_Into, set[str]] = {}
    for visit in visits:
        for placement in visit.placements:
            if placement.status != "done":
                continue
            for into, count in _went_into(placement):
                needles[into] += count or 0
                unstated[into] += count is None
                seen.setdefault(into, set()).add(visit.id)
    entries = [
        Tally(**into._asdict(), needles=count, unstated=unstated[into], visits=len(seen[into]))
        for into, count in needles.items()
    ]
    # Other places come last, however many they are: they are many places. A placement without a count had one needle at
    # least.
    return sorted(entries, key=_by_number)


class _Into(NamedTuple):
    """A side of a region or of a whole muscle; of other places nothing is told apart."""

    region: str | None = None
    muscle: str | None = None
    side: PerimeterSide | None = None


def _by_number(tally: Tally) -> tuple[bool, int, int, str, str]:
    name = tally.region or tally.muscle or ""
    return not name, -(tally.needles + tally.unstated), -tally.visits, name, tally.side or ""


def _went_into(placement: RecordedPlacement) -> Iterator[tuple[_Into, int | None]]:
    if isinstance(placement, RecordedPerimeter) and has_point(placement):
        for needle in placement.needles:
            yield (_Into(needle.region, None, needle.side) if needle.region else _Into()), 1
        return
    region = placement.resolved.region or placement.region
    muscle = None if region else whole_muscle(placement)
    yield (_Into(region, muscle, side_of(placement)) if region or muscle else _Into()), needle_count(placement)
