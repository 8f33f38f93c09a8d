"""Screening over HTTP: what should be asked before needles, on whose word, where sources differ; and what answers mean
for the places of a visit."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.api.atlas import cached
from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import Answer, Call, Operation
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.screening import Screening, SessionFinding, check_screening, session_findings
from bodymap.charting.session import MAX_PLACEMENTS, Session, SessionStatement, occurred_at
from bodymap.charting.vocabulary import RecordId
from bodymap.decoding import Draft
from bodymap.education.sources import GradedSource, sources_named
from bodymap.errors import Complaint, Invalid, UnknownSession
from bodymap.screening.findings import unanswered
from bodymap.screening.items import ScreeningItem, items, worded
from bodymap.storage.transaction import Transaction
from bodymap.words import Language


class ScreeningItemList(msgspec.Struct, frozen=True, kw_only=True):
    """Every item in the order in which they are asked; `next` is null: they come in one page. `sources` has where each
    was read. That an item is not here says nothing."""

    items: tuple[ScreeningItem, ...]
    sources: dict[str, GradedSource]
    next: Annotated[Literal[None], Meta(description="Always null: they come in one page.")] = None


class ScreeningRequest(Screening, frozen=True, kw_only=True):
    """Answers, and the places that they are held against: those of a stored `session`, or `placements` as they would be
    posted. Without either, findings that depend on a place say that none is stated."""

    session: RecordId | None = None
    placements: Annotated[tuple[PlacementStatement, ...], Meta(extra_json_schema={"maxItems": MAX_PLACEMENTS})] = ()


class ScreeningResult(msgspec.Struct, frozen=True, kw_only=True):
    """What answers mean. `findings` are in the order in which items are asked, `unanswered` the items that nobody
    answered: none of them is taken as no. `items` has each item that is named, in the language asked for, `sources`
    where it was read. Nothing is decided here, and a finding that is missing clears nothing."""

    findings: tuple[SessionFinding, ...]
    unanswered: Annotated[
        tuple[str, ...], Meta(description="Ids of the items that nobody answered; none is taken as no.")
    ]
    items: dict[str, ScreeningItem]
    sources: dict[str, GradedSource]


def find_screening_items(call: Call, _: object) -> Answer:
    """Every item, in a language."""
    lang = call.query.lang
    answer = ScreeningItemList(
        items=tuple(worded(item, lang) for item in items()),
        sources=sources_named((name for item in items() for name in item.sources), lang),
    )
    return cached(msgspec.json.encode(answer))


def prepare_screening(call: Call) -> Session | None:
    """The placements of the body as a session that is not stored; None where a stored one is asked of. Raises Invalid
    with every complaint."""
    draft: Draft[ScreeningRequest] = call.body
    request = draft.value
    complaints = list(draft.complaints)
    if request.session is not None and request.placements:
        detail = "State either `session`, whose placements are taken, or `placements`."
        complaints.append(Complaint("/placements", "two-places", detail))
    check_screening(_screening_of(request), "", call.backend.now().date(), complaints.append)
    statement = Draft(SessionStatement(placements=request.placements), complaints, draft.unusable)
    if request.session is None:
        return call.backend.use_cases.sessions.draft(statement)
    statement.accepted()
    return None


def assess_screening(call: Call, tx: Transaction) -> Answer:
    """What the answers mean for the places."""
    request: ScreeningRequest = call.body.value
    use_cases, session = call.backend.use_cases, call.prepared
    if request.session is not None:
        try:
            session = use_cases.sessions.get(tx, call.principal, request.session)
        except UnknownSession as error:
            raise Invalid([Complaint("/session", error.code, error.detail)]) from error
    found = session_findings(
        _screening_of(request), session.placements, occurred_at(session).year, use_cases.atlases.of(session)
    )
    missing = unanswered(request)
    named, lang = _items_named([*(finding.item for finding in found), *missing], call.query.lang), call.query.lang
    answer = ScreeningResult(
        findings=found,
        unanswered=missing,
        items=named,
        sources=sources_named((name for item in named.values() for name in item.sources), lang),
    )
    sessions = (request.session,) if request.session is not None else ()
    return Answer(body=msgspec.json.encode(answer), sessions=sessions)


def _screening_of(request: ScreeningRequest) -> Screening:
    return Screening(**{name: getattr(request, name) for name in Screening.__struct_fields__})


def _items_named(ids: Iterable[str], lang: Language) -> dict[str, ScreeningItem]:
    wanted = frozenset(ids)
    return {item.id: worded(item, lang) for item in items() if item.id in wanted}


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/screening/items",
        id="findScreeningItems",
        tag="Education",
        summary="What should be asked before needles: questions, classes, places and sources, and where these differ",
        detail=(
            "Questions are in the language asked for where they are translated, else in English; each says which. No "
            "clinician has reviewed one whose `review` does not say so. Nothing is decided, and nothing here is advice "
            "on taking a medicine."
        ),
        handler=find_screening_items,
        scope="atlas:read",
        query=InLanguage,
        result=ScreeningItemList,
    ),
    Operation(
        method="POST",
        path="/v1/screenings",
        id="assessScreening",
        tag="Education",
        summary="What answers to the screening mean for the places of a planned visit, without saving them",
        detail=(
            "To keep the answers, state them as `screening` of the session; its answers then have the `findings`. An "
            "answer of unknown is never taken as no. A finding refuses nothing: only a signature asks that an absolute "
            "one was acknowledged."
        ),
        handler=assess_screening,
        prepare=prepare_screening,
        access="read",
        scope="session:read",
        body=ScreeningRequest,
        query=InLanguage,
        result=ScreeningResult,
    ),
)
