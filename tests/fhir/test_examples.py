"""The worked examples: four sessions, each as a client would post it and as a search gives it back."""

import json
from pathlib import Path
from typing import Any

import pytest

from bodymap.fhir.documents import Chart, document_reference
from bodymap.fhir.issues import Issue
from bodymap.fhir.provenances import provenance
from bodymap.fhir.session_resources import resources_of
from bodymap.fhir.visits import Entry, Visit, visits_of
from tests.fhir.sessions import NAMES, stated_of

FOLDER = Path(__file__).parent / "examples"
EXAMPLES = ["signed-session", "every-place", "visit-by-day", "without-patient"]


def kept(name: str, form: str) -> Any:
    """An example in one of its forms."""
    return json.loads((FOLDER / f"{name}.{form}.json").read_text("utf-8"))


def resources(name: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The resources of an example's searchset by type and id, without `meta`."""
    found = [entry["resource"] for entry in kept(name, "searchset")["entry"]]
    return {(each["resourceType"], each["id"]): {k: v for k, v in each.items() if k != "meta"} for each in found}


def visit_in(name: str, form: str) -> Visit:
    """The visit that an example's bundle states, in which nothing is wrong."""
    entries, known = [], {}
    for index, entry in enumerate(kept(name, form)["entry"]):
        resource = entry["resource"]
        if resource["resourceType"] in ("Patient", "Practitioner"):
            known[entry["fullUrl"]] = {"Patient": "Patient/123", "Practitioner": "Practitioner/7"}[
                resource["resourceType"]
            ]
            continue
        address = f"{resource['resourceType']}/{resource['id']}" if "id" in resource else entry["fullUrl"]
        entries.append(Entry(resource, f"Bundle.entry[{index}].resource", address))
    issues: list[Issue] = []
    [visit] = visits_of(entries, known, issues.append)
    assert issues == []
    return visit


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_session_becomes_the_resources_of_the_example(name: str) -> None:
    """Procedures, BodyStructures and Observations are those of the searchset, member by member."""
    wanted = resources(name)
    made = list(resources_of(kept(name, "native"), NAMES, chart=("DocumentReference" in {kind for kind, _ in wanted})))
    for resource in made:
        assert resource == wanted[resource["resourceType"], resource["id"]]
    others = {"DocumentReference", "Provenance"}
    assert len(made) == len([kind for kind, _ in wanted if kind not in others])


@pytest.mark.parametrize("form", ["transaction", "searchset"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_resources_state_the_session(name: str, form: str) -> None:
    """What a client posts, and what a search gives back, state the whole session again: nothing is lost."""
    native, visit = kept(name, "native"), visit_in(name, form)
    if (name, form) == ("visit-by-day", "transaction"):
        continues = "Procedure?identifier=https://clinic.example/placement|S-2026-11-23-0001-P1"
        assert visit.statement["placements"][0].pop("continues") == continues
        del native["placements"][0]["continues"]
    assert visit.statement == stated_of(native)
    numbers = {placement["id"]: index for index, placement in enumerate(native["placements"])}
    events = [{k: v for k, v in event.items() if k not in ("id", "recorded_at")} for event in native.get("events", ())]
    events = [e | ({"placement": numbers[e["placement"]]} if "placement" in e else {}) for e in events]
    assert [event.stated for event in visit.events] == events
    signature = native.get("signature")
    assert visit.signing == (signature and {"by": signature["by"], "display": signature["display"]})


def test_the_chart_is_the_document_of_the_example() -> None:
    """The chart's DocumentReference has the size and the hash of its bytes, and refers to the Binary."""
    native, wanted = kept("signed-session", "native"), resources("signed-session")
    svg = (FOLDER / "signed-session.chart.svg").read_bytes()
    made = document_reference(native, Chart(svg, native["updated_at"]), "https://bodymap.example/fhir/R4")
    assert made == wanted["DocumentReference", f"{native['id']}-chart"]


def test_every_version_has_the_provenance_of_the_example() -> None:
    """Recording, an event and a signature are Provenances; the signature names who signed and holds no data."""
    native, wanted = kept("signed-session", "native"), resources("signed-session")
    signature = native["signature"]
    changes = {
        1: ({"kind": "created"}, native["created_at"]),
        2: ({"kind": "event-added", "by": "Practitioner/7"}, native["events"][0]["recorded_at"]),
        3: ({"kind": "signed", "by": signature["by"], "display": signature["display"]}, signature["at"]),
    }
    for version, (change, recorded) in changes.items():
        made = provenance({**native, "version": version}, change, recorded, {"display": "Example Clinic"})
        assert made == wanted["Provenance", f"{native['id']}-{version}"]
