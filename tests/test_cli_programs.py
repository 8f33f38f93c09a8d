"""Each command as a program of its own: what a shell gives it and gets from it. What it does is tested in process."""

import os
import subprocess
from pathlib import Path

import pytest

from bodymap.cli import main
from bodymap.demo import visit
from tests.command_line import bodymap
from tests.conftest import BODYMAP, key_in

pytestmark = pytest.mark.outside

# Words that show that the command did something, and where: in its output, or in the file that it made.
COMMANDS = {
    "render": (["one.json", "-o", "-"], "-", "<svg"),
    "compare": (["one.json", "two.json", "-o", "made.txt"], "made.txt", "3 new, 3 kept, 1 gone."),
    "timeline": (["one.json", "two.json", "-o", "made.txt"], "made.txt", "Patient/demo-1"),
    "heatmap": (["one.json", "two.json", "-o", "made.txt"], "made.txt", "Patient/demo-1"),
    "migrate": (["--db", "new.db"], "-", "took 0001_"),
    "import": (["one.ndjson", "--tenant", "clinic", "--db", "new.db"], "-", "1 created"),
    "export": (["--tenant", "clinic", "--db", "clinic.db", "-o", "made.ndjson"], "made.ndjson", ""),
    "backup": (["made.db", "--db", "clinic.db"], "-", ""),
    "restore": (["copy.db", "--db", "clinic.db"], "-", "restored 0 sessions"),
    "keys": (["list", "--db", "clinic.db"], "-", "session:read"),
    "audit": (["verify", "--db", "clinic.db"], "-", "tenant clinic: 1 entry"),
    "settings": ([], "-", "BODYMAP_DATABASE"),
    "schemas": (["--out", "made"], "made/openapi.json", "openapi"),
    "atlas": (["check", "--ways", "0"], "-", ""),
}
# `serve` is started by many tests; `move` needs a server of PostgreSQL and runs in tests/test_cli_move.py.
ELSEWHERE = {"serve", "move"}


def test_every_command_is_tried() -> None:
    """A new command is given arguments to be tried with."""
    assert set(main.list_commands(main.make_context("bodymap", ["settings"]))) == COMMANDS.keys() | ELSEWHERE


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_a_program(command: str, tmp_path: Path) -> None:
    """In a process of its own it does its work, exits with 0 and says nothing of what went on inside."""
    for number, name in (("one", "visit-1"), ("two", "visit-2")):
        (tmp_path / f"{number}.json").write_bytes(visit(name))
    (tmp_path / "one.ndjson").write_bytes(b'{"note": "one"}\n')
    key_in(tmp_path, "--db", "clinic.db")
    bodymap("backup", "copy.db", "--db", "clinic.db", folder=tmp_path).check_returncode()
    arguments, place, expected = COMMANDS[command]
    env = {name: value for name, value in os.environ.items() if not name.startswith("BODYMAP_")}
    done = subprocess.run([*BODYMAP, command, *arguments], cwd=tmp_path, env=env, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    made = done.stdout if place == "-" else (tmp_path / place).read_bytes()
    assert expected in made.decode()
