"""Opening and migrating a PostgreSQL database: what is refused, and in which words."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from bodymap.errors import BodymapError, Misconfigured, NewerDatabase, StorageUnavailable
from bodymap.storage.database import Database, migrate
from bodymap.storage.engine import shown
from bodymap.storage.postgresql.connections import connect
from bodymap.storage.postgresql.migrations import take
from bodymap.storage.steps import Step, steps
from tests import postgresql
from tests.engines import NewUrl, beside
from tests.storage.visits import keeping, reading, usual_session

pytestmark = pytest.mark.outside

ENGINES = ("postgresql",)

TAGS = Step(9001, "9001_tags", "CREATE TABLE tag (x TEXT); -- one; more\nCREATE INDEX tags ON tag (x);")
BROKEN = Step(9002, "9002_broken", "CREATE TABLE half (x TEXT); CREATE TABLE tag (x TEXT);")


@pytest.fixture
def empty(server: postgresql.Server) -> str:
    """The address of a database with nothing in it."""
    name = f"empty_{os.urandom(4).hex()}"
    server.execute(f"CREATE DATABASE {name}")
    return server.url(name)


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in found}


def test_the_tenant_comes_first_in_every_key(url: str) -> None:
    """Tables can be distributed by tenant: it begins every primary key and unique constraint, and every reference."""
    with psycopg.connect(url) as connection:
        keys = connection.execute(
            "SELECT c.relname, i.indexrelid::regclass::text, a.attname FROM pg_index AS i"
            " JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
            " WHERE i.indisunique AND n.nspname = 'public'"
        ).fetchall()
        references = connection.execute(
            "SELECT a.attname FROM pg_constraint AS k"
            " JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'"
        ).fetchall()
    assert [key for key in keys if key[2] != "tenant"] == [("migration", "migration_pkey", "number")]
    assert set(references) == {("tenant",)}


def test_processes_that_start_at_once_migrate_once(empty: str) -> None:
    """Of many that find the tables missing one takes each step, and all are served."""
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda _: migrate(empty), range(6)))
    assert sorted(name for names in taken for name in names) == [step.name for step in steps("postgresql")]
    assert migrate(empty) == ()
    with Database.open(empty) as one, Database.open(empty) as two:
        visit = usual_session()
        one.write_now(keeping(visit))
        assert two.read_now(reading(visit.id)) == visit


def test_dry_run_changes_nothing(empty: str) -> None:
    """It names the steps, and leaves no table behind."""
    assert migrate(empty, dry_run=True) == tuple(step.name for step in steps("postgresql"))
    assert tables(empty) == set()


def test_failing_step_leaves_the_state_before_it(url: str) -> None:
    """A step that fails half-way is undone; those before it are kept."""
    with connect(url) as connection, pytest.raises(psycopg.errors.DuplicateTable):
        take(connection, [*steps("postgresql"), TAGS, BROKEN])
    assert "tag" in tables(url)
    assert "half" not in tables(url)
    for attempt in (Database.open, migrate, lambda url: migrate(url, dry_run=True)):
        with pytest.raises(NewerDatabase, match="9001_tags"):
            attempt(url)


def test_killed_step_leaves_the_state_before_it(url: str) -> None:
    """A process killed within a step leaves the database as it was, and the next one takes the step."""
    script = f"""
import os, signal
from bodymap.storage.postgresql import migrations
from bodymap.storage.postgresql.connections import connect
from bodymap.storage.steps import Step, steps
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
migrations.utc_text = die
migrations.take(connect({url!r}), [*steps("postgresql"), Step(9001, "9001_half", "CREATE TABLE half (x TEXT);")])
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -signal.SIGKILL
    with connect(url) as connection:
        assert take(connection, [*steps("postgresql"), TAGS]) == ("9001_tags",)
    assert "half" not in tables(url)


def refusal(url: str, **options: str) -> BodymapError:
    with pytest.raises(BodymapError) as refused:
        Database.open(url, **options)  # type: ignore[arg-type]
    return refused.value


def test_what_cannot_keep_a_record_is_refused_in_words(empty: str, server: postgresql.Server, new_url: NewUrl) -> None:
    """Another's tables, another encoding, commits that do not wait, a database or a server that is not there."""
    with beside(empty) as run:
        run("CREATE TABLE bookmarks (x int)")
    assert "'bookmarks'" in refusal(empty).detail
    assert tables(empty) == {"bookmarks"}
    name = f"latin_{os.urandom(4).hex()}"
    server.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    assert "UTF8 is needed" in refusal(server.url(name)).detail
    url = new_url()
    with beside(url) as run:
        run(f"ALTER DATABASE {url.rpartition('?')[0].rpartition('/')[2]} SET synchronous_commit = off")
    assert "synchronous_commit is off" in refusal(url).detail
    missing = refusal(server.url("nowhere"))
    assert isinstance(missing, StorageUnavailable)
    assert "nowhere" in missing.detail
    assert "cannot be reached" in refusal("postgresql:///clinic?host=/nowhere").detail
    assert isinstance(refusal("postgresql://h/d?nonsense=1"), Misconfigured)
    assert "no replica" in refusal(f"sqlite:///{Path('/tmp')}/x.db", replica=url).detail  # noqa: S108


def test_a_standby_is_not_served_from(pair: tuple[postgresql.Server, postgresql.Server]) -> None:
    """An address that leads to a standby is refused, with what to write instead."""
    assert "target_session_attrs" in refusal(pair[1].url("clinic")).detail


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("postgresql://u:s3cret@h,i:5433/d?sslmode=require", "postgresql://u@h,i:5433/d?sslmode=require"),
        ("postgresql://h/d?user=u&password=s3cret", "postgresql://h/d?user=u"),
        ("postgresql://u:s3@cret@h/d", "postgresql://u@h/d"),
        ("postgresql://[s3cret/d", "postgresql://…"),
        ("sqlite:///a.db", "sqlite:///a.db"),
    ],
)
def test_a_password_is_never_shown(url: str, seen: str) -> None:
    """An address is shown without it."""
    assert shown(url) == seen
