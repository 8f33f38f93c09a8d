"""Releasing an atlas version: from then on it never changes, and nothing starts with another in its place.

`released.sha256` beside the versions' folders has a line for each, in the form of `sha256sum`.
"""

import hashlib
from pathlib import Path

from bodymap.atlas.editions import RELEASED, Edition, read_editions
from bodymap.atlas.loading import read_atlas


def release(folder: Path) -> Edition:
    """Enter the atlas in `folder` among the released ones; where it is there already, nothing changes.

    Raises `Corrupt` where it, or another beside it, is not what was released or what its manifest says.
    """
    version = read_atlas(folder).version
    editions = {edition.version: edition for edition in read_editions(folder.parent)}
    if editions[version].state == "draft":
        digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
        with (folder.parent / RELEASED).open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{digest}  {version}/manifest.json\n")
    return next(edition for edition in read_editions(folder.parent) if edition.version == version)
