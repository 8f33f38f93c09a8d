"""`bodymap export` and `bodymap import`: a record moved by command."""

import json
from pathlib import Path

from tests.command_line import bodymap_in_text as bodymap
from tests.conftest import Serve


def test_a_record_is_moved_by_two_commands(serve: Serve, tmp_path: Path) -> None:
    """Exported beside the running service, imported into a new database, exported again: the same file."""
    serve("--demo", "--db", "demo.db")
    out = ("export", "--tenant", "local", "--versions", "all")
    assert bodymap(tmp_path, *out, "--db", "demo.db", "-o", "out.ndjson").returncode == 0
    assert (tmp_path / "out.ndjson").stat().st_mode & 0o777 == 0o600
    taken = bodymap(tmp_path, "import", "out.ndjson", "--tenant", "local", "--db", "new.db")
    assert (taken.returncode, taken.stdout) == (0, "3 created, 0 existing, 0 refused, 0 failed\n")
    again = bodymap(tmp_path, "import", "out.ndjson", "--tenant", "local", "--db", "new.db")
    assert again.stdout == "0 created, 3 existing, 0 refused, 0 failed\n"
    copied = bodymap(tmp_path, *out, "--db", "new.db")
    assert copied.stdout == (tmp_path / "out.ndjson").read_text()
    verified = bodymap(tmp_path, "audit", "verify", "--db", "new.db")
    assert verified.stdout == "tenant local: 8 entries and 3 versions of sessions, as they were written\n"


def test_a_records_request_is_one_command(serve: Serve, tmp_path: Path) -> None:
    """Every version of a subject's sessions and every entry of the audit that tells of them; of nobody else."""
    serve("--demo", "--db", "demo.db")
    asked = ("export", "--tenant", "local", "--subject", "Patient/demo-1", "--versions", "all", "--audit")
    told = bodymap(tmp_path, *asked, "--db", "demo.db")
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["record"] for line in lines[:3]] == ["session"] * 3
    assert {line["subject"] for line in lines[:3]} == {"Patient/demo-1"}
    entries = [line["entry"] for line in lines[3:]]
    assert [entry["operation"] for entry in entries] == ["demo"] * 3 + ["export"] * 3
    assert {entry["client"] for entry in entries} == {"command-line"}
    nobody = bodymap(tmp_path, "export", "--tenant", "other", "--db", "demo.db")
    assert (nobody.returncode, nobody.stdout) == (0, "")


def test_what_is_refused_is_told_with_its_line(tmp_path: Path) -> None:
    """The place and what would be right, on standard error, and exit code 1; the other lines are kept."""
    (tmp_path / "in.ndjson").write_text('{"note": "one"}\n{"pain_before": 70}\n{"note": "two"}\n')
    told = bodymap(tmp_path, "import", "in.ndjson", "--tenant", "clinic", "--db", "new.db", "--key", "in")
    assert told.returncode == 1
    assert told.stdout == "2 created, 0 existing, 1 refused, 0 failed\n"
    assert "line 2: refused" in told.stderr
    assert "/pain_before" in told.stderr
    again = bodymap(tmp_path, "import", "in.ndjson", "--tenant", "clinic", "--db", "new.db", "--key", "in")
    assert again.stdout == "0 created, 2 existing, 1 refused, 0 failed\n"
