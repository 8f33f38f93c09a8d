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

HOW = "apt-get install postgresql pgbouncer"
_ACCOUNT = "postgres"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108


def program(name: str) -> str | None:
    """The newest installed program of that name; Debian keeps the servers' out of the way."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else shutil.which(name)


def as_server(command: Sequence[str | Path]) -> list[str]:
    """The command as an account that a server accepts: it refuses to run as root."""
    account = ["--reuid", _ACCOUNT, "--regid", _ACCOUNT, "--init-groups"] if os.geteuid() == 0 else []
    # Tests that are cut off must not leave a server behind.
    return ["setpriv", "--pdeathsig", "INT", *account, *(str(word) for word in command)]


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
        until = time.monotonic() + 120
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
        self.halt()
        self._signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def halt(self) -> None:
        """Has the server and all its children stand still, as a machine that hangs."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Ends `halt`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """To the server first, which starts its children, each in a group of its own."""
        assert self.process is not None
        if number == signal.SIGSTOP:
            self.process.send_signal(number)
        children = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(status.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    children.append(int(status.parent.name))
        if number != signal.SIGSTOP:
            self.process.send_signal(number)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)

    def stop(self) -> None:
        """Ends it in order, at once, whoever is connected."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(120)
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


class Pooler:
    """pgbouncer in transaction mode, its socket in a folder of its own; `lead_to` says which server is behind it."""

    def __init__(self, place: Path, database: str) -> None:
        self.place = place
        self.database = database
        self.process: subprocess.Popen[bytes] | None = None

    def lead_to(self, behind: Server) -> None:
        """Writes the configuration, and has it read by a pooler that runs."""
        lines = [
            "[databases]",
            f"{self.database} = host={behind.place} dbname={self.database} user={_ACCOUNT}",
            "[pgbouncer]",
            "listen_addr =",
            "listen_port = 6432",
            f"unix_socket_dir = {self.place}",
            "auth_type = any",
            "pool_mode = transaction",
            "default_pool_size = 6",
            "server_login_retry = 1",
        ]
        (self.place / "pgbouncer.ini").write_text("\n".join(lines) + "\n")
        if self.process is not None:
            self.process.send_signal(signal.SIGHUP)

    @property
    def url(self) -> str:
        """The address of the database, by way of the pooler."""
        return f"postgresql://{_ACCOUNT}@/{self.database}?host={self.place}&port=6432"


@contextlib.contextmanager
def pooler(database: str, behind: Server) -> Iterator[Pooler]:
    """A pooler in front of a server, until the end of the block."""
    with folder() as place:
        made = Pooler(place, database)
        made.lead_to(behind)
        command = as_server([str(program("pgbouncer")), place / "pgbouncer.ini"])
        with (place / "log").open("ab") as log:
            made.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        try:
            until = time.monotonic() + 120
            while not (place / ".s.PGSQL.6432").exists():
                assert made.process.poll() is None, (place / "log").read_text()
                assert time.monotonic() < until, (place / "log").read_text()
                time.sleep(0.02)
            yield made
        finally:
            made.process.kill()
            made.process.wait()


@contextlib.contextmanager
def pair() -> Iterator[tuple[Server, Server]]:
    """A server that answers no commit before its standby has it, and the standby."""
    with folder() as first, folder() as second:
        primary = Server(first, "synchronous_standby_names=*")
        standby = Server(second)
        primary.initialise()
        primary.start()
        try:
            standby.copy_of(primary)
            standby.start()
            until = time.monotonic() + 120
            while primary.execute("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
                assert time.monotonic() < until
                time.sleep(0.02)
            yield primary, standby
        finally:
            standby.stop()
            primary.stop()
