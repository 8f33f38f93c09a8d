"""FHIR over HTTP: the capabilities, our definitions, and reading what the native API recorded."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from bodymap.config import Settings
from tests.api.conftest import serving
from tests.engines import NewUrl

PLACE = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right", "pain_before": 6}
VISIT = {
    "subject": "Patient/123",
    "performer": "Practitioner/7",
    "status": "completed",
    "started_at": "2026-11-23T09:00:00-08:00",
    "placements": [PLACE, {**PLACE, "region": "infraspinatus", "pain_before": 4}],
}


@pytest.fixture(scope="module")
def client(new_url: NewUrl) -> Iterator[httpx.Client]:
    """A client of a service that is open to everybody."""
    app = create_app(Settings(database=new_url(), secret="a secret of the tests"), open_to_all=True)  # noqa: S106
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as made:
        yield made


@pytest.fixture
def session(client: httpx.Client) -> dict[str, Any]:
    """A session with two placements."""
    made: dict[str, Any] = client.post("/v1/sessions", json=VISIT).json()
    return made


def test_capabilities_are_what_is_served(client: httpx.Client) -> None:
    """Every interaction of the CapabilityStatement is served, as FHIR's JSON, in R4."""
    answer = client.get("/fhir/R4/metadata")
    assert answer.headers["content-type"] == "application/fhir+json"
    statement = answer.json()
    assert (statement["resourceType"], statement["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    told = {each["type"]: {code["code"] for code in each["interaction"]} for each in statement["rest"][0]["resource"]}
    assert told["Procedure"] >= {"read", "vread", "history-instance", "create"}
    assert told["Binary"] == {"read"}
    assert client.get("/fhir/R4/CodeSystem/region").json()["count"] > 50


def test_what_the_native_api_recorded_is_read(client: httpx.Client, session: dict[str, Any]) -> None:
    """A session and its placements are Procedures under their ids, each with its place and its pain."""
    procedure = client.get(f"/fhir/R4/Procedure/{session['id']}")
    assert procedure.headers["etag"] == 'W/"1"'
    assert procedure.json()["meta"]["versionId"] == "1"
    placement = session["placements"][0]["id"]
    child = client.get(f"/fhir/R4/Procedure/{placement}").json()
    assert child["partOf"] == [{"reference": f"Procedure/{session['id']}"}]
    place = client.get(f"/fhir/R4/BodyStructure/{placement}").json()
    assert place["location"]["text"] == "Right levator scapulae"
    pain = client.get(f"/fhir/R4/Observation/{placement}-pain-before", headers={"Accept": "application/json"})
    assert pain.headers["content-type"] == "application/json"
    assert pain.json()["valueQuantity"]["value"] == 6


def test_a_placement_keeps_its_version_while_another_changes(client: httpx.Client, session: dict[str, Any]) -> None:
    """versionId is the version of the session that last changed the resource; older ones stay readable."""
    first, second = (placement["id"] for placement in session["placements"])
    path = f"/v1/sessions/{session['id']}/placements/{second}"
    assert client.patch(path, json={"note": "Sore"}, headers={"If-Match": '"1"'}).status_code == 200
    versions = {id_: client.get(f"/fhir/R4/Procedure/{id_}").json()["meta"]["versionId"] for id_ in (first, second)}
    assert versions == {first: "1", second: "2"}
    old = client.get(f"/fhir/R4/Procedure/{second}/_history/1").json()
    assert "note" not in old
    history = client.get(f"/fhir/R4/Procedure/{second}/_history").json()
    assert (history["type"], history["total"]) == ("history", 2)
    assert [entry["response"]["etag"] for entry in history["entry"]] == ['W/"2"', 'W/"1"']
    missing = client.get(f"/fhir/R4/Procedure/{first}/_history/2")
    assert missing.status_code == 404
    provenance = client.get(f"/fhir/R4/Provenance/{session['id']}-2").json()
    assert provenance["target"] == [{"reference": f"Procedure/{session['id']}/_history/2"}]
    clinic = client.get("/v1/tenant")
    stated = {"name": "Example Clinic", "organization": "Organization/5"}
    said = client.put("/v1/tenant", json=stated, headers={"If-Match": clinic.headers["etag"]})
    assert said.status_code == 200, said.text
    provenance = client.get(f"/fhir/R4/Provenance/{session['id']}-2").json()
    assert provenance["agent"][0]["onBehalfOf"] == {"reference": "Organization/5"}


def test_the_chart_is_a_document_and_a_binary(client: httpx.Client, session: dict[str, Any]) -> None:
    """The DocumentReference has size and hash of the bytes at its url, which are SVG for who asks for SVG."""
    document = client.get(f"/fhir/R4/DocumentReference/{session['id']}-chart").json()
    [content] = document["content"]
    attachment = content["attachment"]
    svg = client.get(attachment["url"], headers={"Accept": "image/svg+xml"})
    assert svg.headers["content-type"] == "image/svg+xml"
    assert len(svg.content) == attachment["size"]
    assert b64encode(hashlib.sha1(svg.content).digest()).decode() == attachment["hash"]
    whole = client.get(attachment["url"], headers={"Accept": "application/fhir+json"}).json()
    assert b64decode(whole["data"]) == svg.content


def test_a_voided_session_was_entered_in_error(client: httpx.Client, session: dict[str, Any]) -> None:
    """Session, placements and observations say so, their BodyStructures are not active, their chart is in error."""
    body = {"by": "Practitioner/7", "display": "Dana Example, PT", "reason": "Wrong patient"}
    at = f"/v1/sessions/{session['id']}"
    assert client.post(f"{at}/void", json=body, headers={"If-Match": '"1"'}).status_code == 200
    placement = session["placements"][0]["id"]
    for path in (f"Procedure/{session['id']}", f"Procedure/{placement}", f"Observation/{placement}-pain-before"):
        assert client.get(f"/fhir/R4/{path}").json()["status"] == "entered-in-error"
    assert client.get(f"/fhir/R4/BodyStructure/{placement}").json()["active"] is False
    assert client.get(f"/fhir/R4/DocumentReference/{session['id']}-chart").json()["status"] == "entered-in-error"


@pytest.mark.parametrize(
    ("method", "path", "accept", "status", "code"),
    [
        ("GET", "Procedure/01a207ac-4074-749a-8a72-a41959b107b4", "*/*", 404, "not-found"),
        ("GET", "Medication/1", "*/*", 404, "not-found"),
        ("DELETE", "Procedure/01a207ac-4074-749a-8a72-a41959b107b4", "*/*", 405, "not-supported"),
        ("GET", "metadata", "text/turtle", 406, "not-supported"),
    ],
)
def test_every_error_is_an_operation_outcome(
    client: httpx.Client, method: str, path: str, accept: str, status: int, code: str
) -> None:
    """What is not there or not supported is answered with an OperationOutcome, as FHIR's JSON."""
    answer = client.request(method, f"/fhir/R4/{path}", headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/fhir+json"
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert [(issue["severity"], issue["code"]) for issue in outcome["issue"]] == [("error", code)]
