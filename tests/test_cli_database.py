"""Which commands make a database, and what becomes of one whose secret is gone. In this process, without a server."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bodymap.cli import main
from tests.conftest import key_in


def bodymap(*arguments: str | Path) -> Result:
    """A command as a user would give it."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


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
def test_a_mistyped_name_makes_no_database(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command on a database that is not there says so with exit code 1, and leaves nothing behind."""
    monkeypatch.chdir(tmp_path)
    done = bodymap(*command, "--db", "typo.db")
    assert done.exit_code == 1
    assert f"There is no database {tmp_path}/typo.db" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["keys", "create", "--tenant", "a", "--scope", "admin"],
                                     ["import", "lines.ndjson", "--tenant", "a"], ["export", "--tenant", "a"],
                                     ["audit", "verify"]])  # fmt: skip
def test_a_lost_secret_is_not_replaced(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is a chain, no command makes another secret for it: it says what to do, and changes nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lines.ndjson").write_text('{"note": "one"}\n')
    key_in(tmp_path, "--db", "clinic.db")
    secret = tmp_path / "clinic.db.secret"
    text = secret.read_text()
    secret.unlink()
    done = bodymap(*command, "--db", "clinic.db")
    assert done.exit_code == 1
    assert "BODYMAP_SECRET" in done.output
    assert "Put the file back" in done.output
    assert not secret.exists()
    with closing(sqlite3.connect(tmp_path / "clinic.db")) as database:
        assert database.execute("SELECT count(*) FROM audit_entry").fetchall() == [(1,)]
    secret.write_text(text)
    secret.chmod(0o600)
    assert bodymap("audit", "verify", "--db", "clinic.db").exit_code == 0
