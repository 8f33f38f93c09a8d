"""What `audit verify` says of a record that somebody altered who can write the database: each table, each column."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import msgspec
import pytest

from bodymap.charting.events import RecordedEvent
from bodymap.charting.placement import Identifier
from bodymap.charting.session import Session
from bodymap.service import keys
from bodymap.storage import links, receipts, sessions, signed_charts
from bodymap.storage.audit import Chain, Entry, append
from bodymap.storage.audit_verification import verify
from bodymap.storage.database import Database
from bodymap.storage.links import Link
from bodymap.storage.receipts import Receipt
from bodymap.storage.transaction import Transaction, Value
from tests.engines import BOTH, NewUrl, beside
from tests.storage.visits import DAY, following, usual_session

ENGINES = BOTH
CHAIN = Chain(b"k" * 32)
TRIGGERS = ("session_version_stays", "session_version_stays_as_it_is", "signed_chart_stays_as_it_is")


class Undone(Exception):
    """Ends a transaction without keeping anything."""


class Record(NamedTuple):
    """A record of the tenant `t`, and the ids of what is in it."""

    database: Database
    visit: Session
    key: str
    link: str
    blob: str

    def findings(self, *statements: str, **values: Value) -> list[str]:
        """What is found after some statements, which are taken back again; `:name` is one of the values."""
        details: list[str] = []

        def work(tx: Transaction) -> None:
            for statement in statements:
                named = statement.format(visit=self.visit.id, key=self.key, link=self.link, blob=self.blob)
                tx.execute(named, values)
            verdict = verify(tx, CHAIN, "t")
            assert verdict.found == len(verdict.findings)
            details.extend(finding.detail for finding in verdict.findings)
            raise Undone

        with pytest.raises(Undone):
            self.database.write_now(work)
        return details


def entry(operation: str, **members: object) -> Entry:
    return Entry(tenant="t", at=DAY, action="write", outcome="done", operation=operation, client="key:1", **members)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def record(new_url: NewUrl) -> Iterator[Record]:
    """Two visits, one in two versions with a chart, found by everything by which a visit can be found; a key that was
    rotated, a link, and answers that are kept for both visits.
    """
    url = new_url()
    event = RecordedEvent(
        id="e", event="bruise", severity="mild", onset_at=DAY, action="none", by="Practitioner/7", recorded_at=DAY
    )
    first = usual_session(identifier=(Identifier(system="urn:s", value="1"),), encounter="Encounter/1", events=(event,))
    named = msgspec.structs.replace(first.placements[0], identifier=(Identifier(system="urn:p", value="1"),))
    second = following(first, performer="Practitioner/7", placements=(named, *first.placements[1:]))
    other = usual_session(subject="Patient/9")

    def made(tx: Transaction) -> tuple[str, str]:
        sessions.insert(tx, "t", first)
        append(tx, CHAIN, [entry("createSession", sessions=(first.id,), version=1)])
        sessions.replace(tx, "t", first, second)
        signed_charts.insert(tx, "t", first.id, 2, signed_charts.packed(b"<svg/>", "image/svg+xml"))
        append(tx, CHAIN, [entry("signSession", sessions=(first.id,), version=2)])
        sessions.insert(tx, "t", other)
        append(tx, CHAIN, [entry("createSession", sessions=(other.id,), version=1)])
        for visit, name in ((first, "one"), (other, "other")):
            body = msgspec.json.encode({"id": visit.id, "version": 1})
            kept = Receipt(fingerprint="f", status=201, headers=(("ETag", '"1"'),), body=body)
            receipts.insert(tx, "t", "key:1", name, kept, DAY, CHAIN.receipt_seal)
        key, _ = keys.create(tx, "t", ["session:read"], "EHR", DAY, None)
        append(tx, CHAIN, [entry("keys create", about=key.id)])
        keys.rotate(tx, key.id, DAY, None)
        append(tx, CHAIN, [entry("keys rotate", about=key.id)])
        link = Link(
            id="l", session=first.id, address="/v1/sessions/x/chart.svg", client="key:1", created_at=DAY,
            expires_at=DAY + timedelta(days=1),
        )  # fmt: skip
        links.insert(tx, "t", link)
        append(tx, CHAIN, [entry("createLink", sessions=(first.id,), about=link.id)])
        return key.id, link.id

    with Database.open(url) as database:
        key, link = database.write_now(made)
        with beside(url) as run:
            for trigger in TRIGGERS:
                table = trigger.partition("_stays")[0]
                run(f"DROP TRIGGER {trigger}" + ("" if url.startswith("sqlite") else f" ON {table}"))
        yield Record(database, second, key, link, "BLOB" if url.startswith("sqlite") else "BYTEA")


def test_a_record_that_nobody_touched_has_no_findings(record: Record) -> None:
    """Nothing is found where nothing was altered, whatever the record holds."""
    assert record.findings() == []


def test_another_chart_in_the_place_of_the_signed_one_is_found(record: Record) -> None:
    """A chart that is whole, with its own digest and size: only what the audit has of the version tells otherwise."""
    other = signed_charts.packed(b"<svg>another</svg>", signed_charts.MEDIA_TYPE)
    exchange = "UPDATE signed_chart SET digest = :digest, size_bytes = :size_bytes, compressed = :compressed"
    values: dict[str, Value] = {name: getattr(other, name) for name in ("digest", "size_bytes", "compressed")}
    [finding] = record.findings(exchange, **values)
    assert finding == f"version 2 of session {record.visit.id} is not what entry 2 tells of"


@pytest.mark.parametrize(
    "column",
    ["status", "subject", "encounter", "performer", "started_at", "occurred_at", "created_at", "updated_at", "atlas"],
)
def test_a_head_that_says_otherwise_is_named_with_its_column(record: Record, column: str) -> None:
    """A visit moved to another patient's timeline, or to another time, is found; what patient it is, is not said."""
    [finding] = record.findings(f"UPDATE session SET {column} = '2020' WHERE id = '{{visit}}'")
    assert finding == f"the column {column} of session {record.visit.id} is not what its version 2 says"
    [finding] = record.findings(f"UPDATE session SET {column} = NULL WHERE id = '{{visit}}'") if column in (
        "subject", "encounter", "performer", "started_at"
    ) else [finding]  # fmt: skip
    assert column in finding


