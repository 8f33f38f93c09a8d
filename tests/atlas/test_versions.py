"""Atlas versions side by side: each as it was released, or refused."""

import hashlib
import json
import shutil
from copy import copy
from pathlib import Path

import pytest
from msgspec import structs

from bodymap.artwork.releasing import release
from bodymap.atlas.crosswalk import Crosswalk
from bodymap.atlas.editions import RELEASED, Atlases, load_atlas, load_atlases
from bodymap.atlas.loading import files_of
from bodymap.atlas.manifest import Frame
from bodymap.errors import Corrupt, Invalid, Misconfigured, UnknownAtlas
from bodymap.resources import asset_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of atlases with a copy of version 1, a draft there."""
    shutil.copytree(asset_folder() / "1", tmp_path / "1")
    return tmp_path


def another(folder: Path, version: str) -> None:
    """A copy of version 1 under another version's name."""
    shutil.copytree(folder / "1", folder / version)
    manifest = json.loads((folder / version / "manifest.json").read_text("utf-8"))
    (folder / version / "manifest.json").write_text(json.dumps(manifest | {"version": version}), "utf-8")


def test_the_shipped_atlas_is_what_was_released() -> None:
    """Version 1 is released: its manifest has the digest that stands beside it, and every file the manifest's."""
    [edition] = load_atlases().editions
    assert (edition.version, edition.state) == ("1", "released")
    data = (asset_folder() / "1" / "manifest.json").read_bytes()
    assert edition.digest == hashlib.sha256(data).hexdigest()
    assert f"{edition.digest}  1/manifest.json\n" in (asset_folder() / RELEASED).read_text("utf-8")
    for entry in files_of(edition.atlas.manifest):
        content = (asset_folder() / "1" / entry.file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry.bytes, entry.sha256), entry.file


def test_what_was_released_never_changes(folder: Path) -> None:
    """A released version with one word of its manifest changed is refused, and so is releasing it again; a draft may
    change until it is released."""
    manifest = folder / "1" / "manifest.json"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace("one reference body", "a reference body", 1), "utf-8")
    assert Atlases([folder]).edition("1").state == "draft"
    manifest.write_text(text, "utf-8")
    assert release(folder / "1").state == "released"
    assert release(folder / "1") is not None
    assert (folder / RELEASED).read_text("utf-8").count("\n") == 1
    assert Atlases([folder]).edition("1").digest == load_atlases().edition("1").digest
    manifest.write_text(text.replace("one reference body", "a reference body", 1), "utf-8")
    with pytest.raises(Corrupt, match="released"):
        Atlases([folder])
    with pytest.raises(Corrupt, match="released"):
        release(folder / "1")


@pytest.mark.parametrize("name", [entry.file for entry in files_of(load_atlas().manifest)][::4])
def test_a_changed_file_is_found_at_the_start(folder: Path, name: str) -> None:
    """Any file of a version that is not what its manifest says is named before anything is answered from it."""
    file = folder / "1" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    with pytest.raises(Corrupt, match=name):
        Atlases([folder])


def test_versions_are_ordered_by_age_and_asked_by_name(folder: Path) -> None:
    """Version 10 is newer than 9; what is not there is told with what is, and the default is the one that was asked."""
    for version in ("10", "9"):
        another(folder, version)
    atlases = Atlases([folder], default="9")
    assert atlases.versions == ("1", "9", "10")
    assert atlases.default.version == atlases.get().version == "9"
    assert "10" in atlases
    with pytest.raises(UnknownAtlas, match="1, 9, 10"):
        atlases.get("2")
    with pytest.raises(Misconfigured, match="default"):
        Atlases([folder], default="2")


def test_a_version_stands_in_one_place(folder: Path) -> None:
    """The same version in two folders, a folder of another version's name, or no version at all: refused, named."""
    with pytest.raises(Misconfigured, match="two folders"):
        load_atlases(folder)
    (folder / "1").rename(folder / "2")
    with pytest.raises(Corrupt, match="manifest of atlas 1"):
        Atlases([folder])
    (folder / "2").rename(folder / "two")
    with pytest.raises(Misconfigured, match="no atlas"):
        Atlases([folder])
    with pytest.raises(Misconfigured, match="no folder"):
        Atlases([folder / "absent"])


@pytest.mark.parametrize("line", ["1/manifest.json", "x" * 64 + "  1/manifest.json", "0" * 64 + " 1/manifest.json", ""])
def test_a_damaged_list_of_releases_is_refused(folder: Path, line: str) -> None:
    """A line that is not a digest and a manifest could hide a changed version: nothing starts with it."""
    (folder / RELEASED).write_text(line + "\n", "utf-8")
    with pytest.raises(Corrupt, match=RELEASED):
        Atlases([folder])


@pytest.mark.parametrize("across_mm", [10.0, -10.0])
def test_a_point_stays_where_it_is_in_the_body_when_frames_move(across_mm: float) -> None:
    """Where a version is drawn on pages that begin elsewhere, a point has the same body millimetres on both; and what
    lies there is only the same where its side is, too."""
    old = load_atlas()
    new = copy(old)
    views = tuple(
        structs.replace(view, frame=Frame(u0=view.frame.u0 + across_mm, v0=view.frame.v0 + 7.5))
        for view in old.manifest.views
    )
    new.manifest = structs.replace(old.manifest, views=views)
    way = Crosswalk(old, new, {region.id: [region.id] for region in old.regions})
    for view, x, y in (("posterior", 290.0, 385.0), ("anterior", 400.5, 300.25), ("left", 200.0, 300.0)):
        moved = way.point(view, (x, y))  # type: ignore[arg-type]
        assert moved is not None
        frames = (next(each.frame for each in atlas.manifest.views if each.id == view) for atlas in (old, new))
        before, after = frames
        assert (moved[0] + after.u0, moved[1] + after.v0) == (x + before.u0, y + before.v0)
    other_side = 0
    for y in range(300, 900, 10):
        try:
            found = way.compare("posterior", (350 + across_mm / 2, float(y)))
        except Invalid:
            continue
        there = found.after
        if there is not None and there.side != found.before.side:
            assert not found.same
            other_side += there.region is not None and there.region == found.before.region
    assert other_side > 5
