"""A database that is there already, opened while others may serve it."""

import contextlib
from collections.abc import Iterator

from bodymap.config import Settings
from bodymap.storage.database import Database
from bodymap.storage.secret import Secret, secret_of


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[tuple[Database, Secret]]:
    """The database and its secret. None is made: a mistyped name would look like an empty record."""
    with Database.open(settings.database, alone=False, create=False) as database:
        yield database, secret_of(settings.database, settings.secret, make=False)