ROWS = {
    "session_identifier": ("system, value", "'urn:s', '2'"),
    "session_place": ("region, muscle, side", "'gluteus-maximus', 'gluteus-maximus', 'left'"),
    "session_flag": ("flag", "'kidney-level'"),
    "session_lot": ("lot", "'B2'"),
    "session_event": ("event", "'pneumothorax'"),
}


@pytest.mark.parametrize("table", ROWS)
def test_a_search_that_would_miss_or_add_a_visit_is_named(record: Record, table: str) -> None:
    """A row of the index that is missing, one too many, and one that leads to another visit, in each of the tables."""
    columns, values = ROWS[table]
    missing = f"a row of {table} is missing by which session {record.visit.id} is found"
    surplus = f"a row of {table} finds session {record.visit.id} by what it does not hold"
    assert set(record.findings(f"DELETE FROM {table} WHERE session = '{{visit}}'")) == {missing}
    put_in = f"INSERT INTO {table} (tenant, session, {columns}) VALUES ('t', '{{visit}}', {values})"
    assert record.findings(put_in) == [surplus]
    assert set(record.findings(f"DELETE FROM {table} WHERE session = '{{visit}}'", put_in)) == {missing, surplus}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE session_version SET recorded_at = '2020' WHERE version = 2", "the column recorded_at of version 2"),
        ("UPDATE session_version SET document = 'x' WHERE version = 2", "version 2 of session {visit} cannot be read"),
        ("UPDATE signed_chart SET digest = 'x'", "not what its digest and size say"),
        ("UPDATE signed_chart SET size_bytes = 7", "not what its digest and size say"),
        ("UPDATE signed_chart SET media_type = 'text/html'", "is not image/svg+xml"),
        *[
            (f"UPDATE api_key SET {column} = '2020'", "the key {key} is not what entry 5 tells of")
            for column in ("name", "scopes", "digest", "created_at", "expires_at", "revoked_at", "old_until")
        ],
        ("UPDATE api_key SET old_digest = digest", "the key {key} is not what entry 5 tells of"),
        ("DELETE FROM api_key", "the key {key}, of which entry 4 tells, is missing"),
        (
            "INSERT INTO api_key (tenant, id, name, scopes, digest, created_at) VALUES ('t', 'x', '', 'admin', '', '')",
            "the key x has no entry",
        ),
        *[
            (f"UPDATE link SET {column} = '2020'", "the link {link} is not what entry 6 tells of")
            for column in ("address", "client", "created_at", "expires_at")
        ],
        (
            "UPDATE link SET session = (SELECT id FROM session WHERE id <> '{visit}')",
            "the link {link} is not what entry 6 tells of",
        ),
        ("UPDATE link SET revoked_at = '2020'", "the link {link} was revoked, of which no entry tells"),
        ("DELETE FROM link", "the link {link}, of which entry 6 tells, is missing"),
        (
            "UPDATE receipt SET body = CAST('{{' AS {blob}) WHERE key = 'one'",
            "the answer kept for key:1 under the key 'one' cannot be",
        ),
        ("UPDATE receipt SET headers = 'x' WHERE key = 'one'", "under the key 'one' cannot be read"),
        ("UPDATE receipt SET headers = '[]' WHERE key = 'one'", "under the key 'one' is not as it was kept"),
        *[
            (f"UPDATE receipt SET {column} WHERE key = 'one'", "under the key 'one' is not as it was kept")
            for column in ("fingerprint = 'g'", "status = 200", "created_at = '2020'")
        ],
        ("UPDATE receipt SET status = 422 WHERE key = 'one'", "refusals are not kept"),
        ("UPDATE receipt SET client = 'key:2' WHERE key = 'one'", "says that another client did"),
        (
            'UPDATE receipt SET body = CAST(\'{{"id":"x","version":9}}\' AS {blob}) WHERE key = \'one\'',
            "which no entry knows",
        ),
    ],
)
def test_what_else_was_altered_is_named(record: Record, statement: str, said: str) -> None:
    """Times and charts of versions, keys, links and the answers that are kept for idempotency keys."""
    findings = record.findings(statement)
    assert any(said.format(visit=record.visit.id, key=record.key, link=record.link) in each for each in findings), (
        findings
    )


