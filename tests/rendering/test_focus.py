"""Focus: a part of a view is drawn larger, and what it leaves out is counted."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.rendering.boxes import Extents, around
from bodymap.rendering.chart.picture import compose_chart, render_chart
from bodymap.rendering.focus import whole, window
from bodymap.rendering.options import ChartOptions
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, point, recorded, session_of, somewhere

SVG = "{http://www.w3.org/2000/svg}"
PARTS = ["neck", "shoulder", "upper-back", "lower-back", "auto"]


@pytest.mark.parametrize("focus", PARTS)
@pytest.mark.parametrize("width", [160, 360, 800])
def test_what_lies_outside_is_left_out_and_counted(atlas: Atlas, focus: Any, width: int) -> None:
    """Every placement is either drawn inside the part in focus or counted as not shown; none is both or neither."""
    session = session_of(recorded(atlas, [*CONTRACT, *FOUR_VIEWS]))
    composed = compose_chart(atlas, session, ChartOptions(focus=focus, width=width))
    drawn = [placement.number for view in composed.views for placement in view.panel.placements]
    assert sorted([*drawn, *composed.left_out]) == [placement.number for placement in session.placements]
    for view in composed.views:
        shown = view.panel.window
        assert all(around(*at, 0).within(shown) for _, at in view.panel.points)
        assert all(around(*needle.at, 0).within(shown) for _, line in view.panel.lines for needle in line if needle.at)


@pytest.mark.parametrize("focus", PARTS)
def test_marks_and_letters_stay_within_the_window(atlas: Atlas, focus: Any) -> None:
    """Marks stand inside the window on the paper, L at the viewer's left of R on the back."""
    session = session_of(recorded(atlas, somewhere(atlas, 14, 5, (250, 450, 240, 330))))
    composed = compose_chart(atlas, session, ChartOptions(focus=focus, view="posterior"))
    [view] = composed.views
    x, y, scale = view.frame
    shown = view.panel.window
    paper = Extents(x + shown.left * scale, y + shown.top * scale, x + shown.right * scale, y + shown.bottom * scale)
    for _, box in view.marks.boxes:
        placed = Extents(x + box.left, y + box.top, x + box.right, y + box.bottom)
        assert placed.within(paper)
    root = ET.fromstring(render_chart(atlas, session, ChartOptions(focus=focus, view="posterior")))
    letters = {t.get("data-letter"): float(t.get("x", "nan")) for t in root.iter(f"{SVG}text") if t.get("data-letter")}
    assert letters["L"] < letters["R"]


def test_a_part_is_drawn_larger(atlas: Atlas) -> None:
    """A millimetre is longer on a chart of the neck than on one of the whole body."""
    session = session_of(recorded(atlas, [point("posterior", 330, 200)]))
    scales = [compose_chart(atlas, session, ChartOptions(focus=f)).views[0].frame[2] for f in ("full", "neck", "auto")]
    assert scales[1] > 1.4 * scales[0]
    assert scales[2] > 1.4 * scales[0]


@given(
    st.sampled_from(["posterior", "anterior", "left", "right"]),
    st.lists(st.tuples(st.floats(0, 360), st.floats(0, 970)), max_size=6),
)
def test_auto_shows_every_mark_and_stays_on_the_page(view: Any, spots: list[tuple[float, float]]) -> None:
    """The window of `auto` holds every mark, lies on the page, and is never a slit."""
    found = window(view, "auto", [around(*spot, 0) for spot in spots])
    assert found.within(whole(view))
    assert all(around(*spot, 0).within(found) for spot in spots)
    assert found.right - found.left >= min(259, SIZES[view][0])
    assert found.bottom - found.top >= 259
