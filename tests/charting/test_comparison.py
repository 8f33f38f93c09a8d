"""Visits compared: what is new, kept and gone, and by which rule."""

from collections.abc import Sequence
from datetime import timedelta
from math import dist
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.charting.comparison import compare
from bodymap.charting.matching import KEPT_WITHIN_MM, match
from bodymap.charting.placement import RecordedPlacement, RecordedTriggerPoint, Resolved
from bodymap.charting.session import Session
from tests.rendering.visits_drawn import START, point, recorded, session_of

ATLAS = load_atlas()
MUSCLE_OF = {region.id: region.muscle for region in ATLAS.regions}
TRAPEZIUS = {"region": "trapezius-descending", "side": "left"}
BY_REGION = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}
CALF = {"kind": "trigger_point", "site": {"text": "Lateral  gastrocnemius"}, "side": "left"}


def ring(x: float, y: float, **facts: Any) -> dict[str, Any]:
    return {
        "kind": "perimeter",
        "view": "posterior",
        "ring": {"center": [x, y], "radius_mm": 25, "needles": 8},
        **facts,
    }


def visit(day: int, *statements: dict[str, Any], **header: Any) -> Session:
    """A session so many days after the first, its placements with ids of their own."""
    placements = [
        msgspec.structs.replace(placement, id=f"d{day}-{placement.number}") for placement in recorded(ATLAS, statements)
    ]
    session = session_of(placements, started_at=START + timedelta(days=day), **header)
    return msgspec.structs.replace(session, id=f"v{day}")


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        (point("posterior", 290, 290, **TRAPEZIUS), point("posterior", 290, 305, **TRAPEZIUS), "distance"),
        (point("posterior", 290, 290, **TRAPEZIUS), point("posterior", 290, 305.004, **TRAPEZIUS), None),
        (point("posterior", 290, 290, **TRAPEZIUS), point("posterior", 410, 290), None),
        (point("posterior", 290, 290), {"kind": "trigger_point", **TRAPEZIUS}, "region"),
        (BY_REGION, BY_REGION, "region"),
        (BY_REGION, {**BY_REGION, "side": "left"}, None),
        (ring(395, 610), ring(404, 622), "distance"),
        (ring(395, 610), ring(404, 623), None),
        (CALF, {**CALF, "site": {"text": "lateral gastrocnemius"}}, "site"),
        (CALF, {**CALF, "side": "right"}, None),
        (CALF, {**CALF, "site": {"text": "medial gastrocnemius"}}, None),
        (point("posterior", 395, 610), ring(395, 610), None),
    ],
)
def test_what_counts_as_the_same_place(before: dict[str, Any], after: dict[str, Any], by: str | None) -> None:
    """Region and side within 15 mm, perimeters by centre, regions by region and side, sites by words; else nothing."""
    found = match(visit(0, before).placements, visit(7, after).placements)
    assert [pair.by for pair in found] == ([by] if by else [])


def test_what_continues_is_kept_wherever_it_is() -> None:
    """`continues` outweighs place and distance, and takes the old placement from a nearer one."""
    before = visit(0, point("posterior", 290, 290, **TRAPEZIUS))
    near = point("posterior", 291, 290, **TRAPEZIUS)
    far = point("posterior", 410, 700, continues="d0-1")
    [pair] = match(before.placements, visit(7, near, far).placements)
    assert (pair.after.number, pair.by) == (2, "continues")


def test_the_nearest_is_taken_first() -> None:
    """Of several within reach the nearest pair goes together, then the nearest of the rest."""
    before = visit(0, point("posterior", 290, 290, **TRAPEZIUS), point("posterior", 298, 290, **TRAPEZIUS))
    after = visit(7, point("posterior", 296, 290, **TRAPEZIUS), point("posterior", 302, 290, **TRAPEZIUS))
    pairs = match(before.placements, after.placements)
    assert [(pair.before.number, pair.after.number, pair.distance_mm) for pair in pairs] == [(2, 1, 2.0), (1, 2, 12.0)]


def test_order_asked_does_not_matter() -> None:
    """Visits are put in the order of their times, in UTC."""
    one, two = visit(0, BY_REGION), visit(7, CALF)
    assert compare([two, one], MUSCLE_OF) == compare([one, two], MUSCLE_OF)
    assert [entry.id for entry in compare([two, one], MUSCLE_OF).sessions] == ["v0", "v7"]


def test_places_are_followed_over_visits_that_left_them_out() -> None:
    """A place of the first and the third visit is kept, though the second had it not; each pair says its own."""
    first = visit(0, BY_REGION, CALF, pain_before=7)
    second = visit(7, CALF)
    third = visit(14, BY_REGION, point("posterior", 290, 290, **TRAPEZIUS))
    found = compare([first, second, third], MUSCLE_OF)
    assert [(place.change, [seen.session for seen in place.visits]) for place in found.places] == [
        ("new", ["v14"]),
        ("kept", ["v0", "v14"]),
        ("gone", ["v0", "v7"]),
    ]
    assert [(len(pair.new), len(pair.kept), len(pair.gone)) for pair in found.pairs] == [(0, 1, 1), (2, 0, 1)]
    assert [entry.muscle for entry in found.muscles.kept] == ["levator-scapulae"]
    assert [entry.muscle for entry in found.pairs[1].muscles.new] == ["levator-scapulae", "trapezius"]


