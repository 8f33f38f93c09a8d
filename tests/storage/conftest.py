from collections.abc import Iterator
from pathlib import Path

import pytest

from bodymap.storage.database import Database


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'clinic.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty database, open."""
    with Database.open(url) as opened:
        yield opened
