"""`bodymap` as a user calls it, in this process: as fast as what it does.

That each command also runs as a program of its own is what tests/test_cli_programs.py shows.
"""

import os
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from subprocess import CompletedProcess

from click.testing import CliRunner

from bodymap.cli import main


def bodymap(
    *arguments: str | Path, folder: Path, stdin: bytes = b"", settings: Mapping[str, str] | None = None
) -> CompletedProcess[bytes]:
    """A command given in `folder`; `settings` by their variables, and none of those that this process has.

    What would end in a traceback is raised.
    """
    words = [str(word) for word in arguments]
    env: dict[str, str | None] = {name: None for name in os.environ if name.startswith("BODYMAP_")}
    with chdir(folder):
        done = CliRunner().invoke(main, words, stdin, env | dict(settings or {}), prog_name="bodymap")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return CompletedProcess(words, done.exit_code, done.stdout_bytes, done.stderr_bytes)


def bodymap_in_text(folder: Path, *arguments: str | Path, **settings: str) -> CompletedProcess[str]:
    """A command given in `folder`, with what it said as text."""
    done = bodymap(*arguments, folder=folder, settings=settings)
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
