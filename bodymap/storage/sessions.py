"""Sessions, stored in all their versions. Work for `Database`; every function runs in the transaction that it is given.

Another tenant's session is answered exactly like one that does not exist.
"""

from collections.abc import Collection
from typing import NoReturn

import msgspec

from bodymap.charting import documents
from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.session import Session, occurred_at
from bodymap.charting.signatures import Change
from bodymap.errors import Missing, Stale, UnknownSession
from bodymap.storage import search_index
from bodymap.storage.queries import Page, SessionQuery, among, clauses, cursor_after
from bodymap.storage.transaction import Transaction, Value
from bodymap.storage.utc_text import utc_text

__all__ = ("Page", "SessionQuery", "get", "get_version", "insert", "replace", "search", "unknown_placements")

_MAX_VERSION = 2**31 - 1

HEAD_COLUMNS = (
    *("id", "version", "status", "subject", "encounter", "performer"),
    *("started_at", "occurred_at", "created_at", "updated_at", "atlas"),
)
"""The columns of a session's head, besides the tenant: all of them follow from its current version."""

_encoder = msgspec.json.Encoder()


def insert(tx: Transaction, tenant: str, session: Session, change: Change | None = None) -> None:
    """Stores a new session with its placements and its change.

    Raises `IdentifierTaken` where another session of the tenant carries one of its identifiers; its facts are
    `session`, the id of that one, and the `identifier`.
    """
    tx.execute(
        f"INSERT INTO session (tenant, {', '.join(HEAD_COLUMNS)}) "
        f"VALUES (:tenant, {', '.join(f':{column}' for column in HEAD_COLUMNS)})",
        head_of(tenant, session),
    )
    _insert_version(tx, tenant, session, change)
    _insert_placements(tx, tenant, session, session.placements)
    search_index.keep(tx, tenant, None, session)


def get(tx: Transaction, tenant: str, session_id: str) -> Session:
    """The session as it is now, its placements in the order of their numbers. Raises `UnknownSession`.

    In a transaction that writes, it stays as it is until that ends: others who want to change it wait.
    """
    tx.lock("session", tenant, session_id)
    rows = tx.execute(
        "SELECT v.version, v.document FROM session AS s "
        "JOIN session_version AS v ON v.tenant = s.tenant AND v.session = s.id AND v.version = s.version "
        "WHERE s.tenant = :tenant AND s.id = :id",
        {"tenant": tenant, "id": session_id},
    )
    if not rows:
        _unknown(session_id)
    [(version, document)] = rows
    return _with_placements(tx, tenant, session_id, version, document)


def get_version(tx: Transaction, tenant: str, session_id: str, version: int) -> Session:
    """The session as it was in one of its versions. Raises `UnknownSession`, or `Missing` for the version."""
    names: dict[str, Value] = {"tenant": tenant, "id": session_id}
    rows = tx.execute(
        "SELECT document FROM session_version WHERE tenant = :tenant AND session = :id AND version = :version",
        {**names, "version": version if 0 < version <= _MAX_VERSION else 0},
    )
    if not rows:
        if not tx.execute("SELECT 1 FROM session WHERE tenant = :tenant AND id = :id", names):
            _unknown(session_id)
        raise Missing(f"The session {session_id} has no version {version}.")
    [(document,)] = rows
    return _with_placements(tx, tenant, session_id, version, document)


def replace(tx: Transaction, tenant: str, before: Session, after: Session, change: Change | None = None) -> None:
    """Stores `after` as the next version of the session that was read as `before`, with its change.

    The next one has the next number; where records are restored, some may be left out.

    Of the placements, only those that changed, appeared or went are written. Raises `Stale` where the session is not
    at the version of `before` any more (its fact `version` is the current one), `UnknownSession`, and
    `IdentifierTaken` as `insert` does.
    """
    if after.id != before.id or after.version <= before.version:
        raise ValueError("a version is followed by a later one of the same session")
    moved = tx.execute(
        "UPDATE session SET version = :version, status = :status, subject = :subject, encounter = :encounter,"
        " performer = :performer, started_at = :started_at, occurred_at = :occurred_at,"
        " created_at = :created_at, updated_at = :updated_at, atlas = :atlas "
        "WHERE tenant = :tenant AND id = :id AND version = :before RETURNING version",
        {**head_of(tenant, after), "before": before.version},
    )
    if not moved:
        _refuse_stale(tx, tenant, before)
    _insert_version(tx, tenant, after, change)
    held = {placement.number: placement for placement in before.placements}
    new = {placement.number: placement for placement in after.placements}
    tx.execute_many(
        "UPDATE placement SET superseded = :version "
        "WHERE tenant = :tenant AND session = :session AND number = :number AND superseded IS NULL",
        [
            {"tenant": tenant, "session": after.id, "number": number, "version": after.version}
            for number, placement in held.items()
            if new.get(number) != placement
        ],
    )
    changed = [placement for number, placement in new.items() if held.get(number) != placement]
    _insert_placements(tx, tenant, after, changed)
    search_index.keep(tx, tenant, before, after)


