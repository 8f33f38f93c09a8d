"""Probe, needle path, landmarks and flags over HTTP: the reference body's, in order, marked as such."""

from typing import Any

import httpx
import pytest

# Places that anatomy books describe, from the probes that came with the meshes: x and y on posterior, what is in order.
STACKS = [
    ((290, 385), ["trapezius-ascending", "rhomboid-major", "longissimus-thoracis"]),
    ((240, 390), ["infraspinatus", "scapula", "subscapularis", "serratus-anterior"]),
    ((210, 395), ["teres-minor"]),
    ((255, 790), ["gluteus-maximus", "gluteus-medius", "gluteus-minimus", "hip-bone"]),
    ((270, 840), ["gluteus-maximus", "piriformis"]),
]


def probed(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/atlas/probe", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(("at", "order"), STACKS)
def test_structures_come_in_the_order_that_books_describe(
    client: httpx.Client, at: tuple[float, float], order: list[str]
) -> None:
    """Under known places of the back the muscles lie in their known order, on both sides alike."""
    for x, side in ((at[0], "left"), (700 - at[0], "right")):
        found = probed(client, view="posterior", x=x, y=at[1])
        ids = [s["id"] for s in found["structures"] if s["side"] == side and s["id"] in order]
        assert list(dict.fromkeys(ids)) == order
        assert found["reference_body_only"] is True
        assert "reference body" in found["reference"]


def test_a_probe_is_ordered_and_says_what_the_point_means(client: httpx.Client) -> None:
    """Structures are ordered by where they are entered; the meaning is the inferred one, the flags have sources."""
    found = probed(client, view="posterior", x=290, y=385)
    enters = [structure["enters_mm"] for structure in found["structures"]]
    assert enters == sorted(enters)
    assert all(structure["leaves_mm"] >= structure["enters_mm"] for structure in found["structures"])
    assert found["meaning"]["region"] == found["structures"][0]["id"] == "trapezius-ascending"
    assert found["meaning"]["inferred"] is True
    assert {flag["code"] for flag in found["flags"]} >= {"over-lung-field"}
    assert all(found["flag_rules"][flag["code"]]["source"] for flag in found["flags"])
    assert found["landmark"].endswith("on the reference figure")
    lungs = [s for s in found["structures"] if "lung" in s["id"]]
    assert lungs
    assert all(structure["in_cavity"] for structure in lungs)


def test_side_views_are_probed_without_the_arm_by_default(client: httpx.Client) -> None:
    """On a side view the biceps is there only with arm=shown."""
    x, y = client.get("/v1/atlas/regions/biceps-brachii").json()["centre"]["left"]["left"]
    hidden = {s["id"] for s in probed(client, view="left", x=x, y=y)["structures"]}
    shown = {s["id"] for s in probed(client, view="left", x=x, y=y, arm="shown")["structures"]}
    assert "biceps-brachii" not in hidden
    assert "biceps-brachii" in shown


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({"view": "posterior", "x": 2, "y": 2}, {"?x", "?y"}),
        ({"view": "posterior", "x": -40, "y": 9000}, {"?x", "?y"}),
        ({"view": "back", "x": 290, "y": 385}, {"?view"}),
        ({"view": "posterior", "x": "left", "y": 385}, {"?x"}),
        ({"view": "posterior", "y": 385}, {"?x"}),
        ({"view": "posterior", "x": 290, "y": 385, "depth": 3}, {"?depth"}),
        ({"view": "posterior", "x": "nan", "y": 385}, {"?x"}),
    ],
)
def test_a_bad_probe_is_refused_at_its_place(client: httpx.Client, query: dict[str, Any], pointers: set[str]) -> None:
    """Off the body, no such view, no number: 422 that points at what is wrong."""
    answer = client.get("/v1/atlas/probe", params=query)
    assert answer.status_code == 422, answer.text
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers


