"""The real service in trouble: a disk that is full, fails or can only be read, a locked file, a damaged one, a clock
that goes backwards. Nothing that was answered is lost, what cannot be kept is refused in words, readiness says so, and
all is well again when the trouble ends.
"""

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bodymap.storage.database import migrate
from tests import postgresql
from tests.conftest import BODYMAP, Served, key_in, served
from tests.engines import require_postgresql
from tests.tools import installed, unavailable

pytestmark = pytest.mark.outside

Trouble = Callable[["Clinic"], contextlib.AbstractContextManager[None]]
SESSION = {"placements": [{"kind": "trigger_point", "region": "trapezius-descending", "side": "left"}] * 20}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Message
    content: bytes


class Clinic(NamedTuple):
    """A running service, where its database is, and a key to it."""

    running: Served
    folder: Path
    key: str

    def ask(self, path: str, body: Any = None, idempotency_key: str = "") -> Answer:
        """An answer, whatever its status."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.running.address + path, content)
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self.key}")
        if idempotency_key:
            request.add_header("Idempotency-Key", idempotency_key)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read())

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.folder / "clinic.db"

    def log(self) -> str:
        """What the service has said so far."""
        return (self.folder / "serve.err").read_text()


@contextlib.contextmanager
def clinic(folder: Path, **environment: str) -> Iterator[Clinic]:
    """A service in a folder, with one key; `environment` for its process alone."""
    key = key_in(folder, "--db", "clinic.db")
    with served(["--db", "clinic.db"], folder, settings=environment) as running:
        made = Clinic(running, folder, key)
        assert made.ask("/readyz").status == 200
        yield made


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a few megabytes, in memory."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True, text=True)
    if mounted.returncode:
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(f"no disk can be mounted: {mounted.stderr}")
        pytest.skip(f"only root can mount a disk to fill it: {mounted.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


@contextlib.contextmanager
def full(at: Clinic) -> Iterator[None]:
    """The disk is filled to its last byte."""
    filler = at.folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    yield
    filler.unlink()


@contextlib.contextmanager
def no_growth(at: Clinic) -> Iterator[None]:
    """No file of the service may grow, as under a quota."""
    hard = resource.prlimit(at.running.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(at.running.process.pid, resource.RLIMIT_FSIZE, (16384, hard))
    yield
    resource.prlimit(at.running.process.pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextlib.contextmanager
def locked(at: Clinic) -> Iterator[None]:
    """Another program has begun to write, and does not end."""
    with contextlib.closing(sqlite3.connect(at.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextlib.contextmanager
def moved_away(at: Clinic) -> Iterator[None]:
    """The file has another name, by mistake, and gets its own back."""
    at.database.rename(at.folder / "away.db")
    yield
    (at.folder / "away.db").rename(at.database)


def traced(process: int) -> bool:
    """Whether every thread of a process is traced."""
    threads = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/status")]
    return not any(re.search(r"^TracerPid:\t0$", status, re.MULTILINE) for status in threads)


def failing(calls: str, error: str) -> Trouble:
    """System calls of the service that write come back with an error."""

    @contextlib.contextmanager
    def trouble(at: Clinic) -> Iterator[None]:
        strace = installed("strace", how="apt-get install strace")
        inject = f"inject={calls}:error={error}"
        command = [strace, "-f", "-q", "-o", at.folder / "trace", "-e", inject, "-p", str(at.running.process.pid)]
        tracing = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            while not traced(at.running.process.pid):
                if tracing.poll() is not None:
                    unavailable(f"strace may not trace here: {tracing.stderr.read() if tracing.stderr else ''}")
                time.sleep(0.02)
            yield
        finally:
            tracing.send_signal(signal.SIGINT)
            tracing.communicate(timeout=120)

    return trouble


TROUBLES: list[tuple[str, Trouble, str]] = [
    ("a full disk", full, "disk is full"),
    ("no growth", no_growth, "disk reports an error"),
    ("a lock", locked, "is locked by another process"),
    ("a file that was moved away", moved_away, "removed or moved while it was served"),
    ("a disk that can only be read", failing("pwrite64,ftruncate", "EROFS"), "disk reports an error"),
    ("a disk that cannot sync", failing("fdatasync,fsync", "EIO"), "disk reports an error"),
    ("a disk without room for the log", failing("pwrite64", "ENOSPC"), "disk is full"),
]


@pytest.mark.parametrize(("trouble", "said"), [row[1:] for row in TROUBLES], ids=[row[0] for row in TROUBLES])
def test_trouble_is_told_and_loses_nothing(tmp_path: Path, trouble: Trouble, said: str) -> None:
    """What cannot be kept is a 503 that changes nothing, the probe says so, and after the trouble the same command
    under the same key is done, once.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(small_disk(tmp_path)) if trouble is full else tmp_path
        at = stack.enter_context(clinic(folder))
        answered = {"before": at.ask("/v1/sessions", SESSION, "before")}
        assert answered["before"].status == 201
        refused: dict[str, Answer] = {}
        with trouble(at), ThreadPoolExecutor(1) as beside:
            probe = beside.submit(at.ask, "/readyz")
            for number in range(1000):
                answer = at.ask("/v1/sessions", SESSION, f"during-{number}")
                (answered if answer.status == 201 else refused)[f"during-{number}"] = answer
                if refused:
                    break
            # There may still be room for the little that the probe writes, until that is used up.
            assert probe.result().status == 503 or 503 in (at.ask("/readyz").status for _ in range(100))
            assert at.ask("/healthz").status == 200
        [(name, answer)] = refused.items()
        assert answer.status == 503
        assert json.loads(answer.content)["type"] == "urn:bodymap:problem:storage-unavailable"
        assert int(answer.headers["Retry-After"]) > 0
        assert said in at.log()
        assert at.ask("/readyz").status == 200, "the trouble is over"
        answered[name] = at.ask("/v1/sessions", SESSION, name)
        assert answered[name].status == 201
        for key, answer in answered.items():
            assert at.ask("/v1/sessions", SESSION, key).content == answer.content
        listed = json.loads(at.ask("/v1/sessions?limit=500").content)["items"]
        assert {made["id"] for made in listed} == {json.loads(answer.content)["id"] for answer in answered.values()}
        with contextlib.closing(sqlite3.connect(at.database)) as beside:
            assert beside.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert beside.execute("PRAGMA foreign_key_check").fetchall() == []
            assert beside.execute("SELECT count(*) FROM receipt").fetchall() == [(len(answered),)]
        done = subprocess.run(
            [*BODYMAP, "audit", "verify", "--db", "clinic.db"], cwd=folder, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_damage_is_told_and_is_not_forgotten(tmp_path: Path) -> None:
    """A page that makes no sense is a 503, and from then on the service is not ready until somebody has looked."""
    with clinic(tmp_path) as at:
        for number in range(40):
            made = at.ask("/v1/sessions", SESSION, f"{number}")
            assert made.status == 201
    with clinic(tmp_path) as at:  # with nothing in memory
        size = at.database.stat().st_size
        with at.database.open("r+b") as file:
            file.seek(size // 4)
            file.write(b"\xa5" * (size // 2))
        ids = {at.ask(f"/v1/sessions/{json.loads(made.content)['id']}").status}
        ids.add(at.ask("/v1/sessions?limit=500").status)
        assert 503 in ids
        assert at.ask("/readyz").status == 503
        assert "is damaged: restore it from a backup" in at.log()
        assert at.ask("/readyz").status == 503
        assert at.ask("/healthz").status == 200


def copied_over(file: Path) -> None:
    """Another clinic's database in its place."""
    migrate(f"sqlite:///{file.with_name('other.db')}")
    shutil.copyfile(file.with_name("other.db"), file)


@pytest.mark.parametrize("hand", [Path.unlink, copied_over])
def test_a_file_that_is_gone_is_told_and_nothing_is_answered_as_kept(
    tmp_path: Path, hand: Callable[[Path], None]
) -> None:
    """A database file removed or overwritten under a running service: readiness and writes answer 503, not 201."""
    with clinic(tmp_path) as at:
        assert at.ask("/v1/sessions", SESSION, "before").status == 201
        hand(at.database)
        for number in range(3):
            refused = at.ask("/v1/sessions", SESSION, f"{number}")
            assert (refused.status, at.ask("/readyz").status) == (503, 503)
        assert at.ask("/healthz").status == 200
        assert "while it was served" in at.log()


def test_a_clock_that_goes_backwards_changes_no_order(tmp_path: Path, require_tool: Any) -> None:
    """After the clock was put back by an hour, ids still rise, no time of a record goes back, answers are kept under
    their keys, and the probe says by how much the clock is behind.
    """
    require_tool("faketime", how="apt-get install faketime")
    [library] = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    clock = tmp_path / "clock"
    clock.write_text("+0")
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with clinic(tmp_path, **faked) as at:
        first = at.ask("/v1/sessions", SESSION, "first")
        before = json.loads(first.content)
        path = f"/v1/sessions/{before['id']}"
        assert "notes" not in json.loads(at.ask("/readyz").content)
        clock.write_text("-3600")
        second = json.loads(at.ask("/v1/sessions", SESSION, "second").content)
        assert second["created_at"] < before["created_at"], "the clock was not put back"
        assert second["id"] > before["id"]
        at.ask(f"{path}/placements", SESSION["placements"][0], "third")
        after = json.loads(at.ask(path).content)
        assert after["version"] == 2
        assert after["updated_at"] >= before["updated_at"]
        assert at.ask("/v1/sessions", SESSION, "first").content == first.content
        ready = at.ask("/readyz")
        assert ready.status == 200
        assert re.search(r"The clock is 3[56]\d\d s behind", json.loads(ready.content)["notes"][0])
        assert "The clock is" in at.log()
        clock.write_text("+0")
        assert "notes" not in json.loads(at.ask("/readyz").content)


def test_a_database_server_that_is_gone_is_told_and_comes_back(tmp_path: Path) -> None:
    """With its PostgreSQL server killed the service is alive and counts, not ready, and refuses in words; when the
    server is there again, so is all that was answered, and the refused command is done under its key.
    """
    require_postgresql()
    with postgresql.server() as server:
        server.execute("CREATE DATABASE clinic")
        settings = {"BODYMAP_DATABASE": server.url("clinic"), "BODYMAP_SECRET": "a secret of the tests alone"}
        settings["BODYMAP_METRICS"] = "open"
        key = key_in(tmp_path, settings=settings)
        with served([], tmp_path, settings=settings) as running:
            at = Clinic(running, tmp_path, key)
            before = at.ask("/v1/sessions", SESSION, "before")
            assert before.status == 201
            server.kill()
            with ThreadPoolExecutor(2) as beside:  # each is waited for some seconds, in case the server comes back
                asked = [beside.submit(at.ask, *call) for call in (("/readyz",), ("/v1/sessions", SESSION, "during"))]
                assert [call.result().status for call in asked] == [503, 503]
            assert at.ask("/healthz").status == at.ask("/metrics").status == 200
            server.start()
            assert 200 in (at.ask("/readyz").status for _ in range(20))
            assert at.ask("/v1/sessions", SESSION, "before").content == before.content
            assert at.ask("/v1/sessions", SESSION, "during").status == 201
            assert len(json.loads(at.ask("/v1/sessions").content)["items"]) == 2
