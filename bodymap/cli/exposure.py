"""What `serve` refuses to be: open to everyone who reaches it from another machine."""

import click

from bodymap.config import Settings

_HOW = "  bodymap keys create --tenant CLINIC --scope session:read --scope session:write --scope chart:read"


def refuse_open(settings: Settings, host: str, demo: bool) -> None:
    """Beyond this machine nobody is served who cannot be told apart: there must be a key or an issuer of tokens."""
    from bodymap.api.http.hosts import is_loopback

    if is_loopback(host):
        return
    if demo:
        raise click.ClickException(
            f"--demo lets everybody in: everyone who reaches {host} could read and change every record. "
            "Serve on 127.0.0.1."
        )
    if settings.issuers_file is None and not any_key(settings):
        raise click.ClickException(
            f"There is no key yet and no issuer of tokens, so nobody could be told apart on {host}. "
            f"Make the database and a key, then serve:\n  bodymap migrate\n{_HOW}"
        )


def any_key(settings: Settings) -> bool:
    """Whether the database has a key that is taken; it is not made for the question."""
    from bodymap import ids
    from bodymap.storage import keys
    from bodymap.storage.database import Database, migrate

    if any(step.startswith("0001_") for step in migrate(settings.database, dry_run=True)):
        return False
    with Database.open(settings.database, alone=False, create=False) as database:
        return database.read_now(lambda tx: keys.any_usable(tx, ids.now()))
