"""The commands on a database: what is done to the record as a whole."""

import click

from bodymap.cli.program import database, settings_of


@click.command()
@database
@click.option("--dry-run", is_flag=True, help="Name the steps that would be taken, and change nothing.")
def migrate(db: str | None, dry_run: bool) -> None:
    """Bring a database up to this release, or make a new one."""
    from bodymap.storage import database as storage

    taken = storage.migrate(settings_of(db).database, dry_run)
    for name in taken:
        click.echo(f"{'would take' if dry_run else 'took'} {name}")
    if not taken:
        click.echo("up to date")