def search(tx: Transaction, tenant: str, query: SessionQuery) -> Page:
    """Sessions as they are now, newest first by when they were started, or else recorded; then by id.

    The cursor holds a place in that order: sessions that come meanwhile neither repeat nor hide others. Raises
    `Invalid` for a cursor that is not one of this search.
    """
    source, condition, parameters = clauses(tenant, query)
    heads = tx.execute(
        f"SELECT s.id, s.occurred_at, v.document FROM {source} "
        "JOIN session_version AS v ON v.tenant = s.tenant AND v.session = s.id AND v.version = s.version "
        f"WHERE {condition} ORDER BY s.occurred_at DESC, s.id DESC LIMIT :limit",
        {**parameters, "limit": query.limit + 1},
    )
    further = len(heads) > query.limit
    heads = heads[: query.limit]
    placements: dict[str, list[RecordedPlacement]] = {session_id: [] for session_id, _, _ in heads}
    names: dict[str, Value] = {"tenant": tenant}
    for session_id, document in tx.execute(
        "SELECT session, document FROM placement "
        f"WHERE tenant = :tenant AND session {among('session', tuple(placements), names)} "
        "AND superseded IS NULL ORDER BY session, number",
        names,
    ):
        placements[session_id].append(documents.placements.decode(document))
    items = tuple(
        msgspec.structs.replace(documents.sessions.decode(document), placements=tuple(placements[session_id]))
        for session_id, _, document in heads
    )
    return Page(items=items, next=cursor_after(query, heads[-1][1], heads[-1][0]) if further else None)


def unknown_placements(tx: Transaction, tenant: str, ids: Collection[str]) -> set[str]:
    """The ids that are of no placement that the tenant has or had."""
    names: dict[str, Value] = {"tenant": tenant}
    rows = tx.execute(
        f"SELECT DISTINCT id FROM placement WHERE tenant = :tenant AND id {among('id', tuple(ids), names)}", names
    )
    return set(ids) - {placement_id for (placement_id,) in rows}


def session_of(tx: Transaction, tenant: str, placement_id: str) -> str | None:
    """The id of the session that has or had a placement; None where the tenant has no such placement."""
    names: dict[str, Value] = {"tenant": tenant, "id": placement_id}
    rows = tx.execute("SELECT session FROM placement WHERE tenant = :tenant AND id = :id LIMIT 1", names)
    return str(rows[0][0]) if rows else None


def head_of(tenant: str, session: Session) -> dict[str, Value]:
    """The columns of the head of a session, with the tenant's."""
    created_at = utc_text(session.created_at)
    started_at = utc_text(session.started_at) if session.started_at is not None else None
    return {
        "tenant": tenant,
        "id": session.id,
        "version": session.version,
        "status": session.status,
        "subject": session.subject,
        "encounter": session.encounter,
        "performer": session.performer,
        "started_at": started_at,
        "occurred_at": utc_text(occurred_at(session)),
        "created_at": created_at,
        "updated_at": utc_text(session.updated_at),
        "atlas": session.atlas,
    }


def _insert_version(tx: Transaction, tenant: str, session: Session, change: Change | None) -> None:
    header = msgspec.structs.replace(session, placements=())
    tx.execute(
        "INSERT INTO session_version (tenant, session, version, recorded_at, document, change) "
        "VALUES (:tenant, :session, :version, :recorded_at, :document, :change)",
        {
            "tenant": tenant,
            "session": session.id,
            "version": session.version,
            "recorded_at": utc_text(session.updated_at),
            "document": _encoder.encode(header).decode(),
            "change": None if change is None else _encoder.encode(change).decode(),
        },
    )


def _insert_placements(
    tx: Transaction, tenant: str, session: Session, placements: tuple[RecordedPlacement, ...] | list[RecordedPlacement]
) -> None:
    tx.execute_many(
        "INSERT INTO placement (tenant, session, number, version, superseded, id, document) "
        "VALUES (:tenant, :session, :number, :version, NULL, :id, :document)",
        [
            {
                "tenant": tenant,
                "session": session.id,
                "number": placement.number,
                "version": session.version,
                "id": placement.id,
                "document": _encoder.encode(placement).decode(),
            }
            for placement in placements
        ],
    )


def _with_placements(tx: Transaction, tenant: str, session_id: str, version: int, document: str) -> Session:
    rows = tx.execute(
        "SELECT document FROM placement WHERE tenant = :tenant AND session = :session "
        "AND version <= :version AND (superseded IS NULL OR superseded > :version) ORDER BY number",
        {"tenant": tenant, "session": session_id, "version": version},
    )
    placements = tuple(documents.placements.decode(placement) for (placement,) in rows)
    return msgspec.structs.replace(documents.sessions.decode(document), placements=placements)


def _refuse_stale(tx: Transaction, tenant: str, before: Session) -> NoReturn:
    current = tx.execute(
        "SELECT version FROM session WHERE tenant = :tenant AND id = :id", {"tenant": tenant, "id": before.id}
    )
    if not current:
        _unknown(before.id)
    [(version,)] = current
    raise Stale(
        f"The session is at version {version}, not {before.version}. Read it again and repeat the change.",
        version=version,
    )


def _unknown(session_id: str) -> NoReturn:
    raise UnknownSession(f"There is no session {session_id}.")
