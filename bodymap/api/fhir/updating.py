"""Updating the Procedure of a session or placement: what is there is replaced by what comes."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bodymap.api.fhir import reading
from bodymap.api.fhir.editions import ROOT, Edition, answered, editions_of, names_of, versions_of
from bodymap.api.fhir.writing import repeated
from bodymap.api.http import negotiation
from bodymap.api.http.problems import FHIR_JSON
from bodymap.api.operation import JSON, Answer, Call, Operation
from bodymap.charting.session import Session
from bodymap.errors import MethodNotAllowed, Missing, Stale
from bodymap.fhir.issues import Issue
from bodymap.fhir.readings import read_placement, read_session
from bodymap.fhir.session_resources import resources_of
from bodymap.fhir.transactions import check_resources
from bodymap.fhir.visits import Entry
from bodymap.service.fhir_records import FhirRecords, complaints_at, invalid
from bodymap.storage.transaction import Transaction

# What a session's Procedure can say; pain and measures are Observations, events are added.
_OF_A_SESSION = (
    *("identifier", "status", "status_reason", "subject", "encounter", "performer"),
    *("started_at", "started_on", "ended_at", "position", "needle", "needles_in", "needles_out", "count_note"),
    *("consent", "information_given", "billing_code", "note"),
)
# What a placement's Procedure and BodyStructure can say; pain and twitches are Observations.
_OF_A_PLACEMENT = (
    *("identifier", "status", "status_reason", "view", "at", "region", "muscle", "side", "landmark", "offset_mm"),
    *("site", "ring", "outline", "spacing_mm", "needles", "skip", "also", "count", "insertions", "depth_mm"),
    *("angle_from_normal_deg", "direction", "technique", "dwell_s", "electrical", "needle", "trigger_point"),
    *("response", "precaution", "note", "continues"),
)
_TRIGGER_POINTS = {"at", "landmark", "offset_mm", "site", "count", "trigger_point"}
_PERIMETERS = {"ring", "outline", "spacing_mm", "needles", "skip"}


def update(call: Call, tx: Transaction) -> Answer:
    """The Procedure as it is from now on; its present version where the record holds all of it already."""
    id_ = call.path["procedure"]
    try:
        versions = versions_of(call, tx, id_)
    except Missing as error:
        detail = "Ids are made here: POST creates a Procedure, PUT replaces one that is there."
        raise MethodNotAllowed(detail, headers={"Allow": "GET, HEAD, OPTIONS"}) from error
    editions = editions_of(call, tx, versions)
    _check_version(call, editions["Procedure", id_][-1])
    resource = call.body.value
    issues = repeated(call)
    if resource.get("resourceType") != "Procedure" or resource.get("id", id_) != id_:
        raise invalid([Issue("id", "value", f"The body is Procedure {id_}.")], readable=False)
    check_resources([Entry(resource, "Procedure", "")], issues.append)
    session = versions[-1][0]
    if resource.get("status") == "entered-in-error":
        detail = f"Voiding says who and why: POST /v1/sessions/{session.id}/void."
        issues.append(Issue("Procedure.status", "business-rule", detail))
    if issues:
        raise invalid(issues)
    if id_ == session.id:
        after = _update_session(call, tx, session, resource)
    else:
        place = editions["BodyStructure", id_][-1].resource
        after = _update_placement(call, tx, session, id_, resource, place)
    made = resources_of(answered(call, after), names_of(call, after))
    ours = next(each for each in made if (each["resourceType"], each["id"]) == ("Procedure", id_))
    records = FhirRecords(call.backend.use_cases, call.backend.now)
    records.keep_rest(tx, call.principal, resource, ours)
    return reading.read("Procedure", msgspec.structs.replace(call, path={"procedure": id_}), tx)


def _check_version(call: Call, edition: Edition) -> None:
    """Raises Stale where If-Match names another version of the resource."""
    stated = call.headers.get("if-match")
    tags = negotiation.etags(stated) if stated and stated.strip() != "*" else None
    if tags and all(tag != str(edition.version) for _, tag in tags):
        raise Stale(f"The Procedure is at version {edition.version}, which If-Match does not name.")


def _update_session(call: Call, tx: Transaction, session: Session, resource: Mapping[str, Any]) -> Session:
    issues: list[Issue] = []
    header = read_session(resource, "Procedure", {}, issues.append)
    if issues:
        raise invalid(issues)
    patch = {member: header.stated.get(member) for member in _OF_A_SESSION}
    with complaints_at(header.places):
        return call.backend.use_cases.sessions.patch(tx, call.principal, session.id, None, patch)


def _update_placement(
    call: Call, tx: Transaction, session: Session, id_: str, resource: Mapping[str, Any], place: Mapping[str, Any]
) -> Session:
    """The session with the placement changed. Its place stays where the Procedure does not say another one."""
    issues: list[Issue] = []
    placement = read_placement(resource, "Procedure", (place, "BodyStructure"), {}, issues.append)
    if issues:
        raise invalid(issues)
    others = _PERIMETERS if placement.stated.get("kind") == "trigger_point" else _TRIGGER_POINTS
    patch = {member: placement.stated.get(member) for member in _OF_A_PLACEMENT if member not in others}
    sessions = call.backend.use_cases.sessions
    with complaints_at(placement.places):
        drafted = sessions.draft_patch(session, id_, patch)
        after, _ = sessions.patch_placement(tx, call.principal, session.id, id_, None, patch, drafted)
    return after


OPERATIONS = (
    Operation(
        method="PUT",
        path=f"{ROOT}/Procedure/{{procedure}}",
        id="updateProcedure",
        tag="FHIR",
        summary="Replace a Procedure",
        handler=update,
        scope="session:write",
        access="write",
        body=dict[str, Any],
        query=None,
        media_types=(FHIR_JSON, JSON),
        described=False,
    ),
)
