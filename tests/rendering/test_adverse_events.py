"""Adverse events in the words of a chart; nothing of them for a patient. Their signs are tested with the marks."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from bodymap.atlas import Atlas
from bodymap.charting.events import RecordedEvent
from bodymap.charting.session import Session
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions, PrintOptions
from tests.rendering.visits_drawn import START, point, recorded, session_of

SVG = "{http://www.w3.org/2000/svg}"
RING = {"kind": "perimeter", "view": "posterior", "ring": {"center": [402, 700], "radius_mm": 28, "needles": 8}}
REGION = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}


def event(placement: str | None, what: str = "bruise", severity: Any = "mild") -> RecordedEvent:
    return RecordedEvent(
        id=f"e-{placement}",
        event=what,
        severity=severity,
        onset_at=START,
        placement=placement,
        action="compressed",
        by="Practitioner/7",
        recorded_at=START,
    )


@pytest.fixture(scope="module")
def visit(atlas: Atlas) -> Session:
    """A point, a region and a perimeter with events, two points without, and an event of the session as a whole."""
    spots = [point("posterior", 302, 275), REGION, RING, point("posterior", 250, 330), point("posterior", 450, 330)]
    events = (event("p1"), event("p2", "<b>fainted</b>", "serious"), event("p3"), event(None, "nausea", "significant"))
    return session_of(recorded(atlas, spots), events=events)


def drawn(atlas: Atlas, session: Session, **options: Any) -> ET.Element:
    return ET.fromstring(render_chart(atlas, session, ChartOptions(**options)))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "adverse event: bruise (mild)"),
        ("es", "evento adverso: moretón (leve)"),
        ("de", "unerwünschtes Ereignis: blauer Fleck (leicht)"),
        ("fr", "événement indésirable : ecchymose (léger)"),
    ],
)
def test_events_are_told_in_words(atlas: Atlas, visit: Session, lang: Any, words: str) -> None:
    """In the description, in the text and in the key, in every language; what a client wrote stays text."""
    root = drawn(atlas, visit, lang=lang)
    assert words in (root.findtext(f"{SVG}desc") or "")
    assert "<b>fainted</b>" in (root.findtext(f"{SVG}desc") or "")
    assert not list(root.iter("b"))
    text = draw(Drawing(atlas, visit, PrintOptions(lang=lang)), "txt").decode()
    assert words in " ".join(text.split())


def test_an_event_of_the_whole_session_stands_at_the_head(atlas: Atlas, visit: Session) -> None:
    """Where no placement is named, it is told with what is said of the session."""
    lines = [element.text or "" for element in drawn(atlas, visit).iter(f"{SVG}text")]
    assert any("adverse event: nausea (significant)" in line for line in lines[:8])


def test_patients_see_none_of_it(atlas: Atlas, visit: Session) -> None:
    """The picture of a patient is the same with events and without."""
    for labels in ("callouts", "numbers"):
        options = ChartOptions(theme="patient", labels=labels)  # type: ignore[arg-type]
        assert render_chart(atlas, visit, options) == render_chart(atlas, session_of(visit.placements), options)


@pytest.mark.parametrize("order", [(1, 3), (3, 1), (2, 2), (5, 4)])
def test_the_sheet_tells_which_placement_an_event_belongs_to(atlas: Atlas, visit: Session, order: Any) -> None:
    """By the placement's number, in whatever order events were recorded; one of the whole session names none."""
    events = (*(event(f"p{number}", f"event {number}") for number in order), event(None, "nausea"))
    lines = draw(Drawing(atlas, session_of(visit.placements, events=events), PrintOptions()), "txt").decode()
    said = " ".join(lines.split()).partition("Adverse events")[2]
    told = [part.partition("compressed")[0] for part in said.split(" - ")[1:]]
    for number, part in zip(order, told, strict=False):
        assert part.startswith(f"event {number}")
        assert f"; No. {number};" in part
    assert "No." not in told[len(order)]
