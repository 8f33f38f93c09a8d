"""The atlas over HTTP."""

import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest

from bodymap.atlas import load_atlas

SVG = "{http://www.w3.org/2000/svg}"


def listed(client: httpx.Client, **query: str) -> list[dict[str, Any]]:
    """The regions that a query finds."""
    answer = client.get("/v1/atlas/regions", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_the_atlas_says_what_it_is(client: httpx.Client) -> None:
    """Versions, the views with their frames and layers, the licence and the credit."""
    atlas = client.get("/v1/atlas").json()
    assert atlas["default_version"] in atlas["versions"]
    frames = {view["id"]: (view["viewbox"], view["frame"]["u0"], view["frame"]["v0"]) for view in atlas["views"]}
    assert frames == {
        "posterior": ([0, 0, 700, 970], -350, -1730),
        "anterior": ([0, 0, 700, 970], -350, -1730),
        "left": ([0, 0, 360, 970], -190, -1730),
        "right": ([0, 0, 360, 970], -170, -1730),
    }
    assert atlas["views"][0]["layers"] == ["superficial", "intermediate", "deep", "deepest"]
    assert atlas["licence"]["spdx"] == "CC-BY-SA-4.0"
    assert any("BodyParts3D" in line for line in atlas["attribution"])


def test_every_region_is_listed_and_found_by_its_id(client: httpx.Client) -> None:
    """The list has all regions; each alone says the same, and what sources say of it besides."""
    regions = listed(client)
    assert [region["id"] for region in regions] == [region.id for region in load_atlas().regions]
    for region in regions:
        alone = client.get(f"/v1/atlas/regions/{region['id']}").json()
        assert {name: alone[name] for name in region} == region


def test_a_region_has_what_the_contract_names(client: httpx.Client) -> None:
    """Names, muscle, codes with system and source, layers by view, area and centre by view and side."""
    region = client.get("/v1/atlas/regions/trapezius-descending").json()
    assert region["muscle"] == "trapezius"
    assert region["names"]["la"]
    assert region["names"]["en"]
    assert all(code["system"] and code["code"] and code["source"] for code in region["codes"])
    assert region["codes"]
    assert region["layers"]["posterior"] == "superficial"
    assert region["area"]["posterior"]["left"]["silhouette_mm2"] > 0
    left, right = (region["centre"]["posterior"][side] for side in ("left", "right"))
    assert left[0] < 350 < right[0]


@pytest.mark.parametrize(
    ("query", "member", "value"),
    [
        ({"group": "neck"}, "group", "neck"),
        ({"muscle": "trapezius"}, "muscle", "trapezius"),
    ],
)
def test_filters_keep_what_fits(client: httpx.Client, query: dict[str, str], member: str, value: str) -> None:
    """A filter leaves regions that fit, and some others out."""
    found = listed(client, **query)
    assert found
    assert {region[member] for region in found} == {value}
    assert len(found) < len(load_atlas().regions)


def test_filters_hold_together(client: httpx.Client) -> None:
    """View and layer are of one another, a side is one that the region has there, and `q` finds names."""
    deep = listed(client, view="posterior", layer="deep")
    assert deep
    assert all(region["layers"]["posterior"] == "deep" for region in deep)
    assert [r["id"] for r in listed(client, q="upper trapezius")][:1] == ["trapezius-descending"]
    assert listed(client, q="no such muscle anywhere") == []
    assert all("left" in region["sides"] for region in listed(client, side="left"))


@pytest.mark.parametrize("query", [{}, {"q": "m"}, {"group": "upper-back"}])
def test_pages_are_the_list(client: httpx.Client, query: dict[str, str]) -> None:
    """Pages of a few regions put together are the list."""
    pages: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/v1/atlas/regions", params={**query, **cursor, "limit": "7"}).json()
        assert len(page["items"]) <= 7
        pages += [region["id"] for region in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert pages == [region["id"] for region in listed(client, **query)]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("layre=deep", "?layre"),
        ("layer=middle", "?layer"),
        ("view=back", "?view"),
        ("group=leg", "?group"),
        ("muscle=trapezus", "?muscle"),
        ("side=both", "?side"),
        ("limit=501", "?limit"),
        ("cursor=nobody", "?cursor"),
        (f"q={'x' * 201}", "?q"),
    ],
)
def test_a_filter_that_does_not_fit_is_pointed_at(client: httpx.Client, query: str, pointer: str) -> None:
    """A misspelt filter is 422 and never an empty list."""
    answer = client.get(f"/v1/atlas/regions?{query}")
    assert (answer.status_code, [c["pointer"] for c in answer.json()["errors"]]) == (422, [pointer])


def test_groups_are_listed_with_their_regions(client: httpx.Client) -> None:
    """What `q` names as a whole comes with its label in four languages and its members; without `q` all of them do."""
    answer = client.get("/v1/atlas/regions?q=rotator cuff").json()
    [cuff] = answer["muscles"]
    assert (cuff["id"], cuff["label"]["de"]) == ("rotator-cuff", "Rotatorenmanschette")
    assert cuff["regions"] == [region["id"] for region in answer["items"]]
    assert [region["id"] for region in listed(client, muscle="rotator-cuff")] == cuff["regions"]
    every = client.get("/v1/atlas/regions?limit=1").json()["muscles"]
    assert {"trapezius", "rotator-cuff", "gluteals"} <= {muscle["id"] for muscle in every}
    assert all(len(muscle["regions"]) > 1 for muscle in every)


