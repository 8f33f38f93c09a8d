"""What stands where on a sheet: nothing touches, nothing leaves the paper, whatever is drawn, looked at and said."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.rendering.body.view import boxes
from bodymap.rendering.boxes import Extents
from bodymap.rendering.chart.picture import Composition, compose_chart
from bodymap.rendering.marks.leaders import crossed
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.scene import Group, Node, Text, Window
from bodymap.rendering.text_metrics import CAP_HEIGHT, DESCENT, text_width
from tests.rendering.visits_drawn import recorded, session_of, somewhere
from tests.rendering.visits_nasty import nasty

NAMES = (
    *("contract", "four views", "crowd", "cluster", "sixty-four", "one shoulder", "edges", "sides", "regions"),
    *("perimeters", "foreign", "site", "nothing"),
)


@pytest.fixture(scope="module")
def sessions(atlas: Atlas) -> dict[str, Session]:
    return nasty(atlas)


def texts(
    nodes: Sequence[Node], given: dict[str, str], x: float = 0, y: float = 0, scale: float = 1
) -> Iterator[tuple[Text, Extents]]:
    """Every text with the box that its letters take on the sheet; those of a part of a view as if it were not cut."""
    for node in nodes:
        if isinstance(node, Group):
            dx, dy, factor = node.frame or (0.0, 0.0, 1.0)
            inner = {**given, **dict(node.paint)}
            yield from texts(node.children, inner, x + dx * scale, y + dy * scale, scale * factor)
        elif isinstance(node, Window):
            yield from texts(node.children, given, x, y, scale)
        elif isinstance(node, Text):
            ink = {**given, **dict(node.paint)}
            size = float(ink["font-size"]) * scale
            wide = text_width(node.text, size, ink.get("font-weight") == "bold")
            left = x + node.x * scale - {"start": 0.0, "middle": wide / 2, "end": wide}[ink.get("text-anchor", "start")]
            base = y + node.y * scale
            yield node, Extents(left, base - CAP_HEIGHT * size, left + wide, base + DESCENT * size)


def assert_tidy(composed: Composition) -> None:
    """No text leaves the sheet; no label touches another, a mark or a letter of the sides; no leaders cross."""
    page = Extents(-0.01, -0.01, composed.scene.width + 0.01, composed.scene.height + 0.01)
    for text, box in texts(composed.scene.nodes, dict(composed.scene.paint)):
        assert box.within(page), text
    labels = [label.box for view in (*composed.views, *composed.insets) for label in view.labels]
    for a, b in combinations(labels, 2):
        assert not a.touches(b)
    for view in (*composed.views, *composed.insets):
        marks = boxes(view)
        letters = [box for text, box in texts(view.nodes, {}) if dict(text.data).get("letter")]
        for label in view.labels:
            assert label.box.within(page)
            assert not any(label.box.touches(box) for box in (*marks, *letters))
            assert not any(letter.cut_by(*step) for letter in letters for step in pairwise(label.leader))
        for one, two in combinations(view.labels, 2):
            assert not crossed(one.leader, two.leader)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("focus", ["full", "neck", "shoulder", "upper-back", "lower-back", "auto"])
def test_every_part_of_the_body_is_drawn_tidily(
    atlas: Atlas, sessions: dict[str, Session], name: str, focus: Any
) -> None:
    """Sessions that are hard to draw stay tidy in every focus, and at every width."""
    for width in (160, 360, 800):
        assert_tidy(compose_chart(atlas, sessions[name], ChartOptions(focus=focus, width=width)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["en", "es", "de", "fr"])
def test_every_language_fits(atlas: Atlas, sessions: dict[str, Session], name: str, lang: Any) -> None:
    """Long words of any language wrap and touch nothing, for clinicians and for patients, with and without callouts."""
    for theme in ("clinical", "patient"):
        for width in (160, 360, 800):
            assert_tidy(compose_chart(atlas, sessions[name], ChartOptions(lang=lang, theme=theme, width=width)))


@given(
    st.integers(0, 64),
    st.integers(0, 10_000),
    st.sampled_from([(150, 550, 150, 900), (200, 500, 200, 420), (420, 500, 270, 360), (110, 300, 250, 600)]),
    st.sampled_from(["full", "auto", "shoulder"]),
    st.sampled_from(["callouts", "numbers", "none"]),
)
def test_placements_anywhere_are_drawn_tidily(
    atlas: Atlas, count: int, seed: int, box: tuple[int, int, int, int], focus: Any, labels: Any
) -> None:
    """Up to 64 placements, wherever they are, touch no label, cross no leaders and leave no paper."""
    session = session_of(recorded(atlas, somewhere(atlas, count, seed, box)))
    assert_tidy(compose_chart(atlas, session, ChartOptions(focus=focus, labels=labels)))
