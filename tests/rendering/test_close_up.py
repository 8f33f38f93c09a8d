"""What stands close up by default: the treated area, its place on the body, and a line that answers at a glance."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from bodymap.atlas import Atlas
from bodymap.rendering.chart.picture import compose_chart, render_chart
from bodymap.rendering.options import ChartOptions
from tests.rendering.visits_drawn import point, recorded, session_of

SVG = "{http://www.w3.org/2000/svg}"
RIGHT = [
    point("posterior", 385, 265, region="trapezius-descending", side="right"),
    {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
]


def test_a_close_up_is_symmetric_and_holds_what_was_treated(atlas: Atlas) -> None:
    """The midline is its middle, whole muscles lie in it, and it takes at least a third of the sheet."""
    composed = compose_chart(atlas, session_of(recorded(atlas, RIGHT)), ChartOptions())
    [view] = composed.views
    shown = view.panel.window
    assert shown.left + shown.right == pytest.approx(700)
    for region in ("trapezius-descending", "levator-scapulae"):
        outline = atlas.silhouette(region, "right", "posterior")
        assert outline is not None
        left, top, right, bottom = outline.bounds
        assert shown.left < left < right < shown.right
        assert shown.top <= top < bottom <= shown.bottom
    share = view.panel.width * view.panel.height * view.frame[2] ** 2 / (composed.scene.width * composed.scene.height)
    assert share > 1 / 3


def test_a_small_body_says_where_a_close_up_is(atlas: Atlas) -> None:
    """A close-up has one; the whole body has none."""
    session = session_of(recorded(atlas, RIGHT))
    for focus, count in (("auto", 1), ("full", 0)):
        root = ET.fromstring(render_chart(atlas, session, ChartOptions(focus=focus)))  # type: ignore[arg-type]
        assert len([group for group in root.iter(f"{SVG}g") if group.get("data-locator")]) == count


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Right: upper trapezius, levator scapulae; 2 places, 1 needle; pain 7 to 3"),
        ("de", "2 Stellen, 1 Nadel; Schmerz 7 auf 3"),
        ("es", "2 puntos, 1 aguja; dolor de 7 a 3"),
        ("fr", "2 endroits, 1 aiguille; douleur de 7 à 3"),
    ],
)
def test_a_head_line_answers_at_a_glance(atlas: Atlas, lang: Any, line: str) -> None:
    """Which side, which muscles, how many places and needles, and what came of it; nothing of that for a patient."""
    session = session_of(recorded(atlas, RIGHT), pain_before=7, pain_after=3)
    said = [text.text or "" for text in ET.fromstring(render_chart(atlas, session, ChartOptions(lang=lang))).iter()]
    assert line in " ".join(said)
    assert line not in render_chart(atlas, session, ChartOptions(lang=lang, theme="patient")).decode()
