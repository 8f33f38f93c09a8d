"""A service with two tenants that wants to be shown who asks, everybody who may ask, and a record of one tenant."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from starlette.applications import Starlette

from bodymap.api.examples import EXAMPLES
from bodymap.api.operation import Operation
from bodymap.api.operations import OPERATIONS
from bodymap.app import create_app
from bodymap.atlas import load_atlas
from bodymap.config import Settings
from bodymap.fhir.transactions import KEPT
from bodymap.service import SCOPES, keys
from bodymap.storage.database import Database
from tests.api.conftest import serving
from tests.api.issued import issuers_in

# What is open to everybody, and nothing else is. A route that is to be added here needs a good reason.
OPEN = {
    "getStart",
    "getStartOfV1",
    "getStartBelowV1",
    "getHealth",
    "getReadiness",
    "getOpenAPI",
    "getDocs",
    "getDocsFile",
    "getCapabilities",
}
# Ids that belong to a tenant, and names that are everybody's. A path with another parameter is not known here.
OF_A_TENANT = {"session_id", "placement_id", "event_id", "link_id"}
OF_A_TENANT |= {"procedure", "body_structure", "observation", "provenance", "document_reference", "binary"}
OF_A_TENANT |= {"patient", "practitioner", "organization", "device", "encounter"}
EVERYBODYS = {
    "version": "1",
    "region_id": "trapezius-descending",
    "view": "posterior",
    "flag": "over-lung-field",
    "trigger_point_id": load_atlas().trigger_points.all[0].id,
    "file": "start.js",
    "structure_definition": "needling-session",
    "code_system": "region",
    "value_set": "region",
    "search_parameter": "procedure-target-body-structure",
    "operation_definition": "procedure-everything",
}
SUBJECT = "Patient/of-a"
# What R4 asks of a resource that is kept as it came.
ENOUGH: dict[str, dict[str, Any]] = {"Encounter": {"status": "planned", "class": {"code": "AMB"}}}

SCOPED = [operation for operation in OPERATIONS if operation.id not in OPEN]

# The scope of every operation, written out and not read from the table: a wrong row there must not agree with itself.
SCOPE_OF: dict[str, str] = {
    operation: scope
    for scope, operations in {
        "atlas:read": "getAtlas getCrosswalk findRegions getRegion probe traceNeedle findLandmarks findFlags "
        "findReferralAreas findReviews getPlate findEducation "
        "findScreeningItems getEducationScreen",
        "session:read": "findSessions getSession getPlacement findEvents getEvent getHistory getDifferences getVersion "
        "exportSessions compareSessions assessScreening getTenant getNote "
        "getCompleteness",
        "session:write": "createSession patchSession addPlacement patchPlacement deletePlacement signSession "
        "amendSession completeSession voidSession addEvent reResolveSession importSessions",
        "chart:read": "getChart getChartAsPng getChartAsPdf getChartAsText getVersionChart getVersionChartAsPng "
        "getVersionChartAsPdf getVersionChartAsText drawChart drawComparison drawComparisonAsPng printComparison "
        "tellComparison drawLegend drawLegendAsPng tellLegend getTimeline getTimelineAsPng getTimelineAsText "
        "getHeatmap getHeatmapAsPng getHeatmapAsText getPatientPage createLink findLinks getLink revokeLink",
        "admin": "putTenant setLimit reviewTriggerPoint findAuditEntries getMetrics",
    }.items()
    for operation in operations.split()
}
# Below /fhir/R4.
SCOPE_OF |= {
    operation: scope
    for scope, operations in {
        "atlas:read": "readStructureDefinition readCodeSystem readValueSet readSearchParameter readOperationDefinition "
        "validateProcedure validateBodyStructure validateObservation validateDocumentReference validateProvenance "
        "validatePatient validatePractitioner validateOrganization validateDevice validateEncounter validateBundle",
        "session:read": "readProcedure readBodyStructure readObservation readProvenance vreadProcedure "
        "vreadBodyStructure vreadObservation vreadProvenance historyProcedure historyBodyStructure "
        "everythingOfProcedure "
        "findProcedure findBodyStructure findObservation findDocumentReference findProvenance searchProcedure "
        "searchBodyStructure searchObservation searchDocumentReference searchProvenance "
        "historyObservation historyProvenance readPatient readPractitioner readOrganization readDevice readEncounter",
        "session:write": "updateProcedure "
        "storeTransaction createProcedure createPatient createPractitioner createOrganization "
        "createDevice createEncounter",
        "chart:read": "readDocumentReference vreadDocumentReference readBinary",
    }.items()
    for operation in operations.split()
}


class House(NamedTuple):
    """A service with two tenants: its client, keys by name, and ids of a record of tenant `a`."""

    client: httpx.Client
    app: Starlette
    keys: dict[str, str]
    ids: dict[str, str]
    href: str


@contextmanager
def housed(url: str, folder: Path) -> Iterator[House]:
    """The service on a database that nobody has used yet, until the end of the block."""
    issuers = issuers_in(folder, tenant="a", grants=sorted(SCOPES))
    app = create_app(Settings(database=url, secret="x" * 32, issuers_file=issuers))
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as client:
        made = keys_in(url)
        shown = {"headers": {"Authorization": f"Bearer {made['a']}"}}
        place = {"kind": "trigger_point", "region": "trapezius-descending", "side": "left", "pain_before": 5}
        body = {"subject": SUBJECT, "status": "completed", "placements": [place]}
        session = client.post("/v1/sessions", json=body, **shown).json()
        at = f"/v1/sessions/{session['id']}"
        event = client.post(f"{at}/events", json=EXAMPLES["addEvent"][0].body, **shown).json()
        link = client.post("/v1/links", json={"address": f"{at}/chart.svg"}, **shown).json()
        placement_id = session["placements"][0]["id"]
        people = [{"resourceType": kind} | ENOUGH.get(kind, {}) for kind in KEPT]
        entries = [{"resource": each, "request": {"method": "POST", "url": each["resourceType"]}} for each in people]
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        kept = client.post("/fhir/R4", json=bundle, **shown).json()["entry"]
        locations = [entry["response"]["location"].split("/") for entry in kept]
        # Those that begin with another's id stand before it.
        found = {
            **{location[-4].lower(): location[-3] for location in locations},
            "observation": f"{placement_id}-pain-before",
            "provenance": f"{session['id']}-1",
            "document_reference": f"{session['id']}-chart",
            "binary": f"{session['id']}-chart-1",
            "procedure": session["id"],
            "body_structure": placement_id,
            "session_id": session["id"],
            "placement_id": placement_id,
            "event_id": event["id"],
            "link_id": link["id"],
        }
        yield House(client, app, made, found, link["href"])


def keys_in(url: str) -> dict[str, str]:
    """Keys made beside the running service: of tenants a and b, with every scope and with each alone, and dead ones."""
    now = datetime.now(UTC)
    made: dict[str, str] = {}
    with Database.open(url, alone=False) as database:

        def key(name: str, tenant: str, *scopes: str, expires: datetime | None = None) -> str:
            kept, made[name] = database.write_now(lambda tx: keys.create(tx, tenant, scopes, name, now, expires))
            return kept.id

        key("a", "a", *sorted(SCOPES))
        key("b", "b", *sorted(SCOPES))
        key("later", "a", *sorted(SCOPES), expires=now + timedelta(hours=1))
        for scope in SCOPES:
            key(scope, "a", scope)
        key("expired", "a", *sorted(SCOPES), expires=now - timedelta(seconds=1))
        revoked = key("revoked", "a", *sorted(SCOPES))
        database.write_now(lambda tx: keys.revoke(tx, revoked, now))
        rotated = key("rotated", "a", *sorted(SCOPES))
        _, made["rotated to"] = database.write_now(lambda tx: keys.rotate(tx, rotated, now, None))
        graced = key("graced", "a", *sorted(SCOPES))
        later = now + timedelta(hours=1)
        _, made["graced to"] = database.write_now(lambda tx: keys.rotate(tx, graced, later, None))
    return made


def path_of(operation: Operation, ids: dict[str, str]) -> str:
    """The address of an operation with these ids in it. A parameter that nobody classed above fails here."""
    return operation.path.format(**ids, **EVERYBODYS)


def ask(house: House, operation: Operation, path: str, shown: Any, **changed: Any) -> httpx.Response:
    """The operation asked for as its example says, with a credential or without."""
    [example, *_] = EXAMPLES.get(operation.id, ()) or [None]
    plain = {"resourceType": operation.path.split("/")[3]} if operation.path.startswith("/fhir/R4/") else None
    body = changed.pop("body", example.body if example else plain)
    if_match, accept = changed.pop("if_match", "*"), changed.pop("accept", None)
    headers = {"If-Match": if_match} if operation.versioned and if_match else {}
    if accept is not None:
        headers["Accept"] = accept
    if operation.body_media_types:
        headers["Content-Type"] = operation.body_media_types[0]
    if shown is not None:
        headers["Authorization"] = shown if " " in shown else f"Bearer {shown}"
    content = json.dumps(body).encode() if operation.body_media_types else None
    query = changed.pop("query", example.query if example else {})
    return house.client.request(operation.method, path, params=query, headers=headers, content=content, **changed)


def version(house: House) -> str:
    """The version of tenant a's session."""
    shown = {"Authorization": f"Bearer {house.keys['a']}"}
    return str(house.client.get(f"/v1/sessions/{house.ids['session_id']}", headers=shown).headers["etag"])