def traced(client: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/atlas/needle-path", json={"length_mm": 60, **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_needle_goes_through_trapezius_into_levator(client: httpx.Client) -> None:
    """At the neck-shoulder angle a straight needle meets trapezius before levator, counted from where it begins."""
    found = traced(client, view="posterior", at=[290, 290], side="left", length_mm=60)
    ids = [structure["id"] for structure in found["structures"]]
    assert ids[0].startswith("trapezius-")
    assert found["structures"][0]["begins_mm"] == 0
    passed = ids + [near["id"] for near in found["near"]]
    assert "levator-scapulae" in passed
    begins = [structure["begins_mm"] for structure in found["structures"]]
    assert begins == sorted(begins)
    assert found["words"].endswith("on the reference figure.")
    assert found["reference_body_only"] is True
    assert all(near["distance_mm"] <= 10 for near in found["near"])


def test_mirrored_needles_cross_mirrored_structures(client: httpx.Client) -> None:
    """The same needle on the other side meets the same structures of that side."""
    left = traced(client, view="posterior", at=[290, 385], side="left", angle_from_normal_deg=20, direction="medial")
    right = traced(client, view="posterior", at=[410, 385], side="right", angle_from_normal_deg=20, direction="medial")
    assert [s["id"] for s in left["structures"]][:4] == [s["id"] for s in right["structures"]][:4]
    assert left["structures"][0]["side"] == "left"
    assert right["structures"][0]["side"] == "right"


def test_a_needle_can_enter_by_region_or_landmark(client: httpx.Client) -> None:
    """A region is entered at its centre, a landmark with its offset; both say where that is."""
    by_region = traced(client, region="infraspinatus", side="right")
    assert "infraspinatus" in {structure["id"] for structure in by_region["structures"]}
    by_landmark = traced(client, landmark="C7", offset_mm={"lateral": 40, "caudal": 10}, side="left")
    assert by_landmark["view"] == "posterior"
    assert by_landmark["structures"][0]["side"] == "left"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"view": "posterior", "at": [2, 2]}, {"/at"}),
        ({}, {""}),
        ({"view": "posterior", "at": [290, 290], "side": "right"}, {"/side"}),
        ({"view": "posterior", "at": [290, 290], "angle_from_normal_deg": 30}, {"/direction"}),
        ({"view": "left", "at": [200, 640], "angle_from_normal_deg": 30, "direction": "medial"}, {"/direction"}),
        ({"view": "posterior", "at": [290, 290], "angle_from_normal_deg": 120}, {"/angle_from_normal_deg"}),
        ({"view": "posterior", "at": [290, 290], "length_mm": 0}, {"/length_mm"}),
        ({"landmark": "C7", "offset_mm": {"lateral": 40}}, {"/side"}),
        ({"landmark": "C7", "side": "left"}, {"/side"}),
        ({"view": "posterior", "at": [290, 290], "depth": 4}, {"/depth"}),
    ],
)
def test_a_bad_needle_is_refused_at_its_place(client: httpx.Client, body: dict[str, Any], pointers: set[str]) -> None:
    """Off the body, a direction that points nowhere, a side that disagrees: 422, and nothing is guessed."""
    answer = client.post("/v1/atlas/needle-path", json={"length_mm": 60, **body})
    assert answer.status_code == 422, answer.text
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers


def test_landmarks_are_listed_where_views_show_them(client: httpx.Client) -> None:
    """C7 stands on the midline of the back; paired landmarks on both sides, the patient's left at the viewer's left."""
    items = {item["id"]: item for item in client.get("/v1/atlas/landmarks?view=posterior").json()["items"]}
    [c7] = items["C7"]["places"]
    assert (c7["side"], c7["at"][0]) == ("midline", 350)
    acromion = {place["side"]: place["at"][0] for place in items["acromion"]["places"]}
    assert acromion["left"] < 350 < acromion["right"]
    assert all(item["rule"] for item in items.values())
    named = client.get("/v1/atlas/landmarks", params={"q": "vertebra prominens"}).json()["items"]
    assert [item["id"] for item in named] == ["C7"]


def test_every_flag_says_why_and_on_whose_word(client: httpx.Client) -> None:
    """The catalogue of flags has a reason, a rule and graded sources for each."""
    items = client.get("/v1/atlas/flags").json()["items"]
    assert {"over-lung-field", "near-midline", "suboccipital", "kidney-level"} <= {item["code"] for item in items}
    assert all(item["reason"] and item["rule"] and item["sources"] for item in items)


def test_a_clinics_limit_stands_beside_its_flag(client: httpx.Client) -> None:
    """What a clinic sets is shown with who set it, the last one counts, and an empty one takes it back."""
    address = "/v1/atlas/flags/kidney-level/limits"
    for text in ("first", "Ask a colleague."):
        answer = client.post(address, json={"text": text, "set_by": "A. Clinician"})
        assert answer.status_code == 201, answer.text
    shown = {item["code"]: item["limit"] for item in client.get("/v1/atlas/flags").json()["items"]}
    assert (shown["kidney-level"]["text"], shown["kidney-level"]["set_by"]) == ("Ask a colleague.", "A. Clinician")
    assert shown["over-lung-field"] is None
    assert client.post(address, json={"text": "", "set_by": "A. Clinician"}).status_code == 201
    shown = {item["code"]: item["limit"] for item in client.get("/v1/atlas/flags").json()["items"]}
    assert shown["kidney-level"] is None
    for refused in ({"set_by": "A. Clinician"}, {"text": " ", "set_by": "A. Clinician"}):
        assert client.post(address, json=refused).status_code == 422
    assert client.post("/v1/atlas/flags/nothing/limits", json={"text": "x", "set_by": "y"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/v1/atlas/flags", "/v1/atlas/landmarks", "/v1/atlas/probe?view=posterior&x=290&y=385"]
)
def test_no_answer_calls_a_place_safe(client: httpx.Client, path: str) -> None:
    """The word that would clear a needle is nowhere in the atlas's answers."""
    assert " safe" not in client.get(path).text.lower()
