"""Flags of a needle's own way, as a placement states it."""

from typing import Any

import pytest

from bodymap.charting.needle_way import flags_with_way
from bodymap.charting.placement import Flag, RecordedPerimeter
from tests.charting.visits_drafted import ATLAS, drafted

# Beside the medial border of the left shoulder blade, over the lung.
OVER_LUNG = {"view": "posterior", "at": [275.0, 400.0], "side": "left"}


def placed(**stated: Any) -> Any:
    """One placement as it is recorded."""
    (placement,) = drafted(placements=[{"kind": "trigger_point", **stated}]).placements
    return placement


def certainty(placement: Any, code: str) -> str | None:
    """How certain a flag is, None where it is not raised."""
    return next((flag.certainty for flag in placement.flags if flag.code == code), None)


def test_a_way_into_the_lung_is_on_the_way_and_a_short_one_is_not() -> None:
    """Straight in for 60 mm meets the lung; for 3 mm the point lies over it all the same."""
    deep = placed(**OVER_LUNG, angle_from_normal_deg=0, depth_mm=60)
    assert certainty(deep, "over-lung-field") == "on-the-way"
    assert certainty(placed(**OVER_LUNG, angle_from_normal_deg=0, depth_mm=3), "over-lung-field") == "under-the-point"


@pytest.mark.parametrize(
    "stated",
    [{}, {"depth_mm": 60}, {"angle_from_normal_deg": 30, "depth_mm": 60}, {"angle_from_normal_deg": 0}],
    ids=["nothing", "no angle", "no direction", "no depth"],
)
def test_a_way_of_which_a_part_is_not_stated_adds_nothing(stated: dict[str, Any]) -> None:
    """Nobody said which way the needle went: what lies under the point stays."""
    assert placed(**OVER_LUNG, **stated).flags == placed(**OVER_LUNG).flags


def test_a_way_that_leaves_its_point_has_what_it_comes_to() -> None:
    """From a point with no flag of the nerve, a needle that leans towards it names it with its distance."""
    at = {"view": "posterior", "at": [258.0, 365.0], "side": "left"}
    straight = placed(**at, angle_from_normal_deg=0, depth_mm=10)
    leaning = placed(**at, angle_from_normal_deg=45, direction="medial", depth_mm=40)
    nerves = {flag.code: flag for flag in leaning.flags if flag.certainty == "on-the-way"}
    assert nerves
    assert all(flag.distance_mm is not None for code, flag in nerves.items() if code.endswith("-nerve"))
    assert not any(flag.certainty == "on-the-way" for flag in straight.flags)


def test_each_needle_of_a_ring_has_its_own_way() -> None:
    """Of a ring beside the shoulder blade with one angle and depth, needles that reach the lung say so, and the ring
    has the surest of them."""
    ring = {"center": [275.0, 400.0], "radius_mm": 20.0, "needles": 6}
    stated = {"kind": "perimeter", "view": "posterior", "ring": ring, "angle_from_normal_deg": 0, "depth_mm": 60}
    (placement,) = drafted(placements=[stated]).placements
    assert isinstance(placement, RecordedPerimeter)
    own = [{flag.code: flag.certainty for flag in needle.flags} for needle in placement.needles]
    assert "on-the-way" in {flags.get("over-lung-field") for flags in own}
    assert certainty(placement, "over-lung-field") == "on-the-way"


def test_a_muscle_treated_through_the_same_insertion_brings_its_cautions() -> None:
    """What sources name for a further muscle reaches the placement, as possible."""
    alone = placed(view="posterior", at=[270.0, 846.0], region="gluteus-maximus", side="left")
    also = placed(view="posterior", at=[270.0, 846.0], region="gluteus-maximus", side="left", also=["piriformis"])
    assert certainty(also, "sciatic-nerve") in ("possible", "under-the-point")
    assert {flag.code for flag in alone.flags} <= {flag.code for flag in also.flags}


def test_other_flags_keep_their_places() -> None:
    """A flag that the way does not meet stays as it was, before those that only the way has."""
    stated = placed(**OVER_LUNG, angle_from_normal_deg=0, depth_mm=60)
    other = Flag(code="region-differs", certainty="under-the-point", found="skin")
    flags = flags_with_way(ATLAS, stated, "posterior", (275.0, 400.0), "shown", "left", (other, other))
    assert flags[:2] == (other, other)
    assert "over-lung-field" in {flag.code for flag in flags[2:]}
