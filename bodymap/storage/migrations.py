"""Bringing a database up to this release, on whichever engine it is."""

from bodymap.storage.engines import engine_of


def migrate(database_url: str, dry_run: bool = False) -> tuple[str, ...]:
    """Brings a database up to this release, making it where there is none; names the steps taken, none if up to date.

    Each step is taken wholly or not at all, and recorded in the transaction that takes it. With `dry_run` it names the
    steps that it would take, and changes nothing. Raises `NewerDatabase`, `Misconfigured`, or `StorageUnavailable`; on
    SQLite also while another process serves the database.
    """
    return engine_of(database_url).migrate(database_url, dry_run)
