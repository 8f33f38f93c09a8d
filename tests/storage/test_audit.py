"""The audit on disk: chained, sealed, and verified against every hand that can write the file."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bodymap.charting.session import Session
from bodymap.errors import AuditBroken
from bodymap.storage.audit import AuditQuery, Chain, Entry, Head, append, check_heads, find, heads
from bodymap.storage.audit_verification import Verdict, tenants, verify
from bodymap.storage.database import Database
from bodymap.storage.transaction import Transaction
from tests.engines import BOTH, REFUSED, beside
from tests.storage.visits import changing, following, keeping, trigger_point, usual_session

ENGINES = BOTH

CHAIN = Chain(b"k" * 32)
BEGAN = datetime(2026, 11, 25, 9, tzinfo=UTC)
Sql = Callable[..., None]


def entry(number: int, tenant: str = "a") -> Entry:
    return Entry(
        tenant=tenant,
        at=BEGAN + timedelta(seconds=number),
        action="write" if number % 3 == 0 else "read",
        outcome="done",
        operation="patchSession" if number % 3 == 0 else "getSession",
        client=f"key:{number % 2}",
        sessions=(f"s{number}",),
        version=number,
    )


def written(database: Database, *entries: Entry, chain: Chain = CHAIN) -> None:
    database.write_now(lambda tx: append(tx, chain, entries))


def looked_at(database: Database, tenant: str = "a", exported: Head | None = None) -> Verdict:
    return database.read_now(lambda tx: verify(tx, CHAIN, tenant, exported))


def head_of(database: Database, tenant: str = "a") -> Head:
    [head] = database.read_now(lambda tx: heads(tx, tenant))
    return head


@pytest.fixture
def ten(database: Database) -> Database:
    """A chain of ten entries, and another tenant's of five, written in turns."""
    for number in range(1, 11):
        written(database, entry(number), *([entry(number, "b")] if number % 2 else []))
    return database


@pytest.fixture
def sql(url: str, ten: Database) -> Iterator[Sql]:
    """What somebody does who can write the tables, and takes the triggers away first."""
    with beside(url) as run:
        of_table = "" if url.startswith("sqlite") else "ON audit_entry"
        run(f"DROP TRIGGER audit_entry_stays {of_table}")
        run(f"DROP TRIGGER audit_entry_stays_as_it_is {of_table}")
        yield run


def test_a_chain_that_nobody_touched_verifies(ten: Database) -> None:
    """Each tenant has its own numbers, from 1 without a gap, and nothing is found in either chain."""
    assert looked_at(ten) == Verdict(tenant="a", entries=10, versions=0, findings=(), found=0)
    assert looked_at(ten, "b") == Verdict(tenant="b", entries=5, versions=0, findings=(), found=0)
    assert looked_at(ten, "nobody") == Verdict(tenant="nobody", entries=0, versions=0, findings=(), found=0)
    ten.read_now(lambda tx: check_heads(tx, CHAIN))


def test_entries_of_one_transaction_follow_one_another(database: Database) -> None:
    """Many at once, of several tenants, are as good as one by one."""
    written(database, *(entry(number, tenant) for number in range(1, 6) for tenant in ("b", "a")))
    written(database)
    assert (looked_at(database).entries, looked_at(database).found) == (5, 0)
    assert (looked_at(database, "b").entries, looked_at(database, "b").found) == (5, 0)


@pytest.mark.parametrize("column", ["at", "action", "outcome", "problem", "status", "operation", "client", "name",
                                    "address", "request", "sessions", "version", "about"])  # fmt: skip
def test_an_edit_of_any_column_is_found_and_named(ten: Database, sql: Sql, column: str) -> None:
    """Whatever is changed in an entry, that entry is named, and no other."""
    sql(f"UPDATE audit_entry SET {column} = '7' WHERE tenant = 'a' AND number = 4")
    verdict = looked_at(ten)
    assert [finding.number for finding in verdict.findings] == [4]
    assert "entry 4 (" in verdict.findings[0].detail
    assert looked_at(ten, "b").found == 0


def test_an_edit_with_a_mac_of_its_own_is_found(ten: Database, sql: Sql) -> None:
    """Who makes up a mac without the key is found at that entry, and at the one that was chained to it."""
    sql("UPDATE audit_entry SET client = 'x', mac = ? WHERE tenant = 'a' AND number = 4", bytes(32))
    assert [finding.number for finding in looked_at(ten).findings] == [4, 5]


