"""The chart as text: complete, in order, in short lines, in every language."""

import re
from datetime import datetime
from time import process_time
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.charting.signatures import Signature
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.options import PrintOptions
from bodymap.rendering.output.text import WIDTH, columns
from bodymap.rendering.wording.clinical import ClinicalWording
from bodymap.words import Language
from tests.rendering.visits_drawn import START, point, recorded, session_of, somewhere


def text(atlas: Atlas, session: Session, **options: Any) -> str:
    return draw(Drawing(atlas, session, PrintOptions(**options)), "txt").decode("utf-8")


def flowing(said: str) -> str:
    return " ".join(said.split())


def test_the_text_is_complete_and_in_order(atlas: Atlas, contract_session: Session) -> None:
    """Head, placements by number, what is not drawn, counts, flags with reasons and sources, sides, credit."""
    said = flowing(text(atlas, contract_session))
    parts = [
        "Dry needling chart",
        "Patient: Patient/123",
        "Posterior view, superficial layer",
        "not shown on this view: 3",
        "1. Upper trapezius, left",
        "twitch ×3; pain 7 to 3",
        "2. Levator scapulae, right",
        "3. lateral gastrocnemius, left",
        "no plate shows it",
        "5. ",
        "31 charted · 2 placements without a count · 34 in · 34 out · difference 0",
        "no clearance",
        "over lung field, left: 1",
        "4 (needle 1–8)",
        "ZA51 (A): South Africa board notice 121, 5.1 thorax",
        "Not signed",
        "Left and right are the patient's.",
        "BodyParts3D",
    ]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("lang", get_args(Language))
def test_lines_are_short_in_every_language(atlas: Atlas, lang: Any) -> None:
    """No line is wider than 78 columns, of whatever letters, and nothing but line ends controls."""
    words = "漢字漢字漢字漢字" * 30 + " \x1b[31m \u202e " + "x" * 300
    placements = [point("posterior", 310, 400, note=words), *somewhere(atlas, 63, 3, (150, 550, 150, 900))]
    said = text(atlas, session_of(recorded(atlas, placements), note=words), lang=lang)
    assert max(map(columns, said.splitlines())) <= WIDTH
    assert not [letter for letter in said if letter != "\n" and not letter.isprintable()]
    assert said.endswith("\n")
    assert all(f"\n{number}. " in said for number in range(1, 65))


@pytest.mark.parametrize("letter", ["Ж", "漢", "e\u0301"])
def test_a_text_without_blanks_takes_no_longer_than_others(atlas: Atlas, letter: str) -> None:
    """4,000 letters in one go, as in Chinese, are broken into lines in a fraction of a second."""
    note = letter * (4000 // len(letter))
    session = session_of(recorded(atlas, [point("posterior", 302, 275, note=note, response=note, precaution=note)]))
    begun = process_time()
    lines = text(atlas, session).splitlines()
    assert process_time() - begun < 2
    assert "".join(lines).count(letter) == 3 * len(note) // len(letter)
    assert max(map(columns, lines)) <= WIDTH


def test_nothing_is_invented(atlas: Atlas) -> None:
    """An empty session has a title, that nothing was recorded, and no counts but its own."""
    bare = session_of([], subject=None, performer=None, started_at=None, ended_at=None, needles_in=None)
    said = text(atlas, bare)
    assert "No placements recorded." in said
    assert "0 charted" in said
    assert "difference" not in said
    assert "Patient:" not in said


def test_a_patients_text_has_nothing_clinical(atlas: Atlas, contract_session: Session) -> None:
    """In the patient's theme it tells where, in plain words."""
    said = text(atlas, contract_session, theme="patient").lower()
    assert "upper shoulder muscle" in said
    for part in ("lung", "needle", "flag", "12 mm", "practitioner"):
        assert part not in said, part


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2026-11-23T09:00:00-08:00", "2026-11-23T17:15:00+00:00", "23 Nov 2026, 09:00–09:15"),
        ("2026-11-23T09:00:00-08:00", "2026-11-24T02:15:00+09:00", "23 Nov 2026, 09:00–09:15"),
        ("2026-11-23T23:50:00+01:00", "2026-11-24T00:20:00+01:00", "23 Nov 2026, 23:50 – 24 Nov 2026, 00:20"),
        ("2026-10-25T02:45:00+02:00", "2026-10-25T02:15:00+01:00", "25 Oct 2026, 02:45–03:15"),
        ("2026-11-23T09:00:00-08:00", None, "23 Nov 2026, 09:00"),
    ],
)
def test_a_visit_ends_by_the_clock_that_it_began_by(atlas: Atlas, start: str, end: str | None, told: str) -> None:
    """Start and end are told in the offset of the start, the end with its date where that is another."""
    ended = datetime.fromisoformat(end) if end else None
    assert ClinicalWording(atlas, "en").date_line(datetime.fromisoformat(start), ended) == told


@given(st.integers(0, 100), st.integers(0, 100))
def test_pain_is_told_to_the_tenth(atlas: Atlas, before: int, after: int) -> None:
    """Both scores as they were stated, the one before first, in the decimals of the language."""
    for lang, sign, to in (("en", ".", "to"), ("de", ",", "auf")):
        said = ClinicalWording(atlas, lang).pain(before / 10, after / 10)  # type: ignore[arg-type]
        first, second = (f"{value / 10:g}".replace(".", sign) for value in (before, after))
        assert said.endswith(f" {first} {to} {second}")


def test_a_signature_is_told_with_the_version_that_it_was_given_to(atlas: Atlas) -> None:
    """An event that came after it is a version of its own, and nobody signed that."""
    signature = Signature(by="a", display="Dana Example", at=START, version=2, status="completed")
    session = session_of(recorded(atlas, [point("posterior", 310, 400)]), signature=signature)
    said = flowing(text(atlas, structs.replace(session, version=5, status="signed")))
    assert re.search(r"Signed by Dana Example, .{5,40} \(version 2\)", said)
    assert "version 5" in said
