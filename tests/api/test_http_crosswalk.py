"""Crosswalk over HTTP: what became of regions and points, and what a person must decide."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.atlas import load_atlas
from bodymap.resources import asset_folder

Serve = Callable[..., httpx.Client]


def second_version(folder: Path) -> Path:
    """A version 2 beside version 1, never shipped: the masseter is gone, the temporalis told as split."""
    copy = folder / "2"
    shutil.copytree(asset_folder() / "1", copy)
    manifest: dict[str, Any] = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["version"] = "2"
    manifest["regions"] = [region for region in manifest["regions"] if region["id"] != "masseter"]
    for muscle in manifest["muscles"]:
        muscle["regions"] = [region for region in muscle["regions"] if region != "masseter"]
    table = json.dumps({"from": "1", "regions": {"masseter": [], "temporalis": ["temporalis", "sternocleidomastoid"]}})
    (copy / "crosswalk.json").write_text(table, "utf-8")
    digest = hashlib.sha256(table.encode()).hexdigest()
    manifest["extras"].append({"file": "crosswalk.json", "bytes": len(table.encode()), "sha256": digest})
    (copy / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


@pytest.fixture(scope="module")
def two(serve_app: Serve, tmp_path_factory: pytest.TempPathFactory) -> httpx.Client:
    return serve_app(atlas_path=str(second_version(tmp_path_factory.mktemp("atlases"))))


def test_regions_are_mapped_and_what_a_person_must_decide_is_said(two: httpx.Client) -> None:
    """A region that stayed is the same, one without successor is gone, one with several is split, in words."""
    answer = two.get("/v1/atlas/crosswalk", params={"from": "1", "to": "2"}).json()
    regions = {region["id"]: region for region in answer["regions"]}
    assert regions["piriformis"] == {"id": "piriformis", "change": "same", "to": ["piriformis"]}
    assert regions["masseter"]["change"] == "gone"
    assert regions["temporalis"]["change"] == "split"
    assert {entry["id"] for entry in answer["unmapped"]} == {"masseter", "temporalis"}
    assert len(regions) == len(load_atlas().regions)
    assert all(view["change"] == "same" for view in answer["views"])


def test_a_point_is_mapped_with_what_lies_there(two: httpx.Client) -> None:
    """A point of unchanged frames stays where it is, and means the same on both versions."""
    query = {"from": "1", "to": "2", "view": "posterior", "x": 290, "y": 385}
    point = two.get("/v1/atlas/crosswalk", params=query).json()["point"]
    assert point["before"]["at"] == point["after"]["at"] == [290, 385]
    assert point["before"]["region"] == point["after"]["region"] == "trapezius-ascending"
    assert point["same"] is True


@pytest.mark.parametrize(
    ("query", "status", "pointers"),
    [
        ({"from": "1"}, 422, {"?to"}),
        ({"from": "1", "to": "9"}, 404, None),
        ({"from": "1", "to": "2", "view": "posterior"}, 422, {"?x", "?y"}),
        ({"from": "1", "to": "2", "view": "posterior", "x": 1, "y": 1}, 422, {"?x", "?y"}),
        ({"from": "1", "to": "../1"}, 422, {"?to"}),
    ],
)
def test_what_cannot_be_asked_is_refused(
    two: httpx.Client, query: dict[str, Any], status: int, pointers: set[str] | None
) -> None:
    """A version that is not here, half a point, a point off the body: refused with what would be right."""
    answer = two.get("/v1/atlas/crosswalk", params=query)
    assert answer.status_code == status, answer.text
    if pointers is not None:
        assert {error["pointer"] for error in answer.json()["errors"]} == pointers


def test_records_stay_on_their_version(two: httpx.Client) -> None:
    """A session recorded on version 1 says so, and is drawn on it, while version 2 is here."""
    session = two.post(
        "/v1/sessions", json={"placements": [{"kind": "trigger_point", "region": "masseter", "side": "left"}]}
    )
    assert session.json()["atlas"] == "1"
    chart = two.get(f"/v1/sessions/{session.json()['id']}/chart.svg")
    assert chart.status_code == 200
    assert 'data-atlas="1"' in chart.text
