"""`bodymap audit` on the database of a real service, also while it serves."""

import json
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import httpx

from tests.command_line import bodymap_in_text as bodymap
from tests.conftest import BODYMAP, Serve, key_in


def test_verify_and_head_work_beside_the_service(serve: Serve, tmp_path: Path) -> None:
    """The chain verifies while it is written, an exported head fits it, and an edit is named with exit code 1."""
    shown = {"Authorization": f"Bearer {key_in(tmp_path, '--db', 'clinic.db')}"}
    address = f"{serve('--db', 'clinic.db').address}/v1/sessions"
    for _ in range(3):
        assert httpx.post(address, json={"subject": "Patient/1"}, headers=shown).status_code == 201
    head = bodymap(tmp_path, "audit", "head", "--db", "clinic.db")
    exported = json.loads(head.stdout)
    assert (exported["tenant"], exported["number"]) == ("clinic", 4)
    (tmp_path / "head.json").write_text(head.stdout)
    verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db", "--head", "head.json")
    assert (verified.returncode, verified.stdout) == (
        0,
        "tenant clinic: 4 entries and 3 versions of sessions, as they were written\n",
    )

    with closing(sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)) as hand:
        hand.execute("DROP TRIGGER audit_entry_stays_as_it_is")
        hand.execute("UPDATE audit_entry SET client = 'somebody else' WHERE number = 2")
    verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db")
    assert verified.returncode == 1
    assert "entry 2 (" in verified.stdout
    assert "createSession by somebody else" in verified.stdout
    chain = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db", "--chain")
    assert "tenant clinic: 4 entries, 1 wrong" in chain.stdout.splitlines()

    with closing(sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)) as hand:
        hand.execute("DROP TRIGGER session_version_stays_as_it_is")
        hand.execute("UPDATE session_version SET document = replace(document, 'Patient/1', 'Patient/2')")
    verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db")
    assert verified.stdout.count(" is not what entry ") == 3


def test_the_ledger_of_steps_is_verified(tmp_path: Path) -> None:
    """The first look notes which steps were taken when; what is altered since is found by every later one."""
    key_in(tmp_path, "--db", "clinic.db")
    for _ in range(2):
        assert bodymap(tmp_path, "audit", "verify", "--db", "clinic.db").returncode == 0
    for alteration in ("UPDATE migration SET applied_at = '2020' WHERE number = 2", "SELECT 1"):
        with closing(sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)) as hand:
            hand.execute(alteration)
        verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db")
        assert verified.returncode == 1
        assert "the steps that the database has taken are not those that entry 2 tells of" in verified.stdout


def test_readiness_says_what_a_look_found(serve: Serve, tmp_path: Path) -> None:
    """A visit moved to another patient's timeline is named by `verify`; the service goes on, and its readiness says so
    until the record is as it was written again.
    """
    shown = {"Authorization": f"Bearer {key_in(tmp_path, '--db', 'clinic.db')}"}
    address = serve("--db", "clinic.db").address
    made = httpx.post(f"{address}/v1/sessions", json={"subject": "Patient/1"}, headers=shown).json()["id"]
    for subject, found in (("Patient/2", 1), ("Patient/1", 0)):
        with closing(sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)) as hand:
            hand.execute("UPDATE session SET subject = ? WHERE id = ?", [subject, made])
        verified = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db")
        assert verified.returncode == found
        assert (f"the column subject of session {made} is not what" in verified.stdout) == bool(found)
        ready = httpx.get(f"{address}/readyz")
        assert ready.status_code == 200
        notes = ready.json().get("notes", [])
        assert ["found 1 problem" in note for note in notes] == [True] * found
        assert httpx.post(f"{address}/v1/sessions", json={}, headers=shown).status_code == 201


def test_a_stop_costs_no_entry(serve: Serve, tmp_path: Path) -> None:
    """What was read just before the service was stopped is on record."""
    shown = {"Authorization": f"Bearer {key_in(tmp_path, '--db', 'clinic.db')}"}
    running = serve("--db", "clinic.db")
    for _ in range(20):
        assert httpx.get(f"{running.address}/v1/sessions", headers=shown).status_code == 200
    running.process.terminate()
    running.process.wait(120)
    with closing(sqlite3.connect(tmp_path / "clinic.db")) as database:
        asked = "SELECT count(*) FROM audit_entry WHERE operation = 'findSessions'"
        assert database.execute(asked).fetchone() == (20,)


