import time
from collections.abc import Iterator

import pytest

from tests import postgresql
from tests.engines import NewUrl, require_postgresql


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[postgresql.Server, postgresql.Server]]:
    """A server that answers no commit before its standby has it, and the standby; a database `clinic`."""
    require_postgresql()
    with postgresql.pair() as (primary, standby):
        primary.execute("CREATE DATABASE clinic")
        until = time.monotonic() + 120
        while not standby.execute("SELECT 1 FROM pg_database WHERE datname = 'clinic'"):
            assert time.monotonic() < until, "the standby does not follow"
            time.sleep(0.02)
        yield primary, standby


@pytest.fixture
def url(new_url: NewUrl) -> str:
    """The address of a database that has its tables, and nothing in them."""
    return new_url()
