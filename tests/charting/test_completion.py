"""Completing a visit: which places were done, which not and why, and every number accounted for."""

from typing import Any

import msgspec
import pytest

from bodymap.charting.completion import Completion, complete
from bodymap.charting.session import Session
from bodymap.decoding import decode
from bodymap.errors import Conflict, Invalid
from tests.charting.visits_drafted import ATLAS, BY_REGION, LATER, POINT, RING, drafted

START, END = "2027-01-02T02:00:00Z", "2027-01-02T02:25:00Z"
PLANNED = [{**place, "status": "planned"} for place in (POINT, BY_REGION, RING)]


def planned(**members: Any) -> Session:
    return drafted(**{"status": "planned", "placements": PLANNED, **members})


def completed(before: Session, **members: Any) -> Session:
    body = msgspec.json.encode({"ended_at": END, **members})
    return complete(ATLAS, before, decode(body, Completion), LATER)


def complaints(before: Session, **members: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        completed(before, **members)
    return [(complaint.pointer, complaint.code) for complaint in refused.value.complaints]


def statuses(session: Session) -> list[str]:
    return [placement.status for placement in session.placements]


def test_all_planned_ones_are_done_where_nothing_else_is_said() -> None:
    """Without `done`, or with `all`, every planned placement was done; the session is completed, in one version."""
    for members in ({}, {"done": "all"}, {"done": [1, 2, 3]}):
        after = completed(planned(), started_at=START, pain_after=2, **members)
        assert statuses(after) == ["done"] * 3
        assert (after.status, after.version, after.pain_after) == ("completed", 2, 2)


def test_what_was_not_done_says_why() -> None:
    """It has its reason; the others were done. What is settled already stays, unless it is named."""
    after = completed(planned(), not_done=[{"number": 2, "reason": "Too sore."}])
    assert statuses(after) == ["done", "not-done", "done"]
    assert after.placements[1].status_reason == "Too sore."
    mixed = planned(placements=[{**POINT, "status": "not-done", "status_reason": "No."}, POINT, PLANNED[1]])
    assert statuses(completed(mixed)) == ["not-done", "done", "done"]
    named = completed(mixed, done=[1, 3], not_done=[{"number": 2, "reason": "It was the other side."}])
    assert statuses(named) == ["done", "not-done", "done"]
    assert named.placements[0].status_reason is None


def test_every_number_is_accounted_for() -> None:
    """A planned one in neither list, one in both, one twice and one that is not there are refused at their place."""
    reason = "No."
    assert complaints(planned(), done=[1]) == [("/done", "still-planned")]
    assert complaints(planned(), done=[1, 2, 3], not_done=[{"number": 3, "reason": reason}]) == [
        ("/done/2", "contradiction")
    ]
    assert complaints(planned(), done=[1, 2, 2, 3]) == [("/done/2", "repeated")]
    assert complaints(planned(), done=[1, 2, 3, 4]) == [("/done/3", "unknown-placement")]
    assert complaints(planned(), not_done=[{"number": 9, "reason": reason}]) == [
        ("/not_done/0/number", "unknown-placement")
    ]


def test_patches_come_first_and_never_say_whether_it_was_done() -> None:
    """A patched place is resolved anew; a status, an unknown number and a bad value are refused at their place."""
    after = completed(planned(), placements=[{"number": 2, "depth_mm": 12, "region": "rhomboid-major"}])
    assert (after.placements[1].resolved.region, after.placements[1].status) == ("rhomboid-major", "done")
    assert complaints(planned(), placements=[{"number": 1, "status": "done"}]) == [("/placements/0/status", "not-here")]
    assert complaints(planned(), placements=[{"depth_mm": 1}]) == [("/placements/0/number", "unknown-placement")]
    assert complaints(planned(), placements=[{"number": 1, "side": "right"}])[0][0] == "/placements/0/side"


def test_times_are_checked_as_those_of_a_visit_that_took_place() -> None:
    """A planned start that lies ahead, or after the end, is refused; a start that is stated takes its place."""
    ahead = planned(started_at="2027-03-01T09:00:00Z")
    assert [pointer for pointer, _ in complaints(ahead)] == ["/ended_at", "/started_at"]
    assert completed(ahead, started_at=START).started_at is not None
    day = planned(started_on="2027-01-02")
    assert completed(day, started_at=START).started_on is None


def test_a_difference_in_the_count_does_not_stop_it() -> None:
    """Needles that do not add up are a matter of the signature."""
    assert completed(planned(), needles_in=10, needles_out=9).needles_out == 9


@pytest.mark.parametrize("status", ["completed", "stopped", "cancelled"])
def test_only_what_has_not_ended_is_completed(status: str) -> None:
    """Every other status is a conflict that says what to do."""
    before = drafted(status=status, status_reason="x", placements=[POINT])
    with pytest.raises(Conflict, match=r"PATCH"):
        completed(before)
