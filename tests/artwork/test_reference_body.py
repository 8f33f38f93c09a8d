"""The reference body as it is drawn: three meshes mended, and what was cut is whole."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("trimesh", reason="the artwork extra is not installed")

import trimesh

from bodymap.artwork.meshes import Mesh, load_meshes
from bodymap.artwork.reference_body import cut, load_body
from tests.shared import MESHES


@pytest.fixture(scope="module")
def raw() -> dict[str, Mesh]:
    """The meshes as they came."""
    return {mesh.key: mesh for mesh in load_meshes(MESHES)}


@pytest.fixture(scope="module")
def body() -> dict[str, Mesh]:
    """The meshes as they are drawn."""
    return {mesh.key: mesh for mesh in load_body(MESHES)}


def volume(mesh: Mesh) -> float:
    """In cubic millimetres; of a mesh that is not closed it would depend on where it is."""
    shape = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    assert shape.is_winding_consistent
    return float(shape.volume)


@pytest.mark.parametrize("level", [0.0, 3.1, 4.999])
def test_a_cut_leaves_two_closed_parts(level: float) -> None:
    """Both parts of a ball are closed, end at the cut, and have the ball's volume together."""
    ball = trimesh.creation.icosphere(subdivisions=3, radius=5)
    parts = [cut(np.array(ball.vertices), np.array(ball.faces), level, upper=upper) for upper in (True, False)]
    made = [trimesh.Trimesh(*part, process=False) for part in parts]
    assert all(part.is_watertight and part.is_winding_consistent for part in made)
    assert sum(part.volume for part in made) == pytest.approx(ball.volume)
    assert made[0].bounds[0][1] == pytest.approx(level)
    assert made[1].bounds[1][1] == pytest.approx(level)


@pytest.mark.shared
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_lumbar_part_of_rotatores_is_multifidus(raw: dict[str, Mesh], body: dict[str, Mesh], side: str) -> None:
    """Rotatores end between T12 and L1; lumbar multifidus reaches the sacrum with all that lay below, and loses
    nothing."""
    rotatores, multifidus = body[f"rotatores__{side}"], body[f"multifidus_lumborum__{side}"]
    end = rotatores.vertices[:, 1].min()
    assert raw["vertebra_T12"].vertices[:, 1].min() < end < raw["vertebra_L1"].vertices[:, 1].max()
    assert multifidus.vertices[:, 1].min() == raw[f"rotatores__{side}"].vertices[:, 1].min() < 890
    whole = sum(volume(raw[f"{name}__{side}"]) for name in ("rotatores", "multifidus_lumborum"))
    assert volume(rotatores) + volume(multifidus) == pytest.approx(whole)


@pytest.mark.shared
@pytest.mark.parametrize("side", ["left", "right"])
def test_semitendinosus_is_taken_from_biceps_femoris(raw: dict[str, Mesh], body: dict[str, Mesh], side: str) -> None:
    """It is the medial one of the two bodies, without the other's code, and nothing is lost."""
    biceps, tendinosus = body[f"biceps_femoris__{side}"], body[f"semitendinosus__{side}"]
    assert np.abs(tendinosus.vertices[:, 0]).mean() < np.abs(biceps.vertices[:, 0]).mean()
    assert (tendinosus.name, tendinosus.fma, tendinosus.side) == ("semitendinosus", "", side)
    assert volume(biceps) + volume(tendinosus) == pytest.approx(volume(raw[f"biceps_femoris__{side}"]))


@pytest.mark.shared
def test_occipitalis_is_a_patch_on_the_skull(body: dict[str, Mesh]) -> None:
    """It lies on the back of the skull, above the protuberance, beside the midline, thin, and alike on both sides."""
    left, right = body["occipitalis__left"], body["occipitalis__right"]
    assert np.allclose(left.vertices * (-1, 1, 1), right.vertices)
    low, high = left.vertices.min(axis=0), left.vertices.max(axis=0)
    assert 10 < low[0] < high[0] < 65
    assert 1570 <= low[1] < high[1] < 1620
    assert high[2] < -40
    area = (high[0] - low[0]) * (high[1] - low[1])
    assert 0 < volume(left) < 3 * area


@pytest.mark.shared
def test_nothing_else_is_changed(raw: dict[str, Mesh], body: dict[str, Mesh]) -> None:
    """Every other mesh is as it came, and all are sorted by key."""
    assert list(body) == sorted(body)
    mended = {"rotatores", "multifidus_lumborum", "biceps_femoris", "semitendinosus", "occipitalis"}
    for key, mesh in body.items():
        if mesh.name not in mended:
            assert np.array_equal(mesh.vertices, raw[key].vertices)
            assert np.array_equal(mesh.faces, raw[key].faces)


def test_a_folder_without_meshes_is_refused(tmp_path: Path) -> None:
    """A mesh that the list has and the folder lacks is named."""
    (tmp_path / "manifest.csv").write_text("key,name,side,kind,fma_id,watertight\nrib_1,rib_1,mid,bone,,True\n")
    with pytest.raises(ValueError, match=r"rib_1\.ply"):
        load_body(tmp_path)
