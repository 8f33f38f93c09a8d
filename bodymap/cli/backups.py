"""`bodymap backup` and `bodymap restore`: the whole record, copied and put back."""

from pathlib import Path

import click

from bodymap import ids
from bodymap.cli.program import database, settings_of
from bodymap.config import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the file where it exists.")
@database
def backup(file: Path, overwrite: bool, db: str | None) -> None:
    """Copy the whole record into FILE, also while it is served.

    The copy is consistent, checked, and readable for its owner alone. The service's secret is not in it: without the
    secret the audit of a restored record cannot be verified and its links do not open, so keep a copy of it elsewhere.
    """
    from bodymap.storage.sqlite.backup import back_up

    settings = settings_of(db)
    _require_sqlite(settings)
    made = back_up(settings.database, file, overwrite)
    click.echo(f"kept {made.sessions} sessions, {made.size_bytes} bytes, in {file}")
    where = "BODYMAP_SECRET" if settings.secret is not None else f"{made.database}.secret"
    click.echo(f"The secret is not in it. Keep a copy of {where} in another place.", err=True)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--new-secret", is_flag=True, help="Go on without the secret that the record was kept with.")
@database
def restore(file: Path, new_secret: bool, db: str | None) -> None:
    """Put a copy that `backup` made in the place of the database, which is kept beside it under another name.

    Refused while a server has the database, for a copy that is damaged or of a newer release, and where the secret is
    missing: put <database>.secret back first, or set BODYMAP_SECRET. What was recorded since the copy was made is in
    the previous database alone.
    """
    from bodymap.storage.sqlite.backup import restore
    from bodymap.storage.sqlite.connection import path_of

    settings = settings_of(db)
    _require_sqlite(settings)
    path = path_of(settings.database)
    secret = path.with_name(path.name + ".secret")
    if settings.secret is None and not secret.exists() and not new_secret:
        raise click.ClickException(
            f"There is no secret at {secret}, and BODYMAP_SECRET is not set: without the secret that the record was "
            "kept with, its audit cannot be verified and its links do not open. Put it back first, or say --new-secret."
        )
    done = restore(settings.database, file, ids.now())
    for name in done.taken:
        click.echo(f"took {name}")
    click.echo(f"restored {done.sessions} sessions into {done.database}")
    if done.previous is not None:
        click.echo(f"The previous database is {done.previous}. What came after the backup is there alone.", err=True)


def _require_sqlite(settings: Settings) -> None:
    if not settings.database.startswith("sqlite:"):
        raise click.ClickException(
            "A PostgreSQL database is copied and restored with its own tools, such as pg_dump and pg_restore."
        )
