"""PostgreSQL servers for tests: real ones, from the system's packages, each in a folder of its own.

Servers listen on a socket in their folder alone. Where there is memory to write to (/dev/shm) a server lives there:
then it syncs every commit as in production, and that costs nothing.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

HOW = "apt-get install postgresql"
_ACCOUNT = "postgres"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108


def program(name: str) -> str | None:
    """The newest installed program of that name; Debian keeps the servers' out of the way."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else shutil.which(name)


def as_server(command: Sequence[str | Path]) -> list[str]:
    """The command as an account that a server accepts: it refuses to run as root."""
    plain = [str(word) for word in command]
    return (
        ["setpriv", "--reuid", _ACCOUNT, "--regid", _ACCOUNT, "--init-groups", *plain] if os.geteuid() == 0 else plain
    )


def run(*command: str | Path) -> None:
    """Runs one of the server's programs to its end."""
    done = subprocess.run(as_server(command), capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def folder(durable: bool = False) -> Iterator[Path]:
    """A folder that belongs to the server's account; `durable`: on the disk, not in memory."""
    within = None if durable or not os.access(_SHARED_MEMORY, os.W_OK) else _SHARED_MEMORY
    made = Path(tempfile.mkdtemp(prefix="bodymap-pg-", dir=within))
    if os.geteuid() == 0:
        shutil.chown(made, _ACCOUNT, _ACCOUNT)
    # Root's programs and the server's meet here.
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Server:
    """A server with its data and its socket in one folder; `settings` go into its configuration."""

    def __init__(self, place: Path, *settings: str) -> None:
        self.place = place
        self.data = place / "data"
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def initialise(self) -> None:
        """Makes an empty cluster."""
        run(
            str(program("initdb")),
            "-D",
            self.data,
            "-U",
            _ACCOUNT,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        )

    def copy_of(self, other: "Server") -> None:
        """Makes a standby of another server: a copy that follows it, by its own folder's name."""
        source = f"host={other.place} user={_ACCOUNT} application_name={self.place.name}"
        run(str(program("pg_basebackup")), "-D", self.data, "-d", source, "-R", "-X", "stream", "-c", "fast")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        settings = [f"unix_socket_directories={self.place}", "listen_addresses=", "max_connections=60", *self.settings]
        options = [word for setting in settings for word in ("-c", setting)]
        command = as_server([str(program("postgres")), "-D", self.data, *options])
        with (self.place / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", start_new_session=True)
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.place / "log").read_text()
                assert time.monotonic() < until, (self.place / "log").read_text()
                time.sleep(0.02)

    def promote(self) -> None:
        """Makes a standby the server that writes."""
        run(str(program("pg_ctl")), "promote", "-D", self.data, "-w")

    def kill(self) -> None:
        """Ends the server and all its children as a power cut would: nothing is finished, nothing is told."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Ends it in order, at once, whoever is connected."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{_ACCOUNT}@/{database}?host={self.place}"

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs a statement as the server's owner, outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            answer = connection.execute(sql.encode())
            return answer.fetchall() if answer.description else []


@contextlib.contextmanager
def server(*settings: str, durable: bool = False) -> Iterator[Server]:
    """A new server with no database of ours, until the end of the block."""
    with folder(durable) as place:
        made = Server(place, *settings)
        made.initialise()
        made.start()
        try:
            yield made
        finally:
            made.stop()
