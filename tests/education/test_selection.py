"""Which texts a visit calls for: by what was done, where, and by what is known of the person."""

from typing import Any

import pytest

from bodymap.atlas import load_atlas
from bodymap.charting.place_flags import flags_of_region
from bodymap.education.selection import TreatedPlace, Visit, called_for, possible_at
from bodymap.education.texts import entries
from bodymap.errors import UnknownRegion

ATLAS = load_atlas()
LUNG, SPINE = "call-now", "call-now-spine"


def ids(*places: TreatedPlace, **known: Any) -> set[str]:
    """The texts for patients that a visit with these places calls for."""
    return {entry.id for entry in called_for(Visit(places=places, **known), ATLAS)}


def point(*regions: str, words: str = "", flags: tuple[str, ...] = ()) -> TreatedPlace:
    """A trigger point in regions, or in words."""
    return TreatedPlace(kind="trigger_point", regions=regions, words=words, flags=frozenset(flags))


@pytest.mark.parametrize("group", ["neck", "shoulder", "upper-back", "lower-back", "chest", "abdomen"])
def test_a_needle_in_the_trunk_tells_the_signs_of_a_collapsed_lung(group: str) -> None:
    """Each region of neck, shoulder, chest, back and abdomen shows them, and one such place among others is enough."""
    away = point("gluteus-medius")
    for region in ATLAS.find_regions(group=group):
        assert LUNG in ids(away, point(region.id)), region.id


@pytest.mark.parametrize(
    "words",
    [
        "calf",
        "lateral gastrocnemius",
        "Wade links",
        "mollet gauche",
        "Gemelo interno",
        "thenar",
        "hamstrings, both sides",
    ],
)
def test_words_for_leg_forearm_and_hand_are_known_to_be_away(words: str) -> None:
    """A place in words that name a part of a limb, in each language, leaves the signs of lung and spine out."""
    assert not {LUNG, SPINE} & ids(point(words=words), point("gluteus-medius"))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "a scar",
        "calf and upper trapezius",
        "calf, between the shoulder blades",
        "recto anterior",
        "recto anterior del abdomen",
        "obturator externus",
        "lateral pterygoid",
        "calfskin",
    ],
)
def test_words_that_nothing_is_known_of_tell_the_signs(words: str) -> None:
    """Where words name no such part, or more than that, the signs of lung and spine are shown."""
    assert {LUNG, SPINE} <= ids(point(words=words))


def test_a_visit_without_places_tells_the_signs() -> None:
    """Nothing charted is nothing known."""
    assert {LUNG, SPINE} <= ids()


def test_hip_head_and_arm_are_away_unless_a_flag_says_otherwise() -> None:
    """A region away from the trunk leaves the signs out; a flag of the lung or the spine on it shows them."""
    for group in ("hip", "head", "arm"):
        for region in ATLAS.find_regions(group=group):
            assert not {LUNG, SPINE} & ids(point(region.id)), region.id
    assert LUNG in ids(point("triceps-brachii", flags=("over-lung-field",)))
    assert SPINE in ids(point("gluteus-maximus", flags=("near-midline",)))
    assert SPINE in ids(point("temporalis", flags=("suboccipital",)))


def test_a_needle_beside_the_spine_tells_the_signs_of_a_bleed_there() -> None:
    """The back's own muscles and those under the skull do so by themselves, every other place by its flags."""
    assert SPINE in ids(point("multifidus-lumborum"))
    assert SPINE in ids(point("obliquus-capitis-inferior"))
    assert SPINE not in ids(point("infraspinatus"))
    assert SPINE in ids(point("trapezius-transverse", flags=("near-midline",)))
    assert SPINE in ids(point("infraspinatus"), point("rotatores"))
    flagged = {
        region.id
        for region in ATLAS.regions
        if {flag.code for flag in flags_of_region(ATLAS, region, "both")} & {"near-midline", "suboccipital"}
    }
    named = {region.id for region in ATLAS.regions if SPINE in ids(point(region.id))}
    assert len(named) == 19
    # Less than a tenth of this one lies over the canal.
    assert named <= flagged | {"iliocostalis-cervicis"}


def test_a_ring_and_a_trigger_point_are_each_told_where_there_is_one() -> None:
    """Into the spot, around it, or both, as it was done."""
    ring = TreatedPlace(kind="perimeter", regions=("infraspinatus",))
    into, around = {"into-the-spot", "feel-twitch"}, {"around-the-spot"}
    assert ids(ring) & (into | around) == around
    assert ids(point("infraspinatus")) & (into | around) == into
    assert ids(point("infraspinatus"), ring) & (into | around) == into | around


@pytest.mark.parametrize(("age", "told"), [(None, True), (0, True), (17, True), (18, False), (80, False)])
def test_the_note_on_children_is_for_those_under_18_and_of_unknown_age(age: int | None, told: bool) -> None:
    """From 18 on it is left out."""
    assert ("children" in ids(age_years=age)) == told


@pytest.mark.parametrize(("answer", "told"), [("yes", True), ("unknown", True), ("no", False)])
def test_the_note_on_pregnancy_is_left_out_only_by_an_answer(answer: str, told: bool) -> None:
    """Unknown is never no."""
    assert ("pregnancy" in ids(pregnant=answer)) == told


def test_notes_of_a_country_and_of_a_plan_are_for_these() -> None:
    """The note on insurance is told where it holds, the question whether it could help before anything is done."""
    assert "insurance-us" in ids(country="US")
    assert "insurance-us" not in ids(country="DE")
    assert "insurance-us" not in ids()
    assert "ask-about-it" in ids(planned=True)
    assert "ask-about-it" not in ids()


def test_patients_read_nothing_that_is_for_clinicians() -> None:
    """Rates and disagreements are selected for clinicians only, who read what patients do as well."""
    visit = Visit(places=(), country="US", planned=True)
    for_patients, for_clinicians = called_for(visit, ATLAS), called_for(visit, ATLAS, "clinician")
    assert {entry.audience for entry in for_patients} == {"patient"}
    assert set(for_patients) < set(for_clinicians)
    assert {"rates-lung", "conflict-coverage"} <= {entry.id for entry in for_clinicians}


def test_beyond_a_visit_only_places_rule_out() -> None:
    """Of places alone every text is possible but the dangers that none of them is near."""
    everything = [entry for entry in entries() if entry.audience == "patient"]
    assert list(possible_at([], ATLAS)) == everything
    left = set(everything) - set(possible_at([point("gluteus-medius")], ATLAS))
    assert {entry.id for entry in left} == {LUNG, SPINE}


def test_an_unknown_region_is_refused() -> None:
    """What the atlas does not have is never taken as away."""
    with pytest.raises(UnknownRegion):
        ids(point("calf"))
