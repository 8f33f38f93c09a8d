"""The search index of sessions, in addition to the columns of their heads. It is derived from the sessions."""

from collections.abc import Iterator

from bodymap.charting.placement import Identifier, RecordedPerimeter, RecordedPlacement
from bodymap.charting.session import Session
from bodymap.errors import IdentifierTaken
from bodymap.storage.transaction import Row, Transaction

_COLUMNS: dict[str, tuple[str, ...]] = {
    "session_place": ("region", "muscle", "side"),
    "session_flag": ("flag",),
    "session_lot": ("lot",),
    "session_event": ("event",),
}
TABLES = {"session_identifier": ("system", "value", "coalesce(placement, '')"), **_COLUMNS}
"""Every table by which sessions are found, with what it holds besides the tenant and the session."""
_INSERT = {
    table: (
        f"INSERT INTO {table} (tenant, session, {', '.join(columns)}) "
        f"VALUES (:tenant, :session, {', '.join(f':{column}' for column in columns)})"
    )
    for table, columns in _COLUMNS.items()
}
_DELETE = {
    table: (
        f"DELETE FROM {table} WHERE tenant = :tenant AND session = :session "
        f"AND {' AND '.join(f'{column} = :{column}' for column in columns)}"
    )
    for table, columns in _COLUMNS.items()
}


def keep(tx: Transaction, tenant: str, before: Session | None, after: Session) -> None:
    """Updates the search index of a session from `before` (None: it is new) to `after`.

    Raises `IdentifierTaken` where another session or placement of the tenant carries one of the identifiers.
    """
    _keep_identifiers(tx, tenant, before, after)
    old = _terms(before) if before is not None else {table: set() for table in _COLUMNS}
    new = _terms(after)
    for table, columns in _COLUMNS.items():
        for statements, terms in ((_DELETE, old[table] - new[table]), (_INSERT, new[table] - old[table])):
            tx.execute_many(
                statements[table],
                [
                    {"tenant": tenant, "session": after.id, **dict(zip(columns, term, strict=True))}
                    for term in sorted(terms)
                ],
            )


def rows_of(session: Session) -> dict[str, set[tuple[str, ...]]]:
    """What stands in each of `TABLES` for a session, and nothing else does.

    A release in which this comes out otherwise brings the rows of sessions that were kept before up to it.
    """
    identifiers: set[tuple[str, ...]] = {
        (identifier.system, identifier.value, placement or "") for identifier, placement in _identifiers(session)
    }
    return {"session_identifier": identifiers, **_terms(session)}


def _keep_identifiers(tx: Transaction, tenant: str, before: Session | None, after: Session) -> None:
    old, new = dict.fromkeys(_identifiers(before) if before is not None else ()), dict.fromkeys(_identifiers(after))
    for identifier, placement in old:
        if (identifier, placement) not in new:
            tx.execute(
                "DELETE FROM session_identifier WHERE tenant = :tenant AND system = :system AND value = :value",
                {"tenant": tenant, "system": identifier.system, "value": identifier.value},
            )
    for identifier, placement in new:
        if (identifier, placement) not in old:
            _claim(tx, tenant, after.id, placement, identifier)


def holder_of(tx: Transaction, tenant: str, system: str, value: str) -> tuple[str, str | None] | None:
    """The session that has an identifier, with the placement that it is of, if it is a placement's; None where nothing
    has it."""
    rows = tx.execute(
        "SELECT session, placement FROM session_identifier "
        "WHERE tenant = :tenant AND system = :system AND value = :value",
        {"tenant": tenant, "system": system, "value": value},
    )
    return (str(rows[0][0]), rows[0][1] and str(rows[0][1])) if rows else None


def _identifiers(session: Session) -> Iterator[tuple[Identifier, str | None]]:
    """Each identifier with the id of the placement that it belongs to; None: the session itself."""
    yield from ((identifier, None) for identifier in session.identifier)
    for placement in session.placements:
        yield from ((identifier, placement.id) for identifier in placement.identifier)


def _claim(tx: Transaction, tenant: str, session_id: str, placement_id: str | None, identifier: Identifier) -> None:
    names = {"tenant": tenant, "system": identifier.system, "value": identifier.value}
    holders: list[Row] = []
    # Between the two statements the holder may release it, and then it is free.
    while not holders:
        claimed = tx.execute(
            "INSERT INTO session_identifier (tenant, system, value, session, placement) "
            "VALUES (:tenant, :system, :value, :session, :placement) "
            "ON CONFLICT (tenant, system, value) DO NOTHING RETURNING session",
            {**names, "session": session_id, "placement": placement_id},
        )
        if claimed:
            return
        holders = tx.execute(
            "SELECT session, placement FROM session_identifier "
            "WHERE tenant = :tenant AND system = :system AND value = :value",
            names,
        )
    [(holder, placement)] = holders
    whose = f"The session {holder}" if placement is None else f"The placement {placement} of the session {holder}"
    raise IdentifierTaken(
        f"{whose} has the identifier {identifier.value!r} of {identifier.system!r} already.",
        session=holder,
        **({} if placement is None else {"placement": placement}),
        identifier={"system": identifier.system, "value": identifier.value},
    )


def _terms(session: Session) -> dict[str, set[tuple[str, ...]]]:
    lots = [session.needle] + [placement.needle for placement in session.placements]
    return {
        "session_place": {place for placement in session.placements for place in _places(placement)},
        "session_flag": {(code,) for code in _flags(session)},
        "session_lot": {(needle.lot,) for needle in lots if needle is not None and needle.lot is not None},
        "session_event": {(event.event,) for event in session.events},
    }


def _flags(session: Session) -> Iterator[str]:
    flags = [*session.flags]
    for placement in session.placements:
        flags += placement.flags
        if isinstance(placement, RecordedPerimeter):
            flags += (flag for needle in placement.needles for flag in needle.flags)
    for flag in flags:
        yield flag.code


def _places(placement: RecordedPlacement) -> Iterator[tuple[str, str, str]]:
    """Region, muscle and side of each place that the placement names; both sides are each side, too."""
    resolved = placement.resolved
    own_region = resolved.region or placement.region
    own_side = resolved.side or placement.side
    places = [(own_region, resolved.muscle, own_side)]
    places += [(region, None, own_side) for region in placement.also]
    if isinstance(placement, RecordedPerimeter):
        places += [
            (needle.region, resolved.muscle if needle.region == own_region else None, needle.side)
            for needle in placement.needles
        ]
    for region, muscle, side in places:
        if region or muscle or side:
            for each in ("both", "left", "right") if side == "both" else (side,):
                yield region or "", muscle or "", each or ""
