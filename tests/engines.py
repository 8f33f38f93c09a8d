"""The engines that tests run on. A module whose tests hold on every engine says `ENGINES = BOTH`."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bodymap.storage.database import migrate
from tests import postgresql
from tests.tools import unavailable

BOTH = ("sqlite", "postgresql")

# What the drivers raise where the tables refuse.
REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)

NewUrl = Callable[[], str]

_TEMPLATE = "bodymap_template"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a module's tests on each engine that it names; on SQLite alone where it names none."""
    engines = getattr(metafunc.module, "ENGINES", BOTH[:1])
    if "new_url" in metafunc.fixturenames and engines != BOTH[:1]:
        metafunc.parametrize("new_url", engines, indirect=True, scope="module")


@contextmanager
def beside(url: str) -> Iterator[Callable[..., None]]:
    """Runs statements, each by itself, as somebody who can write the database without us; `?` is a value."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            yield lambda statement, *values: file.execute(statement, values)
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            yield lambda statement, *values: connection.execute(statement.replace("?", "%s"), values or None)


def require_postgresql(*programs: str) -> None:
    """Skips the test where PostgreSQL's programs are not installed, and fails it in CI, where they must be."""
    if any(postgresql.program(name) is None for name in programs or ("postgres", "initdb")):
        unavailable(f"PostgreSQL is missing: {postgresql.HOW}")


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    """One PostgreSQL server for all tests that do not kill it."""
    require_postgresql()
    with postgresql.server() as running:
        running.execute(f"CREATE DATABASE {_TEMPLATE}")
        migrate(running.url(_TEMPLATE))
        yield running


@pytest.fixture(scope="module")
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewUrl]:
    """Gives the address of a database that nobody has used yet, each time another."""
    numbers = count()
    if getattr(request, "param", "sqlite") == "sqlite":
        folder: Path = tmp_path_factory.mktemp("databases")
        yield lambda: f"sqlite:///{folder / f'{next(numbers)}.db'}"
        return
    running: Any = request.getfixturevalue("server")
    made: list[str] = []

    def new() -> str:
        made.append(f"clinic_{os.urandom(6).hex()}")
        running.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
        return str(running.url(made[-1]))

    yield new
    for name in made:
        running.execute(f"DROP DATABASE {name} WITH (FORCE)")
