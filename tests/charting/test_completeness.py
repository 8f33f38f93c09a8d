"""What a record should hold: found missing where it is, on whose word; and what a signature still asks for."""

from typing import Any, get_args

import pytest

from bodymap.charting.completeness import Completeness, RecordField, completeness
from bodymap.words import LANGUAGES, Language, catalogue
from tests.charting.visits_drafted import ATLAS, BY_REGION, POINT, RING, drafted

WHOLE: dict[str, Any] = {
    "started_at": "2026-11-23T09:00:00-08:00",
    "ended_at": "2026-11-23T09:25:00-08:00",
    "needle": {"diameter_mm": 0.25, "length_mm": 40},
    "needles_in": 1,
    "needles_out": 1,
    "consent": {"signed_at": "2026-11-23T08:50:00-08:00", "copy_given": True},
    "information_given": {"version": "3"},
}
DONE = {**POINT, "depth_mm": 12, "technique": "static", "dwell_s": 30, "twitch": {"sought": False}}


def found(**members: Any) -> Completeness:
    return completeness(drafted(**members), ATLAS, "en")


def missing(**members: Any) -> dict[str, tuple[int, ...]]:
    return {one.field: one.placements for one in found(**members).missing}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_has_its_word_and_its_source(lang: Language) -> None:
    """In every language the same fields, no other; each is asked for by a source that the answer has."""
    assert set(catalogue(lang).answer.record_fields) == set(get_args(RecordField))
    empty = completeness(drafted(placements=[POINT, {"kind": "trigger_point", "site": {"text": "Calf"}}]), ATLAS, lang)
    assert {one.field for one in empty.missing} == set(get_args(RecordField))
    assert {name for one in empty.missing for name in one.sources} == set(empty.sources)


def test_a_whole_record_lacks_nothing() -> None:
    """Nothing is asked for that is there, nor of placements that were not done."""
    left = {**BY_REGION, "status": "not-done"}
    assert missing(**WHOLE, placements=[DONE, left]) == {}
    assert missing(**{**WHOLE, "needle": None}, placements=[{**DONE, "needle": WHOLE["needle"]}]) == {}


@pytest.mark.parametrize("member", sorted(WHOLE))
def test_what_is_left_out_of_the_session_is_missing(member: str) -> None:
    """Each member by itself."""
    names = {"started_at": "times", "ended_at": "times"}
    lacking = missing(**{**WHOLE, member: None}, placements=[DONE])
    assert names.get(member, member) in lacking
    assert set(lacking) - {"consent_copy"} == {names.get(member, member)}


@pytest.mark.parametrize("member", ["depth_mm", "technique", "dwell_s", "twitch"])
def test_what_is_left_out_of_a_placement_is_missing_there(member: str) -> None:
    """By its number; nobody looks for a twitch at a perimeter."""
    whole = {**RING, "depth_mm": 5, "technique": "superficial", "dwell_s": 600}
    assert missing(**WHOLE, placements=[DONE, {**DONE, member: None}, whole]) == {member: (2,)}


def test_what_a_signature_asks_is_said_before_it_is_asked() -> None:
    """The same complaints as at signing, with pointers into the session."""
    asked = found(placements=[{**POINT, "status": "planned"}], needles_in=2).to_sign
    assert [(one.pointer, one.code) for one in asked] == [
        ("/placements/0/status", "still-planned"),
        ("/needles_out", "missing-field"),
        ("/count_note", "count-mismatch"),
    ]
    assert found(**WHOLE, placements=[DONE]).to_sign == ()
