"""Creating one resource over HTTP: a session, a placement of it, and people."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from bodymap.config import Settings
from bodymap.fhir.terms import PLACEMENT_EXTENSION, PROCEDURE, REGION, UCUM
from tests.api.conftest import serving
from tests.engines import BOTH, NewUrl

ENGINES = BOTH
ROOT = "/fhir/R4"
FHIR = {"Content-Type": "application/fhir+json"}
CODE = {"coding": [{"system": PROCEDURE, "code": "dry-needling"}]}


@pytest.fixture(scope="module")
def client(new_url: NewUrl) -> Iterator[httpx.Client]:
    """A client of a service that is open to everybody."""
    app = create_app(Settings(database=new_url(), secret="a secret of the tests"), open_to_all=True)  # noqa: S106
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as made:
        yield made


def visit(value: str, **members: Any) -> dict[str, Any]:
    """The Procedure of a visit with an identifier."""
    identifier = [{"system": "https://clinic.example/session", "value": value}]
    subject = {"reference": "Patient/123"}
    return {
        "resourceType": "Procedure",
        "identifier": identifier,
        "status": "in-progress",
        "code": CODE,
        "subject": subject,
    } | members


def placement(session: str, **members: Any) -> dict[str, Any]:
    """The Procedure of a placement that says itself where the needle went."""
    parts: list[dict[str, Any]] = [
        {"url": "kind", "valueCode": "trigger_point"},
        {"url": "region", "valueCoding": {"system": REGION, "code": "infraspinatus"}},
        {"url": "side", "valueCode": "left"},
        {"url": "depth", "valueQuantity": {"value": 12, "unit": "mm", "system": UCUM, "code": "mm"}},
    ]
    return {
        "resourceType": "Procedure",
        "extension": [{"url": PLACEMENT_EXTENSION, "extension": parts}],
        "partOf": [{"reference": f"Procedure/{session}"}],
        "status": "completed",
        "code": {"coding": [{"system": PROCEDURE, "code": "trigger_point"}]},
        "subject": {"reference": "Patient/123"},
    } | members


def test_a_session_is_created(client: httpx.Client) -> None:
    """201 with the address of the version, its tag and the resource; what is foreign in it is given back."""
    answer = client.post(f"{ROOT}/Procedure", json=visit("V-1", category={"text": "Therapy"}), headers=FHIR)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"].endswith(f"{ROOT}/Procedure/{made['id']}/_history/1")
    assert answer.headers["etag"] == 'W/"1"'
    assert made["category"] == {"text": "Therapy"}
    native = client.get(f"/v1/sessions/{made['id']}").json()
    assert (native["status"], native["subject"]) == ("in-progress", "Patient/123")


def test_a_placement_is_added_with_its_place(client: httpx.Client) -> None:
    """One Procedure is enough: its BodyStructure is made, and the session has a placement more."""
    session = client.post(f"{ROOT}/Procedure", json=visit("V-2"), headers=FHIR).json()["id"]
    answer = client.post(f"{ROOT}/Procedure", json=placement(session), headers=FHIR)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["bodySite"][0]["text"] == "Left infraspinatus"
    place = client.get(f"{ROOT}/BodyStructure/{made['id']}").json()
    assert place["locationQualifier"][0]["text"] == "Unilateral left"
    assert client.get(f"/v1/sessions/{session}").json()["placements"][0]["depth_mm"] == 12


def test_a_condition_is_exact_whoever_is_first(client: httpx.Client) -> None:
    """Thirty-two clients at once with one condition make one session; one gets 201, the others 200 and the same."""
    headers = FHIR | {"If-None-Exist": "identifier=https://clinic.example/session|V-3"}

    def create(_: int) -> httpx.Response:
        return client.post(f"{ROOT}/Procedure", json=visit("V-3"), headers=headers)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(create, range(32)))
    assert sorted(answer.status_code for answer in answers) == [200] * 31 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_condition_may_stand_in_the_address(client: httpx.Client) -> None:
    """`POST [type]?identifier=…` means the same as If-None-Exist; another condition is refused."""
    patient = {"resourceType": "Patient", "identifier": [{"system": "https://clinic.example/mrn", "value": "17"}]}
    asked = {"identifier": "https://clinic.example/mrn|17"}
    first, second = (client.post(f"{ROOT}/Patient", json=patient, params=asked, headers=FHIR) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert client.get(f"{ROOT}/Patient/{first.json()['id']}").json() == first.json()
    other = client.post(f"{ROOT}/Patient", json=patient, params={"name": "Miller"}, headers=FHIR)
    assert other.status_code == 400


@pytest.mark.parametrize(
    ("change", "status", "code", "expression"),
    [
        ({"status": None}, 422, "required", "Procedure.status"),
        ({"laterality": "left"}, 422, "structure", "Procedure.laterality"),
        ({"status": "on-hold"}, 422, "code-invalid", "Procedure.status"),
        ({"status": "not-done"}, 422, "required", "Procedure.statusReason"),
        ({"status": "stopped"}, 422, "required", "Procedure.statusReason"),
        (
            {"modifierExtension": [{"url": "https://x.example", "valueBoolean": True}]},
            422,
            "not-supported",
            "Procedure",
        ),
        ({"performedPeriod": {"start": "2026"}}, 422, "business-rule", "Procedure.performed"),
        (
            {"performedPeriod": {"start": "2026-11-23", "end": "2026-11-23"}},
            422,
            "business-rule",
            "Procedure.performed",
        ),
        ({"resourceType": "Patient"}, 400, "value", "resourceType"),
    ],
)
def test_what_is_wrong_is_named(
    client: httpx.Client, change: dict[str, Any], status: int, code: str, expression: str
) -> None:
    """The element is named, and nothing is stored."""
    body = {name: value for name, value in (visit("V-4") | change).items() if value is not None}
    answer = client.post(f"{ROOT}/Procedure", json=body, headers=FHIR)
    assert answer.status_code == status, answer.text
    issues = [(issue["code"], issue.get("expression", [""])[0]) for issue in answer.json()["issue"]]
    assert any(found == code and at.startswith(expression) for found, at in issues), issues
    assert client.get("/v1/sessions", params={"identifier": "V-4"}).json()["items"] == []


def test_a_placement_of_no_session_is_refused(client: httpx.Client) -> None:
    """partOf names a session that is there; both sides of a point are two placements."""
    missing = client.post(f"{ROOT}/Procedure", json=placement("01a207ac-4074-749a-8a72-a41959b107b4"), headers=FHIR)
    assert missing.status_code == 422
    assert missing.json()["issue"][0]["expression"] == ["Procedure.partOf[0]"]
    session = client.post(f"{ROOT}/Procedure", json=visit("V-5"), headers=FHIR).json()["id"]
    both = placement(session)
    both["extension"][0]["extension"][2]["valueCode"] = "both"
    answer = client.post(f"{ROOT}/Procedure", json=both, headers=FHIR)
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (422, "business-rule")


def test_a_session_is_updated(client: httpx.Client) -> None:
    """What comes replaces what was there, what is foreign too; an old version in If-Match changes nothing."""
    made = client.post(f"{ROOT}/Procedure", json=visit("V-6", category={"text": "Therapy"}), headers=FHIR).json()
    period = {"start": "2026-11-23T09:00:00-08:00", "end": "2026-11-23T09:25:00-08:00"}
    changed = {**made, "status": "completed", "performedPeriod": period, "note": [{"text": "Sore"}]}
    # The extension has the exact status, which follows.
    changed["extension"][0]["extension"][0]["valueCode"] = "completed"
    del changed["category"]
    path = f"{ROOT}/Procedure/{made['id']}"
    answer = client.put(path, json=changed, headers=FHIR | {"If-Match": 'W/"1"'})
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == 'W/"2"'
    assert "category" not in answer.json()
    native = client.get(f"/v1/sessions/{made['id']}").json()
    assert (native["status"], native["note"], native["ended_at"]) == ("completed", "Sore", period["end"])
    stale = client.put(path, json=changed, headers=FHIR | {"If-Match": 'W/"1"'})
    assert (stale.status_code, stale.json()["issue"][0]["code"]) == (412, "conflict")


def test_two_placements_are_updated_without_collision(client: httpx.Client) -> None:
    """If-Match on a placement asks for its own version; its place stays where nothing else is said."""
    session = client.post(f"{ROOT}/Procedure", json=visit("V-7"), headers=FHIR).json()["id"]
    both = [client.post(f"{ROOT}/Procedure", json=placement(session), headers=FHIR) for _ in range(2)]
    for answer in both:
        body = answer.json() | {"outcome": {"text": "Eased"}}
        headers = FHIR | {"If-Match": answer.headers["etag"]}
        changed = client.put(f"{ROOT}/Procedure/{body['id']}", json=body, headers=headers)
        assert changed.status_code == 200, changed.text
        assert changed.json()["outcome"] == {"text": "Eased"}
    for held in client.get(f"/v1/sessions/{session}").json()["placements"]:
        assert (held["region"], held["side"], held["depth_mm"], held["response"]) == (
            "infraspinatus",
            "left",
            12,
            "Eased",
        )


def test_what_an_update_cannot_do_is_said(client: httpx.Client) -> None:
    """An id that nobody has is 405, voiding and a signed session are led to the native way."""
    missing = client.put(f"{ROOT}/Procedure/01a207ac-4074-749a-8a72-a41959b107b4", json=visit("V-8"), headers=FHIR)
    assert missing.status_code == 405
    made = client.post(f"{ROOT}/Procedure", json=visit("V-8", status="completed"), headers=FHIR).json()
    path = f"{ROOT}/Procedure/{made['id']}"
    voided = client.put(path, json=made | {"status": "entered-in-error"}, headers=FHIR)
    assert voided.status_code == 422
    assert f"/v1/sessions/{made['id']}/void" in voided.json()["issue"][0]["diagnostics"]
    signing = {"by": "Practitioner/7", "display": "Dana Example, PT"}
    sign = client.post(f"/v1/sessions/{made['id']}/sign", json=signing, headers={"If-Match": '"1"'})
    assert sign.status_code == 200, sign.text
    signed = client.put(path, json=client.get(path).json(), headers=FHIR)
    assert (signed.status_code, signed.json()["issue"][0]["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"[]", "application/fhir+json", 422, "structure"),
        (b"{", "application/fhir+json", 400, "structure"),
        (b'{"resourceType": "\xff"}', "application/fhir+json", 400, "structure"),
        (b"<Procedure/>", "application/fhir+xml", 415, "not-supported"),
        (b"[" * 100_000, "application/fhir+json", 400, "structure"),
    ],
)
def test_what_is_no_resource_is_an_operation_outcome(
    client: httpx.Client, content: bytes, kind: str, status: int, code: str
) -> None:
    """A body that is no JSON, no UTF-8, no object, too deep or XML is refused with an OperationOutcome."""
    answer = client.post(f"{ROOT}/Procedure", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json()["issue"][0]["code"] == code
