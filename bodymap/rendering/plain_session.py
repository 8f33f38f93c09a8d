"""What of a record a patient's picture is drawn from: when, where, and whether it was done.

Everything else is left behind before anything is drawn, so that no picture can show what it was never given. What is
left is named here, so that a member that a later release adds to the record is left out by itself.
"""

from msgspec import structs

from bodymap.charting.comparison import ComparedPlace, Comparison
from bodymap.charting.course import Course
from bodymap.charting.placement import LineNeedle, RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.session import Session

_VISIT = ("id", "version", "status", "atlas", "created_at", "updated_at", "last_number")
_DAY = ("started_at", "started_on", "ended_at")
_PLACE = ("id", "number", "status", "view", "region", "side", "also", "resolved")
_POINT = (*_PLACE, "at", "landmark", "offset_mm", "site", "count")
_LINE = (*_PLACE, "ring", "outline", "spacing_mm", "skip")


def plain_session(session: Session) -> Session:
    """The visit with its day and its places only."""
    members = {name: getattr(session, name) for name in (*_VISIT, *_DAY)}
    return Session(**members, placements=tuple(_plain_placement(placement) for placement in session.placements))


def plain_course(course: Course) -> Course:
    """The course without whose it is, each visit with its day and its places only."""
    return structs.replace(course, subject="", visits=tuple(plain_session(visit) for visit in course.visits))


def plain_comparison(comparison: Comparison) -> Comparison:
    """The comparison without whose it is, by whom, and how much it hurt."""
    return structs.replace(
        comparison,
        subject=None,
        sessions=tuple(
            structs.replace(visit, performer=None, pain_before=None, pain_after=None) for visit in comparison.sessions
        ),
        places=tuple(_plain_place(place) for place in comparison.places),
    )


def _plain_placement(placement: RecordedPlacement) -> RecordedPlacement:
    if isinstance(placement, RecordedTriggerPoint):
        return RecordedTriggerPoint(**{name: getattr(placement, name) for name in _POINT}, flags=())
    needles = tuple(_plain_needle(needle) for needle in placement.needles)
    return RecordedPerimeter(**{name: getattr(placement, name) for name in _LINE}, needles=needles, flags=())


def _plain_needle(needle: LineNeedle) -> LineNeedle:
    return structs.replace(needle, flags=())


def _plain_place(place: ComparedPlace) -> ComparedPlace:
    visits = tuple(structs.replace(seen, pain_before=None, pain_after=None) for seen in place.visits)
    return structs.replace(place, visits=visits)
