"""Probes and needle paths against exact rays: through bodies that can be calculated, and through the meshes."""

import math

import numpy as np
import pytest

pytest.importorskip("trimesh", reason="the artwork extra is not installed")

import trimesh

from bodymap.artwork import check as checking
from bodymap.artwork.exact_rays import ExactRays, Passage
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.reference_body import load_body
from bodymap.artwork.way_agreement import WayAgreement, compare_probes, compare_ways
from bodymap.atlas import load_atlas
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.atlas.needle_entry_point import entry_at, inclined
from bodymap.atlas.needle_path import trace
from bodymap.atlas.vectors import along
from tests.shared import MESHES

ATLAS = load_atlas()


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
def bodies() -> list[Mesh]:
    """The meshes that the atlas was made from, without the skin."""
    return [mesh for mesh in load_body(MESHES) if mesh.kind != "skin"]


@pytest.fixture(scope="module")
def rays(bodies: list[Mesh]) -> ExactRays:
    """The meshes, ready for rays."""
    return ExactRays(bodies)


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


@pytest.mark.shared
@pytest.mark.parametrize("view", VIEWS)
def test_probes_have_what_exact_rays_have(rays: ExactRays, view: ViewId) -> None:
    """At random places probes have 97% of what rays go through for 2 mm or more, all of it and no more at 95% of them,
    and in order at 97%."""
    found = compare_probes(ATLAS, rays, view, 90, seed=41)
    assert found.found >= 0.97, found
    assert found.whole >= 0.95, found
    assert found.in_order >= 0.97, found
    assert found.entry_median_mm < 0.5, found
    assert found.entry_95_mm < 3, found


@pytest.mark.shared
def test_needle_paths_are_true_to_two_millimetres(rays: ExactRays) -> None:
    """Of random ways 95% are nowhere more than 2 mm off exact rays, and next to nothing is missed or invented."""
    found = compare_ways(ATLAS, rays, 120, seed=42)
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


@pytest.mark.shared
@pytest.mark.parametrize(
    ("view", "at", "lean_deg", "direction"),
    [
        ("posterior", (290, 385), 0, None),
        ("posterior", (300, 690), 35, "medial"),
        ("anterior", (440, 380), 20, "cranial"),
        ("left", (200, 250), 30, "caudal"),
        ("right", (150, 700), 0, None),
    ],
)
def test_what_lies_near_a_way_does(
    bodies: list[Mesh], view: ViewId, at: tuple[float, float], lean_deg: float, direction: str | None
) -> None:
    """Every mesh whose surface comes within 3.5 mm of the way is crossed or near, and no distance is off by more than
    the rays stand apart."""
    entry = entry_at(ATLAS, view, *at)
    assert entry is not None
    way = inclined(entry.normal, lean_deg, direction, "right" if view == "right" else "left")
    assert way is not None
    arm = ATLAS.arm(view, None)
    found = trace(ATLAS, entry.skin, way, 40, arm)
    assert found.origin_mm is not None
    points = np.array([along(entry.skin, way, found.origin_mm + step / 2) for step in range(81)])
    crossed = {crossing.structure for crossing in found.crossings}
    near = {neighbour.structure: neighbour.within_mm for neighbour in found.near}
    low, high = points.min(axis=0) - 5, points.max(axis=0) + 5
    for mesh, structure in zip(bodies, ATLAS.manifest.structures, strict=True):
        triangles = mesh.vertices[mesh.faces]
        touched = (triangles.max(axis=1) >= low).all(axis=1) & (triangles.min(axis=1) <= high).all(axis=1)
        if structure in crossed or not touched.any() or (arm == "hidden" and structure.arm):
            assert structure not in near or touched.any(), structure
            continue
        close = triangles[touched]
        distance = min(
            np.linalg.norm(
                trimesh.triangles.closest_point(close, np.repeat(point[None], len(close), axis=0)) - point, axis=1
            ).min()
            for point in points
        )
        if structure in near:
            assert abs(near[structure] - distance) < 1.75, structure
        else:
            assert distance > 3.5, structure
