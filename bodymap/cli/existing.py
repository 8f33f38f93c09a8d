"""A database that is there already, opened beside whoever serves it."""

import contextlib
from collections.abc import Iterator

import click

from bodymap.config import Settings
from bodymap.storage.database import Database
from bodymap.storage.secret import Secret, secret_of
from bodymap.storage.sqlite.connection import path_of


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[tuple[Database, Secret]]:
    """The database and its secret. None is made: a mistyped name would look like an empty record."""
    if settings.database.startswith("sqlite:") and not (path := path_of(settings.database)).exists():
        raise click.ClickException(f"There is no database {path}.")
    secret = secret_of(settings.database, settings.secret, make=False)
    with Database.open(settings.database, alone=False) as database:
        yield database, secret
