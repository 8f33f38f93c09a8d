from collections.abc import Iterator

import pytest

from bodymap.storage.database import Database
from tests.engines import NewUrl


@pytest.fixture
def url(new_url: NewUrl) -> str:
    """The address of a database that nobody has used yet."""
    return new_url()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty database, open."""
    with Database.open(url) as opened:
        yield opened
