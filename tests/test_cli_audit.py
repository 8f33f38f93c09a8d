"""`bodymap audit` on the database of a real service, also while it serves."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx

from tests.conftest import Serve


def bodymap(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command as a user would give it."""
    command = [sys.executable, "-m", "bodymap", *arguments]
    env = {name: value for name, value in os.environ.items() if not name.startswith("BODYMAP_")} | settings
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_verify_and_head_work_beside_the_service(serve: Serve, tmp_path: Path) -> None:
    """The chain verifies while it is written, an exported head fits it, and an edit is named with exit code 1."""
    running = serve("--db", "clinic.db")
    for _ in range(3):
        assert httpx.post(f"{running.address}/v1/sessions", json={"subject": "Patient/1"}).status_code == 201
    head = bodymap(tmp_path, "audit", "head", "--db", "clinic.db")
    exported = json.loads(head.stdout)
    assert (exported["tenant"], exported["number"]) == ("local", 3)
    (tmp_path / "head.json").write_text(head.stdout)
    verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db", "--head", "head.json")
    assert (verified.returncode, verified.stdout) == (0, "tenant local: 3 entries, as they were written\n")

    with closing(sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)) as hand:
        hand.execute("DROP TRIGGER audit_entry_stays_as_it_is")
        hand.execute("UPDATE audit_entry SET client = 'somebody else' WHERE number = 2")
    verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db")
    assert verified.returncode == 1
    assert "entry 2 (" in verified.stdout
    assert "createSession by somebody else" in verified.stdout


def test_the_demonstration_is_recorded(serve: Serve, tmp_path: Path) -> None:
    """What a command writes leaves entries with the user who ran it."""
    serve("--demo", "--db", "demo.db")
    with closing(sqlite3.connect(tmp_path / "demo.db")) as database:
        rows = database.execute("SELECT operation, client, name, sessions FROM audit_entry").fetchall()
    assert [(row[0], row[1]) for row in rows] == [("demo", "command-line")] * 3
    assert all(len(json.loads(row[3])) == 1 for row in rows)


def test_a_name_that_is_no_database_makes_none(tmp_path: Path) -> None:
    """A mistyped name is refused; an empty audit would look like a clean one."""
    verified = bodymap(tmp_path, "audit", "verify", "--db", "typo.db")
    assert verified.returncode == 1
    assert "There is no database" in verified.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_head_is_refused(serve: Serve, tmp_path: Path) -> None:
    """A file of something else is told as such."""
    serve("--db", "clinic.db")
    (tmp_path / "head.json").write_bytes(b'{"tenant": 1}\xff')
    verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db", "--head", "head.json")
    assert verified.returncode == 1
    assert "not what `bodymap audit head` writes" in verified.stderr


def test_a_service_with_another_secret_does_not_start(serve: Serve, tmp_path: Path) -> None:
    """The chain goes on with the secret that it was begun with, or not at all; the message says what to do."""
    running = serve("--demo", "--db", "clinic.db").process
    running.terminate()
    running.wait(30)
    started = bodymap(tmp_path, "serve", "--port", "0", "--db", "clinic.db", BODYMAP_SECRET="x" * 20)
    assert started.returncode == 1
    assert "was chained with another secret" in started.stderr
    assert "Bring back the secret" in started.stderr
