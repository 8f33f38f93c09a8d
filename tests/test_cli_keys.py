"""`bodymap keys`, and what a served key opens."""

import hashlib
import os
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from bodymap.cli.exposure import refuse_open
from bodymap.cli.keys import Duration, Moment
from bodymap.config import Settings
from bodymap.service import keys as key_service
from bodymap.storage.database import Database, migrate
from tests.command_line import bodymap_in_text
from tests.conftest import BODYMAP, key_in

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("BODYMAP_")}


def keys(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`bodymap keys` with arguments."""
    return bodymap_in_text(folder, "keys", *arguments)


def status(address: str, key: str | None) -> int:
    """The status of a search for sessions."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{address}/v1/sessions", headers=headers), timeout=120
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def wait_for(happens: Callable[[], bool]) -> None:
    """Waits until something is so; a test that waits in vain fails."""
    for _ in range(1200):
        if happens():
            return
        time.sleep(0.1)
    pytest.fail("it never happened")


def test_a_key_is_shown_once_and_never_kept(tmp_path: Path) -> None:
    """Standard output is the key alone; the database has its digest, and `list` its id, but nothing has the key."""
    migrate(f"sqlite:///{tmp_path}/bodymap.db")
    done = keys(tmp_path, "create", "--tenant", "a", "--scope", "session:read", "--name", "EHR", "--expires", "90d")
    token = done.stdout.strip()
    assert done.stdout == f"{token}\n"
    assert token not in done.stderr
    listed = keys(tmp_path, "list").stdout.rstrip("\n").split("\t")
    assert listed[0] == token.split("_")[1]
    assert (listed[1:3], listed[5:]) == (["a", "active"], ["session:read", "EHR"])
    for file in tmp_path.iterdir():
        assert token.split("_")[2].encode() not in file.read_bytes()
    with closing(sqlite3.connect(tmp_path / "bodymap.db")) as database:
        assert database.execute("SELECT digest FROM api_key").fetchall() == [
            (hashlib.sha256(token.encode()).hexdigest(),)
        ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--tenant", "a"],
        ["--scope", "session:read"],
        ["--tenant", "a", "--scope", "session:burn"],
        ["--tenant", "", "--scope", "admin"],
        ["--tenant", "a b", "--scope", "admin"],
        ["--tenant", "x" * 129, "--scope", "admin"],
        ["--tenant", "a", "--scope", "admin", "--expires", "2020-01-01"],
        ["--tenant", "a", "--scope", "admin", "--expires", "soon"],
        ["--tenant", "a", "--scope", "admin", "--expires", ""],
        ["--tenant", "a", "--scope", "admin", "--expires", "9999999d"],
        ["--tenant", "a", "--scope", "admin", "--expires", "2099-01-01T10:00:00"],
        ["--tenant", "a", "--scope", "admin", "--name", "a\nb"],
    ],
)
def test_a_key_for_nobody_or_nothing_is_not_made(arguments: list[str], tmp_path: Path) -> None:
    """Wrong usage is told, exits with 2, and leaves no database behind."""
    done = keys(tmp_path, "create", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_key_is_not_rotated_or_revoked(tmp_path: Path) -> None:
    """An id that is not there is refused plainly, and a revoked key gets no successor."""
    migrate(f"sqlite:///{tmp_path}/bodymap.db")
    for command in ("rotate", "revoke"):
        done = keys(tmp_path, command, "nosuchkey")
        assert (done.returncode, done.stdout) == (1, "")
        assert "nosuchkey" in done.stderr
    key_id = key_in(tmp_path).split("_")[1]
    assert keys(tmp_path, "revoke", key_id).returncode == 0
    assert keys(tmp_path, "rotate", key_id).returncode == 1
    assert keys(tmp_path, "revoke", key_id).returncode == 0
    assert keys(tmp_path, "list").stdout.split("\t")[2] == "revoked"


def test_keys_are_made_rotated_and_revoked_beside_a_running_service(serve: Any, tmp_path: Path) -> None:
    """A new key is taken at once; after a rotation the old one holds for its grace; a revoked one stops in seconds."""
    running = serve()
    assert "There is no key yet" in "\n".join(running.welcome)
    assert status(running.address, None) == 401
    key = key_in(tmp_path)
    assert status(running.address, key) == 200
    graced = keys(tmp_path, "rotate", key.split("_")[1], "--grace", "1h").stdout.strip()
    assert graced.split("_")[1] == key.split("_")[1]
    wait_for(lambda: status(running.address, graced) == 200)
    assert status(running.address, key) == 200
    last = keys(tmp_path, "rotate", key.split("_")[1]).stdout.strip()
    wait_for(lambda: status(running.address, last) == 200)
    assert [status(running.address, old) for old in (key, graced)] == [401, 401]
    keys(tmp_path, "revoke", key.split("_")[1])
    wait_for(lambda: status(running.address, last) == 401)


def test_beyond_this_machine_only_with_a_key(serve: Any, tmp_path: Path) -> None:
    """With a key the service listens on every address; with none left that is taken it is refused again."""
    key = key_in(tmp_path)
    running = serve("--host", "0.0.0.0")  # noqa: S104
    address = running.address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    assert (status(address, key), status(address, None)) == (200, 401)
    running.process.terminate()
    running.process.wait(timeout=120)
    keys(tmp_path, "revoke", key.split("_")[1])
    command = [*BODYMAP, "serve", "--port", "0", "--host", "0.0.0.0"]  # noqa: S104
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "no key" in done.stderr


@pytest.mark.parametrize(
    ("text", "duration"),
    [("0m", timedelta()), ("30m", timedelta(minutes=30)), ("12h", timedelta(hours=12)), ("90d", timedelta(days=90))],
)
def test_a_duration_is_in_minutes_hours_or_days(text: str, duration: timedelta) -> None:
    """The letter says which, and what is counted from now ends so much later; nothing else is a duration."""
    assert Duration().convert(text, None, None) == duration
    if duration:
        now = datetime.now(UTC)
        assert timedelta() <= Moment().convert(text, None, None) - now - duration < timedelta(seconds=30)
    for other in (f"{text}s", f"-{text}", text.upper()):
        with pytest.raises(click.BadParameter):
            Duration().convert(other, None, None)


@pytest.mark.parametrize("offset", [-12, 0, 14])
def test_an_end_lies_ahead(offset: int) -> None:
    """A minute from now is taken in any offset, a minute ago in none; a date is its beginning in UTC."""
    here = datetime.fromtimestamp(time.time(), UTC).astimezone(datetime.now(UTC).tzinfo) + timedelta(hours=offset)
    sign = f"{'-' if offset < 0 else '+'}{abs(offset):02}:00"
    for ahead in (timedelta(minutes=1), timedelta(days=400)):
        text = f"{here + ahead:%Y-%m-%dT%H:%M:%S}{sign}"
        assert Moment().convert(text, None, None) == datetime.fromisoformat(text)
    for ago in (timedelta(minutes=1), timedelta(hours=20)):
        with pytest.raises(click.BadParameter, match="is over"):
            Moment().convert(f"{here - ago:%Y-%m-%dT%H:%M:%S}{sign}", None, None)
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    assert Moment().convert(str(day), None, None) == datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize("state", ["none", "expired", "revoked", "active"])
def test_nobody_beyond_this_machine_is_served_who_cannot_be_told_apart(state: str, tmp_path: Path) -> None:
    """On another address only with a key that is taken, and never as a demonstration; on this machine always."""
    settings = Settings(database=f"sqlite:///{tmp_path}/bodymap.db")
    migrate(settings.database)
    now = datetime.now(UTC)
    with Database.open(settings.database) as database:
        if state != "none":
            ends = now - timedelta(seconds=1) if state == "expired" else None
            key, _ = database.write_now(lambda tx: key_service.create(tx, "clinic", ["admin"], "", now, ends))
            if state == "revoked":
                database.write_now(lambda tx: key_service.revoke(tx, key.id, now))
    for host in ("0.0.0.0", "::", "192.0.2.7", "clinic.example"):  # noqa: S104
        with pytest.raises(click.ClickException, match="lets everybody in"):
            refuse_open(settings, host, demo=True)
        if state == "active":
            refuse_open(settings, host, demo=False)
        else:
            with pytest.raises(click.ClickException, match="no key yet"):
                refuse_open(settings, host, demo=False)
    for host in ("127.0.0.1", "::1", "localhost"):
        for demo in (True, False):
            refuse_open(settings, host, demo=demo)
