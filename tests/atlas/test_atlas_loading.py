"""Loading an atlas: from the shipped files, quickly, without the artwork's libraries, and never a damaged one."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from bodymap.atlas import Atlas, atlas_versions, load_atlas
from bodymap.atlas.loading import files_of, read_atlas
from bodymap.atlas.manifest import Frame, Manifest
from bodymap.errors import Corrupt, Missing, UnknownPlate, UnknownView
from bodymap.resources import asset_folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped atlas that may be damaged."""
    return Path(shutil.copytree(asset_folder() / "1", tmp_path / "1"))


def test_the_service_needs_none_of_the_artworks_libraries() -> None:
    """Loading, hit-tests, columns and outlines import nothing beyond msgspec and the standard library."""
    script = """
import sys
from bodymap.atlas import load_atlas
atlas = load_atlas()
assert atlas.at("posterior", 290, 290).region.id == "trapezius-descending"
assert atlas.beneath("posterior", 290, 290)
assert atlas.visible("trapezius-descending", "left", "posterior", "superficial").contains(290, 290)
print(sorted({"numpy", "scipy", "shapely", "trimesh", "skimage", "PIL", "lxml"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_is_read_once_and_shared() -> None:
    """The same version is the same object, also when many threads ask at once."""
    with ThreadPoolExecutor(8) as pool:
        atlases = list(pool.map(lambda _: load_atlas("1"), range(32)))
    assert all(atlas is load_atlas() for atlas in atlases)
    assert "1" in atlas_versions()


def test_threads_that_read_at_once_get_the_same_answers(copy: Path) -> None:
    """A fresh atlas, whose parts are unpacked on demand, answers many threads as it answers one."""
    points = [(x, y) for x in range(150, 560, 40) for y in range(150, 950, 40)]

    def ask(atlas: Atlas) -> list[object]:
        return [(atlas.at("posterior", x, y), atlas.beneath("posterior", x, y)) for x, y in points]

    fresh = read_atlas(copy)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, [fresh] * 8))
    assert all(answer == ask(load_atlas()) for answer in answers)


@pytest.mark.parametrize("version", ["2", "../1", "1/../1", "latest", "1.", " 1"])
def test_a_version_that_is_not_there(version: str) -> None:
    """An unknown version, or a path in its place, is missing; nothing outside the assets is opened."""
    with pytest.raises(Missing):
        load_atlas(version)


def test_every_file_is_covered_by_a_digest() -> None:
    """No plate, silhouette or data file stands in the folder without a digest in the manifest."""
    covered = {entry.file for entry in files_of(load_atlas().manifest)}
    suffixes = (".plain.svg", ".shaded.svg", ".silhouettes.svg", ".bin")
    present = {path.name for path in (asset_folder() / "1").iterdir() if path.name.endswith(suffixes)}
    assert len(present) == 30
    assert present <= covered


@pytest.mark.parametrize(
    "name", ["surface.bin", "columns.bin", "posterior-superficial.plain.svg", "left.silhouettes.svg"]
)
@pytest.mark.parametrize("damage", ["truncated", "changed", "gone", "empty"])
def test_a_damaged_file_is_named(copy: Path, name: str, damage: str) -> None:
    """A file that was cut, changed, emptied or removed is refused at load, by name."""
    data = (copy / name).read_bytes()
    if damage == "gone":
        (copy / name).unlink()
    else:
        changed = data[:-1] + bytes([data[-1] ^ 1])
        (copy / name).write_bytes({"truncated": data[: len(data) // 2], "changed": changed, "empty": b""}[damage])
    with pytest.raises(Corrupt, match=name):
        read_atlas(copy)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"version": "1"}', b"\xff"])
def test_a_damaged_manifest_is_refused(copy: Path, text: bytes) -> None:
    """A manifest that is no JSON, or not a manifest, raises one clear error."""
    (copy / "manifest.json").write_bytes(text)
    with pytest.raises(Corrupt, match="manifest"):
        read_atlas(copy)


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    """A folder without a manifest is no atlas."""
    with pytest.raises(Corrupt, match=r"manifest\.json"):
        read_atlas(tmp_path)


def test_a_manifest_may_not_reach_outside_its_folder(copy: Path) -> None:
    """A file name with a path in it is refused before anything is opened."""
    change(copy, surface=msgspec.structs.replace(manifest_of(copy).surface, file="../1/surface.bin"))
    with pytest.raises(Corrupt, match="outside"):
        read_atlas(copy)


def test_frames_that_this_release_cannot_read_are_refused(copy: Path) -> None:
    """An atlas with another frame would put every needle elsewhere, so it is not loaded."""
    views = manifest_of(copy).views
    change(copy, views=(msgspec.structs.replace(views[0], frame=Frame(0, 0)), *views[1:]))
    with pytest.raises(Corrupt, match="frame"):
        read_atlas(copy)


def test_what_is_not_drawn_is_named() -> None:
    """Views, layers and plates that are not there raise errors that say what there is."""
    atlas = load_atlas()
    with pytest.raises(UnknownView, match="posterior"):
        atlas.view("above")
    with pytest.raises(UnknownView):
        atlas.at("above", 1, 1)  # type: ignore[arg-type]
    with pytest.raises(UnknownPlate, match="superficial"):
        atlas.plate("left", "deepest")
    with pytest.raises(UnknownPlate):
        atlas.at("left", 100, 300, layer="deep")
    with pytest.raises(UnknownPlate):
        atlas.visible("masseter", "left", "left", "deep")
    assert atlas.plate("posterior", "deep", "hidden") is atlas.plate("posterior", "deep", "shown")


def manifest_of(folder: Path) -> Manifest:
    """The manifest in a folder."""
    return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)


def change(folder: Path, **changes: object) -> None:
    """Rewrite a folder's manifest with some fields replaced."""
    changed = msgspec.structs.replace(manifest_of(folder), **changes)
    (folder / "manifest.json").write_bytes(msgspec.json.encode(changed))
