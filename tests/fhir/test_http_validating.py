"""`$validate` over HTTP: what is wrong with resources and Bundles, and nothing stored."""

import json
from typing import Any

import httpx
import pytest

from tests.fhir.test_examples import EXAMPLES, kept
from tests.fhir.test_http_transactions import BROKEN, client, patched

__all__ = ("client",)

ROOT = "/fhir/R4"
FHIR = {"Content-Type": "application/fhir+json"}


def issues(client: httpx.Client, path: str, body: Any) -> list[dict[str, Any]]:
    """The issues of an OperationOutcome."""
    answer = client.post(f"{ROOT}/{path}/$validate", content=json.dumps(body), headers=FHIR)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["issue"]
    return found


@pytest.mark.parametrize("form", ["transaction", "searchset"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_valid(client: httpx.Client, name: str, form: str) -> None:
    """Nothing is wrong with what a client would post, nor with what a search gives back."""
    assert [issue["severity"] for issue in issues(client, "Bundle", kept(name, form))] == ["information"]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_a_bundle_is_reported(client: httpx.Client, name: str) -> None:
    """Each fault is named with its place, as when the Bundle is posted; nothing is stored."""
    fault = BROKEN[name]
    reported = issues(client, "Bundle", patched(fault["of"], fault["patch"]))
    assert any(
        issue["code"] == fault["code"] and issue["expression"][0].startswith(fault["expression"]) for issue in reported
    ), reported
    assert client.get("/v1/sessions").json()["items"] == []


@pytest.mark.parametrize(
    ("kind", "change", "code", "expression"),
    [
        ("Procedure", {"laterality": {"text": "left"}}, "structure", "Procedure.laterality"),
        ("Procedure", {"performedPeriod": {"start": "2026"}}, "business-rule", "Procedure.performed.start"),
        ("BodyStructure", {"extension": []}, "structure", "BodyStructure.extension"),
        ("Observation", {"valueQuantity": {"value": 7, "code": "mm"}}, "value", "Observation.value"),
        ("Patient", {"birthDate": 7}, "structure", "Patient.birthDate"),
    ],
)
def test_what_is_wrong_with_a_resource_is_reported(
    client: httpx.Client, kind: str, change: dict[str, Any], code: str, expression: str
) -> None:
    """A resource by itself, or in Parameters, is told what is wrong with it and where."""
    entries = kept("signed-session", "transaction")["entry"]
    whole = {entry["resource"]["resourceType"]: entry["resource"] for entry in entries[::-1]}
    if kind == "Observation":
        whole[kind] = next(e["resource"] for e in entries if "valueQuantity" in e["resource"])
    assert issues(client, kind, whole[kind])[0]["severity"] == "information"
    broken = whole[kind] | change
    for body in (broken, {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": broken}]}):
        found = [(issue["code"], issue["expression"][0]) for issue in issues(client, kind, body)]
        assert (code, expression) in found
