"""Whether the database keeps what it is given: work for `Database` that changes nothing and is kept all the same."""

from datetime import datetime

from bodymap.storage.transaction import Transaction


def beat(tx: Transaction) -> None:
    """Writes a row as it is: where nothing can be kept, it fails as any other command does."""
    tx.execute("UPDATE migration SET name = name WHERE number = 1")


def newest(tx: Transaction) -> datetime | None:
    """The latest moment at which an answer was kept, by the clock of then."""
    [(found,)] = tx.execute("SELECT max(created_at) FROM receipt")
    return None if found is None else datetime.fromisoformat(found)
