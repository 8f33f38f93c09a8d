"""Further files of an atlas: those on risks, and writing some of them anew into an atlas that is there."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bodymap.artwork import neurovascular
from bodymap.artwork.fields import draw_fields
from bodymap.artwork.meshes import Mesh
from bodymap.atlas.manifest import DataFile, Manifest


def risk_files(bodies: Sequence[Mesh], vessels: Path, version: str) -> dict[str, bytes]:
    """The sheets of fields, and the courses of nerves and vessels, by file name. Equal input gives equal bytes."""
    files = {f"{view}.fields.svg": text.encode() for view, text in draw_fields(bodies, version).items()}
    files["neurovascular.json"] = neurovascular.encode(neurovascular.read_courses(vessels))
    return files


def replace_extras(folder: Path, files: Mapping[str, bytes], **changes: Any) -> Manifest:
    """Write these files into the atlas in a folder, enter them in its manifest with further changes, and return it."""
    path = folder / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    written = {name: write_file(folder, name, data) for name, data in files.items()}
    entries = {entry.file: entry for entry in manifest.extras} | written
    manifest = msgspec.structs.replace(manifest, extras=tuple(entries.values()), **changes)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    return manifest


def write_file(folder: Path, name: str, data: bytes) -> DataFile:
    """Write one file of an atlas; its entry in the manifest."""
    (folder / name).write_bytes(data)
    return DataFile(name, len(data), hashlib.sha256(data).hexdigest())
