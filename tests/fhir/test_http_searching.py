"""Searching over HTTP: what fits, what comes along, page by page."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from bodymap.config import Settings
from tests.api.conftest import serving
from tests.engines import NewUrl
from tests.fhir.test_examples import kept

ROOT = "/fhir/R4"
EVERYTHING = [
    ("_revinclude", "Procedure:part-of"),
    ("_include:iterate", "Procedure:target-body-structure"),
    ("_revinclude:iterate", "Observation:part-of"),
    ("_revinclude", "DocumentReference:related"),
    ("_revinclude", "Provenance:target"),
]


@pytest.fixture(scope="module")
def client(new_url: NewUrl) -> Iterator[httpx.Client]:
    """A client of a service with one of the examples, and seven visits of another patient."""
    app = create_app(Settings(database=new_url(), secret="a secret of the tests"), open_to_all=True)  # noqa: S106
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as made:
        bundle = json.dumps(kept("signed-session", "transaction"))
        assert made.post(ROOT, content=bundle, headers={"Content-Type": "application/fhir+json"}).status_code == 200
        place = {"kind": "trigger_point", "region": "infraspinatus", "side": "left"}
        for day in range(1, 8):
            visit = {"subject": "Patient/9", "started_on": f"2026-11-0{day}", "placements": [place]}
            assert made.post("/v1/sessions", json=visit | {"status": "completed"}).status_code == 201
        yield made


def found(client: httpx.Client, path: str, *pairs: tuple[str, str]) -> Any:
    """The Bundle that a search answers."""
    answer = client.get(f"{ROOT}/{path}", params=list(pairs))
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(bundle: Any, mode: str) -> list[str]:
    """The types of a Bundle's resources of a mode, in order."""
    return sorted(e["resource"]["resourceType"] for e in bundle.get("entry", ()) if e["search"]["mode"] == mode)


def test_a_session_comes_with_everything(client: httpx.Client) -> None:
    """By its identifier a session comes with its placements, places, observations, chart and provenance, as in the
    example."""
    identifier = ("identifier", "https://clinic.example/session|S-2026-11-23-0001")
    bundle = found(client, "Procedure", identifier, *EVERYTHING)
    wanted = kept("signed-session", "searchset")
    assert bundle["total"] == 1
    assert kinds(bundle, "match") == ["Procedure"]
    assert kinds(bundle, "include") == kinds(wanted, "include")
    both = [*EVERYTHING, ("_include", "Procedure:patient")]
    assert "Patient" in kinds(found(client, "Procedure", identifier, *both), "include")


def test_everything_of_a_session(client: httpx.Client) -> None:
    """`$everything` gives what the search of the example gives, and the people; a placement is no session."""
    identifier = ("identifier", "https://clinic.example/session|S-2026-11-23-0001")
    session = found(client, "Procedure", identifier)["entry"][0]["resource"]["id"]
    whole = found(client, f"Procedure/{session}/$everything")
    wanted = [*kinds(kept("signed-session", "searchset"), "include"), "Patient", "Practitioner"]
    assert kinds(whole, "include") == sorted(wanted)
    placement = next(e["resource"]["id"] for e in whole["entry"] if e["resource"]["resourceType"] == "BodyStructure")
    assert client.get(f"{ROOT}/Procedure/{placement}/$everything").status_code == 404


@pytest.mark.parametrize(
    ("path", "pairs", "number"),
    [
        ("Procedure", [("patient", "9"), ("code", "dry-needling")], 7),
        ("Procedure", [("patient", "Patient/9"), ("code", "trigger_point")], 7),
        ("Procedure", [("patient", "9"), ("date", "ge2026-11-05"), ("code", "dry-needling")], 3),
        ("Procedure", [("patient", "9"), ("date", "2026-11-05"), ("code", "dry-needling")], 1),
        ("Procedure", [("patient", "9"), ("status", "preparation,not-done")], 0),
        ("Procedure", [("subject", "Patient/nobody")], 0),
        ("BodyStructure", [("patient", "9"), ("location", "http://snomed.info/sct|72573008")], 7),
        ("BodyStructure", [("patient", "9"), ("morphology", "perimeter")], 0),
        ("Observation", [("code", "http://loinc.org|72514-3")], 4),
        ("Observation", [("category", "exam")], 4),
        ("DocumentReference", [("type", "body-chart"), ("patient", "9")], 7),
        ("Provenance", [("recorded", "ge2020")], 10),
    ],
)
def test_what_fits_is_found(client: httpx.Client, path: str, pairs: list[tuple[str, str]], number: int) -> None:
    """Each parameter narrows the search, several of them all; the total is exact where it is asked for."""
    bundle = found(client, path, *pairs, ("_total", "accurate"))
    assert bundle["total"] == number
    assert len(kinds(bundle, "match")) == number


def test_pages_follow_each_other(client: httpx.Client) -> None:
    """`next` leads through everything once, whatever fits on a page."""
    seen: list[str] = []
    address: str | None = f"{ROOT}/Procedure?patient=9&_count=3"
    while address:
        bundle = client.get(address).json()
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        address = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
        assert len(bundle["entry"]) <= 3
    assert len(seen) == len(set(seen)) == 14


def test_post_searches_too(client: httpx.Client) -> None:
    """`POST …/_search` with a form answers what GET answers."""
    asked = {"patient": "9", "code": "dry-needling"}
    posted = client.post(f"{ROOT}/Procedure/_search", data=asked)
    assert posted.status_code == 200, posted.text
    assert posted.json() == found(client, "Procedure", *asked.items())


def test_a_parameter_that_is_not_known_is_told(client: httpx.Client) -> None:
    """It is ignored and named in an outcome, or refused for who asks for that."""
    bundle = found(client, "Procedure", ("patient", "9"), ("colour", "red"))
    assert kinds(bundle, "outcome") == ["OperationOutcome"]
    strict = client.get(f"{ROOT}/Procedure", params={"colour": "red"}, headers={"Prefer": "handling=strict"})
    assert (strict.status_code, strict.json()["issue"][0]["code"]) == (400, "not-supported")
    wrong = client.get(f"{ROOT}/Procedure", params={"date": "yesterday"})
    assert (wrong.status_code, wrong.json()["resourceType"]) == (400, "OperationOutcome")
