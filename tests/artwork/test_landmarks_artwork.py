"""Landmarks found on the bones: on the surface, alike on both sides, and what the shipped file holds."""

import numpy as np
import pytest
import trimesh

from bodymap.artwork.bony_points import farthest
from bodymap.artwork.landmarks import encode, find_landmarks
from bodymap.artwork.meshes import Mesh, load_meshes
from bodymap.artwork.sections import Points, levels, rearmost, section, standing_out
from bodymap.resources import asset_folder
from tests.shared import MESHES


@pytest.fixture(scope="module")
def bones() -> list[Mesh]:
    """The reference body."""
    return list(load_meshes(MESHES))


@pytest.mark.shared
def test_every_landmark_lies_on_its_bone(bones: list[Mesh]) -> None:
    """Within a millimetre of the surface of the very bone and side that it names."""
    by_id = {(mesh.name.replace("_", "-"), mesh.side): mesh for mesh in bones}
    for landmark in find_landmarks(bones):
        for side, point in landmark.at.items():
            if landmark.derived_from:
                continue
            name = landmark.structure or "skin"
            mesh = by_id.get((name, side)) or by_id.get((name, "midline"))
            if mesh is None:
                # The symphysis is the hip bone's edge, moved to the midline.
                assert landmark.id == "pubic-symphysis"
                continue
            # One point a triangle: of each the closest to the landmark.
            asked = mesh.vertices[mesh.faces], np.tile(point, (len(mesh.faces), 1))
            closest = trimesh.triangles.closest_point(*asked)  # type: ignore[no-untyped-call]
            assert np.linalg.norm(closest - point, axis=1).min() <= 1.0, (landmark.id, side)


@pytest.mark.shared
def test_the_shipped_file_is_what_the_bones_give(bones: list[Mesh]) -> None:
    """Finding them again gives the shipped bytes, whatever the order of the meshes."""
    shipped = (asset_folder() / "1" / "landmarks.json").read_bytes()
    assert encode(find_landmarks(bones)) == shipped
    assert encode(find_landmarks(bones[::-1])) == shipped


@pytest.mark.shared
def test_a_missing_bone_is_named(bones: list[Mesh]) -> None:
    """Without a bone that is needed nothing is found, and the error says which bone."""
    with pytest.raises(ValueError, match="rib_12, right"):
        find_landmarks([mesh for mesh in bones if mesh.key != "rib_12__right"])


@pytest.mark.shared
def test_a_crooked_side_is_refused(bones: list[Mesh]) -> None:
    """A bone that stands three millimetres higher than its fellow is noticed."""
    crooked = [
        Mesh(m.key, m.name, m.side, m.kind, m.fma, m.watertight, m.vertices + np.array([0, 3, 0]), m.faces)
        if m.key == "femur__right"
        else m
        for m in bones
    ]
    with pytest.raises(ValueError, match="greater-trochanter"):
        find_landmarks(crooked)


def cube() -> Points:
    """The triangles of a cube of 10 mm with a corner in the origin."""
    box = trimesh.creation.box(extents=(10, 10, 10))
    triangles: Points = np.asarray(box.vertices[box.faces]) + 5.0
    return triangles


def test_a_section_is_the_outline_of_the_cut() -> None:
    """A plane through a cube cuts it in a square; one beside it or along its far face cuts nothing."""
    cut = section(cube(), 0, 4.0)
    assert np.allclose(cut[..., 0], 4.0)
    assert np.linalg.norm(cut[:, 1] - cut[:, 0], axis=1).sum() == pytest.approx(40)
    assert len(section(cube(), 0, 11.0)) == 0
    assert sorted(levels(cut, 2.5)[:, 2]) == pytest.approx([0, 10])
    assert rearmost(cut, np.array([2.5, 30.0])) == pytest.approx([0, np.inf])


def test_a_profile_stands_out_where_it_turns() -> None:
    """A kink is found at its place; a straight profile stands out nowhere, and a gap is no place at all."""
    kink = np.abs(np.arange(21.0) - 8)
    assert np.nanargmax(standing_out(kink, 3)) == 8
    assert standing_out(np.arange(21.0), 3)[3:-3] == pytest.approx(np.zeros(15))
    assert np.isnan(standing_out(np.where(np.arange(21) == 10, np.inf, kink), 3)[[7, 10, 13]]).all()


def test_the_farthest_point_is_sought_in_its_part_only() -> None:
    """A bound on height or width leaves out what lies beyond it."""
    triangles = np.concatenate([cube(), cube() * 0.5 + np.array([0, 0, 20])])
    assert farthest(0, 0, 1)(triangles)[2] == 25
    assert farthest(0, 0, 1, above=0.9)(triangles)[2] == 10
    assert farthest(0, 0, 1, outer=0.9)(triangles)[2] == 10
    assert farthest(0, 0, 1, behind=0.5)(triangles)[2] == 10
