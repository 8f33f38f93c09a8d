"""Which commands make a database, and what becomes of one whose secret is gone. In this process, without a server."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import bodymap_in_text
from tests.conftest import key_in


@pytest.mark.parametrize(
    "command",
    [
        ["keys", "create", "--tenant", "a", "--scope", "admin"],
        ["keys", "list"],
        ["keys", "rotate", "x"],
        ["keys", "revoke", "x"],
        ["export", "--tenant", "a"],
        ["audit", "verify"],
        ["audit", "head"],
        ["backup", "copy.db"],
    ],
)
def test_a_mistyped_name_makes_no_database(command: list[str], tmp_path: Path) -> None:
    """A command on a database that is not there says so with exit code 1, and leaves nothing behind."""
    done = bodymap_in_text(tmp_path, *command, "--db", "typo.db")
    assert done.returncode == 1
    assert f"There is no database {tmp_path}/typo.db" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["keys", "create", "--tenant", "a", "--scope", "admin"],
                                     ["import", "lines.ndjson", "--tenant", "a"], ["export", "--tenant", "a"],
                                     ["audit", "verify"]])  # fmt: skip
def test_a_lost_secret_is_not_replaced(command: list[str], tmp_path: Path) -> None:
    """Where there is a chain, no command makes another secret for it: it says what to do, and changes nothing."""
    (tmp_path / "lines.ndjson").write_text('{"note": "one"}\n')
    key_in(tmp_path, "--db", "clinic.db")
    secret = tmp_path / "clinic.db.secret"
    text = secret.read_text()
    secret.unlink()
    done = bodymap_in_text(tmp_path, *command, "--db", "clinic.db")
    assert done.returncode == 1
    assert "BODYMAP_SECRET" in done.stderr
    assert "Put the file back" in done.stderr
    assert not secret.exists()
    with closing(sqlite3.connect(tmp_path / "clinic.db")) as database:
        assert database.execute("SELECT count(*) FROM audit_entry").fetchall() == [(1,)]
    secret.write_text(text)
    secret.chmod(0o600)
    assert bodymap_in_text(tmp_path, "audit", "verify", "--db", "clinic.db").returncode == 0
