"""From a mask to path data: near, small, closed, and the same every time."""

import re

import pytest

pytest.importorskip("shapely", reason="the artwork extra is not installed")

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from bodymap.artwork import svg
from bodymap.artwork.polygons import polygons
from bodymap.atlas.outlines import flatten


def drawn(d: str) -> MultiPolygon:
    """What path data draws, by the even-odd rule."""
    whole = Polygon()
    for ring in flatten(d):
        whole = whole.symmetric_difference(Polygon(ring).buffer(0))
    return whole if isinstance(whole, MultiPolygon) else MultiPolygon([whole])


def blob(seed: int) -> npt.NDArray[np.bool_]:
    """A mask of a few overlapping discs."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:160, :160]
    mask = np.zeros((160, 160), np.bool_)
    for cx, cy, radius in rng.uniform((40, 40, 12), (120, 120, 36), (4, 3)):
        mask |= (x - cx) ** 2 + (y - cy) ** 2 < radius**2
    return mask


@given(st.integers(0, 10_000))
def test_a_curve_keeps_near_its_outline(seed: int) -> None:
    """Between outline and drawn curve lies less than a third of a millimetre's width all round, on any blob."""
    shape = polygons(blob(seed), 0.5)
    off = drawn(svg.filled(shape, 0.25)).symmetric_difference(shape)
    assert off.area < 0.3 * shape.length
    assert off.buffer(-0.6).is_empty


def test_the_same_mask_gives_the_same_bytes() -> None:
    """Path data depends on the mask alone."""
    assert svg.filled(polygons(blob(7), 0.5)) == svg.filled(polygons(blob(7).copy(), 0.5))


@given(st.integers(0, 10_000))
def test_path_data_is_in_tenths_and_compact(seed: int) -> None:
    """Only M, q, t and z, at most one decimal, no spare blanks, no nought before a point."""
    d = svg.filled(polygons(blob(seed), 0.5))
    assert re.fullmatch(r"[Mqtz0-9.\- ]+", d)
    assert not re.search(r"\.\d\d|  |[a-zA-Z] | -|-0|\b0\.\d", d)


def test_holes_stay_holes() -> None:
    """A ring is drawn as a ring."""
    y, x = np.mgrid[:120, :120]
    distance = np.hypot(x - 60, y - 60)
    shape = drawn(svg.filled(polygons((distance < 50) & (distance > 20), 0.5)))
    assert not shape.contains(Point(30, 30))
    assert shape.contains(Point(30, 12))


def test_specks_are_left_out() -> None:
    """A part below the least area is not drawn, a part above it is."""
    mask = np.zeros((80, 80), np.bool_)
    mask[10:14, 10:14] = True
    mask[40:70, 40:70] = True
    (only,) = polygons(mask, 0.5, smallest_mm2=10).geoms
    assert only.distance(box(20, 20, 35, 35)) == 0
    assert polygons(np.zeros((9, 9), np.bool_), 0.5).is_empty


def test_what_the_page_cuts_is_cut_straight_and_to_the_page() -> None:
    """A shape that runs off the page ends at its border, with corners."""
    mask = np.zeros((60, 100), np.bool_)
    mask[20:, 30:70] = True
    left, top, right, bottom = drawn(svg.filled(polygons(mask, 0.5))).bounds
    assert (left, top, right, bottom) == pytest.approx((15, 10, 35, 30), abs=0.3)
    assert bottom <= 30


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=0, max_size=12))
def test_strokes_begin_and_end_where_the_line_does(points: list[tuple[float, float]]) -> None:
    """An open line keeps its ends to a fifth of a millimetre; one without two different points draws nothing."""
    d = svg.stroked([np.array(points).reshape(-1, 2)])
    if not d:
        assert len({(round(x * 5), round(y * 5)) for x, y in points}) < 2
        return
    (line,) = flatten(d)
    assert line[0] == pytest.approx(points[0], abs=0.11)


def test_text_is_escaped() -> None:
    """Names cannot break out of their element."""
    assert svg.text("title", "<&>") == "<title>&lt;&amp;&gt;</title>"
    assert svg.element("path", [("d", '"')]) == "<path d='\"'/>"
