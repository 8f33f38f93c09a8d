"""Densities of needles: right in number, smooth, closed lines, the same on every platform."""

from itertools import pairwise
from math import dist, hypot, log, pi, sqrt

import pytest

from bodymap.atlas.outlines import flatten
from bodymap.rendering.course.density import AREA_MM2, FAINTEST, KERNEL_MM, STEPS, Field, Spot, folded, levels, smooth


def area(ring: tuple[tuple[float, float], ...]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise((*ring, ring[0])))) / 2


@pytest.mark.parametrize("at", [(100.0, 100.0), (101.7, 99.1), (102.0, 102.0), (0.5, 969.9)])
def test_one_needle_makes_one(at: tuple[float, float]) -> None:
    """A lone needle's peak is 1 per 10 cm², wherever between the nodes it stands, and all of it adds up to one."""
    field = Field([Spot(at, 1)])
    assert 0.97 < field.peak <= 1
    whole = sum(map(sum, field.values)) * 16 / AREA_MM2
    assert whole == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("level", [0.2, 0.5, 0.9])
def test_lines_of_equal_density_are_where_the_formula_has_them(level: float) -> None:
    """Around a lone needle the line of a density is a circle of the radius that the Gaussian gives."""
    [ring] = Field([Spot((211.3, 307.7), 1)]).rings(level)
    radius = KERNEL_MM * sqrt(2 * log(1 / level))
    assert all(hypot(x - 211.3, y - 307.7) == pytest.approx(radius, abs=0.5) for x, y in ring)
    [curve] = flatten(smooth([ring]))
    assert sqrt(area(curve) / pi) == pytest.approx(radius, abs=0.7)


def test_a_hole_is_a_line_of_its_own() -> None:
    """Needles around a place leave it free: two lines, one within the other, filled by the rule of even and odd."""
    around = [Spot((300 + 60 * x, 300 + 60 * y), 3) for x, y in ((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0))]
    around += [Spot((300 + 60 * x, 300 + 60 * y), 3) for x, y in ((-0.7, -0.7), (0, -1), (0.7, -0.7))]
    rings = Field(around).rings(1.0)
    assert len(rings) == 2
    assert {min(dist(point, (300, 300)) for point in ring) > 58 for ring in rings} == {True, False}


def test_saddles_are_parted_or_joined() -> None:
    """Two pairs of needles on the diagonals of a square give whole rings at every level."""
    field = Field([Spot((200, 200), 1), Spot((232, 232), 1)])
    for level in (0.2, 0.3, 0.4, 0.5, 0.6, 0.55, 0.9):
        for ring in field.rings(level):
            assert max(dist(a, b) for a, b in pairwise((*ring, ring[0]))) < 9


def test_a_folded_side_stays_whole() -> None:
    """Folded at the midline, half of the field holds the whole needle, and is symmetrical to the other half."""
    field = Field(folded([Spot((345.0, 400.0), 1)], 350.0))
    left = [
        value * (0.5 if (column + field.left) * 4 == 350 else 1)
        for row in field.values
        for column, value in enumerate(row)
        if (column + field.left) * 4 <= 350
    ]
    assert sum(left) * 16 / AREA_MM2 == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("peak", [0.3, 0.98, 1, 2, 5, 12.8, 64, 500, 30000])
def test_steps_are_round_and_rise(peak: float) -> None:
    """Five steps, from the faintest that is shown to below the peak, or to several needles in one place where there are
    fewer, in numbers of two digits."""
    steps = levels(peak)
    assert steps[0] == FAINTEST
    assert len(steps) == STEPS
    assert list(steps) == sorted(set(steps))
    assert steps[-1] <= max(peak, 4)
    assert all(float(f"{step:.2g}") == step for step in steps)


def test_five_hundred_needles_in_one_place_have_smooth_lines() -> None:
    """Where the kernel is cut off is far below what is shown, however many needles stand in one place."""
    field = Field([Spot((300.0, 300.0), 500)])
    for level in levels(field.peak):
        [ring] = field.rings(level)
        radii = [dist(point, (300, 300)) for point in ring]
        assert max(radii) - min(radii) < 1.2


def test_nothing_is_nothing() -> None:
    """Without needles there is no density, no line, no path."""
    field = Field([])
    assert (field.peak, field.rings(FAINTEST), smooth([])) == (0.0, [], "")
