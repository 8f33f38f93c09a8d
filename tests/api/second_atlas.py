"""Further versions of the atlas for tests, small steps from the shipped one. They are never shipped."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bodymap.resources import asset_folder

# What became of regions on version 2, which has the same body.
CHANGED: dict[str, list[str]] = {
    "masseter": [],
    "temporalis": ["temporalis", "sternocleidomastoid"],
    "rhomboid-minor": ["rhomboid-major"],
    "teres-major": ["teres-maior"],
}


def second_version(folder: Path) -> Path:
    """Version 2: the masseter is gone, the temporalis told as split, the rhomboids are one region, and teres major is
    spelt otherwise."""
    return _version(folder, "2", {"from": "1", "regions": CHANGED}, gone=("masseter", "rhomboid-minor"))


def third_version(folder: Path) -> Path:
    """Version 3, told as drawn on another body than version 2: no point of that means anything on it."""
    gone = ("masseter", "rhomboid-minor")
    return _version(folder, "3", {"from": "2", "regions": {}, "same_body": False}, gone=gone)


def _version(folder: Path, version: str, table: Mapping[str, Any], gone: Iterable[str]) -> Path:
    copy = folder / version
    shutil.copytree(asset_folder() / "1", copy)
    (copy / "crosswalk.json").write_text(json.dumps(table), "utf-8")
    for path in copy.iterdir():
        if path.suffix in (".json", ".svg") and path.name != "crosswalk.json":
            path.write_text(path.read_text("utf-8").replace('"teres-major"', '"teres-maior"'), "utf-8")
    manifest: dict[str, Any] = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["version"] = version
    manifest["regions"] = [region for region in manifest["regions"] if region["id"] not in gone]
    for muscle in manifest["muscles"]:
        muscle["regions"] = [region for region in muscle["regions"] if region not in gone]
    manifest["extras"].append({"file": "crosswalk.json"})
    entries = [*manifest["plates"], *manifest["extras"], *manifest["silhouettes"].values()]
    for entry in entries:
        data = (copy / entry["file"]).read_bytes()
        entry |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (copy / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder
