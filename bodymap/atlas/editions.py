"""The available atlas versions. A released one never changes: `released.sha256` lies next to the versions' folders, in
the form of `sha256sum`, with a line for the manifest of each release, and a manifest has the digests of all other
files. A version without a line there is a draft.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import Literal, NamedTuple

from bodymap.atlas.body import Atlas
from bodymap.atlas.loading import read_atlas
from bodymap.errors import Corrupt, Misconfigured, UnknownAtlas
from bodymap.resources import asset_folder

DEFAULT_VERSION = "1"
RELEASED = "released.sha256"

State = Literal["draft", "released"]

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")
_LINE = re.compile(r"([0-9a-f]{64})  ([0-9.]+)/manifest\.json")


class Edition(NamedTuple):
    """One available version. `digest` is the SHA-256 of its `manifest.json`, in hexadecimal."""

    version: str
    digest: str
    state: State
    atlas: Atlas


class Atlases:
    """The available versions, and the one that new records use. Read-only and thread-safe."""

    def __init__(self, folders: Iterable[Path], default: str = DEFAULT_VERSION) -> None:
        """Each of `folders` holds one folder per version; all are read and checked now.

        Raises `Corrupt` for a file that does not match its manifest, or a manifest that does not match its release;
        `Misconfigured` for a folder without an atlas, a version that is in two folders, or a missing version `default`.
        """
        by_version: dict[str, Edition] = {}
        for folder in folders:
            for edition in read_editions(folder):
                if edition.version in by_version:
                    raise Misconfigured(f"Atlas {edition.version} stands in two folders; one of them is {folder}.")
                by_version[edition.version] = edition
        self._editions = dict(sorted(by_version.items(), key=lambda item: age(item[0])))
        if default not in self._editions:
            raise Misconfigured(
                f"Atlas {default} cannot be the default: there is {', '.join(self.versions) or 'none'}."
            )
        self.default = self._editions[default].atlas

    @property
    def versions(self) -> tuple[str, ...]:
        """The ids of the versions, oldest first."""
        return tuple(self._editions)

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The versions with digests, states and atlases, oldest first."""
        return tuple(self._editions.values())

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each version."""
        return {edition.version: edition.digest for edition in self.editions}

    def get(self, version: str | None = None) -> Atlas:
        """The atlas of a version, without one the default. Raises `UnknownAtlas`."""
        return self.default if version is None else self.edition(version).atlas

    def edition(self, version: str) -> Edition:
        """A version with its digest and state. Raises `UnknownAtlas`."""
        if version not in self._editions:
            raise UnknownAtlas(f"There is no atlas {version!r} here; there is {', '.join(self.versions)}.")
        return self._editions[version]

    def __contains__(self, version: object) -> bool:
        return version in self._editions


def load_atlases(extra: str | PathLike[str] | None = None, default: str | None = None) -> Atlases:
    """The shipped versions, read once and then shared; with `extra` also those in that folder, read now.

    `default` is the version that new records use, else this release's. Raises as `Atlases` does.
    """
    if extra is None and default in (None, DEFAULT_VERSION):
        return _shipped()
    folders = [asset_folder(), *([Path(extra)] if extra is not None else [])]
    return Atlases(folders, default or DEFAULT_VERSION)


def load_atlas(version: str | None = None) -> Atlas:
    """A shipped atlas, by default the current one; read once, then shared.

    Raises `UnknownAtlas` for an unknown version, `Corrupt` if a file does not match the manifest.
    """
    return _shipped().get(version)


def atlas_versions() -> tuple[str, ...]:
    """The versions that are shipped, oldest first."""
    return _shipped().versions


def age(version: str) -> list[int]:
    """The sort key of a version, oldest first."""
    return [int(part) for part in version.split(".")]


_shared: list[Atlases] = []
_lock = Lock()


def _shipped() -> Atlases:
    with _lock:
        if not _shared:
            _shared.append(Atlases([asset_folder()]))
        return _shared[0]


def read_editions(folder: Path) -> Iterator[Edition]:
    """The versions in a folder, one folder each, in no order; all files checked. Raises as `Atlases` does."""
    if not folder.is_dir():
        raise Misconfigured(f"There is no folder {folder} to read atlases from.")
    released = released_in(folder)
    inside = [path for path in folder.iterdir() if _VERSION.fullmatch(path.name) and (path / "manifest.json").is_file()]
    if not inside:
        raise Misconfigured(f"{folder} holds no atlas: a folder for each version is expected, with its manifest.json.")
    for path in inside:
        atlas = read_atlas(path)
        if atlas.version != path.name:
            raise Corrupt(f"{path.name}/manifest.json is the manifest of atlas {atlas.version}.")
        digest = hashlib.sha256((path / "manifest.json").read_bytes()).hexdigest()
        if released.get(atlas.version, digest) != digest:
            raise Corrupt(f"{path.name}/manifest.json is not that of the atlas {atlas.version} that was released.")
        yield Edition(atlas.version, digest, "released" if atlas.version in released else "draft", atlas)


def released_in(folder: Path) -> dict[str, str]:
    """The digest of the manifest of each version that was released in a folder. Raises `Corrupt`."""
    file = folder / RELEASED
    if not file.is_file():
        return {}
    lines = [_LINE.fullmatch(line) for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    if not all(lines):
        raise Corrupt(f"{file.name} has a line that is not a digest and VERSION/manifest.json.")
    return {line[2]: line[1] for line in lines if line}
