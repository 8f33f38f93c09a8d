"""Tables: what stands in one on the picture stands in it on paper and in the text."""

import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from pypdf import PdfReader

from bodymap.atlas import Atlas
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.chart.picture import compose_picture
from bodymap.rendering.chart.placement_rows import placement_table
from bodymap.rendering.comparison.formats import draw_comparison
from bodymap.rendering.comparison.picture import content_of
from bodymap.rendering.options import PrintOptions
from tests.rendering.visits_compared import BEFORE, CALF, LEVATOR, RING, two_visits
from tests.rendering.visits_drawn import point, recorded, session_of


def letters(form: str, drawn: bytes) -> str:
    """What is written in a picture, without the spaces and line ends that differ between formats."""
    if form == "svg":
        text = " ".join(ET.fromstring(drawn).itertext())
    elif form == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages)
    else:
        text = drawn.decode()
    return re.sub(r"[\s\u200b]", "", text)


def written(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("form", ["svg", "pdf", "txt"])
@pytest.mark.parametrize("theme", ["clinical", "patient"])
def test_a_chart_has_one_table(atlas: Atlas, theme: Any, form: Any) -> None:
    """Every cell of every row, whatever the format; a head over each column, or a sentence where there are none."""
    stated = point("posterior", 302, 275, depth_mm=12.5, note="sore when sitting", pain_before=7)
    session = session_of(recorded(atlas, [stated, RING, LEVATOR, CALF]))
    options = PrintOptions(theme=theme)
    drawn = letters(form, draw(Drawing(atlas, session, options), form))
    picture = compose_picture(atlas, session, options)
    table = placement_table(picture.session.placements, picture.panels, picture.wording)
    assert len(table.lines) == 4
    assert bool(table.columns) == (theme == "clinical")
    for line in table.lines:
        cells = line.cells if table.columns else ()
        assert [text for text in (*cells, *line.facts) if written(text) not in drawn] == []
    heads = [column.head for column in table.columns if form != "txt"]
    assert [head for head in heads if written(head) not in drawn] == []


@pytest.mark.parametrize("form", ["svg", "pdf", "txt"])
@pytest.mark.parametrize("theme", ["clinical", "patient"])
def test_compared_visits_have_one_table(atlas: Atlas, theme: Any, form: Any) -> None:
    """Every group with its places and sides, whatever the format; a column for each visit on picture and paper."""
    both = two_visits(atlas, theme=theme)
    table = content_of(both).table
    drawn = letters(form, draw_comparison(both, form))
    assert sum(len(group.rows) for group in table.groups) > len(BEFORE)
    for group in table.groups:
        texts = [group.heading, *(text for row in group.rows for text in (row.name, row.side, *row.facts))]
        assert [text for text in texts if written(text) not in drawn] == []
    assert len(table.visits) == (2 if theme == "clinical" else 0)
    assert [day for day in table.visits if written(day) not in drawn] == []
