"""The versions of a session, read one after another. Work for `Database`, as `sessions` is."""

import msgspec

from bodymap.charting import documents
from bodymap.charting.session import Session
from bodymap.charting.signatures import Change
from bodymap.storage.transaction import Transaction, Value

_changes = msgspec.json.Decoder(Change)


def read(tx: Transaction, tenant: str, session_id: str, first: int, last: int) -> list[tuple[Session, Change]]:
    """The versions from `first` to `last`, both included, each with what made it; empty where there are none."""
    names: dict[str, Value] = {"tenant": tenant, "session": session_id, "first": first, "last": last}
    heads = tx.execute(
        "SELECT version, document, change FROM session_version "
        "WHERE tenant = :tenant AND session = :session AND version BETWEEN :first AND :last ORDER BY version",
        names,
    )
    held = [
        (since, until, documents.placements.decode(document))
        for since, until, document in tx.execute(
            "SELECT version, superseded, document FROM placement WHERE tenant = :tenant AND session = :session "
            "AND version <= :last AND (superseded IS NULL OR superseded > :first) ORDER BY number",
            names,
        )
    ]
    return [
        (
            msgspec.structs.replace(
                documents.sessions.decode(document),
                placements=tuple(
                    placement
                    for since, until, placement in held
                    if since <= version and (until is None or until > version)
                ),
            ),
            change_of(version, change),
        )
        for version, document, change in heads
    ]


def last_content(tx: Transaction, tenant: str, session_id: str) -> int:
    """The latest version whose content is its own: one that an event made leaves what was before as it was."""
    rows = tx.execute(
        "SELECT version, change FROM session_version WHERE tenant = :tenant AND session = :session "
        "ORDER BY version DESC",
        {"tenant": tenant, "session": session_id},
    )
    return next((version for version, change in rows if change_of(version, change).kind != "event-added"), 0)


def change_of(version: int, change: str | None) -> Change:
    """What made a version, from its column."""
    if change is None:
        return Change(kind="created" if version == 1 else "changed")
    return _changes.decode(change)
