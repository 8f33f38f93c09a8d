"""Reading one atlas from its folder, with every file checked against the manifest."""

import hashlib
from pathlib import Path

import msgspec

from bodymap.atlas.body import Atlas
from bodymap.atlas.frames import FRAMES, SIZES
from bodymap.atlas.manifest import DataFile, Manifest, PlateFile
from bodymap.errors import Corrupt


def read_atlas(folder: Path) -> Atlas:
    """The atlas in a folder, every file's digest checked. Raises `Corrupt`, saying which file is wrong and how."""
    manifest = _manifest(folder / "manifest.json")
    files: dict[str, bytes] = {}
    for entry in files_of(manifest):
        if Path(entry.file).name != entry.file:
            raise Corrupt(f"The manifest names a file outside the atlas: {entry.file}.")
        try:
            data = (folder / entry.file).read_bytes()
        except OSError as error:
            raise Corrupt(f"Atlas {manifest.version} lacks {entry.file}, which its manifest names.") from error
        if len(data) != entry.bytes or hashlib.sha256(data).hexdigest() != entry.sha256:
            raise Corrupt(f"{entry.file} is not the file that the manifest of atlas {manifest.version} describes.")
        files[entry.file] = data
    return Atlas(manifest, files)


def files_of(manifest: Manifest) -> list[PlateFile | DataFile]:
    """Everything that the manifest gives a digest for."""
    return [*manifest.plates, *manifest.silhouettes.values(), manifest.surface, manifest.columns, *manifest.extras]


def _manifest(path: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise Corrupt("The atlas has no manifest.json.") from error
    except msgspec.DecodeError as error:
        raise Corrupt(f"The manifest of the atlas cannot be read: {error}.") from error
    for view in manifest.views:
        if view.frame != FRAMES[view.id] or view.viewbox != (0.0, 0.0, *SIZES[view.id]):
            raise Corrupt(f"The view {view.id} of atlas {manifest.version} has a frame that this release cannot read.")
    return manifest