def test_keys_are_made_and_taken_back_on_record(tmp_path: Path) -> None:
    """Each command about keys leaves an entry of its tenant with the key's id; the key itself is not there."""
    token = key_in(tmp_path, "--db", "clinic.db")
    [line] = bodymap(tmp_path, "keys", "list", "--db", "clinic.db").stdout.splitlines()
    first = line.split("\t")[0]
    assert bodymap(tmp_path, "keys", "rotate", first, "--db", "clinic.db").returncode == 0
    assert bodymap(tmp_path, "keys", "revoke", first, "--db", "clinic.db").returncode == 0
    with closing(sqlite3.connect(tmp_path / "clinic.db")) as database:
        rows = database.execute("SELECT * FROM audit_entry WHERE tenant = 'clinic' ORDER BY number").fetchall()
        told = database.execute("SELECT operation, about FROM audit_entry ORDER BY number").fetchall()
    assert [operation for operation, _ in told] == ["keys create", "keys rotate", "keys revoke"]
    assert {about for _, about in told} == {first}
    assert token not in repr(rows)


def test_who_shows_no_key_is_on_record_of_the_service_itself(serve: Serve, tmp_path: Path) -> None:
    """A request that belongs to no tenant is in a chain that belongs to none; another scope's is its tenant's."""
    weak = {"Authorization": f"Bearer {key_in(tmp_path, '--db', 'clinic.db', scopes=['atlas:read'])}"}
    address = f"{serve('--db', 'clinic.db').address}/v1/sessions"
    assert httpx.get(address).status_code == 401
    assert httpx.post(address, json={}, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert httpx.get(address, headers=weak).status_code == 403
    asked = "SELECT tenant, operation, outcome, problem FROM audit_entry WHERE operation <> 'keys create' ORDER BY 1, 2"
    with closing(sqlite3.connect(tmp_path / "clinic.db")) as database:
        for _ in range(200):
            rows = database.execute(asked).fetchall()
            if len(rows) == 3:
                break
            time.sleep(0.01)
    assert rows == [
        ("", "createSession", "refused", "unauthenticated"),
        ("", "findSessions", "refused", "unauthenticated"),
        ("clinic", "findSessions", "refused", "forbidden"),
    ]


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
    running.wait(120)
    command = [*BODYMAP, "serve", "--port", "0", "--db", "clinic.db"]
    env = {**os.environ, "BODYMAP_SECRET": "x" * 20}
    started = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert started.returncode == 1
    assert "was chained with another secret" in started.stderr
    assert "Restore the secret" in started.stderr


def test_a_tenant_s_head_is_its_own_and_is_looked_at(tmp_path: Path) -> None:
    """`head --tenant` writes that tenant's only; `verify` holds the chain against it, for one tenant as for all, and
    a head that was not sealed here is named with exit code 1."""
    assert bodymap(tmp_path, "migrate", "--db", "clinic.db").returncode == 0
    for tenant in ("one", "two"):
        made = bodymap(tmp_path, "keys", "create", "--tenant", tenant, "--scope", "admin", "--db", "clinic.db")
        assert made.returncode == 0
    heads = {}
    for tenant in ("one", "two"):
        written = bodymap(tmp_path, "audit", "head", "--tenant", tenant, "--db", "clinic.db").stdout
        heads[tenant] = json.loads(written)
        assert heads[tenant]["tenant"] == tenant
    both = bodymap(tmp_path, "audit", "head", "--db", "clinic.db").stdout.splitlines()
    assert [json.loads(line) for line in both] == [heads["one"], heads["two"]]
    forged = heads["one"] | {"mac": "00" * 32}
    for head, found in ((heads["one"], 0), (forged, 1)):
        (tmp_path / "head.json").write_text(json.dumps(head))
        for narrowed in ([], ["--tenant", "one"], ["--tenant", "one", "--chain"]):
            done = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db", "--head", "head.json", *narrowed)
            assert done.returncode == found, done.stdout
            assert ("the exported head is not one that this service sealed" in done.stdout) == bool(found)
        other = bodymap(tmp_path, "audit", "verify", "--db", "clinic.db", "--head", "head.json", "--tenant", "two")
        assert (other.returncode, "tenant one" in other.stdout) == (0, False)
