"""Storing resources: a transaction of any size, all or nothing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from bodymap.api.fhir.editions import ROOT, answered, base_of, names_of
from bodymap.api.http.problems import FHIR_JSON
from bodymap.api.operation import JSON, SVG, Answer, Call, Operation
from bodymap.charting import lifecycle
from bodymap.charting.session import SessionStatement
from bodymap.charting.signatures import Signing
from bodymap.decoding import convert
from bodymap.fhir.issues import Issue
from bodymap.fhir.session_resources import resources_of
from bodymap.fhir.transactions import Transaction as Asked
from bodymap.fhir.transactions import read_transaction
from bodymap.fhir.visits import Visit
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions
from bodymap.service.fhir_records import Drafted, FhirRecords, Stored, complaints_at, invalid
from bodymap.storage import search_index
from bodymap.storage.signed_charts import packed
from bodymap.storage.transaction import Transaction

# As `continues` is read: without the type that stands before an id.
_CONDITIONAL = ("Procedure?identifier=", "?identifier=")


class Prepared(NamedTuple):
    """A transaction that was checked, with the sessions that it states, drafted."""

    asked: Asked
    drafted: tuple[Drafted, ...]


def prepare_transaction(call: Call) -> Prepared:
    """The transaction checked, its visits drafted against the atlas, their charts drawn. Raises Invalid with every
    issue at its place."""
    issues = repeated(call)
    asked = read_transaction(call.body.value, issues.append)
    if issues:
        raise invalid(issues, asked.readable)
    return visits_drafted(call, asked)


def repeated(call: Call) -> list[Issue]:
    """Issues about names that stand twice in an object of the body."""
    return [Issue(_expression(each.pointer), "structure", each.detail) for each in call.body.complaints]


def visits_drafted(call: Call, asked: Asked) -> Prepared:
    """What is asked, with its visits drafted."""
    return Prepared(asked, tuple(_drafted(call, visit) for visit in asked.visits))


def store_transaction(call: Call, tx: Transaction) -> Answer:
    """What became of each entry, in the order of the request."""
    stored = store(call, tx, call.prepared)
    answers = [stored[request.entry.at] for request in call.prepared.asked.requests]
    entries = [{"response": _response(call, each)} for each in answers]
    bundle = {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}
    sessions = tuple(dict.fromkeys(each.session for each in answers if each.session))
    return Answer(body=msgspec.json.encode(bundle), media_type=call.media_type, sessions=sessions)


def store(call: Call, tx: Transaction, prepared: Prepared) -> dict[str, Stored]:
    """What became of the entries, by where they stand."""
    records = FhirRecords(call.backend.use_cases, call.backend.now)
    stored, addresses = records.keep(tx, call.principal, prepared.asked.requests)
    recorded = []
    for drafted in prepared.drafted:
        session, made = records.record(tx, call.principal, drafted, addresses, prepared.asked.requests)
        placed = records.placed(drafted.visit, session, made)
        stored |= placed
        addresses |= {member.entry.address: placed[member.entry.at].address for member in drafted.visit.members}
        if made:
            recorded.append((drafted.visit, session))
    for visit, session in recorded:
        ours = {
            (each["resourceType"], each["id"]): each
            for each in resources_of(answered(call, session), names_of(call, session))
        }
        records.keep_foreign(tx, call.principal, visit, stored, addresses, ours)
    return stored


def _drafted(call: Call, visit: Visit) -> Drafted:
    statement = _with_continued(call, visit)
    with complaints_at(visit.places):
        session = call.backend.use_cases.sessions.draft(convert(statement, SessionStatement))
        if visit.signing is None:
            return Drafted(visit, session, None)
        # As it will be when it is signed: an event is no part of the picture.
        before = msgspec.structs.replace(session, version=1 + len(visit.events))
        atlas = call.backend.use_cases.atlases.of(session)
        signed = lifecycle.sign(atlas, before, msgspec.convert(visit.signing, Signing), call.backend.now())
        return Drafted(visit, session, packed(render_chart(atlas, signed, ChartOptions()), SVG))


def _with_continued(call: Call, visit: Visit) -> Mapping[str, Any]:
    """The statement of a visit with the placements that it continues by their ids. Raises Invalid."""
    placements = []
    for index, placement in enumerate(visit.statement["placements"]):
        continues = placement.get("continues", "")
        if continues.startswith(_CONDITIONAL):
            system, _, value = continues.partition("=")[2].partition("|")
            read: Any = call.backend.database.read_now
            held = read(lambda tx, s=system, v=value: search_index.holder_of(tx, call.principal.tenant, s, v))
            if held is None or held[1] is None:
                at = visit.places[f"/placements/{index}/continues"]
                raise invalid([Issue(at, "not-found", f"No placement has the identifier {value!r} of {system!r}.")])
            placement = {**placement, "continues": held[1]}
        placements.append(placement)
    return {**visit.statement, "placements": placements}


def _response(call: Call, stored: Stored) -> dict[str, Any]:
    return {
        "status": "201 Created" if stored.made else "200 OK",
        "location": f"{base_of(call)}/{stored.address}/_history/{stored.version}",
        "etag": f'W/"{stored.version}"',
        "lastModified": stored.updated,
    }


def _expression(pointer: str) -> str:
    """A JSON pointer into a Bundle as FHIRPath."""
    steps = [f"[{step}]" if step.isdecimal() else f".{step}" for step in pointer.split("/")[1:]]
    return "Bundle" + "".join(steps)


OPERATIONS = (
    Operation(
        method="POST",
        path=ROOT,
        id="storeTransaction",
        tag="FHIR",
        summary="Store a transaction, all of it or nothing",
        handler=store_transaction,
        prepare=prepare_transaction,
        scope="session:write",
        access="write",
        body=dict[str, Any],
        query=None,
        media_types=(FHIR_JSON, JSON),
        described=False,
    ),
)
