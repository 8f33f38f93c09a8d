"""The commands on a database: what is done to the record as a whole."""

import click

from bodymap.cli.program import database, settings_of


@click.command()
@database
@click.option("--dry-run", is_flag=True, help="Name the steps that would be taken, and change nothing.")
def migrate(db: str | None, dry_run: bool) -> None:
    """Bring a database up to this release, or make a new one.

    Refused, with what to do, for one whose sessions were resolved on another atlas of the same version.
    """
    from bodymap.atlas import load_atlases
    from bodymap.storage import database as storage
    from bodymap.storage.atlas_digests import check

    settings = settings_of(db)
    taken = storage.migrate(settings.database, dry_run)
    for name in taken:
        click.echo(f"{'would take' if dry_run else 'took'} {name}")
    if not (dry_run and taken):
        digests = load_atlases(settings.atlas_path, settings.atlas_version).digests
        with storage.Database.open(settings.database, alone=False, create=False) as database:
            database.read_now(lambda tx: check(tx, digests))
    if not taken:
        click.echo("up to date")
