"""What answers mean for a visit: which items are met or may be, and which places they touch."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.errors import Complaint
from bodymap.screening.answers import AnsweredArea, ScreeningAnswer, ScreeningAnswers, check_answers
from bodymap.screening.findings import Finding, VisitPlace, findings, unanswered
from bodymap.screening.items import items

ATLAS = load_atlas()
ASKED = [item for item in items() if item.answer == "yes-no-unknown"]
DELTOID = VisitPlace(number=1, regions=("deltoid-acromial",), side="right")
TRICEPS = VisitPlace(number=2, regions=("triceps-brachii",), side="left")
PSOAS = VisitPlace(number=3, regions=("psoas-major",), side="left")
LUNG = VisitPlace(number=4, regions=("trapezius-transverse",), side="left", flags=frozenset({"over-lung-field"}))
MASSETER = VisitPlace(number=5, regions=("masseter",), side="left")
SOMEWHERE = VisitPlace(number=6)


def found(*answers: ScreeningAnswer, places: tuple[VisitPlace, ...] = (), **members: Any) -> dict[str, Finding]:
    stated = ScreeningAnswers(answers=answers, **members)
    return {finding.item: finding for finding in findings(stated, places, 2026, ATLAS)}


def touched(finding: Finding) -> dict[int, str]:
    return {placement.number: placement.certainty for placement in finding.placements}


def yes(item: str, **members: Any) -> ScreeningAnswer:
    return ScreeningAnswer(item=item, answer="yes", **members)


@pytest.mark.parametrize("item", [item.id for item in ASKED])
def test_unknown_is_never_no(item: str) -> None:
    """An answer of unknown gives a finding that says so, an answer of no gives none, and no answer is listed."""
    assert found(ScreeningAnswer(item=item, answer="unknown"))[item].state == "unknown"
    assert item not in found(ScreeningAnswer(item=item, answer="no"))
    assert item in unanswered(ScreeningAnswers())
    assert item not in unanswered(ScreeningAnswers(answers=(ScreeningAnswer(item=item, answer="no"),)))


def test_an_arm_with_lymphoedema_touches_that_arm() -> None:
    """Places in the arm are touched, the shoulder may be, the other side and other parts of the body are not."""
    arm = (AnsweredArea(area="arm", side="left"),)
    places = (DELTOID, TRICEPS, MASSETER, SOMEWHERE)
    assert touched(found(yes("lymphedema", where=arm), places=places)["lymphedema"]) == {2: "known", 6: "possible"}
    other = (AnsweredArea(area="arm", side="right"),)
    right = found(yes("lymphedema", where=other), places=places)["lymphedema"]
    assert touched(right) == {1: "possible", 6: "possible"}
    assert found(yes("lymphedema", where=arm), places=(MASSETER,))["lymphedema"].touches == "no-placement"


def test_an_area_without_a_side_or_in_words_may_touch_every_place() -> None:
    """What is not said is not taken to be elsewhere."""
    for where in ((), (AnsweredArea(text="below the knee"),)):
        finding = found(yes("local_infection", where=where), places=(TRICEPS, SOMEWHERE))["local_infection"]
        assert touched(finding) == {2: "possible", 6: "possible"}
    eitherside = found(yes("lymphedema", where=(AnsweredArea(area="arm"),)), places=(TRICEPS,))["lymphedema"]
    assert touched(eitherside) == {2: "possible"}


def test_an_electrical_device_touches_electrical_placements_only() -> None:
    """A pacemaker concerns the technique; without a planned place nobody knows."""
    current = VisitPlace(number=7, regions=("masseter",), side="left", electrical=True)
    assert touched(found(yes("pacemaker"), places=(DELTOID, current))["pacemaker"]) == {7: "known"}
    assert found(yes("pacemaker"), places=(DELTOID,))["pacemaker"].touches == "no-placement"
    assert found(yes("pacemaker"))["pacemaker"].touches == "not-stated"


def test_a_lung_disease_touches_places_over_the_lung() -> None:
    """By the flag of the place; a place of which nothing is known may be over it."""
    finding = found(yes("chronic_lung"), places=(LUNG, MASSETER, SOMEWHERE))["chronic_lung"]
    assert touched(finding) == {4: "known", 6: "possible"}


def test_a_deep_place_that_cannot_be_compressed_follows_from_two_items() -> None:
    """Psoas with a clotting disorder, or with a medicine that nobody is sure of; nothing without either."""
    assert "clotting_no_compression" not in found(places=(PSOAS,))
    assert found(yes("clotting_disorder"), places=(PSOAS,))["clotting_no_compression"].state == "present"
    unsure = ScreeningAnswer(item="anticoagulant", answer="unknown")
    finding = found(unsure, places=(PSOAS, MASSETER))["clotting_no_compression"]
    assert (finding.state, touched(finding)) == ("unknown", {3: "known"})
    assert "clotting_no_compression" not in found(unsure, places=(MASSETER,))


@pytest.mark.parametrize(
    ("weeks", "first", "later"),
    [
        (8, "present", None),
        (12, "present", None),
        (13, "possible", "possible"),
        (14, None, "present"),
        (None, "possible", "possible"),
    ],
)
def test_weeks_of_pregnancy(weeks: int | None, first: str | None, later: str | None) -> None:
    """The first third up to week 12, another from week 14; between them, and where no week is known, either."""
    met = found(yes("pregnancy_t1", weeks=weeks), places=(SOMEWHERE,))
    assert (met["pregnancy_t1"].state if "pregnancy_t1" in met else None) == first
    assert (met["pregnancy_other"].state if "pregnancy_other" in met else None) == later


@pytest.mark.parametrize(("born", "state"), [(2015, "present"), (2014, "possible"), (2013, None), (1961, None)])
def test_a_child_by_the_year_of_birth(born: int, state: str | None) -> None:
    """Under 12 in 2026: born after 2014; born in it, perhaps."""
    met = found(birth_year=born)
    assert (met["under_12"].state if "under_12" in met else None) == state


def complaints(*answers: ScreeningAnswer, **members: Any) -> list[tuple[str, str]]:
    given_up: list[Complaint] = []
    stated = ScreeningAnswers(answers=answers, **members)
    check_answers(stated, "/screening", date(2026, 11, 28), given_up.append)
    return [(complaint.pointer, complaint.code) for complaint in given_up]


def test_what_cannot_be_is_refused_at_its_place() -> None:
    """Unknown items, items that are not asked, contradictions, answers given twice, births to come."""
    no = ScreeningAnswer(item="pregnancy_t1", answer="no", weeks=9)
    assert complaints(no) == [("/screening/answers/0/weeks", "contradiction")]
    assert complaints(yes("epilepsy", weeks=9)) == [("/screening/answers/0/weeks", "not-here")]
    assert complaints(yes("epilepsy"), ScreeningAnswer(item="epilepsy", answer="no")) == [
        ("/screening/answers/1/item", "answered-twice")
    ]
    assert complaints(yes("epilepsia")) == [("/screening/answers/0/item", "unknown-item")]
    assert complaints(yes("rib12_ql")) == complaints(yes("under_12")) == [("/screening/answers/0/item", "not-asked")]
    assert complaints(yes("lymphedema", where=(AnsweredArea(side="left"),))) == [
        ("/screening/answers/0/where/0", "missing-field")
    ]
    assert complaints(birth_year=2027) == complaints(birth_year=1880) == [("/screening/birth_year", "out-of-range")]
    assert complaints(birth_year=2026) == []


answered = st.builds(
    ScreeningAnswer, item=st.sampled_from([item.id for item in ASKED]), answer=st.sampled_from(["yes", "no", "unknown"])
)
visited = st.builds(
    VisitPlace,
    number=st.integers(1, 9),
    regions=st.lists(st.sampled_from([region.id for region in ATLAS.regions]), max_size=2).map(tuple),
    side=st.sampled_from(["left", "right", None]),
)


@given(answers=st.lists(answered, max_size=8, unique_by=lambda one: one.item), place=visited)
def test_knowing_less_of_a_place_never_loses_a_finding(answers: list[ScreeningAnswer], place: VisitPlace) -> None:
    """Whatever touches a place touches it, or may, also where its regions and its side are not known."""
    known = found(*answers, places=(place,))
    unknown = found(*answers, places=(VisitPlace(number=place.number, electrical=place.electrical),))
    for item, finding in known.items():
        if finding.placements and finding.technique is None:
            assert unknown[item].placements, item