@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_deletion_is_found_and_named(ten: Database, sql: Sql, number: int) -> None:
    """What is gone is named, at the beginning and in the middle."""
    sql("DELETE FROM audit_entry WHERE tenant = 'a' AND number = ?", number)
    [finding] = looked_at(ten).findings
    assert finding.number == number
    assert finding.detail.startswith(f"entry {number} is missing before entry {number + 1} (")


def test_a_deletion_with_the_others_moved_up_is_found(ten: Database, sql: Sql) -> None:
    """Numbers that close the gap do not hide it: what was moved is no more what was written there."""
    sql("DELETE FROM audit_entry WHERE tenant = 'a' AND number = 5")
    for number in range(6, 11):
        sql("UPDATE audit_entry SET number = ? WHERE tenant = 'a' AND number = ?", number - 1, number)
    verdict = looked_at(ten)
    assert [finding.number for finding in verdict.findings] == [5, 6, 7, 8, 9, 10]
    assert verdict.findings[-1].detail == "entry 10 is missing at the end: the tail was cut off"


@pytest.mark.parametrize("whose", ["its own", "another's"])
def test_an_insertion_is_found_and_named(ten: Database, sql: Sql, whose: str) -> None:
    """One put in, with the rest moved down, is found where it was put in; a mac of a true entry does not help it."""
    for number in range(10, 4, -1):
        sql("UPDATE audit_entry SET number = ? WHERE tenant = 'a' AND number = ?", number + 1, number)
    source = 4 if whose == "its own" else 2
    sql(
        "INSERT INTO audit_entry SELECT 'a', 5, at, action, outcome, problem, status, operation, client, name, address,"
        " request, sessions, version, about, digest, key_id, mac FROM audit_entry WHERE tenant = ? AND number = ?",
        "a" if whose == "its own" else "b",
        source,
    )
    verdict = looked_at(ten)
    assert [finding.number for finding in verdict.findings][:2] == [5, 6]
    assert verdict.findings[-1].detail.startswith("entry 11 is put in after the last that was written")


def test_an_entry_put_in_at_the_end_is_found(ten: Database, sql: Sql) -> None:
    """What stands after the head was not written by the service."""
    sql(
        "INSERT INTO audit_entry SELECT 'a', 11, at, action, outcome, problem, status, operation, client, name,"
        " address, request, sessions, version, about, digest, key_id, mac "
        "FROM audit_entry WHERE tenant = 'a' AND number = 10"
    )
    assert {finding.number for finding in looked_at(ten).findings} == {11}


def test_a_swap_is_found_and_named(ten: Database, sql: Sql) -> None:
    """Two entries that change places, macs and all, are both named."""
    for old, new in ((3, 99), (7, 3), (99, 7)):
        sql("UPDATE audit_entry SET number = ? WHERE tenant = 'a' AND number = ?", new, old)
    assert {3, 7} <= {finding.number for finding in looked_at(ten).findings}


def test_an_entry_moved_to_another_tenant_is_found(ten: Database, sql: Sql) -> None:
    """A chain is its tenant's own: the same number in another's place does not verify there."""
    sql("DELETE FROM audit_entry WHERE tenant = 'b' AND number = 1")
    sql("UPDATE audit_entry SET tenant = 'b' WHERE tenant = 'a' AND number = 1")
    assert looked_at(ten, "a").found == 1
    assert looked_at(ten, "b").findings[0].number == 1


def test_a_cut_tail_is_found_by_the_head(ten: Database, sql: Sql) -> None:
    """The head says how many there were."""
    sql("DELETE FROM audit_entry WHERE tenant = 'a' AND number > 7")
    [finding] = looked_at(ten).findings
    assert (finding.number, finding.detail) == (8, "entries 8 to 10 are missing at the end: the tail was cut off")


def test_a_head_cannot_be_made_without_the_key(ten: Database, sql: Sql) -> None:
    """Who cuts the tail and makes the head fit cannot seal it; and nothing is written after it, which would hide it."""
    sql("DELETE FROM audit_entry WHERE tenant = 'a' AND number > 7")
    sql("UPDATE audit_head SET number = 7, mac = (SELECT mac FROM audit_entry WHERE tenant = 'a' AND number = 7)")
    assert [finding.detail for finding in looked_at(ten).findings] == ["the head is not one that this service sealed"]
    with pytest.raises(AuditBroken, match="restore the database"):
        written(ten, entry(8))
    with pytest.raises(AuditBroken):
        ten.read_now(lambda tx: check_heads(tx, CHAIN))


