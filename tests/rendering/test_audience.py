"""The audience of a picture: what patients are not told is not there to be drawn."""

from datetime import UTC, datetime

import msgspec
import pytest
from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.course import course_of
from bodymap.charting.events import RecordedEvent
from bodymap.charting.session import Session
from bodymap.rendering.audience import Clinicians, Patients, audience_of
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.options import SessionChartOptions
from tests.rendering.checks import MARKED
from tests.rendering.visits_compared import compared
from tests.rendering.visits_drawn import point, recorded, session_of

DAY = datetime(2026, 11, 23, tzinfo=UTC)
STATED = {
    "depth_mm": 73.5,
    "angle_from_normal_deg": 61.5,
    "direction": "lateral",
    "technique": MARKED,
    "dwell_s": 777,
    "insertions": 888,
    "twitch": {"sought": True, "obtained": True, "count": 99},
    "electrical": {"channel": MARKED, "hz": 66, "minutes": 55},
    "needle": {"lot": MARKED, "maker": MARKED, "diameter_mm": 0.37, "length_mm": 97},
    "pain_before": 9,
    "pain_after": 8,
    "response": MARKED,
    "precaution": MARKED,
    "note": MARKED,
}
WHERE = {"id", "number", "status", "view", "at", "region", "side", "also", "site", "landmark", "offset_mm"}
WHERE |= {"count", "ring", "outline", "spacing_mm", "skip", "needles", "resolved"}
WHEN = {"id", "version", "status", "atlas", "created_at", "updated_at", "last_number"}
WHEN |= {"started_at", "started_on", "ended_at", "placements"}


@pytest.fixture
def visit(atlas: Atlas) -> Session:
    """A point and a line over the lung with everything stated, an adverse event, pain, and a note."""
    ring = {"kind": "perimeter", "view": "posterior", "ring": {"center": [302, 500], "radius_mm": 25, "needles": 8}}
    placements = recorded(atlas, [point("posterior", 302, 275, **STATED), {**ring, **STATED}])
    event = RecordedEvent(
        id="e",
        event="pneumothorax",
        severity="serious",
        onset_at=DAY,
        placement=placements[0].id,
        action=MARKED,
        by="Practitioner/7",
        recorded_at=DAY,
    )
    named = dict.fromkeys(("performer", "encounter", "position", "note", "count_note"), MARKED)
    return session_of(placements, subject="Patient/123", pain_before=10, pain_after=7, events=(event,), **named)


def test_patients_are_given_where_and_when_and_nothing_else(visit: Session) -> None:
    """Every other member of a session, its placements and its needles is as if it had never been stated."""
    assert any(placement.flags for placement in visit.placements)
    session = Patients(THEMES["patient"]).session(visit)
    for record, members in ((session, WHEN), *((placement, WHERE) for placement in session.placements)):
        for field in structs.fields(record):
            if field.name not in members:
                assert getattr(record, field.name) in (None, (), field.default), field.name
    text = msgspec.json.encode(session).decode()
    assert MARKED not in text
    assert "lung" not in text
    assert [p.resolved for p in session.placements] == [p.resolved for p in visit.placements]


def test_patients_are_given_no_pain_and_no_names_of_several_visits(atlas: Atlas, visit: Session) -> None:
    """Neither compared visits nor a course say whose they are, by whom, or how much it hurt."""
    second = structs.replace(visit, id="second", started_at=DAY)
    for given in (
        Patients(THEMES["patient"]).comparison(compared(atlas, visit, second).comparison),
        Patients(THEMES["patient"]).course(course_of("Patient/123", [visit, second])),
    ):
        text = msgspec.json.encode(given).decode()
        assert "Patient/123" not in text
        assert MARKED not in text
        assert not [part for part in text.split(",") if '"pain_' in part and not part.rstrip("]}").endswith(":null")]


def test_clinicians_are_given_the_record_as_it_is(visit: Session) -> None:
    """Nothing is left out, and no option is changed."""
    options = SessionChartOptions(referral=True)
    assert Clinicians(THEMES["clinical"]).session(visit) is visit
    assert Clinicians(THEMES["clinical"]).options(options) is options


def test_patients_see_no_referral_areas_and_the_first_muscles() -> None:
    """Whatever is asked for; a layer that is asked for by its name is drawn."""
    patients = Patients(THEMES["patient"])
    assert patients.options(SessionChartOptions(referral=True)) == SessionChartOptions(layer="superficial")
    assert patients.options(SessionChartOptions(layer="deep")).layer == "deep"


def test_every_theme_has_its_readers() -> None:
    """One theme is for patients; a theme made from it stays so."""
    assert [id_ for id_, theme in THEMES.items() if isinstance(audience_of(theme), Patients)] == ["patient"]
    assert isinstance(audience_of(structs.replace(THEMES["patient"], id="own")), Patients)
