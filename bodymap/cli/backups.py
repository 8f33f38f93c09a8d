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

    The copy is consistent, checked, and only its owner can read it. The service's secret is not in it, and without
    the secret it cannot be restored: keep a copy of that in another place.
    """
    from bodymap.storage.sqlite.backup import back_up

    settings = settings_of(db)
    _require_sqlite(settings)
    made = back_up(settings.database, file, overwrite)
    click.echo(f"kept {made.sessions} sessions, {made.size_bytes} bytes, in {file}")
    where = "BODYMAP_SECRET" if settings.secret is not None else f"{made.database}.secret"
    click.echo(
        f"The secret is not in it, and it cannot be restored without: keep a copy of {where} elsewhere.", err=True
    )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--accept-findings", is_flag=True, help="Restore also where the record is not what was written.")
@database
def restore(file: Path, accept_findings: bool, db: str | None) -> None:
    """Put a copy that `backup` made in the place of the database, which is kept beside it under another name.

    Refused while a server has the database, for a copy that is damaged or of a newer release, for one in which `audit
    verify` finds anything, and without the secret that its audit was kept with: put <database>.secret back first, or
    set BODYMAP_SECRET. What was recorded since the copy was made is only in the previous database.
    """
    from bodymap.cli.audit import lines_of
    from bodymap.errors import Damaged
    from bodymap.service.audit import chain_of
    from bodymap.service.verification import verify_all
    from bodymap.storage.audit import check_heads, has_entries
    from bodymap.storage.audit_verification import tenants
    from bodymap.storage.secret import secret_of
    from bodymap.storage.sqlite.backup import restore
    from bodymap.storage.transaction import Transaction

    settings = settings_of(db)
    _require_sqlite(settings)

    def prove(tx: Transaction) -> None:
        if not has_entries(tx) and not tenants(tx):
            return
        chain = chain_of(secret_of(settings.database, settings.secret, make=False))
        check_heads(tx, chain)
        verdicts = [verdict for verdict in verify_all(tx, chain) if verdict.found]
        findings = "\n".join(lines_of(verdicts))
        if findings and not accept_findings:
            raise Damaged(
                f"The record in {file} is not what was written:\n{findings}\n"
                "Nothing was restored. Take another backup, or say --accept-findings."
            )
        if findings:
            click.echo(findings, err=True)

    done = restore(settings.database, file, ids.now(), prove)
    for name in done.taken:
        click.echo(f"took {name}")
    click.echo(f"restored {done.sessions} sessions into {done.database}")
    if done.previous is not None:
        click.echo(f"The previous database is {done.previous}. What came after the backup is only there.", err=True)


def _require_sqlite(settings: Settings) -> None:
    if not settings.database.startswith("sqlite:"):
        raise click.ClickException(
            "A PostgreSQL database is copied and restored with its own tools, such as pg_dump and pg_restore."
        )