def test_regions_carry_the_clinicians_label(client: httpx.Client) -> None:
    """The label is what charts say; the terminologies' names stand beside it."""
    [region] = client.get("/v1/atlas/regions?q=upper trapezius").json()["items"]
    assert region["label"] == {
        "en": "Upper trapezius",
        "de": "Oberer Trapezius",
        "es": "Trapecio superior",
        "fr": "Trapèze supérieur",
    }
    assert region["names"]["la"] == "M. trapezius, pars descendens"


def test_a_muscle_or_group_is_not_a_region(client: httpx.Client) -> None:
    """404 for a whole muscle, naming the regions that it has; a plain 404 for what nobody knows."""
    answer = client.get("/v1/atlas/regions/trapezius")
    assert answer.status_code == 404
    assert "trapezius-descending" in answer.json()["regions"]
    assert client.get("/v1/atlas/regions/trapezoid").status_code == 404


@pytest.mark.parametrize("view", ["posterior", "anterior", "left", "right"])
@pytest.mark.parametrize("detail", ["plain", "shaded"])
def test_plates_are_drawn(client: httpx.Client, view: str, detail: str) -> None:
    """A plate is one valid SVG document with its regions named, a policy, and no script."""
    answer = client.get(f"/v1/atlas/plates/{view}.svg?detail={detail}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{SVG}svg"
    regions = [element for element in root.iter() if "data-region" in element.attrib]
    assert regions
    assert {element.get("data-side") for element in regions} <= {"left", "right", "midline"}
    assert all(element.get("id") and element.find(f"{SVG}title") is not None for element in regions)


def test_arms_are_shown_on_request(client: httpx.Client) -> None:
    """A side view is another picture with the arm, and has another validator."""
    hidden, shown = (client.get(f"/v1/atlas/plates/left.svg?arm={arm}") for arm in ("hidden", "shown"))
    assert hidden.content == client.get("/v1/atlas/plates/left.svg").content
    assert hidden.content != shown.content
    assert hidden.headers["etag"] != shown.headers["etag"]


def test_only_an_address_with_a_version_is_kept_for_ever(client: httpx.Client) -> None:
    """Without a version the next atlas must show; with one nothing changes, and an unknown one is 404."""
    plain = client.get("/v1/atlas/plates/posterior.svg")
    assert "immutable" not in plain.headers["cache-control"]
    kept = client.get("/v1/atlas/plates/posterior.svg?version=1")
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.content == plain.content
    assert client.get("/v1/atlas/plates/posterior.svg?version=0").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("left.svg?layer=deepest", 404),
        ("back.svg", 404),
        ("posterior.svg?layer=skin", 422),
        ("posterior.svg?detail=fine", 422),
        ("posterior.svg?theme=neon", 422),
        ("posterior.svg?color=red", 422),
        ("posterior.png", 404),
    ],
)
def test_a_plate_that_there_is_not(client: httpx.Client, path: str, status: int) -> None:
    """What the atlas does not have is 404, what no atlas could have is 422."""
    assert client.get(f"/v1/atlas/plates/{path}").status_code == status


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/v1/atlas/regions/supraspinatis", ["supraspinatus"]),
        ("/v1/atlas/regions?muscle=supraspinatis", ["supraspinatus"]),
        ("/v1/sessions?region=supraspinatis", ["supraspinatus"]),
        ("/v1/sessions?muscle=supraspinatis", ["supraspinatus"]),
    ],
)
def test_what_could_be_meant_comes_with_the_error(client: httpx.Client, path: str, near: list[str]) -> None:
    """A region or muscle that is not there is refused with what is called nearly so."""
    problem = client.get(path).json()
    [error] = problem.get("errors", [problem])
    assert error["suggestions"] == near
    assert "Did you mean supraspinatus?" in error["detail"]


def test_a_search_without_a_match_says_what_could_be_meant(client: httpx.Client) -> None:
    """Nothing is found by what nothing is called, and ids that are like it are suggested; by nonsense none are."""
    found = client.get("/v1/atlas/regions", params={"q": "infraspinatus tendon"}).json()
    assert (found["items"], found["suggestions"][:1]) == ([], ["infraspinatus"])
    nothing = {"items": [], "next": None, "muscles": [], "suggestions": [], "absent": []}
    assert client.get("/v1/atlas/regions?q=xyzzy").json() == nothing
    assert client.get("/v1/atlas/regions?q=piriformis").json()["suggestions"] == []


def test_what_no_plate_shows_is_named_and_leads_to_a_site(client: httpx.Client) -> None:
    """A search for the calf says what it is in each language; as a region it is refused with the way to record it."""
    answer = client.get("/v1/atlas/regions?q=calf").json()
    assert (answer["items"], answer["suggestions"]) == ([], [])
    assert [(area["id"], sorted(area["names"])) for area in answer["absent"]] == [("calf", ["de", "en", "es", "fr"])]
    placement = {"kind": "trigger_point", "region": "calf", "side": "left"}
    refused = client.post("/v1/sessions", json={"placements": [placement]}).json()["errors"]
    assert [complaint["pointer"] for complaint in refused] == ["/placements/0/region"]
    assert "as `site`" in refused[0]["detail"]
    stated = {"kind": "trigger_point", "site": {"text": "calf"}, "side": "left"}
    assert client.post("/v1/sessions", json={"placements": [stated]}).status_code == 201
