"""`$validate`: what is wrong with a resource or a Bundle, without storing anything."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from bodymap.api.fhir.editions import ROOT
from bodymap.api.fhir.writing import repeated
from bodymap.api.http.problems import FHIR_JSON
from bodymap.api.operation import JSON, Answer, Call, Operation
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import SessionStatement
from bodymap.decoding import convert
from bodymap.errors import Invalid
from bodymap.fhir.complaints import issue_of
from bodymap.fhir.extension_parts import PLACEMENT
from bodymap.fhir.issues import Issue, Report, outcome
from bodymap.fhir.observation_readings import read_observation
from bodymap.fhir.parts import read
from bodymap.fhir.readings import Reading, extension_of, read_placement, read_session
from bodymap.fhir.terms import PLACEMENT_EXTENSION
from bodymap.fhir.transactions import KEPT, OURS, check_resources, read_transaction
from bodymap.fhir.visits import Entry, is_placement, visits_of

_CLEAN = Issue("", "informational", "Nothing is wrong with it.", "information")


def validate(kind: str, call: Call, _: Any) -> Answer:
    """An OperationOutcome with everything that is wrong, or that nothing is."""
    issues = repeated(call)
    body = call.body.value
    resource = _resource(body) if body.get("resourceType") == "Parameters" else body
    if not isinstance(resource, Mapping) or resource.get("resourceType") != kind:
        issues.append(Issue("resourceType", "value", f"A {kind} is validated here."))
    elif kind == "Bundle":
        _check_bundle(call, resource, issues.append)
    else:
        check_resources([Entry(resource, kind, "")], issues.append, whole=False)
        if not issues:
            _check_ours(call, kind, resource, issues.append)
    body_bytes = msgspec.json.encode(outcome(issues or [_CLEAN]))
    return Answer(body=body_bytes, media_type=call.media_type)


def _resource(parameters: Mapping[str, Any]) -> Any:
    """The resource of the parameter `resource`."""
    held = [each.get("resource") for each in parameters.get("parameter", ()) if each.get("name") == "resource"]
    return held[0] if held else None


def _check_bundle(call: Call, bundle: Mapping[str, Any], report: Report) -> None:
    if bundle.get("type") == "transaction":
        visits = read_transaction(bundle, report).visits
    else:
        entries = [
            Entry(each["resource"], f"Bundle.entry[{index}].resource", _address(each))
            for index, each in enumerate(bundle.get("entry") or ())
            if isinstance(each.get("resource"), Mapping) and each["resource"].get("resourceType") in (*OURS, *KEPT)
        ]
        check_resources(entries, report)
        visits = tuple(visits_of([entry for entry in entries if entry.type in OURS], {}, report))
    for visit in visits:
        _check_session(call, visit.statement, visit.places, report)


def _address(entry: Mapping[str, Any]) -> str:
    """What others call an entry: by its id where it has one, as a server's Bundles have."""
    resource = entry["resource"]
    return f"{resource['resourceType']}/{resource['id']}" if "id" in resource else str(entry.get("fullUrl", ""))


def _check_ours(call: Call, kind: str, resource: Mapping[str, Any], report: Report) -> None:
    """Reports what is wrong with one of the resources that a session is made of, by itself."""
    if kind == "Observation":
        read_observation(resource, kind, {}, report)
    if kind == "BodyStructure":
        found = extension_of(resource, PLACEMENT_EXTENSION)
        if found is None:
            report(
                Issue(f"{kind}.extension", "required", "The extension needle-placement says where the needles went.")
            )
        else:
            read(found[1], PLACEMENT, f"{kind}.extension[{found[0]}]", report)
    if kind == "Procedure" and is_placement(resource):
        if extension_of(resource, PLACEMENT_EXTENSION):
            _check_placement(call, read_placement(resource, kind, None, {}, report), report)
    elif kind == "Procedure":
        session = read_session(resource, kind, {}, report)
        _check_session(call, session.stated, session.places, report)


def _check_session(call: Call, stated: Mapping[str, Any], places: Mapping[str, str], report: Report) -> None:
    known = [{k: v for k, v in each.items() if k != "continues"} for each in stated.get("placements", ())]
    try:
        call.backend.use_cases.sessions.draft(convert({**stated, "placements": known}, SessionStatement))
    except Invalid as error:
        for complaint in error.complaints:
            report(issue_of(complaint, places))


def _check_placement(call: Call, placement: Reading, report: Report) -> None:
    places = {f"/placements/0{pointer}": at for pointer, at in placement.places.items()}
    try:
        convert(placement.stated, PlacementStatement).accepted()
    except Invalid as error:
        for complaint in error.complaints:
            report(issue_of(complaint, placement.places))
        return
    _check_session(call, {"placements": [placement.stated]}, places, report)


def _row(kind: str, path: str) -> Operation:
    return Operation(
        method="POST",
        path=f"{ROOT}{path}/$validate",
        id=f"validate{kind}",
        tag="FHIR",
        summary=f"What is wrong with a {kind}",
        handler=partial(validate, kind),
        scope="atlas:read",
        body=dict[str, Any],
        query=None,
        media_types=(FHIR_JSON, JSON),
        described=False,
    )


OPERATIONS = (*(_row(kind, f"/{kind}") for kind in (*OURS, *KEPT, "Bundle")),)