def test_a_head_that_is_gone_is_found(ten: Database, sql: Sql) -> None:
    """Without its row the chain ends nowhere."""
    sql("DELETE FROM audit_head WHERE tenant = 'a'")
    assert "the head is missing" in looked_at(ten).findings[0].detail


def test_an_older_head_put_back_is_found_by_an_exported_one_alone(ten: Database, sql: Sql) -> None:
    """Cutting the tail and putting back the head of that time leaves a whole chain; a head kept elsewhere knows."""
    older = head_of(ten)
    written(ten, entry(11), entry(12))
    exported = head_of(ten)
    assert looked_at(ten, exported=older).found == looked_at(ten, exported=exported).found == 0
    sql("DELETE FROM audit_entry WHERE tenant = 'a' AND number > 10")
    sql(
        "UPDATE audit_head SET number = ?, mac = ?, seal = ? WHERE tenant = 'a'",
        older.number,
        bytes.fromhex(older.mac),
        bytes.fromhex(older.seal),
    )
    assert looked_at(ten).found == 0
    [finding] = looked_at(ten, exported=exported).findings
    assert (finding.number, finding.detail) == (
        11,
        "entries 11 to 12 are missing at the end: the exported head knows them",
    )
    # Written on over the cut, the chain is whole again, and still not the one that the exported head knows.
    written(ten, entry(91), entry(92), entry(93))
    assert looked_at(ten).found == 0
    assert looked_at(ten, exported=exported).findings[0].number == 12


def test_an_exported_head_must_be_one(ten: Database) -> None:
    """A head that was edited on its way proves nothing, and is told as such."""
    forged = msgspec.structs.replace(head_of(ten), number=3)
    assert "not one that this service sealed" in looked_at(ten, exported=forged).findings[0].detail


def test_another_secret_is_told_apart_from_another_hand(ten: Database) -> None:
    """Writing on with another secret is refused, and the message says which was used."""
    other = Chain(b"x" * 32)
    with pytest.raises(AuditBroken, match=f"another secret \\({CHAIN.key_id}"):
        written(ten, entry(11), chain=other)
    verdict = ten.read_now(lambda tx: verify(tx, other, "a"))
    assert verdict.found == 11
    assert "chained with another secret" in verdict.findings[0].detail


def test_a_long_chain_is_looked_at_across_pages(database: Database) -> None:
    """Beyond one page of rows the chain goes on, and an edit there is found."""
    written(database, *(entry(number) for number in range(1, 12_001)))
    assert (looked_at(database).entries, looked_at(database).found) == (12_000, 0)


def test_entries_are_not_changed_or_erased_by_mistake(ten: Database) -> None:
    """The database itself refuses."""
    for statement in ("DELETE FROM audit_entry", "UPDATE audit_entry SET client = 'x'"):
        with pytest.raises(REFUSED, match="never"):
            ten.write_now(lambda tx, statement=statement: tx.execute(statement))  # type: ignore[misc]


def test_entries_are_found_by_all_that_is_asked(ten: Database) -> None:
    """Newest first, of the tenant alone; a session among others, and no pattern in what is asked."""

    def numbers(**asked: object) -> list[int]:
        query = AuditQuery(**asked)  # type: ignore[arg-type]
        return [found.number for found in ten.read_now(lambda tx: find(tx, "a", query))]

    assert numbers() == list(range(10, 0, -1))
    assert numbers(limit=3) == [10, 9, 8]
    assert numbers(limit=3, before=8) == [7, 6, 5]
    assert numbers(action="write") == [9, 6, 3]
    assert numbers(operation="patchSession", client="key:1") == [9, 3]
    assert numbers(outcome="refused") == []
    assert numbers(session="s3") == [3]
    assert numbers(session="s") == numbers(session="s%") == numbers(session="_3") == []
    assert numbers(from_=BEGAN + timedelta(seconds=3), to=BEGAN + timedelta(seconds=5)) == [4, 3]
    [found] = ten.read_now(lambda tx: find(tx, "a", AuditQuery(session="s4")))
    assert (found.at, found.sessions, found.version) == (BEGAN + timedelta(seconds=4), ("s4",), 4)


