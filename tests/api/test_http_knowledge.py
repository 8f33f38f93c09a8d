"""What sources say of a region over HTTP: traceable, never a depth, with the clinic's reviews beside it."""

import httpx

from tests.engines import BOTH

ENGINES = BOTH

FORBIDDEN = ("safe depth", "mm deep", "needle length")


def test_a_region_tells_its_trigger_points_with_sources(client: httpx.Client) -> None:
    """Each trigger point has graded sources, its review state, and a place on each side that says what it rests on."""
    region = client.get("/v1/atlas/regions/trapezius-descending").json()
    assert region["trigger_points"]
    for entry in region["trigger_points"]:
        assert entry["sources"]
        assert all(source["grade"] in "ABC" and source["title"] for source in entry["sources"])
        assert entry["review"]["state"] == "not-reviewed"
        place = entry["place"]
        assert place["at"].keys() == {"left", "right"}
        assert place["basis"] in ("words", "motor-zone", "emg-site", "needling-site")
        assert place["rule"]
        assert place["sources"] or place["basis"] == "words"
    areas = {area["id"]: area for area in region["referral_areas"]}
    assert {area for entry in region["trigger_points"] for area in entry["referral"]} == areas.keys()
    assert all(area["outlines"] or area["note"] for area in areas.values())
    assert region["cautions"]
    assert region["translations"].keys() == {"es", "de", "fr"}
    assert not any(words in client.get("/v1/atlas/regions/trapezius-descending").text for words in FORBIDDEN)


def test_what_no_source_says_is_empty(client: httpx.Client) -> None:
    """A region without rows in the table has no trigger points, no areas and no cautions, and what no source places has
    no place: nothing is made up."""
    region = client.get("/v1/atlas/regions/temporalis").json()
    assert (region["trigger_points"], region["referral_areas"], region["cautions"]) == ([], [], [])
    [entry] = client.get("/v1/atlas/regions/splenius-capitis").json()["trigger_points"]
    assert entry["place"] is None


def test_codes_that_need_a_licence_are_held_back(client: httpx.Client) -> None:
    """Without the setting no answer shows a code that needs a SNOMED CT Affiliate licence; others are there."""
    items = client.get("/v1/atlas/regions?limit=500").json()["items"]
    licences = {code["licence"] for region in items for code in region["codes"]}
    assert "SNOMED Affiliate licence" not in licences
    assert any("CC BY 4.0" in licence for licence in licences)


def test_a_clinics_review_stands_beside_the_entry(client: httpx.Client) -> None:
    """A review is kept with who gave it, shown with the entry, and the state as shipped stays what it was."""
    [entry, *_] = client.get("/v1/atlas/regions/infraspinatus").json()["trigger_points"]
    address = f"/v1/atlas/trigger-points/{entry['id']}/reviews"
    answer = client.post(
        address, json={"state": "confirmed", "by": "Practitioner/7", "display": "A. Clinician", "note": "as we do"}
    )
    assert answer.status_code == 201
    assert [review["display"] for review in client.get(address).json()["items"]] == ["A. Clinician"]
    [shown, *_] = client.get("/v1/atlas/regions/infraspinatus").json()["trigger_points"]
    assert shown["review"]["state"] == "not-reviewed"


def test_a_review_must_say_who_and_what(client: httpx.Client) -> None:
    """A review without a person, or of an unknown entry, is refused and kept nowhere."""
    unknown = client.post(
        "/v1/atlas/trigger-points/nowhere/reviews", json={"state": "confirmed", "by": "P/1", "display": "x"}
    )
    assert unknown.status_code == 404
    [entry, *_] = client.get("/v1/atlas/regions/piriformis").json()["trigger_points"]
    refused = client.post(f"/v1/atlas/trigger-points/{entry['id']}/reviews", json={"state": "great"})
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/state", "/by", "/display"}


def test_referral_areas_are_one_vocabulary(client: httpx.Client) -> None:
    """Every area that a trigger point names is in the list of areas."""
    areas = {area["id"] for area in client.get("/v1/atlas/referral-areas").json()["items"]}
    regions = [region["id"] for region in client.get("/v1/atlas/regions?limit=500").json()["items"]]
    for region in regions:
        for entry in client.get(f"/v1/atlas/regions/{region}").json()["trigger_points"]:
            assert set(entry["referral"]) <= areas
