"""Crosswalk over HTTP: what became of regions and points, and what a person must decide."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bodymap.atlas import load_atlas
from tests.api.second_atlas import CHANGED, second_version, third_version

Serve = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def two(serve_app: Serve, tmp_path_factory: pytest.TempPathFactory) -> httpx.Client:
    return serve_app(atlas_path=str(third_version(second_version(tmp_path_factory.mktemp("atlases")))))


def test_regions_are_mapped_and_what_a_person_must_decide_is_said(two: httpx.Client) -> None:
    """A region that stayed is the same, one without successor is gone, one with several is split, in words; two that
    became one are merged, and one with another name is renamed."""
    answer = two.get("/v1/atlas/crosswalk", params={"from": "1", "to": "2"}).json()
    regions = {region["id"]: region for region in answer["regions"]}
    assert regions["piriformis"] == {"id": "piriformis", "change": "same", "to": ["piriformis"]}
    assert regions["masseter"]["change"] == "gone"
    assert regions["temporalis"]["change"] == "split"
    assert regions["rhomboid-minor"]["change"] == regions["rhomboid-major"]["change"] == "merged"
    assert regions["teres-major"] == {"id": "teres-major", "change": "renamed", "to": ["teres-maior"]}
    assert {name: regions[name]["to"] for name in CHANGED} == CHANGED
    assert answer["added"] == []
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


def test_the_way_back_is_told_too(two: httpx.Client) -> None:
    """From version 2 to 1 a renamed region has its old name, a merged one is split, and what was gone is added."""
    answer = two.get("/v1/atlas/crosswalk", params={"from": "2", "to": "1"}).json()
    regions = {region["id"]: region for region in answer["regions"]}
    assert regions["teres-maior"]["to"] == ["teres-major"]
    assert (regions["rhomboid-major"]["change"], set(regions["rhomboid-major"]["to"])) == (
        "split",
        {"rhomboid-major", "rhomboid-minor"},
    )
    assert answer["added"] == ["masseter"]


def test_a_chain_of_versions_is_followed(two: httpx.Client) -> None:
    """From version 1 to 3, over 2: regions by both steps, and no point, since 3 is drawn on another body."""
    query: dict[str, Any] = {"from": "1", "to": "3", "view": "posterior", "x": 290, "y": 385}
    answer = two.get("/v1/atlas/crosswalk", params=query).json()
    regions = {region["id"]: region for region in answer["regions"]}
    assert (regions["masseter"]["change"], regions["teres-major"]["to"]) == ("gone", ["teres-maior"])
    assert answer["same_body"] is False
    assert all(view["offset_mm"] is None for view in answer["views"])
    assert answer["point"]["after"] is None
    assert "another reference body" in answer["point"]["detail"]
    kinds = [entry["kind"] for entry in answer["unmapped"]]
    assert kinds.count("view") == 4
