"""Reading resources: the newest version, an older one, the history."""

from functools import partial
from typing import Any

import msgspec

from bodymap.api.charts import chart_of
from bodymap.api.fhir.editions import (
    ROOT,
    Edition,
    answered,
    base_of,
    editions_of,
    http_date,
    parameter_of,
    versions_of,
)
from bodymap.api.http.problems import FHIR_JSON
from bodymap.api.operation import JSON, SVG, Answer, Call, Operation
from bodymap.charting.session import Session
from bodymap.errors import Missing
from bodymap.fhir.documents import Chart, binary, document_reference
from bodymap.fhir.foreign import with_foreign
from bodymap.fhir.transactions import KEPT
from bodymap.rendering.options import ChartOptions
from bodymap.storage import fhir_resources, signed_charts
from bodymap.storage.transaction import Transaction

FORMATS = (FHIR_JSON, JSON)
_TYPES = ("Procedure", "BodyStructure", "Observation", "Provenance")


def read(kind: str, call: Call, tx: Transaction) -> Answer:
    """The newest version of a resource."""
    session_id, editions = _editions(kind, call, tx)
    return _answer(call, editions[-1], session_id)


def read_version(kind: str, call: Call, tx: Transaction) -> Answer:
    """A version of a resource."""
    session_id, editions = _editions(kind, call, tx)
    wanted = call.path["version"]
    found = next((edition for edition in editions if str(edition.version) == wanted), None)
    if found is None:
        there = ", ".join(str(edition.version) for edition in editions)
        raise Missing(f"{kind} {_id(kind, call)} has no version {wanted}; there are {there}.")
    return _answer(call, found, session_id)


def read_history(kind: str, call: Call, tx: Transaction) -> Answer:
    """Every version of a resource, newest first, as a Bundle."""
    session_id, editions = _editions(kind, call, tx)
    base, address = base_of(call), f"{kind}/{_id(kind, call)}"
    entries = [
        {
            "fullUrl": f"{base}/{address}",
            "resource": edition.resource,
            "request": {"method": "PUT" if index else "POST", "url": address if index else kind},
            "response": {
                "status": "200 OK" if index else "201 Created",
                "location": f"{base}/{address}/_history/{edition.version}",
                "etag": edition.etag,
                "lastModified": edition.updated,
            },
        }
        for index, edition in enumerate(editions)
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(entries),
        "link": [{"relation": "self", "url": f"{base}/{address}/_history"}],
        "entry": entries[::-1],
    }
    return Answer(body=msgspec.json.encode(bundle), media_type=call.media_type, sessions=(session_id,))


def read_kept(kind: str, call: Call, tx: Transaction) -> Answer:
    """A resource that was kept as it came."""
    resource_id = _id(kind, call)
    kept = fhir_resources.get(tx, call.principal.tenant, kind, resource_id)
    if kept is None:
        raise Missing(f"There is no {kind} {resource_id} here.")
    meta = {**kept.document.get("meta", {}), "versionId": "1", "lastUpdated": kept.created_at}
    body = msgspec.json.encode({**kept.document, "id": resource_id, "meta": meta})
    headers = (("ETag", 'W/"1"'), ("Last-Modified", http_date(kept.created_at)))
    return Answer(body=body, media_type=call.media_type, headers=headers, about=resource_id)


def read_document(call: Call, tx: Transaction) -> Answer:
    """The DocumentReference of a session's chart, or a version of it."""
    document_id = _id("DocumentReference", call)
    session = _charted(call, tx, document_id, document_id.removesuffix("-chart"), call.path.get("version"))
    drawn = _svg(call, tx, session)

    def body() -> bytes:
        answer = answered(call, session)
        made = document_reference(answer, Chart(drawn(), answer["updated_at"]), base_of(call))
        meta = {"versionId": str(session.version), "lastUpdated": answer["updated_at"]}
        return msgspec.json.encode({"resourceType": made["resourceType"], "id": made["id"], "meta": meta, **made})

    headers = (("ETag", f'W/"{session.version}"'),)
    return Answer(body=body, media_type=call.media_type, headers=headers, drawn=True, sessions=(session.id,))


