"""`bodymap move`: from a file to a server, with everything."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from bodymap.storage.database import Database
from tests import postgresql
from tests.command_line import bodymap_in_text as bodymap
from tests.conftest import key_in, served
from tests.engines import NewUrl, beside

ENGINES = ("postgresql",)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, Any]]:
    """A folder with a record in `clinic.db`, a key for it, and what was asked of it and answered."""
    folder = tmp_path_factory.mktemp("clinic")
    key = key_in(folder, "--db", "clinic.db")
    with (
        served(["--db", "clinic.db"], folder) as running,
        httpx.Client(base_url=running.address, timeout=120) as client,
    ):
        client.headers["Authorization"] = f"Bearer {key}"
        body = {
            "identifier": [{"system": "urn:s", "value": "Ω-1"}],
            "subject": "Patient/1",
            "status": "completed",
            "note": "naïve 針 \u2028 \U0001f600",
            "placements": [{"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}],
        }
        made = client.post("/v1/sessions", json=body, headers={"Idempotency-Key": "first"})
        at = made.headers["location"]
        signing = {"by": "Practitioner/7", "display": "M. Rossi, PT"}
        signed = client.post(f"{at}/sign", json=signing, headers={"If-Match": '"1"', "Idempotency-Key": "second"})
        assert (made.status_code, signed.status_code) == (201, 200), signed.text
        chart = client.get(f"{at}/versions/2/chart.svg")
        assert chart.status_code == 200
        told = {"body": body, "at": at, "made": made.content, "chart": chart.content}
        told["history"] = client.get(f"{at}/history").content
    return folder, key, told


def secret_of(folder: Path) -> str:
    return (folder / "clinic.db.secret").read_text().strip()


def test_a_moved_record_is_the_same_record(
    clinic: tuple[Path, str, dict[str, Any]], new_url: NewUrl, server: postgresql.Server
) -> None:
    """After one command the service on PostgreSQL answers as before: keys, receipts, versions, charts, and the audit
    is whole and goes on.
    """
    folder, key, told = clinic
    name = f"empty_{os.urandom(4).hex()}"
    server.execute(f"CREATE DATABASE {name}")
    url = server.url(name)
    assert bodymap(folder, "audit", "verify", "--db", "clinic.db").returncode == 0
    done = bodymap(folder, "move", "--from", "clinic.db", "--to", url)
    assert done.returncode == 0, done.stderr
    assert "session_version              2 rows" in done.stdout
    assert ".secret" in done.stderr
    settings = {"BODYMAP_SECRET": secret_of(folder)}
    with (
        served(["--db", url], folder, settings=settings) as running,
        httpx.Client(base_url=running.address, timeout=120) as client,
    ):
        client.headers["Authorization"] = f"Bearer {key}"
        again = client.post("/v1/sessions", json=told["body"], headers={"Idempotency-Key": "first"})
        assert (again.status_code, again.content) == (201, told["made"])
        assert client.get(f"{told['at']}/versions/2/chart.svg").content == told["chart"]
        assert client.get(f"{told['at']}/history").content == told["history"]
        other = client.post("/v1/sessions", json={"identifier": [{"system": "urn:s", "value": "Ω-1"}]})
        assert other.status_code == 409
    verified = bodymap(folder, "audit", "verify", "--db", url, **settings)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    again_moved = bodymap(folder, "move", "--from", "clinic.db", "--to", url)
    assert again_moved.returncode == 1
    assert "Move into an empty database" in again_moved.stderr
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_cannot_be_moved_whole_is_not_moved(
    clinic: tuple[Path, str, dict[str, Any]], new_url: NewUrl, tmp_path: Path
) -> None:
    """A column that PostgreSQL cannot hold stops it at the row, by its key, and the target stays empty."""
    folder, _, _ = clinic
    copy, url = tmp_path / "clinic.db", new_url()
    for ending in ("", ".secret"):
        (tmp_path / f"clinic.db{ending}").write_bytes((folder / f"clinic.db{ending}").read_bytes())
        (tmp_path / f"clinic.db{ending}").chmod(0o600)
    with closing(sqlite3.connect(copy, isolation_level=None)) as file:
        file.execute("UPDATE session SET subject = 'a' || char(0) || 'b'")
    done = bodymap(tmp_path, "move", "--from", "clinic.db", "--to", url)
    assert done.returncode == 1
    assert "cannot hold a row of the table session" in done.stderr
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM api_key").fetchone() == (0,)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit_head SET number = number + 1", "head of the audit"),
        ("DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)", "bodymap migrate"),
        ("INSERT INTO migration VALUES (9001, '9001_later', 'x')", "9001_later"),
    ],
)
def test_a_record_that_is_not_sound_is_not_moved(
    clinic: tuple[Path, str, dict[str, Any]], new_url: NewUrl, tmp_path: Path, change: str, said: str
) -> None:
    """A broken audit, an older or a newer database is refused in words."""
    folder, _, _ = clinic
    for ending in ("", ".secret"):
        (tmp_path / f"clinic.db{ending}").write_bytes((folder / f"clinic.db{ending}").read_bytes())
        (tmp_path / f"clinic.db{ending}").chmod(0o600)
    with beside(f"sqlite:///{tmp_path}/clinic.db") as run:
        run(change)
    done = bodymap(tmp_path, "move", "--from", "clinic.db", "--to", new_url())
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_served_record_is_not_moved(new_url: NewUrl, tmp_path: Path) -> None:
    """While a process serves the file it is not moved: what came meanwhile would be left behind."""
    with Database.open(f"sqlite:///{tmp_path}/clinic.db"):
        done = bodymap(tmp_path, "move", "--from", "clinic.db", "--to", new_url())
    assert done.returncode == 1
    assert "in use" in done.stderr


@pytest.mark.parametrize(
    ("source", "target"), [("clinic.db", "sqlite:///other.db"), ("postgresql:///a", "postgresql:///b")]
)
def test_other_ways_are_wrong_usage(tmp_path: Path, source: str, target: str) -> None:
    """From SQLite to PostgreSQL, and no other way."""
    assert bodymap(tmp_path, "move", "--from", source, "--to", target).returncode == 2
