"""`bodymap move`: a clinic outgrows its file."""

import click

from bodymap.cli.program import settings_of


@click.command()
@click.option(
    "--from", "source", metavar="DB", required=True, help="The SQLite database: a file, or sqlite:///file.db."
)
@click.option("--to", "target", metavar="DB", required=True, help="An empty PostgreSQL database: postgresql://…")
def move(source: str, target: str) -> None:
    """Move a whole record from SQLite to PostgreSQL: every version, chart, receipt, key and entry of the audit.

    Stop the service first. All of it arrives or nothing; every table is read back and compared before it counts. The
    file stays as it was: do not serve it any more.
    """
    from bodymap.service.audit import chain_of
    from bodymap.storage.audit import check_heads, heads
    from bodymap.storage.engine import SUPPORTED, one_process_only, shown
    from bodymap.storage.secret import secret_of
    from bodymap.storage.transaction import Transaction

    settings = settings_of(source)
    if not one_process_only(settings.database) or not target.startswith(("postgresql://", "postgres://")):
        raise click.UsageError(f"A record is moved from SQLite to PostgreSQL. Addresses: {SUPPORTED}.")
    try:
        from bodymap.storage.postgresql.moving import move as moved_to
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("bodymap"):
            raise
        raise click.ClickException(f"{error.name} is missing: pip install 'bodymap[postgresql]'") from error

    def prove(tx: Transaction) -> None:
        if heads(tx):
            check_heads(tx, chain_of(secret_of(settings.database, settings.secret, make=False)))

    for done in moved_to(settings.database, target, prove):
        click.echo(f"{done.table:20} {done.rows:>9} rows  sha256 {done.digest}")
    click.echo(f"moved into {shown(target)}")
    if settings.secret is None:
        click.echo(
            "Serve it with BODYMAP_SECRET set to what stands in the file's .secret: its audit needs it.", err=True
        )
