"""Searching resources: by GET and by POST, with what comes along, page by page."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from bodymap.api.fhir.editions import ROOT, answered, base_of, editions_of, versions_of
from bodymap.api.fhir.reading import drawn_chart
from bodymap.api.http.problems import FHIR_JSON
from bodymap.api.operation import JSON, Answer, Call, Operation
from bodymap.charting.session import Session
from bodymap.errors import Missing
from bodymap.fhir.documents import Chart, document_reference
from bodymap.fhir.foreign import with_foreign
from bodymap.fhir.issues import Issue, outcome
from bodymap.fhir.search import PARAMETERS, Along, Criterion, along_of, coming_along, fits
from bodymap.service.fhir_records import invalid
from bodymap.storage import fhir_resources
from bodymap.storage.queries import SessionQuery
from bodymap.storage.transaction import Transaction

_MOST = 500
_COUNT = 50
_BATCH = 50
# Parameters whose value is the id of a session's resource: they lead to one session at once.
_LEADING = ("_id", "part-of", "related", "target", "target-body-structure")


class Asked(NamedTuple):
    """A search: what must fit, what comes along, how many on a page, where the page begins, and what is not known."""

    criteria: tuple[Criterion, ...]
    along: tuple[Along, ...]
    number: int
    total: bool
    after: str
    unknown: tuple[str, ...]


class Match(NamedTuple):
    """A resource that fits, and everything of its session; `place` is where the search goes on after it."""

    resource: dict[str, Any]
    pool: list[dict[str, Any]]
    place: str


def find(kind: str, call: Call, tx: Transaction) -> Answer:
    """The resources that fit, newest session first, as a Bundle."""
    pairs = (*call.pairs, *(call.body or ()))
    asked = _asked(kind, pairs, strict="handling=strict" in call.headers.get("prefer", ""))
    try:
        found = list(_found(kind, call, tx, asked, None if asked.total else asked.number + 1))
    except ValueError as error:
        raise invalid([Issue("", "value", f"A date is such as 2026-11-23: {error}.")], readable=False) from error
    page = found[: asked.number]
    further = len(found) > asked.number
    stated = [(name, value) for name, value in pairs if name != "_cursor" and name not in asked.unknown]
    address = f"{base_of(call)}/{kind}"
    links = [("self", stated)] + ([("next", [*stated, ("_cursor", page[-1].place)])] if further and page else [])
    entries = list(_entries(call, page, asked))
    if asked.unknown:
        detail = f"Not known here, so ignored: {', '.join(asked.unknown)}."
        told = outcome([Issue("", "not-supported", detail, "warning")])
        entries.append({"resource": told, "search": {"mode": "outcome"}})
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        **({"total": len(found)} if asked.total or not (further or asked.after) else {}),
        "link": [{"relation": name, "url": f"{address}?{urlencode(query)}"} for name, query in links],
        **({"entry": entries} if entries else {}),
    }
    sessions = tuple(dict.fromkeys(match.pool[0]["id"] for match in page))
    return Answer(body=msgspec.json.encode(bundle), media_type=call.media_type, sessions=sessions)


def everything(call: Call, tx: Transaction) -> Answer:
    """A session, its placements, places, observations, chart, provenance, and the people that it names."""
    [*_, (session, _)] = versions_of(call, tx, call.path["procedure"])
    if session.id != call.path["procedure"]:
        raise Missing(f"Procedure {call.path['procedure']} is no session: its session is {session.id}.")
    pool = _pool(call, tx, session)
    entries = [_entry(call, resource, "include" if index else "match") for index, resource in enumerate(pool)]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": entries}
    return Answer(body=msgspec.json.encode(bundle), media_type=call.media_type, sessions=(session.id,))


def _asked(kind: str, pairs: Sequence[tuple[str, str]], strict: bool) -> Asked:
    criteria, along, unknown = [], [], []
    number, total, after = _COUNT, False, ""
    for name, value in pairs:
        if name == "_count" and value.isdecimal():
            number = min(int(value), _MOST)
        elif name == "_total":
            total = value == "accurate"
        elif name == "_cursor":
            after = value
        elif name in PARAMETERS[kind]:
            criteria.append(Criterion(name, tuple(value.split(","))))
        elif name.partition(":")[0] in ("_include", "_revinclude") and (more := along_of(name, value)):
            along.append(more)
        elif name != "_format":
            unknown.append(name)
    if unknown and strict:
        detail = f"Not known here: {', '.join(unknown)}. There are {', '.join(PARAMETERS[kind])}."
        raise invalid([Issue("", "not-supported", detail)], readable=False)
    return Asked(tuple(criteria), tuple(along), number, total, after, tuple(unknown))


def _found(kind: str, call: Call, tx: Transaction, asked: Asked, most: int | None) -> Iterator[Match]:
    """What fits, from where the page begins, up to so many."""
    number = 0
    cursor, _, skipped = asked.after.rpartition("~")
    passed = int(skipped) if skipped.isdecimal() else 0
    for batch, sessions in _batches(call, tx, asked, cursor or None):
        index = 0
        for session in sessions:
            pool = _pool(call, tx, session)
            for resource in pool:
                if resource["resourceType"] != kind or not fits(resource, asked.criteria):
                    continue
                index += 1
                if index <= passed:
                    continue
                yield Match(resource, pool, f"{batch}~{index}")
                number += 1
                if number == most:
                    return
        passed = 0


def _batches(call: Call, tx: Transaction, asked: Asked, cursor: str | None) -> Iterator[tuple[str, Sequence[Session]]]:
    """Sessions that may have what is asked for, newest first, by the cursor that leads to each batch."""
    for criterion in asked.criteria:
        if criterion.name in _LEADING:
            sessions = {}
            for value in criterion.values:
                held = value.rpartition("/")[2] if "/_history/" not in value else value.split("/")[-3]
                try:
                    [*_, (session, _)] = versions_of(call, tx, held)
                except Missing:
                    continue
                sessions[session.id] = session
            yield "", tuple(sessions.values())
            return
    query = SessionQuery(**_filters(asked.criteria), limit=_BATCH, cursor=cursor)
    while True:
        page = call.backend.use_cases.sessions.find(tx, call.principal, query)
        yield query.cursor or "", page.items
        if page.next is None:
            return
        query = msgspec.structs.replace(query, cursor=page.next)


def _filters(criteria: Sequence[Criterion]) -> dict[str, Any]:
    """What the storage can tell of the criteria."""
    filters: dict[str, Any] = {}
    for name, values in criteria:
        if len(values) != 1:
            continue
        [value] = values
        if name in ("patient", "subject"):
            filters["subject"] = value if "/" in value or name == "subject" else f"Patient/{value}"
        elif name == "encounter":
            filters["encounter"] = value if "/" in value else f"Encounter/{value}"
        elif name == "identifier":
            filters["identifier"] = value
    return filters


def _pool(call: Call, tx: Transaction, session: Session) -> list[dict[str, Any]]:
    """The resources of a session as they are now, its own Procedure first, and the people that it names."""
    versions = versions_of(call, tx, session.id)
    newest = versions[-1][0]
    standing = {placement.id for placement in newest.placements} | {newest.id}
    pool = []
    for (kind, id_), editions in editions_of(call, tx, versions).items():
        if id_[:36] in standing:
            kept = fhir_resources.get(tx, call.principal.tenant, kind, id_)
            resource = editions[-1].resource
            pool.append(with_foreign(resource, kept.document) if kept is not None else resource)
    pool.sort(key=lambda resource: resource["id"] != newest.id or resource["resourceType"] != "Procedure")
    pool.append(_document(call, newest, Chart(b"", "")))
    for name in dict.fromkeys(filter(None, (newest.subject, newest.performer, newest.encounter))):
        kind, _, id_ = name.partition("/")
        kept = fhir_resources.get(tx, call.principal.tenant, kind, id_)
        if kept is not None and kind not in PARAMETERS:
            meta = {"versionId": "1", "lastUpdated": kept.created_at}
            pool.append({**kept.document, "resourceType": kind, "id": id_, "meta": meta})
    return pool


def _document(call: Call, session: Session, chart: Chart) -> dict[str, Any]:
    answer = answered(call, session)
    made = document_reference(answer, chart._replace(drawn_at=answer["updated_at"]), base_of(call))
    meta = {"versionId": str(session.version), "lastUpdated": answer["updated_at"]}
    return {"resourceType": made["resourceType"], "id": made["id"], "meta": meta, **made}


def _entries(call: Call, page: Sequence[Match], asked: Asked) -> Iterator[dict[str, Any]]:
    matched = {(match.resource["resourceType"], match.resource["id"]) for match in page}
    pools = {match.pool[0]["id"]: match.pool for match in page}
    for match in page:
        yield _entry(call, match.resource, "match")
    seen = set(matched)
    for session_id, pool in pools.items():
        own = [match.resource for match in page if match.pool[0]["id"] == session_id]
        for resource in coming_along(own, pool, asked.along):
            key = (resource["resourceType"], resource["id"])
            if key not in seen:
                seen.add(key)
                yield _entry(call, resource, "include")


def _entry(call: Call, resource: dict[str, Any], mode: str) -> dict[str, Any]:
    if resource["resourceType"] == "DocumentReference":
        read: Any = call.backend.database.read_now
        session, svg = read(lambda tx: drawn_chart(call, tx, resource["id"].removesuffix("-chart")))
        resource = _document(call, session, Chart(svg(), ""))
    address = f"{base_of(call)}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": address, "resource": resource, "search": {"mode": mode}}


def _row(kind: str, **differing: Any) -> Operation:
    return Operation(
        tag="FHIR",
        summary=f"Every {kind} that fits",
        handler=partial(find, kind),
        scope="session:read",
        access="read",
        query=None,
        media_types=(FHIR_JSON, JSON),
        described=False,
        **differing,
    )


OPERATIONS = (
    Operation(
        method="GET",
        path=f"{ROOT}/Procedure/{{procedure}}/$everything",
        id="everythingOfProcedure",
        tag="FHIR",
        summary="Everything of a session",
        handler=everything,
        scope="session:read",
        access="read",
        query=None,
        media_types=(FHIR_JSON, JSON),
        described=False,
    ),
    *(_row(kind, method="GET", path=f"{ROOT}/{kind}", id=f"find{kind}") for kind in PARAMETERS),
    *(_row(kind, method="POST", path=f"{ROOT}/{kind}/_search", id=f"search{kind}", form=True) for kind in PARAMETERS),
)
