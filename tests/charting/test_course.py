"""A course of visits: which sessions are visits, in which order, and where their needles went."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from bodymap.charting.course import course_of, has_point, not_placed, placed, tallies
from bodymap.charting.session import Session
from tests.charting.visits_drafted import BY_REGION, POINT, RING, drafted

SITE = {"kind": "trigger_point", "site": {"text": "calf"}, "side": "left"}


def visit(day: int, *placements: dict[str, Any], status: str = "completed", **members: Any) -> Session:
    """A session of a day of November."""
    session = drafted(placements=list(placements), started_at=f"2026-11-{day:02}T09:00:00Z", **members)
    return msgspec.structs.replace(session, id=f"v{day}", status=status)


def test_visits_stand_in_the_order_of_their_start() -> None:
    """Oldest first, by the moment and not by the text of it; a session without a start by when it was recorded."""
    early, late = visit(3), visit(20)
    between = msgspec.structs.replace(visit(1), id="b", started_at=None, created_at=datetime(2026, 11, 9, tzinfo=UTC))
    offset = msgspec.structs.replace(visit(4), id="o", started_at=datetime.fromisoformat("2026-11-03T00:30:00-12:00"))
    assert [v.id for v in course_of("p", [late, between, offset, early]).visits] == ["v3", "o", "b", "v20"]


@pytest.mark.parametrize("status", ["in-progress", "completed", "stopped", "signed"])
def test_what_took_place_is_a_visit(status: str) -> None:
    """Whatever began is one, finished or not."""
    assert len(course_of("p", [visit(1, status=status)]).visits) == 1


def test_what_did_not_take_place_is_counted() -> None:
    """Voided, cancelled and planned sessions are no visits, each counted by itself."""
    statuses = ("voided", "cancelled", "cancelled", "planned", "completed")
    course = course_of("p", [visit(day, status=status) for day, status in enumerate(statuses, 1)])
    assert (len(course.visits), course.voided, course.cancelled, course.planned) == (1, 1, 2, 1)


def test_only_what_was_done_at_a_point_is_placed() -> None:
    """A point and a ring are; a region alone, a site, what is planned and what was not done are counted apart."""
    undone = [{**POINT, "status": "planned"}, {**POINT, "status": "not-done"}, {**BY_REGION, "status": "planned"}]
    visits = [visit(1, POINT, RING, BY_REGION, SITE, *undone)]
    assert [placement.number for _, placement in placed(visits)] == [1, 2]
    assert [has_point(placement) for placement in visits[0].placements] == [True, True, False, False, True, True, False]
    apart = not_placed(visits)
    assert (apart.without_point, apart.planned, apart.not_done) == (2, 2, 1)


def test_needles_are_counted_by_region_and_side() -> None:
    """Everything done counts, by region alone too; over visits they add up, and other places come last."""
    visits = [visit(1, {**POINT, "count": 2}, BY_REGION, SITE), visit(8, POINT, {**BY_REGION, "status": "not-done"})]
    [first, second, last] = tallies(visits)
    assert (first.side, first.needles, first.visits) == ("left", 3, 2)
    assert (second.region, second.side, second.needles, second.unstated) == ("levator-scapulae", "right", 0, 1)
    assert (last.region, last.side, last.needles, last.unstated) == (None, None, 0, 1)
    assert sum(tally.needles for tally in tallies([visit(2, RING)])) == 8