def test_what_was_not_done_was_not_placed() -> None:
    """A place that the last visit left undone is gone, one that was only ever left undone is told apart, and one that
    was left undone before is new; places are numbered in that order."""
    undone = {"status": "not-done"}
    before = visit(0, BY_REGION, {**CALF, **undone}, point("posterior", 290, 290, **TRAPEZIUS, **undone))
    after = visit(7, {**BY_REGION, **undone}, CALF, {**BY_REGION, "side": "left", **undone})
    found = compare([before, after], MUSCLE_OF)
    assert [(place.number, place.change, place.region or place.site) for place in found.places] == [
        (1, "new", CALF["site"]["text"]),
        (2, "gone", "levator-scapulae"),
        (3, "not-done", "levator-scapulae"),
        (4, "not-done", "trapezius-descending"),
    ]
    assert [place.shown.session for place in found.places] == ["v7", "v0", "v7", "v0"]
    [pair] = found.pairs
    assert (len(pair.new), len(pair.kept), len(pair.gone)) == (1, 0, 1)


def test_a_perimeter_is_held_to_region_and_side() -> None:
    """Two rings near each other on both sides of the midline, or around different muscles, are two places."""
    muscles = ("iliocostalis-lumborum", "serratus-posterior-inferior")
    for one, other in (
        (ring(344, 700), ring(356, 700)),
        (ring(392, 660, region=muscles[0]), ring(392, 660, region=muscles[1])),
    ):
        before, after = visit(0, one), visit(7, other)
        places = [v.placements[0].resolved for v in (before, after)]
        assert (places[0].region, places[0].side) != (places[1].region, places[1].side)
        assert match(before.placements, after.placements) == []


def test_muscles_are_told_by_side_and_only_where_needled() -> None:
    """Another side is another muscle; what was not done went into none; `also` counts."""
    before = visit(0, {**BY_REGION, "also": ["trapezius-descending"]})
    after = visit(7, {**BY_REGION, "side": "left"}, {**BY_REGION, "status": "not-done"})
    muscles = compare([before, after], MUSCLE_OF).muscles
    assert [(entry.muscle, entry.side) for entry in muscles.new] == [("levator-scapulae", "left")]
    assert muscles.kept == ()
    assert [(entry.muscle, entry.side) for entry in muscles.gone] == [
        ("levator-scapulae", "right"),
        ("trapezius", "right"),
    ]


def at(number: int, x: float, y: float, day: str) -> RecordedPlacement:
    place = Resolved(
        region="trapezius-descending",
        structure="trapezius-descending",
        side="left",
        layer="superficial",
        muscle="trapezius",
        inferred=False,
        view="posterior",
        at=(x, y),
        beneath=(),
        landmark=None,
    )
    return RecordedTriggerPoint(
        id=f"{day}{number}", number=number, status="done", count=1, resolved=place, flags=(), view="posterior"
    )


PLACES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


@given(PLACES, PLACES)
def test_pairs_are_one_to_one_and_none_is_forgotten(one: Sequence[Any], two: Sequence[Any]) -> None:
    """Nobody is in two pairs, no pair is too far apart, and no two left over could have been a pair."""
    before = [at(number, xy[0], xy[1], "a") for number, xy in enumerate(one, 1)]
    after = [at(number, xy[0], xy[1], "b") for number, xy in enumerate(two, 1)]
    pairs = match(before, after)
    olds, news = {pair.before.id for pair in pairs}, {pair.after.id for pair in pairs}
    assert len(olds) == len(news) == len(pairs)
    assert all(pair.distance_mm is not None and pair.distance_mm <= KEPT_WITHIN_MM for pair in pairs)
    left = [placement for placement in before if placement.id not in olds]
    over = [placement for placement in after if placement.id not in news]
    assert all(dist(a.resolved.at or (), b.resolved.at or ()) > KEPT_WITHIN_MM for a in left for b in over)
    assert match(before[::-1], after[::-1]) == pairs


@given(st.lists(PLACES, min_size=2, max_size=4))
def test_every_placement_is_told_once(days: Sequence[Sequence[Any]]) -> None:
    """Each placement of each visit belongs to exactly one place, and the counts add up."""
    sessions = [
        msgspec.structs.replace(
            session_of(
                [at(number, xy[0], xy[1], f"{day}-") for number, xy in enumerate(places, 1)],
                started_at=START + timedelta(days=day),
            ),
            id=f"v{day}",
        )
        for day, places in enumerate(days)
    ]
    found = compare(sessions, MUSCLE_OF)
    told = [seen.placement for place in found.places for seen in place.visits]
    assert sorted(told) == sorted(placement.id for session in sessions for placement in session.placements)
    assert found.count("new") + found.count("kept") == len(sessions[-1].placements)
    for pair, session in zip(found.pairs, sessions[1:], strict=True):
        assert len(pair.new) + len(pair.kept) == len(session.placements)
