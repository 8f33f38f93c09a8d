"""Readiness of the database: work for `Database` that tests a write without changing the record."""

from datetime import datetime

from bodymap.storage.transaction import Transaction, Value
from bodymap.storage.utc_text import utc_text


def beat(tx: Transaction, now: datetime) -> None:
    """Writes a row and deletes it: if the database cannot write, it fails as any other command does.

    A row that is only written over as it was would not do: no page of it would go to disk.
    """
    named: dict[str, Value] = {"tenant": "", "client": "", "key": "pulse"}
    tx.execute(
        "INSERT INTO receipt (tenant, client, key, fingerprint, status, headers, body, created_at) "
        "VALUES (:tenant, :client, :key, '', 0, '[]', :body, :created_at)",
        {**named, "body": b"", "created_at": utc_text(now)},
    )
    tx.execute("DELETE FROM receipt WHERE tenant = :tenant AND client = :client AND key = :key", named)


def newest(tx: Transaction) -> datetime | None:
    """The latest time at which an answer was stored, by the clock of that time."""
    [(latest,)] = tx.execute("SELECT max(created_at) FROM receipt")
    return None if latest is None else datetime.fromisoformat(latest)
