"""Insets: crowded marks again, larger, and counted once."""

import xml.etree.ElementTree as ET

from bodymap.atlas import Atlas
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions
from tests.rendering.visits_drawn import point, recorded, session_of, somewhere


def drawn(atlas: Atlas, statements: list[dict[str, object]], **options: object) -> ET.Element:
    session = session_of(recorded(atlas, statements))
    return ET.fromstring(render_chart(atlas, session, ChartOptions(**options)))  # type: ignore[arg-type]


def repeats(root: ET.Element) -> list[str]:
    return sorted(element.get("data-repeats", "") for element in root.iter() if element.get("data-repeats"))


def test_a_crowd_is_shown_again_and_counted_once(atlas: Atlas) -> None:
    """Where numbers do not fit in place an inset repeats the marks, and each still is one mark with its number."""
    root = drawn(atlas, somewhere(atlas, 12, 3, (270, 320, 250, 300)))
    marks = [element.get("data-placement") for element in root.iter() if element.get("data-placement")]
    assert sorted(marks) == sorted(str(number) for number in range(1, 13))
    assert len(repeats(root)) >= 6
    assert set(repeats(root)) <= set(marks)
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Detail A" in words


def test_marks_with_room_need_no_inset(atlas: Atlas) -> None:
    """A chart whose numbers all stand in place has no inset, nor has a thumbnail, nor one without numbers."""
    apart = [point("posterior", 250 + 60 * column, 400 + 80 * row) for column in range(3) for row in range(3)]
    assert repeats(drawn(atlas, apart)) == []
    crowd = somewhere(atlas, 12, 3, (270, 320, 250, 300))
    assert repeats(drawn(atlas, crowd, width=200)) == []
    assert repeats(drawn(atlas, crowd, labels="none")) == []
