"""Transactions over HTTP: a whole session in one Bundle, all or nothing."""

import copy
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from bodymap.config import Settings
from tests.api.conftest import serving
from tests.engines import NewUrl
from tests.fhir.sessions import stated_of
from tests.fhir.test_examples import kept

BROKEN = json.loads(Path(__file__).with_name("broken.json").read_text("utf-8"))
ROOT = "/fhir/R4"


@pytest.fixture(scope="module")
def client(new_url: NewUrl) -> Iterator[httpx.Client]:
    """A client of a service that is open to everybody, and has the examples' sessions."""
    app = create_app(Settings(database=new_url(), secret="a secret of the tests"), open_to_all=True)  # noqa: S106
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as made:
        yield made


def post(client: httpx.Client, bundle: Any) -> httpx.Response:
    """The answer to a transaction."""
    return client.post(ROOT, content=json.dumps(bundle), headers={"Content-Type": "application/fhir+json"})


def patched(name: str, patch: list[dict[str, Any]]) -> Any:
    """An example's transaction with a JSON Patch of adds, replacements and removals."""
    bundle = kept(name, "transaction")
    for step in patch:
        *way, last = [int(each) if each.isdecimal() else each for each in step["path"].split("/")[1:]]
        holder = bundle
        for each in way:
            holder = holder[each]
        if step["op"] == "remove":
            del holder[last]
        else:
            holder[last] = step["value"]
    return bundle


def anew(name: str, ending: str) -> Any:
    """An example's transaction with identifiers of its own."""
    text = json.dumps(kept(name, "transaction"))
    for value in ("S-2026-11-23-0001", "S-2026-11-23-0002", "S-2026-11-27-0003", "MRN-0001", "PT-17"):
        text = text.replace(value, f"{value}-{ending}")
    return json.loads(text)


def places_of(response: Any) -> list[str]:
    """The relative addresses of a transaction's resources, in the order of its entries."""
    locations = [entry["response"]["location"] for entry in response["entry"]]
    return [location.partition("/fhir/R4/")[2].partition("/_history/")[0] for location in locations]


@pytest.mark.parametrize("name", ["signed-session", "every-place", "without-patient"])
def test_an_example_is_stored_whole(client: httpx.Client, name: str) -> None:
    """A session comes back natively as the example has it, and each entry is readable where the answer says."""
    bundle = anew(name, name)
    answer = post(client, bundle)
    assert answer.status_code == 200, answer.text
    response = answer.json()
    assert response["type"] == "transaction-response"
    assert [entry["response"]["status"] for entry in response["entry"]] == ["201 Created"] * len(bundle["entry"])
    places = places_of(response)
    for place, entry in zip(places, bundle["entry"], strict=True):
        assert place.startswith(f"{entry['resource']['resourceType']}/")
        assert client.get(f"{ROOT}/{place}").status_code == 200, place
    number = [e["resource"]["resourceType"] for e in bundle["entry"]].index("Procedure")
    session = client.get(f"/v1/sessions/{places[number].partition('/')[2]}").json()
    wanted, stated = stated_of(kept(name, "native")), stated_of(session)
    people = {place.partition("/")[0]: place for place in places if place.startswith(("Patient", "Practitioner"))}
    text = json.dumps(wanted)
    for value in ("S-2026-11-23-0001", "S-2026-11-23-0002"):
        text = text.replace(value, f"{value}-{name}")
    text = text.replace("Patient/123", people.get("Patient", "")).replace(
        "Practitioner/7", people.get("Practitioner", "")
    )
    assert stated == json.loads(text)
    assert session["status"] == kept(name, "native")["status"]


def test_a_placement_is_continued_by_its_identifier(client: httpx.Client) -> None:
    """`continues` by a conditional reference finds the placement of an earlier visit, or is refused."""
    missing = post(client, anew("visit-by-day", "before"))
    assert missing.status_code == 422
    assert missing.json()["issue"][0]["code"] == "not-found"
    first = places_of(post(client, anew("signed-session", "now")).json())
    bundle = anew("visit-by-day", "now")
    answer = post(client, bundle)
    assert answer.status_code == 200, answer.text
    session = client.get(f"/v1/sessions/{places_of(answer.json())[2].partition('/')[2]}").json()
    assert f"Procedure/{session['placements'][0]['continues']}" in first


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_bundle_is_refused_whole(client: httpx.Client, name: str) -> None:
    """Entry and element are named, with what would be right; nothing is stored."""
    fault = BROKEN[name]
    before = len(client.get("/v1/sessions", params={"limit": 500}).json()["items"])
    answer = post(client, patched(fault["of"], fault["patch"]))
    assert answer.status_code == fault["status"], answer.text
    issues = answer.json()["issue"]
    assert any(
        issue["code"] == fault["code"] and issue["expression"][0].startswith(fault["expression"]) for issue in issues
    ), issues
    assert len(client.get("/v1/sessions", params={"limit": 500}).json()["items"]) == before


def test_one_condition_stores_one_session_whoever_is_first(client: httpx.Client) -> None:
    """The same transaction sixteen times at once stores one session and one patient; the others are led to them."""
    bundle = anew("signed-session", "race")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: post(client, bundle), range(16)))
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    assert len({tuple(places_of(answer.json())) for answer in answers}) == 1
    made = [answer.json()["entry"][2]["response"]["status"] for answer in answers]
    assert sorted(made) == ["200 OK"] * 15 + ["201 Created"]


def test_what_is_not_ours_is_given_back(client: httpx.Client) -> None:
    """Elements, extensions and tags that the record has no home for come back as they came."""
    bundle = anew("without-patient", "foreign")
    resource = bundle["entry"][0]["resource"]
    foreign = {
        "category": {"text": "Therapy"},
        "reasonCode": [{"text": "Neck pain"}],
        "meta": {"tag": [{"system": "https://ehr.example/tags", "code": "research"}]},
    }
    theirs = {"url": "https://ehr.example/room", "valueString": "3"}
    resource |= copy.deepcopy(foreign)
    resource["extension"].append(theirs)
    answer = post(client, bundle)
    assert answer.status_code == 200, answer.text
    back = client.get(f"{ROOT}/{places_of(answer.json())[0]}").json()
    assert (back["category"], back["reasonCode"]) == (foreign["category"], foreign["reasonCode"])
    assert back["meta"]["tag"] == foreign["meta"]["tag"]
    assert theirs in back["extension"]


def test_a_key_twice_is_refused_with_its_place(client: httpx.Client) -> None:
    """A member name that stands twice in an object is refused, named by its entry."""
    text = json.dumps(kept("without-patient", "transaction"))
    text = text.replace('"status": "preparation"', '"status": "preparation", "status": "preparation"', 1)
    answer = client.post(ROOT, content=text, headers={"Content-Type": "application/fhir+json"})
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[0].resource.status"]
