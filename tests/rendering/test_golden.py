"""Charts that are looked at, kept, and drawn the same ever after.

`pytest tests/rendering/test_golden.py --refresh-golden` keeps what is drawn now, and fails, so that nobody takes it for
a test that has passed: look at what changed, and run it again without.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bodymap.atlas import Atlas
from bodymap.rendering.audience import audience_of
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.options import PrintedHeader, PrintOptions
from bodymap.rendering.output.formats import Format
from tests.rendering.visits_nasty import demonstration, nasty

GOLDEN = Path(__file__).with_name("golden")


class Case(NamedTuple):
    session: str
    form: Format
    options: dict[str, Any]


CASES = {
    "clinical": Case("visit-2", "svg", {}),
    "print-shaded": Case("visit-1", "svg", {"theme": "print", "detail": "shaded", "lang": "es"}),
    "patient-phone": Case("visit-1", "svg", {"theme": "patient", "lang": "fr", "width": 360}),
    "dark-focus": Case("visit-3", "svg", {"theme": "dark", "focus": "auto", "lang": "de"}),
    "contrast-sheet": Case("four views", "svg", {"theme": "contrast", "labels": "numbers"}),
    "cluster": Case("cluster", "svg", {}),
    "sixty-four": Case("sixty-four", "svg", {"width": 4000, "legend": False}),
    "thumbnail": Case("perimeters", "svg", {"width": 160}),
    "regions": Case("regions", "svg", {"layer": "superficial", "id_prefix": "one-"}),
    "foreign": Case("foreign", "svg", {"labels": "none"}),
    "nothing": Case("nothing", "svg", {"view": "left", "arm": "shown"}),
    "words": Case("contract", "txt", {}),
    "words-for-a-patient": Case("visit-3", "txt", {"theme": "patient", "lang": "es"}),
    "sheet": Case("visit-3", "pdf", {"theme": "print", "page": "letter"}),
}


def drawn(atlas: Atlas, case: Case) -> bytes:
    sessions = nasty(atlas)
    session = sessions[case.session] if case.session in sessions else demonstration(case.session)
    header = PrintedHeader(name="Ada Fictional", mrn="77") if case.form != "svg" else None
    stamp = audience_of(THEMES["clinical"]).stamp("superseded", 1, "en", latest=2) if case.form == "pdf" else None
    return draw(
        Drawing(atlas, session, PrintOptions(**case.options), header, stored=case.form == "pdf", stamp=stamp), case.form
    )


def kept(name: str, case: Case) -> Path:
    return GOLDEN / f"{name}.{case.form}"


@pytest.mark.parametrize("name", CASES)
def test_charts_are_drawn_as_they_were_kept(atlas: Atlas, name: str, request: pytest.FixtureRequest) -> None:
    """Byte for byte, wherever this runs. SVG is kept with a line for every element, so that changes can be read."""
    case = CASES[name]
    content = drawn(atlas, case)
    if case.form == "svg":
        assert b">\n<" not in content
        content = content.replace(b"><", b">\n<")
    path = kept(name, case)
    if request.config.getoption("--refresh-golden"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(content)
        pytest.fail(f"{path.name} was kept anew: look at it, and run this again without --refresh-golden.")
    assert path.exists(), "no such chart is kept: --refresh-golden"
    assert content == path.read_bytes(), f"{path.name} is drawn otherwise now: --refresh-golden, if it is meant"


def test_nothing_else_is_kept() -> None:
    """Every kept chart belongs to a case."""
    assert {path.name for path in GOLDEN.iterdir()} == {kept(name, case).name for name, case in CASES.items()}