def test_a_link_that_was_taken_back_and_stands_again_is_named(record: Record) -> None:
    """Taken back by itself or with the key of its client: who puts it in force again is found."""

    def work(tx: Transaction, client: str) -> None:
        tx.execute("UPDATE link SET client = :client", {"client": client})
        append(tx, CHAIN, [entry("createLink", sessions=(record.visit.id,), about=record.link)])
        if client == "key:1":
            links.revoke(tx, "t", record.link, DAY)
            append(tx, CHAIN, [entry("revokeLink", about=record.link)])
        else:
            keys.revoke(tx, record.key, DAY)
            append(tx, CHAIN, [entry("keys revoke", about=record.key)])
        assert verify(tx, CHAIN, "t").found == 0
        tx.execute("UPDATE link SET revoked_at = NULL")
        [finding] = verify(tx, CHAIN, "t").findings
        assert "is in force again" in finding.detail
        raise Undone

    for client in ("key:1", f"key:{record.key}"):
        with pytest.raises(Undone):
            record.database.write_now(lambda tx, client=client: work(tx, client))  # type: ignore[misc]


def test_keys_and_links_of_earlier_releases_are_only_asked_for(record: Record) -> None:
    """An entry without a digest says that there is a key, and nothing more of it than whether it was revoked."""

    def work(tx: Transaction) -> None:
        append(tx, CHAIN, [entry("keys create", about="old")])
        tx.execute(
            "INSERT INTO api_key (tenant, id, name, scopes, digest, created_at) VALUES ('t', 'old', '', 'x', '', '')"
        )
        assert verify(tx, CHAIN, "t").found == 0
        tx.execute("UPDATE api_key SET revoked_at = '2020' WHERE id = 'old'")
        assert [finding.detail for finding in verify(tx, CHAIN, "t").findings] == [
            "the key old was revoked, of which no entry tells"
        ]
        raise Undone

    with pytest.raises(Undone):
        record.database.write_now(work)


@pytest.mark.parametrize(
    ("session", "version", "what"), [("{visit}", 7, "version 7 of session {visit}"), ("x", 1, "session x")]
)
def test_a_chart_of_what_is_not_there_is_named(record: Record, session: str, version: int, what: str) -> None:
    """Of a version that its session does not have, and of a session that is not there."""
    past_references = (
        "PRAGMA defer_foreign_keys = ON"
        if record.blob == "BLOB"
        else "ALTER TABLE signed_chart DROP CONSTRAINT signed_chart_tenant_session_version_fkey"
    )
    copy = (
        "INSERT INTO signed_chart (tenant, session, version, media_type, digest, size_bytes, compressed) "
        f"SELECT tenant, '{session}', {version}, media_type, digest, size_bytes, compressed FROM signed_chart"
    )
    assert record.findings(past_references, copy) == [
        f"a chart is stored with {what.format(visit=record.visit.id)}, which is not there"
    ]


def test_a_client_that_changed_nothing_may_have_the_answer(record: Record) -> None:
    """The version is another client's; that this one got it, the audit knows. Without an entry of it that is found."""

    def work(tx: Transaction, known: bool) -> list[str]:
        body = msgspec.json.encode({"id": record.visit.id, "version": 2})
        kept = Receipt(fingerprint="f", status=200, headers=(("ETag", '"2"'),), body=body)
        receipts.insert(tx, "t", "key:2", "nothing", kept, DAY, CHAIN.receipt_seal)
        if known:
            patch = entry("patchSession", sessions=(record.visit.id,), version=2)
            append(tx, CHAIN, [msgspec.structs.replace(patch, client="key:2")])
        details.append([finding.detail for finding in verify(tx, CHAIN, "t").findings])
        raise Undone

    details: list[list[str]] = []
    for known in (True, False):
        with pytest.raises(Undone):
            record.database.write_now(lambda tx, known=known: work(tx, known))  # type: ignore[misc]
    assert details[0] == []
    assert ["says that another client did" in detail for detail in details[1]] == [True]