def read_binary(call: Call, tx: Transaction) -> Answer:
    """The chart of a version: the SVG itself, or a Binary where FHIR's JSON is asked for."""
    binary_id = _id("Binary", call)
    session_id, _, version = binary_id.partition("-chart-")
    session = _charted(call, tx, binary_id, session_id, version)
    drawn = _svg(call, tx, session)
    if call.media_type == SVG:
        return Answer(body=drawn, media_type=SVG, drawn=True, sessions=(session.id,), version=session.version)

    def body() -> bytes:
        return msgspec.json.encode(binary(session.id, session.version, drawn()))

    return Answer(body=body, media_type=call.media_type, drawn=True, sessions=(session.id,), version=session.version)


def _charted(call: Call, tx: Transaction, resource_id: str, session_id: str, version: str | None) -> Session:
    """The version of a session that a chart is of; the newest for None. Raises Missing."""
    versions = versions_of(call, tx, resource_id)
    wanted = version or str(len(versions))
    for session, _ in versions:
        if session.id == session_id and str(session.version) == wanted:
            return session
    raise Missing(f"There is no chart {resource_id} here.")


def drawn_chart(call: Call, tx: Transaction, session_id: str) -> tuple[Session, Any]:
    """The newest version of a session, and a function that gives its chart. Raises Missing."""
    session = _charted(call, tx, f"{session_id}-chart", session_id, None)
    return session, _svg(call, tx, session)


def _svg(call: Call, tx: Transaction, session: Session) -> Any:
    """A function that gives the bytes of a chart: those stored at signing, or drawn now."""
    if session.status == "signed" and session.signature is not None:
        stored = signed_charts.find(tx, call.principal.tenant, session.id, session.signature.version)
        if stored is not None:
            return lambda: stored.content
    return partial(chart_of(call, session, ChartOptions(), None).draw, "svg")


def _editions(kind: str, call: Call, tx: Transaction) -> tuple[str, list[Edition]]:
    resource_id = _id(kind, call)
    versions = versions_of(call, tx, resource_id)
    editions = editions_of(call, tx, versions).get((kind, resource_id))
    if editions is None:
        raise Missing(f"There is no {kind} {resource_id} here.")
    foreign = fhir_resources.get(tx, call.principal.tenant, kind, resource_id)
    if foreign is not None:
        editions = [edition._replace(resource=with_foreign(edition.resource, foreign.document)) for edition in editions]
    return versions[0][0].id, editions


def _id(kind: str, call: Call) -> str:
    return call.path[parameter_of(kind)]


def _answer(call: Call, edition: Edition, session_id: str) -> Answer:
    headers = (("ETag", edition.etag), ("Last-Modified", http_date(edition.updated)))
    body = msgspec.json.encode(edition.resource)
    return Answer(
        body=body, media_type=call.media_type, headers=headers, sessions=(session_id,), version=edition.version
    )


def _row(kind: str, suffix: str, name: str, summary: str, handler: Any, **more: Any) -> Operation:
    shared: dict[str, Any] = {"scope": "session:read", "media_types": FORMATS} | more
    return Operation(
        method="GET",
        path=f"{ROOT}/{kind}/{{{parameter_of(kind)}}}{suffix}",
        id=f"{name}{kind}",
        tag="FHIR",
        summary=summary,
        handler=handler,
        access="read",
        query=None,
        described=False,
        **shared,
    )


_CHART: dict[str, Any] = {"scope": "chart:read"}

OPERATIONS = (
    *(_row(kind, "", "read", f"A {kind}", partial(read, kind)) for kind in _TYPES),
    *(
        _row(kind, "/_history/{version}", "vread", f"A version of a {kind}", partial(read_version, kind))
        for kind in _TYPES
    ),
    *(_row(kind, "/_history", "history", f"Every version of a {kind}", partial(read_history, kind)) for kind in _TYPES),
    *(_row(kind, "", "read", f"A {kind}, as it came", partial(read_kept, kind)) for kind in KEPT),
    _row("DocumentReference", "", "read", "The chart of a session", read_document, **_CHART),
    _row("DocumentReference", "/_history/{version}", "vread", "The chart of a version", read_document, **_CHART),
    _row("Binary", "", "read", "The bytes of a chart", read_binary, scope="chart:read", media_types=(*FORMATS, SVG)),
)