def test_what_a_transaction_undoes_its_entry_goes_with(ten: Database) -> None:
    """An entry is there if and only if its transaction was."""

    def undone(tx: object) -> None:
        append(tx, CHAIN, [entry(11)])  # type: ignore[arg-type]
        raise LookupError("undone")

    with pytest.raises(LookupError):
        ten.write_now(undone)
    assert looked_at(ten) == Verdict(tenant="a", entries=10, versions=0, findings=(), found=0)


@pytest.fixture
def charted(database: Database) -> tuple[Database, Session]:
    """A session of tenant `a` in two versions, the second with another placement, each with its entry."""
    first = usual_session()
    second = following(first, placements=(*first.placements[:2], trigger_point(4)), last_number=4)
    for work, version in ((keeping(first, "a"), 1), (changing(first, second, "a"), 2)):

        def kept(tx: Transaction, work: Callable[[Transaction], None] = work, version: int = version) -> None:
            work(tx)
            made = msgspec.structs.replace(entry(3), sessions=(first.id,), version=version)
            append(tx, CHAIN, [made])

        database.write_now(kept)
    return database, first


def free(url: str, run: Sql, *triggers: str) -> None:
    """Takes the record's triggers away, as somebody would who can."""
    for trigger in triggers:
        table = trigger.partition("_stays")[0]
        run(f"DROP TRIGGER {trigger}" + ("" if url.startswith("sqlite") else f" ON {table}"))


def test_the_record_is_what_the_audit_tells_of(charted: tuple[Database, Session]) -> None:
    """Each version has its entry, and holds what it held then, also what was superseded since."""
    assert looked_at(charted[0]) == Verdict(tenant="a", entries=2, versions=2, findings=(), found=0)
    assert charted[0].read_now(lambda tx: verify(tx, CHAIN, "a", chain_alone=True)).versions == 0


@pytest.mark.parametrize(
    ("statement", "versions"),
    [
        ("UPDATE session_version SET document = replace(document, 'Patient/123', 'Patient/9') WHERE version = 1", [1]),
        ("UPDATE session_version SET change = 'x' WHERE version = 2", [2]),
        ("UPDATE placement SET document = replace(document, '12.0', '40.0') WHERE number = 1", [1, 2]),
        ("UPDATE placement SET superseded = NULL WHERE number = 3", [2]),
        ("UPDATE placement SET superseded = 2 WHERE number = 2", [2]),
        ("DELETE FROM placement WHERE number = 4", [2]),
    ],
)
def test_what_was_altered_in_the_record_is_found(
    charted: tuple[Database, Session], url: str, statement: str, versions: list[int]
) -> None:
    """Header, change or placement of any version: that version is named, with the entry that tells of it."""
    database, visit = charted
    with beside(url) as run:
        free(url, run, "session_version_stays_as_it_is", "placement_stays", "placement_stays_as_it_is")
        run(statement)
    told = [finding.detail for finding in looked_at(database).findings]
    assert told == [f"version {n} of session {visit.id} is not what entry {n} tells of" for n in versions]


def test_what_is_gone_from_the_record_is_found(charted: tuple[Database, Session], url: str) -> None:
    """A version that was taken out, and a head that was put back to an earlier one, are told."""
    database, visit = charted
    with beside(url) as run:
        run("UPDATE session SET version = 1")
    [finding] = looked_at(database).findings
    assert finding.detail == f"session {visit.id} is said to be at version 1, and its last is 2"
    with beside(url) as run:
        free(url, run, "session_version_stays", "placement_stays")
        run("DELETE FROM placement WHERE version = 2")
        run("UPDATE placement SET superseded = NULL")
        run("DELETE FROM session_version WHERE version = 2")
    findings = looked_at(database).findings
    assert (findings[-1].number, findings[-1].detail) == (
        2,
        f"version 2 of session {visit.id}, of which entry 2 tells, is missing",
    )


def test_an_audit_that_is_gone_is_missed_by_the_record(charted: tuple[Database, Session], url: str) -> None:
    """Without one entry and without a head, the versions say that there were some."""
    database, visit = charted
    with beside(url) as run:
        free(url, run, "audit_entry_stays")
        run("DELETE FROM audit_entry")
        run("DELETE FROM audit_head")
    assert [finding.detail for finding in looked_at(database).findings] == [
        f"version {number} of session {visit.id} has no entry" for number in (1, 2)
    ]
    assert database.read_now(tenants) == ("a",)
