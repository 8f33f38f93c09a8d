"""Where the needles of a perimeter stand: the contract's words, checked as geometry."""

from math import cos, dist, hypot, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.charting.perimeter_line import (
    Xy,
    centroid,
    crosses_itself,
    distinct,
    encloses_nothing,
    outline_points,
    outline_steps,
    ring_points,
    ring_steps,
)

SQUARE: list[Xy] = [(370, 580), (420, 580), (420, 640), (370, 640)]


@st.composite
def star_shapes(draw: st.DrawFn) -> list[Xy]:
    """Outlines around a point, hollow or not, in either direction."""
    count = draw(st.integers(3, 20))
    radii = draw(st.lists(st.floats(5, 60), min_size=count, max_size=count))
    points = [
        (round(300 + r * sin(2 * pi * i / count), 2), round(400 + r * cos(2 * pi * i / count), 2))
        for i, r in enumerate(radii)
    ]
    return points if draw(st.booleans()) else points[::-1]


def test_a_ring_begins_at_its_top_and_runs_clockwise() -> None:
    """Needle 1 stands straight above the centre, needle 2 a step to the viewer's right of it."""
    assert ring_points((100, 100), 10, 4) == [(100, 90), (110, 100), (100, 110), (90, 100)]


@given(st.floats(1, 200), st.integers(3, 64))
def test_ring_needles_stand_on_the_circle_at_equal_steps(radius_mm: float, count: int) -> None:
    """Every needle is on the circle, and neighbours are equally far from each other."""
    points = ring_points((0, 0), radius_mm, count)
    assert all(abs(hypot(*point) - radius_mm) < 0.02 for point in points)
    steps = [dist(a, b) for a, b in zip(points, points[1:] + points[:1], strict=True)]
    assert max(steps) - min(steps) < 0.05


def test_the_contracts_outline() -> None:
    """The contract's outline of 220 mm at 10 mm gives 22 needles, the first above the centroid, clockwise."""
    assert outline_steps(SQUARE, 10) == 22
    points = outline_points(SQUARE, 22)
    assert points[:4] == [(395, 580), (405, 580), (415, 580), (420, 585)]
    assert points[-1] == (385, 580)


@given(star_shapes(), st.floats(2, 30))
def test_outline_needles_are_the_same_whichever_way_it_was_drawn(outline: list[Xy], spacing_mm: float) -> None:
    """Drawing the outline the other way round, or from another vertex, moves no needle."""
    if crosses_itself(outline) or encloses_nothing(outline):
        return
    count = max(3, min(64, outline_steps(outline, spacing_mm)))
    points = outline_points(outline, count)
    for other in (outline[::-1], outline[2:] + outline[:2]):
        assert all(dist(a, b) < 0.05 for a, b in zip(points, outline_points(other, count), strict=True))


@given(star_shapes(), st.integers(3, 64))
def test_outline_needles_stand_on_the_line(outline: list[Xy], count: int) -> None:
    """No needle fills the inside: each lies on an edge of the outline."""
    if crosses_itself(outline) or encloses_nothing(outline):
        return
    for x, y in outline_points(outline, count):
        gaps = [
            dist((x, y), a) + dist((x, y), b) - dist(a, b)
            for a, b in zip(outline, outline[1:] + outline[:1], strict=True)
        ]
        assert min(gaps) < 0.03


@given(star_shapes())
def test_the_first_needle_stands_above_the_centroid(outline: list[Xy]) -> None:
    """The first needle is where the vertical through the centroid meets the outline at its topmost."""
    if crosses_itself(outline) or encloses_nothing(outline):
        return
    (x, y), center = outline_points(outline, 3)[0], centroid(outline)
    assert abs(x - center[0]) < 0.02
    for a, b in zip(outline, outline[1:] + outline[:1], strict=True):
        if min(a[0], b[0]) < center[0] < max(a[0], b[0]):
            meets = a[1] + (center[0] - a[0]) / (b[0] - a[0]) * (b[1] - a[1])
            assert y <= meets + 0.05


@pytest.mark.parametrize(("radius_mm", "spacing_mm", "steps"), [(25, 10, 16), (10, 21, 3), (10, 30, 2)])
def test_ring_steps_round_to_the_nearest(radius_mm: float, spacing_mm: float, steps: int) -> None:
    """A spacing on a ring gives the nearest whole number of equal steps."""
    assert ring_steps(radius_mm, spacing_mm) == steps


def test_outlines_without_a_plain_inside_are_known() -> None:
    """A bow tie crosses itself, a line encloses nothing, a square does neither."""
    assert crosses_itself([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert encloses_nothing([(0, 0), (10, 0), (20, 0)])
    assert not crosses_itself(SQUARE)
    assert not encloses_nothing(SQUARE)


def test_a_repeated_last_vertex_is_one_vertex() -> None:
    """An outline that closes itself by hand is the same as one that does not."""
    assert distinct([*SQUARE, SQUARE[0]]) == tuple(SQUARE)
