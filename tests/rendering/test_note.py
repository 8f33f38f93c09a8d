"""The procedure note: six lines that say what was done where, what was not, and how it went."""

from typing import Any

import pytest

from bodymap.charting.flags import reason
from bodymap.rendering.wording.note import write_note
from bodymap.words import LANGUAGES, Language
from tests.charting.visits_drafted import USE_CASES, drafted

PLACEMENTS = [
    {"kind": "trigger_point", "region": "trapezius-descending", "side": "right", "twitch": {"obtained": True}},
    {"kind": "trigger_point", "region": "levator-scapulae", "side": "left", "depth_mm": 12},
    {
        "kind": "trigger_point",
        "region": "levator-scapulae",
        "side": "left",
        "status": "not-done",
        "status_reason": "Sore.",
    },
    {"kind": "trigger_point", "site": {"text": "Calf"}, "side": "left"},
]


def note(lang: Language = "en", **members: Any) -> list[str]:
    session = drafted(**{"placements": PLACEMENTS, "started_at": "2026-11-23T09:00:00-08:00", **members})
    summary = USE_CASES.sessions.answer(session, lang).summary
    text = write_note(USE_CASES.atlases.of(session), session, summary, lang).decode()
    assert text.endswith("\n")
    return text.splitlines()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_six_lines_in_every_language(lang: Language) -> None:
    """Whatever a text holds, line ends too, a note has six lines; flags stand without their reasons."""
    lines = note(lang, note="one\n\ntwo", pain_before=7, measures=[{"name": "ROM", "unit": "deg", "before": 40}])
    assert len(lines) == 6
    assert all(lines)
    assert reason("over-lung-field", lang) not in "\n".join(lines)


def test_places_stand_by_side_and_by_what_became_of_them() -> None:
    """Right and left are the patient's, in words; what was not done says why and is not among what was."""
    lines = note(pain_before=7, pain_after=3)
    assert lines[1] == (
        "Treated: right: Upper trapezius (1); left: Levator scapulae (2), Calf (4). "
        "Not done: left: Levator scapulae (3: Sore.)."
    )
    assert lines[3] == "Local twitch response at 1. Pain 7 before, 3 after."


def test_what_nobody_stated_is_said_to_be_so() -> None:
    """No score is made up, no event is denied, and a code that a person set takes the place of the suggestion."""
    assert "Pain not stated before, 3 after." in note(pain_after=3)[3]
    assert "No adverse event recorded." in note()[4]
    assert note()[5].startswith("Suggested code: 20560.")
    assert note(billing_code={"code": "20561", "by": "Dana"})[5].startswith("Code: 20561, set by Dana.")
    assert note(placements=[])[1] == "No placements recorded."
