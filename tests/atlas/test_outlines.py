"""Outlines: path data and what can be asked of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas.outlines import Outline, flatten
from bodymap.errors import Corrupt

SQUARE = "M10,10h20v20h-20z"
RING = "M0 0h30v30h-30zM10 10h10v10h-10z"


@pytest.mark.parametrize(
    "d",
    [
        "M1 1 9 1 9 9 1 9z",
        "m1 1l8 0 0 8-8 0Z",
        "M1,1H9V9H1Z",
        "m1 1h8v8h-8z",
        "M1 1Q5 1 9 1T9 9 1 9z",
        "m1.0.5.0.5h8v8h-8z",
    ],
)
def test_the_same_square_in_any_spelling(d: str) -> None:
    """Absolute or relative, spaced or packed, the commands of the subset mean the same shape."""
    outline = Outline(d)
    assert outline.contains(5, 5)
    assert not outline.contains(0.5, 5)
    assert outline.bounds[:3] == pytest.approx((1, 1, 9), abs=2.1)


def test_curves_are_followed() -> None:
    """Four cubic arcs make a circle, to a tenth of a millimetre."""
    k = 0.5523 * 50
    d = f"M50 0c{k} 0 50 {50 - k} 50 50s{k - 50} 50-50 50-50{k - 50}-50-50 {50 - k}-50 50-50z"
    ring = flatten(d)[0]
    assert all(math.dist(point, (50, 50)) == pytest.approx(50, abs=0.1) for point in ring)


def test_a_hole_is_outside() -> None:
    """A ring in a ring is a hole, and its edge is the nearest."""
    outline = Outline(RING)
    assert outline.contains(5, 15)
    assert not outline.contains(15, 15)
    assert outline.distance_mm(15, 15) == pytest.approx(5)


@given(st.floats(-50, 90), st.floats(-50, 90))
def test_distance_is_that_to_the_square(x: float, y: float) -> None:
    """Nought inside, outside the length of the straight way to the square."""
    expected = math.hypot(max(10 - x, 0, x - 30), max(10 - y, 0, y - 30))
    assert Outline(SQUARE).distance_mm(x, y) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "d", ["M1 1A5 5 0 0 1 9 9z", "M1 1L5", "5 5L1 1", "L5 5", "M1 1h5;v5z", "M1 1 l nan 5", "z5", "M0 0 Q1 1 2"]
)
def test_what_does_not_belong_is_refused(d: str) -> None:
    """Arcs, missing numbers, words and stray signs raise a clear error instead of a wrong shape."""
    with pytest.raises(Corrupt):
        _ = Outline(d).polygons


def test_an_outline_without_area_says_so() -> None:
    """A path of a point or a line is not taken for a place."""
    with pytest.raises(Corrupt):
        Outline("M5 5").contains(5, 5)
