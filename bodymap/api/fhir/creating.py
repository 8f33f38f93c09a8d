"""Creating one resource: a session, a placement of a session that is there, or what is kept as it came."""

from functools import partial
from typing import Any, NamedTuple

import msgspec

from bodymap.api.fhir import reading
from bodymap.api.fhir.editions import ROOT, answered, base_of, names_of, parameter_of
from bodymap.api.fhir.writing import Prepared, repeated, store, visits_drafted
from bodymap.api.http.problems import FHIR_JSON
from bodymap.api.operation import JSON, Answer, Call, Operation
from bodymap.charting.placement import PlacementStatement
from bodymap.decoding import Draft, convert
from bodymap.errors import UnknownSession
from bodymap.fhir.issues import Issue
from bodymap.fhir.readings import read_placement
from bodymap.fhir.references import named_by
from bodymap.fhir.session_resources import resources_of
from bodymap.fhir.transactions import KEPT, check_resources, read_transaction
from bodymap.fhir.visits import Entry, is_placement
from bodymap.service.fhir_records import FhirRecords, complaints_at, invalid
from bodymap.service.sessions import DraftedPlacement
from bodymap.storage.transaction import Transaction

_WITHIN = "Bundle.entry[0]"


class FurtherPlacement(NamedTuple):
    """A placement to be added to a session that is there already."""

    session_id: str
    statement: Draft[PlacementStatement]
    drafted: DraftedPlacement
    places: dict[str, str]


def prepare(kind: str, call: Call) -> Prepared | FurtherPlacement:
    """The resource checked, and drafted against the atlas. Raises Invalid with every issue at its place."""
    resource = call.body.value
    issues = [_own(issue, kind) for issue in repeated(call)]
    if resource.get("resourceType") != kind:
        detail = f"The body is a {resource.get('resourceType')}, the address that of a {kind}."
        raise invalid([*issues, Issue("resourceType", "value", detail)], readable=False)
    parts = [named_by(each) or "" for each in resource.get("partOf") or () if isinstance(each, dict)]
    if kind == "Procedure" and is_placement(resource) and parts:
        return _further(call, resource, parts[0].removeprefix("Procedure/"), issues)
    condition = call.headers.get("if-none-exist") or "&".join(f"{name}={value}" for name, value in call.pairs)
    asked = {"method": "POST", "url": kind, **({"ifNoneExist": condition} if condition else {})}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": resource, "request": asked}]}
    transaction = read_transaction(bundle, lambda issue: issues.append(_own(issue, kind)))
    if issues:
        raise invalid(issues, transaction.readable)
    own = [
        visit._replace(places={pointer: _own_place(at, kind) for pointer, at in visit.places.items()})
        for visit in transaction.visits
    ]
    return visits_drafted(call, transaction._replace(visits=tuple(own)))


def create(kind: str, call: Call, tx: Transaction) -> Answer:
    """The resource as it is stored, or the one that its condition finds."""
    if isinstance(call.prepared, FurtherPlacement):
        further = call.prepared
        with complaints_at(further.places):
            session, placement = call.backend.use_cases.sessions.add_placement(
                tx, call.principal, further.session_id, further.statement, further.drafted
            )
        made = resources_of(answered(call, session), names_of(call, session))
        ours = next(each for each in made if (each["resourceType"], each["id"]) == (kind, placement.id))
        FhirRecords(call.backend.use_cases, call.backend.now).keep_rest(tx, call.principal, call.body.value, ours)
        return _created(kind, call, tx, placement.id, True)
    stored = store(call, tx, call.prepared)
    [it] = [stored[request.entry.at] for request in call.prepared.asked.requests]
    return _created(kind, call, tx, it.id, it.made)


def _further(call: Call, resource: Any, session_id: str, issues: list[Issue]) -> FurtherPlacement:
    check_resources([Entry(resource, "Procedure", "")], issues.append)
    statement = read_placement(resource, "Procedure", None, {}, issues.append)
    if issues:
        raise invalid(issues)
    use_cases = call.backend.use_cases
    read: Any = call.backend.database.read_now
    try:
        before = read(lambda tx: use_cases.sessions.get(tx, call.principal, session_id))
    except UnknownSession as error:
        detail = f"There is no session {session_id} here."
        raise invalid([Issue("Procedure.partOf[0]", "not-found", detail)]) from error
    with complaints_at(statement.places):
        draft = convert(statement.stated, PlacementStatement)
        drafted = use_cases.sessions.draft_placement(before, draft)
    return FurtherPlacement(session_id, draft, drafted, statement.places)


def _created(kind: str, call: Call, tx: Transaction, id_: str, made: bool) -> Answer:
    read = reading.read_kept if kind in KEPT else reading.read
    answer = read(kind, msgspec.structs.replace(call, path={parameter_of(kind): id_}), tx)
    version = dict(answer.headers)["ETag"].removeprefix('W/"').removesuffix('"')
    location = ("Location", f"{base_of(call)}/{kind}/{id_}/_history/{version}")
    return msgspec.structs.replace(answer, status=201 if made else 200, headers=(*answer.headers, location))


def _own(issue: Issue, kind: str) -> Issue:
    """An issue about the one entry as one about the resource itself."""
    return issue._replace(expression=_own_place(issue.expression, kind))


def _own_place(expression: str, kind: str) -> str:
    return expression.replace(f"{_WITHIN}.resource", kind).replace(f"{_WITHIN}.request.", "")


OPERATIONS = tuple(
    Operation(
        method="POST",
        path=f"{ROOT}/{kind}",
        id=f"create{kind}",
        tag="FHIR",
        summary=f"Create a {kind}",
        handler=partial(create, kind),
        prepare=partial(prepare, kind),
        scope="session:write",
        access="write",
        body=dict[str, Any],
        query=None,
        status=201,
        media_types=(FHIR_JSON, JSON),
        described=False,
    )
    for kind in ("Procedure", *KEPT)
)
