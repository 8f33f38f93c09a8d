"""Pictures of a course, and of referral areas, that are looked at, kept, and drawn the same ever after.

As in `test_golden`: `--refresh-golden` keeps what is drawn now, and fails.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from bodymap.atlas import Atlas
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.course.formats import HeatmapDrawing, TimelineDrawing
from bodymap.rendering.course.options import HeatmapOptions, TimelineOptions
from bodymap.rendering.options import PrintOptions
from tests.rendering.courses_drawn import course, many_visits
from tests.rendering.visits_nasty import demonstration

KEPT = Path(__file__).with_name("golden_courses")


def timeline(atlas: Atlas, **options: object) -> bytes:
    visits = course([demonstration(f"visit-{number}") for number in (1, 2, 3)])
    return TimelineDrawing(atlas, visits, {"1": atlas}, TimelineOptions(**options)).draw("svg")  # type: ignore[arg-type]


def heatmap(atlas: Atlas, **options: object) -> bytes:
    visits = course(many_visits(atlas, 12, 1))
    return HeatmapDrawing(atlas, visits, HeatmapOptions(**options)).draw("svg")  # type: ignore[arg-type]


def areas(atlas: Atlas, **options: object) -> bytes:
    how = PrintOptions(referral=True, **options)  # type: ignore[arg-type]
    return draw(Drawing(atlas, demonstration("visit-1"), how), "svg")


CASES: dict[str, Callable[[Atlas], bytes]] = {
    "timeline": lambda atlas: timeline(atlas),
    "timeline-patient-phone": lambda atlas: timeline(atlas, theme="patient", lang="fr", width=360),
    "heatmap": lambda atlas: heatmap(atlas),
    "heatmap-print": lambda atlas: heatmap(atlas, theme="print", lang="de", id_prefix="one-", focus="auto"),
    "referral": lambda atlas: areas(atlas, lang="es", theme="contrast"),
}


@pytest.mark.parametrize("name", CASES)
def test_courses_are_drawn_as_they_were_kept(atlas: Atlas, name: str, request: pytest.FixtureRequest) -> None:
    """Byte for byte, wherever this runs, kept with a line for every element."""
    content = CASES[name](atlas).replace(b"><", b">\n<")
    path = KEPT / f"{name}.svg"
    if request.config.getoption("--refresh-golden"):
        KEPT.mkdir(exist_ok=True)
        path.write_bytes(content)
        pytest.fail(f"{path.name} was kept anew: look at it, and run this again without --refresh-golden.")
    assert content == path.read_bytes(), f"{path.name} is drawn otherwise now: --refresh-golden, if it is meant"
    assert {kept.stem for kept in KEPT.iterdir()} == set(CASES)
