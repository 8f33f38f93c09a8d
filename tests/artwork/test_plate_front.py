"""The picture of first surfaces on made-up bodies: order, tidiness, symmetry, tone, fibres."""

import pytest

pytest.importorskip("scipy", reason="the artwork extra is not installed")

import numpy as np
import trimesh
from numpy.testing import assert_array_equal

from bodymap.artwork import front as fronts
from bodymap.artwork.fibres import strokes
from bodymap.artwork.meshes import Mesh, Side, signed_volume_mm3
from bodymap.artwork.raster import ViewId, Window, rasterise
from bodymap.artwork.shading import tone

PAGE = Window(-50, 50, -100, 0)


def ball(name: str, side: Side, at: tuple[float, float, float], radius: float = 15) -> Mesh:
    """A ball in the body frame."""
    shape = trimesh.creation.icosphere(subdivisions=3, radius=radius)
    vertices = np.asarray(shape.vertices, np.float64) + at
    return Mesh(f"{name}__{side}", name, side, "muscle", "", True, vertices, np.asarray(shape.faces, np.int64))


@pytest.mark.parametrize(("view", "column"), [("posterior", 20), ("anterior", 80), ("left", 30), ("right", 70)])
def test_each_view_looks_from_its_own_side(view: ViewId, column: int) -> None:
    """A ball at the subject's left and in front is seen where its view says."""
    seen = fronts.nearest(rasterise([ball("a", "left", (30, 50, 20))], view, PAGE, 1.0))
    rows, columns = np.nonzero(seen.label == 0)
    assert columns.mean() + 0.5 == pytest.approx(column, abs=0.5)
    assert rows.mean() + 0.5 == pytest.approx(50, abs=0.5)
    assert (seen.normal[rows, columns, 2] > 0).all()


def test_the_nearer_one_hides_the_farther() -> None:
    """Of two balls in line, posterior shows the one behind, anterior the one before."""
    two = [ball("back", "midline", (0, 50, -30)), ball("front", "midline", (0, 50, 30), 14)]
    assert fronts.nearest(rasterise(two, "posterior", PAGE, 1.0)).label[50, 50] == 0
    assert fronts.nearest(rasterise(two, "anterior", PAGE, 1.0)).label[50, 50] == 1


def test_rays_enter_before_they_leave() -> None:
    """Every ray through a closed ball has one entry, and its depth is the smaller."""
    met = rasterise([ball("a", "midline", (0, 50, 0))], "left", PAGE, 1.0)
    assert met.facing.sum() * 2 == len(met.facing)
    assert met.depth[met.facing].mean() < met.depth[~met.facing].mean()


def test_the_right_half_is_the_left_half_mirrored() -> None:
    """After mirroring the sides are exchanged, and nothing of the other half is left."""
    pair = [ball("a", "left", (20, 50, 0)), ball("a", "right", (-30, 20, 0))]
    seen = fronts.nearest(rasterise(pair, "posterior", PAGE, 1.0))
    both = fronts.mirrored(seen, fronts.partners(pair), slice(0, 50))
    assert_array_equal(both.label[:, 50:] == 1, (both.label[:, :50] == 0)[:, ::-1])
    assert not (both.label[:, :50] == 1).any()


def test_tidying_leaves_no_crumb_and_no_hole() -> None:
    """Specks go to what surrounds them, small gaps are closed, borders stay where they are."""
    label = np.full((100, 100), fronts.NOTHING, np.int16)
    label[20:80, 10:50] = 0
    label[20:80, 50:90] = 1
    label[40:43, 30:33] = 1
    label[60:62, 60:62] = fronts.NOTHING
    label[5, 5] = 0
    label[20:80, 49:50] = 2
    depth = np.where(label == fronts.NOTHING, np.inf, 0).astype(np.float32)
    front = fronts.Front(label, depth, np.zeros((100, 100, 3), np.float32))
    tidy = fronts.tidied(front, [1, 1, 1], [30, 30, 30], 1.0)
    assert set(np.unique(tidy.label).tolist()) == {fronts.NOTHING, 0, 1}
    assert (tidy.label[25:75, 15:45] == 0).all()
    assert (tidy.label[25:75, 55:85] == 1).all()
    assert np.isfinite(tidy.depth[tidy.label != fronts.NOTHING]).all()


def test_closing_reaches_the_border_of_the_page() -> None:
    """A shape that runs off the page is not eaten away at the border, its narrow gaps are filled."""
    mask = np.zeros((40, 40), np.bool_)
    mask[10:, :18] = mask[10:, 21:] = True
    assert fronts.closed(mask, 3)[16:].all()


def test_glimpses_are_found() -> None:
    """A structure almost wholly hidden is a glimpse, one half hidden is not."""
    hidden = [ball("near", "midline", (0, 50, -30), 20), ball("far", "midline", (6, 50, 30), 15)]
    met = rasterise(hidden, "posterior", PAGE, 0.5)
    assert fronts.glimpsed(met, fronts.nearest(met), 0.1) == [1]
    aside = [hidden[0], ball("far", "midline", (25, 50, 30), 15)]
    met = rasterise(aside, "posterior", PAGE, 0.5)
    assert fronts.glimpsed(met, fronts.nearest(met), 0.1) == []
    assert set(fronts.without(met, [0]).structure.tolist()) == {1}


def test_light_comes_from_above() -> None:
    """The upper side of a ball is brighter than its lower side, left is as bright as right."""
    light = tone(fronts.nearest(rasterise([ball("a", "midline", (0, 50, 0), 30)], "posterior", PAGE, 0.5)), 0.5)
    assert light[70, 100] > light[130, 100] + 0.2
    assert light[100, 70] == pytest.approx(light[100, 129], abs=0.02)


def test_fibres_run_the_way_they_are_told() -> None:
    """In a bar the strokes run lengthwise, or across where a direction says so, and stay where it is seen."""
    bar = np.zeros((120, 240), np.bool_)
    bar[40:80, 20:220] = True
    seen = bar.copy()
    seen[:, 120:] = False
    for towards, along, across in ((None, 0, 1), (90.0, 1, 0)):
        lines = strokes(bar, seen, 0.5, towards, 4)
        assert len(lines) > 2
        for line in lines:
            assert np.ptp(line[:, along]) > 5 * np.ptp(line[:, across])
            assert line[:, 0].max() < 60
    assert strokes(bar, np.zeros_like(bar), 0.5, None, 4) == []


def test_inside_out_meshes_have_negative_volume() -> None:
    """The volume's sign tells which way the faces turn."""
    mesh = ball("a", "midline", (0, 500, 0))
    assert signed_volume_mm3(mesh.vertices, mesh.faces) == pytest.approx(4 / 3 * np.pi * 15**3, rel=0.03)
    assert signed_volume_mm3(mesh.vertices, mesh.faces[:, ::-1]) < 0
