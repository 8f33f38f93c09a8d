"""Probes and needle paths against exact rays: through bodies that can be calculated, and through the meshes."""

import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("trimesh", reason="the artwork extra is not installed")

import trimesh

from bodymap.artwork import check as checking
from bodymap.artwork.exact_rays import ExactRays, Passage
from bodymap.artwork.meshes import Mesh, load_meshes
from bodymap.artwork.way_agreement import WayAgreement, compare_probes, compare_ways
from bodymap.atlas import load_atlas
from bodymap.atlas.manifest import VIEWS, ViewId

MESHES = Path(__file__).resolve().parents[3] / "shared" / "anatomy" / "meshes"
ATLAS = load_atlas()

with_meshes = pytest.mark.skipif(not MESHES.is_dir(), reason="the meshes are not beside this checkout")


def mesh_of(shape: trimesh.Trimesh) -> Mesh:
    vertices, faces = np.array(shape.vertices, np.float64), np.array(shape.faces, np.int64)
    return Mesh("shape", "shape", "midline", "muscle", "", True, vertices, faces)


def boxes(*thick_and_at: tuple[float, float]) -> Mesh:
    """Boxes of 10 by 10 mm, so thick, in the middle of z there."""
    made = []
    for thick, z in thick_and_at:
        box = trimesh.creation.box((10, 10, thick))
        box.apply_translation((0, 0, z))
        made.append(box)
    vertices = np.concatenate([box.vertices for box in made])
    faces = np.concatenate([np.asarray(box.faces) + 8 * place for place, box in enumerate(made)])
    return Mesh("boxes", "boxes", "midline", "muscle", "", True, vertices, faces)


@pytest.fixture(scope="module")
def rays() -> ExactRays:
    """The meshes, ready for rays."""
    return ExactRays([mesh for mesh in load_meshes(MESHES) if mesh.kind != "skin"])


def test_a_ball_is_crossed_where_geometry_says() -> None:
    """A line 3 mm off the centre of a ball of 10 mm goes through it for twice the root of 91, from anywhere."""
    exact = ExactRays([mesh_of(trimesh.creation.icosphere(subdivisions=5, radius=10))])
    for way in ((0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.48, 0.6, 0.64)):
        aside = np.cross(way, (0.3, -0.8, 0.1))
        start = 3 * aside / np.linalg.norm(aside) - 50 * np.array(way)
        [passage] = exact.along(tuple(start.tolist()), way)
        assert passage.enters_mm == pytest.approx(50 - math.sqrt(91), abs=0.05)
        assert passage.leaves_mm == pytest.approx(50 + math.sqrt(91), abs=0.05)


def test_boxes_are_crossed_in_order_and_some_are_not_there() -> None:
    """Passages come in order; near ones of a body are one; what is skipped and what is missed is not there."""
    exact = ExactRays([boxes((4, 20)), boxes((2, 0), (2, 2.4), (2, 9))])
    found = exact.along((1.0, 2.0, -10.0), (0.0, 0.0, 1.0))
    assert [p.number for p in found] == [1, 1, 0]
    assert [v for p in found for v in p[1:]] == pytest.approx([9, 13.4, 18, 20, 28, 32])
    assert exact.along((1.0, 2.0, -10.0), (0.0, 0.0, 1.0), frozenset({1})) == [Passage(0, *found[2][1:])]
    assert exact.along((30.0, 2.0, -10.0), (0.0, 0.0, 1.0)) == []


@with_meshes
@pytest.mark.parametrize("view", VIEWS)
def test_probes_have_what_exact_rays_have(rays: ExactRays, view: ViewId) -> None:
    """At random places probes have 97% of what rays go through for 2 mm or more, in order at 97% of them."""
    found = compare_probes(ATLAS, rays, view, 120, seed=41)
    assert found.found >= 0.97, found
    assert found.in_order >= 0.97, found
    assert found.entry_median_mm < 0.5, found
    assert found.entry_95_mm < 3, found


@with_meshes
def test_needle_paths_are_true_to_two_millimetres(rays: ExactRays) -> None:
    """Of random ways 95% are nowhere more than 2 mm off exact rays, and next to nothing is missed or invented."""
    found = compare_ways(ATLAS, rays, 250, seed=42)
    assert found.within >= 0.95, found
    assert found.median_mm < 0.6, found
    assert found.missed + found.invented <= 0.02 * found.passages, found


def test_the_check_complains_of_ways_that_are_off() -> None:
    """Where fewer than 95% of ways are within 2 mm, the check has a finding, so that its exit code is not 0."""
    off = WayAgreement(400, 0.3, 1.0, 2.1, 0.949, 1000, 9, 9, 0.9)
    assert [finding.where for finding in checking.way_findings(off)] == ["needle paths"]
    fine = WayAgreement(400, 0.3, 1.0, 1.9, 0.951, 1000, 9, 9, 0.9)
    assert list(checking.way_findings(fine)) == []
    assert "95.1% of 400 ways within 2 mm" in " ".join(fine.lines())
