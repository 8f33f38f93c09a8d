"""The flags of a session in one line, in pictures and for those who hear them."""

from typing import Any

import pytest
from msgspec import structs

from bodymap.atlas import load_atlas
from bodymap.charting.placement import Flag
from bodymap.charting.session import Session
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import SessionChartOptions
from bodymap.rendering.wording.flag_line import flag_line
from bodymap.words import LANGUAGES, Language
from tests.charting.visits_drafted import drafted

ATLAS = load_atlas()
BLADE = {"kind": "trigger_point", "view": "posterior", "at": [255.0, 410.0]}
BESIDE = {"kind": "trigger_point", "view": "posterior", "at": [300.0, 400.0]}
REGION = {"kind": "trigger_point", "region": "piriformis", "side": "left"}


def session(*placements: dict[str, Any]) -> Session:
    """A session as it is recorded."""
    return drafted(placements=list(placements))


def test_each_flag_is_told_once_by_how_certain_it_is() -> None:
    """The surest first; each code once with its placements, and those behind a bone apart."""
    line = flag_line(session(BLADE, BESIDE, REGION), "en")
    assert line.startswith(
        "Flags on the reference figure: under the point: over lung field 1, 2 (1 behind the shoulder blade"
    )
    assert line.endswith("possible: near sciatic nerve 3.")
    assert line.count("over lung field") == 1


def test_a_needle_that_meets_it_is_told_first() -> None:
    """What is on the needle's way stands before what lies under a point."""
    into = BESIDE | {"angle_from_normal_deg": 0, "depth_mm": 60}
    line = flag_line(session(into, BLADE), "en")
    assert line.index("on the needle's way: over lung field") < line.index("under the point: over lung field")


def test_a_session_without_flags_says_nothing() -> None:
    """No line, rather than a line that could be taken to clear a needle."""
    assert flag_line(session({"kind": "trigger_point", "site": {"text": "calf"}, "side": "left"}), "en") == ""


def test_what_only_the_session_has_stands_without_a_number() -> None:
    """Both sides of the thorax are of no placement."""
    other = BESIDE | {"at": [400.0, 400.0]}
    assert "both sides of thorax" in flag_line(session(BESIDE, other), "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_in_every_language_and_once_in_the_picture(lang: Language) -> None:
    """The picture has the line of its language, and the table no flag beside each muscle."""
    visit = session(BLADE, BESIDE, REGION)
    svg = render_chart(ATLAS, visit, SessionChartOptions(lang=lang)).decode()
    line = flag_line(visit, lang)
    first = " ".join(line.split()[:4])
    assert svg.count(first) == 2  # On the picture, and in its description.
    assert len({flag_line(visit, other) for other in LANGUAGES}) == len(LANGUAGES)


def test_a_picture_for_patients_has_none() -> None:
    """No flag stands on what a patient is given."""
    svg = render_chart(ATLAS, session(BLADE, BESIDE), SessionChartOptions(theme="patient")).decode()
    assert "lung" not in svg
    assert "Flags" not in svg


def test_a_flag_of_another_release_is_told_by_its_code() -> None:
    """A code and a bone that this release does not know are words all the same."""
    visit = session(BESIDE)
    flag = Flag(code="near-something", certainty="possible", behind="bone-of-another-atlas")
    (placement,) = visit.placements
    visit = structs.replace(visit, placements=(structs.replace(placement, flags=(flag,)),), flags=())
    assert flag_line(visit, "en") == "Flags on the reference figure: possible: near something 1 (behind bone)."
