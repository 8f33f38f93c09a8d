"""Signing, amending, voiding and adverse events over HTTP."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import SVG, Answer, Call, Operation
from bodymap.api.session_answers import etag_of_session, session_answer
from bodymap.api.sessions import session_now
from bodymap.charting.answers import SessionAnswer
from bodymap.charting.completion import Completion
from bodymap.charting.events import EventStatement, RecordedEvent
from bodymap.charting.session import Session
from bodymap.charting.signatures import Amendment, Signing, Voiding
from bodymap.errors import Missing
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions
from bodymap.service.lifecycle import Sealed
from bodymap.storage.signed_charts import SignedChart, packed
from bodymap.storage.transaction import Transaction


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A version to be stored as signed, and its chart."""

    sealed: Sealed
    chart: SignedChart


class EventList(msgspec.Struct, frozen=True, kw_only=True):
    """The adverse events of a session in the order in which they were recorded. `next` is always null."""

    items: tuple[RecordedEvent, ...]
    next: Annotated[str | None, Meta(description="Always null: they come in one page.")]


def prepare_completion(call: Call) -> Session:
    """The session as it would be completed."""
    return call.backend.use_cases.lifecycle.completed(session_now(call), call.body)


def complete(call: Call, tx: Transaction) -> Answer:
    """The session, completed."""
    lifecycle = call.backend.use_cases.lifecycle
    session = lifecycle.keep_completed(
        tx, call.principal, call.path["session_id"], call.version, call.body, call.prepared
    )
    return session_answer(call, session)


def prepare_signature(call: Call) -> Drawn:
    """The session as it would be signed, with its default chart."""
    lifecycle = call.backend.use_cases.lifecycle
    return _drawn(call, lifecycle.signed(session_now(call), call.body, call.principal.client))


def prepare_amendment(call: Call) -> Drawn:
    """The session as it would be amended, with its default chart."""
    lifecycle = call.backend.use_cases.lifecycle
    return _drawn(call, lifecycle.amended(session_now(call), call.body, call.principal.client))


def sign(call: Call, tx: Transaction) -> Answer:
    """The session, signed."""
    return session_answer(call, _store(call, tx))


def amend(call: Call, tx: Transaction) -> Answer:
    """The session, amended and signed anew."""
    session = _store(call, tx)
    return session_answer(call, session, 201, [("Location", f"/v1/sessions/{session.id}/versions/{session.version}")])


def void(call: Call, tx: Transaction) -> Answer:
    """The session, voided."""
    lifecycle = call.backend.use_cases.lifecycle
    return session_answer(call, lifecycle.void(tx, call.principal, call.path["session_id"], call.version, call.body))


def add_event(call: Call, tx: Transaction) -> Answer:
    """The adverse event, added."""
    lifecycle = call.backend.use_cases.lifecycle
    session, event = lifecycle.add_event(tx, call.principal, call.path["session_id"], call.body)
    location = ("Location", f"/v1/sessions/{session.id}/events/{event.id}")
    return Answer(status=201, body=msgspec.json.encode(event), headers=(etag_of_session(session), location))


def find_events(call: Call, tx: Transaction) -> Answer:
    """The adverse events of a session."""
    session = call.backend.use_cases.sessions.get(tx, call.principal, call.path["session_id"])
    events = EventList(items=session.events, next=None)
    return Answer(body=msgspec.json.encode(events), headers=(etag_of_session(session),))


def get_event(call: Call, tx: Transaction) -> Answer:
    """One adverse event, under the version of its session."""
    session = call.backend.use_cases.sessions.get(tx, call.principal, call.path["session_id"])
    for event in session.events:
        if event.id == call.path["event_id"]:
            return Answer(body=msgspec.json.encode(event), headers=(etag_of_session(session),))
    raise Missing(f"The session has no event {call.path['event_id']!r}.")


def _drawn(call: Call, sealed: Sealed) -> Drawn:
    atlas = call.backend.use_cases.atlases.of(sealed.after)
    return Drawn(sealed=sealed, chart=packed(render_chart(atlas, sealed.after, ChartOptions()), SVG))


def _store(call: Call, tx: Transaction) -> Session:
    drawn: Drawn = call.prepared
    return call.backend.use_cases.lifecycle.keep_sealed(tx, call.principal, call.version, drawn.sealed, drawn.chart)


_SESSION = "/v1/sessions/{session_id}"

OPERATIONS = (
    Operation(
        method="POST",
        path=_SESSION + "/complete",
        id="completeSession",
        tag="Sessions",
        summary="Complete a planned session, or one in progress, in one go",
        detail=(
            "`done` and `not_done` name placements by number. Without `done`, every planned one that `not_done` leaves "
            "out was done. Patches of placements come first, and all of it is one version. A difference in the needle "
            "count does not stop it; it stops `sign`."
        ),
        handler=complete,
        prepare=prepare_completion,
        scope="session:write",
        access="write",
        body=Completion,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/sign",
        id="signSession",
        tag="Sessions",
        summary="Sign a completed or stopped session",
        detail=(
            "Its default chart is stored with the signature. From then on the session changes only by amendment. No "
            "placement may still be planned, and the needles charted, in and out must be equal where they are stated, "
            "unless `count_note` says why not; pointers of such complaints are into the session."
        ),
        handler=sign,
        prepare=prepare_signature,
        scope="session:write",
        access="write",
        body=Signing,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/amendments",
        id="amendSession",
        tag="Sessions",
        summary="Amend a signed session, which signs it anew",
        detail=(
            "`patch` is a merge patch of the header, with `placements` (by id a merge patch, or null to take it out) "
            "and `add` (further placements). All of it is one new version; the earlier ones stay readable."
        ),
        handler=amend,
        prepare=prepare_amendment,
        scope="session:write",
        access="write",
        body=Amendment,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
        status=201,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/void",
        id="voidSession",
        tag="Sessions",
        summary="Void a session: it stays readable, marked",
        detail="For what should not have been recorded. It cannot be undone; any session can be voided, once.",
        handler=void,
        scope="session:write",
        access="write",
        body=Voiding,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/events",
        id="addEvent",
        tag="Sessions",
        summary="Add an adverse event, also to a signed session",
        detail=(
            "Events are never changed or taken out. One makes a new version of the session, and leaves what was "
            "signed, its signature and its chart as they are."
        ),
        handler=add_event,
        scope="session:write",
        access="write",
        body=EventStatement,
        result=RecordedEvent,
        status=201,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/events",
        id="findEvents",
        tag="Sessions",
        summary="The adverse events of a session",
        handler=find_events,
        scope="session:read",
        access="read",
        result=EventList,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/events/{event_id}",
        id="getEvent",
        tag="Sessions",
        summary="One adverse event",
        handler=get_event,
        scope="session:read",
        access="read",
        result=RecordedEvent,
    ),
)
