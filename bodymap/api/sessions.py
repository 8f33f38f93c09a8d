"""Sessions and placements over HTTP."""

from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.api.atlas import Group
from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.paging import Limit
from bodymap.api.session_answers import etag_of_session, placement_answer, session_answer
from bodymap.atlas import Atlases
from bodymap.charting.answers import PlacementAnswer, SessionAnswer, SessionOverview, SummarisedSession
from bodymap.charting.flags import CODES, FlagRule, rules_of
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import Header, Session, SessionStatement, flags_raised
from bodymap.charting.vocabulary import PerimeterSide, SessionStatus
from bodymap.decoding import Draft
from bodymap.errors import Complaint, Invalid, UnknownRegion, UnknownSession
from bodymap.service.sessions import DraftedPlacement
from bodymap.storage.queries import SessionQuery, Wide
from bodymap.storage.transaction import Transaction
from bodymap.words import Language

Filter = Annotated[str, Meta(min_length=1, max_length=256)]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset.")]


class SessionList(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions, newest first, and the cursor of the rest, or null. `flag_rules` says of each flag that is raised in any
    of them, by its code, why it matters, by which source, and by which rule it is raised."""

    items: tuple[SummarisedSession, ...]
    flag_rules: dict[str, FlagRule]
    next: Annotated[
        str | None, Meta(description="The cursor of the next page, to be sent as `cursor`; null on the last page.")
    ]


class SessionOverviewList(msgspec.Struct, frozen=True, kw_only=True):
    """Overviews of sessions, newest first, and the cursor of the rest, or null: the list where `view=summary`."""

    items: tuple[SessionOverview, ...]
    next: Annotated[
        str | None, Meta(description="The cursor of the next page, to be sent as `cursor`; null on the last page.")
    ]


class SessionAsked(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Which sessions: everything stated must hold, and filters on a place for one and the same placement.

    `from` is included and `to` is not; both are asked of `started_at`, or of the noon in UTC
    of `started_on`.
    """

    subject: Annotated[Filter | None, Meta(description="Only sessions of this subject, as it was stated.")] = None
    performer: Annotated[Filter | None, Meta(description="Only sessions of this performer, as it was stated.")] = None
    encounter: Annotated[Filter | None, Meta(description="Only sessions of this encounter, as it was stated.")] = None
    identifier: Annotated[str, Meta(min_length=1, description="`value`, or `system|value`.")] | None = None
    region: Annotated[Filter | None, Meta(description="Only sessions with a placement in this region, by its id.")] = (
        None
    )
    muscle: Annotated[
        Filter | None, Meta(description="Only sessions with a placement in this muscle or group, or in a member.")
    ] = None
    group: Annotated[Group | None, Meta(description="Only sessions with a placement in this area of the body.")] = None
    side: Annotated[
        PerimeterSide | None, Meta(description="Only sessions with a placement on this side of the patient.")
    ] = None
    flag: Annotated[Filter | None, Meta(description="Only sessions in which this flag is raised, by its code.")] = None
    event: Annotated[Filter | None, Meta(description="Only sessions with this adverse event, by its code.")] = None
    lot: Annotated[Filter | None, Meta(description="Only sessions with a needle of this lot.")] = None
    from_: Annotated[Moment | None, Meta(description="Only sessions that started at this time or later.")] = None
    to: Annotated[Moment | None, Meta(description="Only sessions that started before this time.")] = None
    status: Annotated[SessionStatus | None, Meta(description="Only sessions of this status.")] = None
    updated_since: Annotated[
        Moment | None, Meta(description="Only sessions that were changed at this time or later.")
    ] = None

    @property
    def asks_anything(self) -> bool:
        """Whether any filter is set."""
        return any(getattr(self, name) is not None for name in SessionAsked.__struct_fields__)


class SessionFilters(SessionAsked, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Which sessions, which page of them, and how much of each."""

    view: Annotated[
        Literal["full", "summary"], Meta(description="Whole sessions, or overviews without placements.")
    ] = "full"
    limit: Limit = 100
    cursor: Annotated[str, Meta(description="`next` of the previous page.", max_length=512)] | None = None
    lang: Annotated[Language, Meta(description="The language of sentences in the answer.")] = "en"


def prepare_session(call: Call) -> Session:
    """The session to be recorded, validated and resolved; with `copy_of`, a copy of another session."""
    use_cases = call.backend.use_cases
    draft: Draft[SessionStatement] = call.body
    copied = draft.value.copy_of
    if copied is None:
        return use_cases.sessions.draft(draft)
    try:
        source = call.backend.database.read_now(lambda tx: use_cases.sessions.get(tx, call.principal, copied))
    except UnknownSession as error:
        raise Invalid([*draft.complaints, Complaint("/copy_of", error.code, error.detail)]) from error
    return use_cases.sessions.draft_copy(source, draft)


def create_session(call: Call, tx: Transaction) -> Answer:
    """A new session with its placements."""
    session = call.backend.use_cases.sessions.create(tx, call.principal, call.prepared)
    answer = session_answer(call, session, 201, [("Location", f"/v1/sessions/{session.id}")])
    return msgspec.structs.replace(answer, sessions=tuple(filter(None, (session.id, session.copy_of))))


def find_sessions(call: Call, tx: Transaction) -> Answer:
    """The sessions that match, one page at a time."""
    use_cases = call.backend.use_cases
    filters: SessionFilters = call.query
    page = use_cases.sessions.find(tx, call.principal, query_of(call.backend.atlases, filters))
    sessions = tuple(session.id for session in page.items)
    if filters.view == "summary":
        items = tuple(use_cases.sessions.overview(session, filters.lang) for session in page.items)
        return Answer(body=msgspec.json.encode(SessionOverviewList(items=items, next=page.next)), sessions=sessions)
    flags = (flag for session in page.items for flag in flags_raised(session))
    answer = SessionList(
        items=tuple(use_cases.sessions.list_item(session, filters.lang) for session in page.items),
        flag_rules=rules_of(flags, filters.lang),
        next=page.next,
    )
    return Answer(body=msgspec.json.encode(answer), sessions=sessions)


def get_session(call: Call, tx: Transaction) -> Answer:
    """One session, its placements and its summary."""
    return session_answer(call, call.backend.use_cases.sessions.get(tx, call.principal, call.path["session_id"]))


def patch_session(call: Call, tx: Transaction) -> Answer:
    """The header of a session, changed."""
    use_cases = call.backend.use_cases
    session = use_cases.sessions.patch(tx, call.principal, call.path["session_id"], call.version, call.body)
    return session_answer(call, session)


def prepare_placement(call: Call) -> DraftedPlacement:
    """The placement to be added, validated and resolved."""
    return call.backend.use_cases.sessions.draft_placement(session_now(call), call.body)


def prepare_patched_placement(call: Call) -> DraftedPlacement:
    """The changed placement, validated and resolved."""
    return call.backend.use_cases.sessions.draft_patch(session_now(call), call.path["placement_id"], call.body)


def add_placement(call: Call, tx: Transaction) -> Answer:
    """The placement, added."""
    session, placement = call.backend.use_cases.sessions.add_placement(
        tx, call.principal, call.path["session_id"], call.body, call.prepared
    )
    location = ("Location", f"/v1/sessions/{session.id}/placements/{placement.id}")
    return placement_answer(call, session, placement.id, 201, [location])


def get_placement(call: Call, tx: Transaction) -> Answer:
    """One placement, under the version of its session."""
    session = call.backend.use_cases.sessions.get(tx, call.principal, call.path["session_id"])
    return placement_answer(call, session, call.path["placement_id"])


def patch_placement(call: Call, tx: Transaction) -> Answer:
    """One placement, changed and resolved anew."""
    session, placement = call.backend.use_cases.sessions.patch_placement(
        tx, call.principal, call.path["session_id"], call.path["placement_id"], call.version, call.body, call.prepared
    )
    return placement_answer(call, session, placement.id)


def delete_placement(call: Call, tx: Transaction) -> Answer:
    """The session without the placement."""
    session = call.backend.use_cases.sessions.delete_placement(
        tx, call.principal, call.path["session_id"], call.path["placement_id"], call.version
    )
    return Answer(status=204, headers=(etag_of_session(session),))


def session_now(call: Call) -> Session:
    """The session in the path, read outside the command's transaction, for what is prepared before it."""
    use_cases = call.backend.use_cases
    read: Any = call.backend.database.read_now
    session: Session = read(lambda tx: use_cases.sessions.get(tx, call.principal, call.path["session_id"]))
    return session


def query_of(atlases: Atlases, filters: SessionAsked) -> SessionQuery:
    """The filters as a query of the storage, with muscles and groups as their regions in every atlas version.

    A place that no version has, or a flag that is never raised, is rejected: an empty list would read as "nobody was
    treated there".
    """
    regions = [region for edition in atlases.editions for region in edition.atlas.regions]
    complaints: list[Complaint] = []
    if filters.region is not None and all(region.id != filters.region for region in regions):
        complaints += _doubts("?region", lambda: atlases.default.region(str(filters.region)))
    meant = [edition.atlas.muscles.get(filters.muscle or "") for edition in atlases.editions]
    if filters.muscle is not None and not any(meant):
        complaints += _doubts("?muscle", lambda: atlases.default.muscle(str(filters.muscle)))
    if filters.flag is not None and filters.flag not in CODES:
        near = tuple(get_close_matches(filters.flag, CODES, 3))
        detail = f"There is no flag {filters.flag!r}; there are {', '.join(CODES)}."
        complaints.append(Complaint("?flag", "unknown-value", detail, suggestions=near))
    if complaints:
        raise Invalid(complaints)
    of_group = [region.id for region in regions if region.group == filters.group]
    of_muscle = [region for muscle in meant if muscle is not None for region in muscle.regions]
    wide: dict[str, Any] = {
        "group": _wide(atlases, of_group) if filters.group is not None else None,
        "muscle": _wide(atlases, of_muscle) if filters.muscle is not None else None,
    }
    shared = set(SessionQuery.__struct_fields__) & set(filters.__struct_fields__) - set(wide)
    return SessionQuery(**{name: getattr(filters, name) for name in shared}, **wide)


def _wide(atlases: Atlases, regions: Sequence[str]) -> Wide:
    """These regions, with the muscles and groups that have one of them, for places where nobody said which part."""
    shared = [muscle.id for edition in atlases.editions for muscle in edition.atlas.muscles.sharing(regions)]
    return Wide(regions=tuple(dict.fromkeys(regions)), muscles=tuple(dict.fromkeys(shared)))


def _doubts(pointer: str, ask: Callable[[], object]) -> list[Complaint]:
    try:
        ask()
    except UnknownRegion as error:
        parts, near = tuple(error.facts["regions"]), tuple(error.facts["suggestions"])
        return [Complaint(pointer, error.code, error.detail, regions=parts, suggestions=near)]
    return []


_SESSION = "/v1/sessions/{session_id}"
_PLACEMENT = _SESSION + "/placements/{placement_id}"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/sessions",
        id="createSession",
        tag="Sessions",
        summary="Record a session, with any number of placements",
        detail=(
            "With `copy_of`, the placements of another session are planned again, each with `continues`; subject, "
            "position and needle (without its lot) are copied. What is stated in addition to `copy_of` takes "
            "precedence."
        ),
        handler=create_session,
        prepare=prepare_session,
        scope="session:write",
        access="write",
        body=SessionStatement,
        query=InLanguage,
        result=SessionAnswer,
        status=201,
    ),
    Operation(
        method="GET",
        path="/v1/sessions",
        id="findSessions",
        tag="Sessions",
        summary="Sessions, newest first",
        detail=(
            "`region`, `muscle`, `group` and `side` must hold for one and the same placement. `muscle` takes whole "
            "muscles and named groups, and finds a group by its members and members by their group."
        ),
        handler=find_sessions,
        scope="session:read",
        access="read",
        query=SessionFilters,
        result=SessionList,
        other_result=SessionOverviewList,
    ),
    Operation(
        method="GET",
        path=_SESSION,
        id="getSession",
        tag="Sessions",
        summary="One session, its placements and its summary",
        handler=get_session,
        scope="session:read",
        access="read",
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="PATCH",
        path=_SESSION,
        id="patchSession",
        tag="Sessions",
        summary="Change the header of a session (JSON Merge Patch)",
        detail="Placements are changed one by one, at their own addresses.",
        handler=patch_session,
        scope="session:write",
        access="write",
        body=Header,
        patch=True,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/placements",
        id="addPlacement",
        tag="Placements",
        summary="Add a placement, which gets the next number",
        handler=add_placement,
        prepare=prepare_placement,
        scope="session:write",
        access="write",
        body=PlacementStatement,
        query=InLanguage,
        result=PlacementAnswer,
        status=201,
    ),
    Operation(
        method="GET",
        path=_PLACEMENT,
        id="getPlacement",
        tag="Placements",
        summary="One placement",
        handler=get_placement,
        scope="session:read",
        access="read",
        query=InLanguage,
        result=PlacementAnswer,
    ),
    Operation(
        method="PATCH",
        path=_PLACEMENT,
        id="patchPlacement",
        tag="Placements",
        summary="Change a placement (JSON Merge Patch); it keeps its number",
        handler=patch_placement,
        prepare=prepare_patched_placement,
        scope="session:write",
        access="write",
        body=PlacementStatement,
        patch=True,
        versioned=True,
        query=InLanguage,
        result=PlacementAnswer,
    ),
    Operation(
        method="DELETE",
        path=_PLACEMENT,
        id="deletePlacement",
        tag="Placements",
        summary="Remove a placement; its number is not used again",
        handler=delete_placement,
        scope="session:write",
        access="write",
        versioned=True,
        media_types=(),
        status=204,
    ),
)
