"""Verification of the record against the audit, and of the columns and rows for searching against the documents.

The documents of a version are what counts: the audit has a digest of them. Columns and rows by which sessions are
searched, ordered and recalled follow from the documents, and nothing else tells where they do not. Findings name table
and column, never a value: it may be a patient's.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import groupby
from typing import Any

import msgspec

from bodymap.charting.session import Session
from bodymap.charting.vocabulary import Moment
from bodymap.errors import Missing
from bodymap.storage import search_index, sessions, signed_charts
from bodymap.storage.access import Made
from bodymap.storage.transaction import Transaction, Value
from bodymap.storage.utc_text import utc_text
from bodymap.storage.version_digest import digests

_AT_ONCE = 1000
_LATEST = 2**31 - 1

Add = Callable[[int, str], None]
Head = dict[str, Any]


class _Stamp(msgspec.Struct):
    """The members of a version's document that are compared."""

    id: str
    version: int
    updated_at: Moment


_stamps = msgspec.json.Decoder(_Stamp)


def check_record(tx: Transaction, tenant: str, made: Mapping[tuple[str, int], Made], add: Add) -> int:
    """Calls `add` for every problem, with the number of the entry that it contradicts (0: none). Returns the number of
    versions.
    """
    versions, rest = 0, dict(made)
    rows = _IndexRows(tx, tenant)
    for head in _heads(tx, tenant):
        session_id = head["id"]
        there = digests(tx, tenant, session_id, 1, _LATEST)
        versions += len(there)
        last, sound = max(there, default=0), False
        if head["version"] != last:
            add(0, f"session {session_id} is said to be at version {head['version']}, and its last is {last}")
        for version, digest in there.items():
            entry = rest.pop((session_id, version), None)
            sound = entry is not None and entry.digest == digest
            if entry is None:
                add(0, f"version {version} of session {session_id} has no entry")
            elif not sound:
                add(
                    entry.number, f"version {version} of session {session_id} is not what entry {entry.number} tells of"
                )
        for detail in (*_stamped_otherwise(tx, tenant, session_id), *_charted_otherwise(tx, tenant, session_id, there)):
            add(0, detail)
        # What follows from a version that is not what it was says nothing of its own.
        if sound:
            session = sessions.get_version(tx, tenant, session_id, last)
            for detail in (*_headed_otherwise(head, tenant, session), *rows.missing(session)):
                add(0, detail)
        else:
            rows.unknown.add(session_id)
    for detail in (*rows.surplus(), *_charts_of_nothing(tx, tenant)):
        add(0, detail)
    for (session_id, version), entry in rest.items():
        add(entry.number, f"version {version} of session {session_id}, of which entry {entry.number} tells, is missing")
    return versions


def _heads(tx: Transaction, tenant: str) -> Iterator[Head]:
    after = ""
    columns = sessions.HEAD_COLUMNS
    while rows := tx.execute(
        f"SELECT {', '.join(columns)} FROM session WHERE tenant = :tenant AND id > :after ORDER BY id LIMIT :limit",
        {"tenant": tenant, "after": after, "limit": _AT_ONCE},
    ):
        heads = [dict(zip(columns, row, strict=True)) for row in rows]
        yield from heads
        after = heads[-1]["id"]


def _headed_otherwise(head: Head, tenant: str, session: Session) -> Iterator[str]:
    expected = sessions.head_of(tenant, session)
    for column, value in head.items():
        if column != "version" and value != expected[column]:
            yield f"the column {column} of session {session.id} is not what its version {session.version} says"


def _stamped_otherwise(tx: Transaction, tenant: str, session_id: str) -> Iterator[str]:
    """Of each version the columns that its document says, too: whose it is, which, and when it was recorded."""
    for version, recorded_at, document in tx.execute(
        "SELECT version, recorded_at, document FROM session_version "
        "WHERE tenant = :tenant AND session = :session ORDER BY version",
        {"tenant": tenant, "session": session_id},
    ):
        try:
            stamp = _stamps.decode(document)
        except msgspec.MsgspecError:
            yield f"version {version} of session {session_id} cannot be read"
            continue
        if (stamp.id, stamp.version) != (session_id, version):
            yield f"version {version} of session {session_id} is one of another session, or another version"
        if utc_text(stamp.updated_at) != recorded_at:
            yield f"the column recorded_at of version {version} of session {session_id} is not what the version says"


def _charted_otherwise(tx: Transaction, tenant: str, session_id: str, there: Collection[int]) -> Iterator[str]:
    for version in signed_charts.digests(tx, tenant, session_id):
        if version not in there:
            yield f"a chart is stored with version {version} of session {session_id}, which is not there"
        chart = signed_charts.find(tx, tenant, session_id, version)
        if chart is None or not chart.is_whole():
            yield f"the chart stored with version {version} of session {session_id} is not what its digest and size say"
        elif chart.media_type != signed_charts.MEDIA_TYPE:
            yield f"the chart stored with version {version} of session {session_id} is not {signed_charts.MEDIA_TYPE}"


def _charts_of_nothing(tx: Transaction, tenant: str) -> Iterator[str]:
    for (session_id,) in tx.execute(
        "SELECT DISTINCT session FROM signed_chart WHERE tenant = :tenant AND NOT EXISTS ("
        "SELECT 1 FROM session WHERE session.tenant = signed_chart.tenant AND session.id = signed_chart.session"
        ") ORDER BY session",
        {"tenant": tenant},
    ):
        yield f"a chart is stored with session {session_id}, which is not there"


class _IndexRows:
    """The rows by which a tenant's sessions are found. Most tables are ordered by what is looked for and not by
    session: that a row is there is asked of each session, and that there is none too many, of their number.
    """

    def __init__(self, tx: Transaction, tenant: str) -> None:
        self.unknown: set[str] = set()
        """Sessions of which it cannot be said which rows they should have."""
        self._tx = tx
        self._tenant = tenant
        self._present = dict.fromkeys(search_index.TABLES, 0)

    def missing(self, session: Session) -> Iterator[str]:
        for table, terms in search_index.rows_of(session).items():
            for term in sorted(terms):
                names: dict[str, Value] = {f"term_{place}": value for place, value in enumerate(term)}
                columns = dict(zip(names, search_index.TABLES[table], strict=True))
                condition = " AND ".join(f"{column} = :{name}" for name, column in columns.items())
                if self._tx.execute(
                    f"SELECT 1 FROM {table} WHERE tenant = :tenant AND session = :session AND {condition}",
                    {"tenant": self._tenant, "session": session.id, **names},
                ):
                    self._present[table] += 1
                else:
                    yield f"a row of {table} is missing by which session {session.id} is found"

    def surplus(self) -> Iterator[str]:
        for table, columns in search_index.TABLES.items():
            [(count,)] = self._tx.execute(
                f"SELECT count(*) FROM {table} WHERE tenant = :tenant", {"tenant": self._tenant}
            )
            if count == self._present[table]:
                continue
            rows = self._tx.execute(
                f"SELECT session, {', '.join(columns)} FROM {table} WHERE tenant = :tenant ORDER BY session",
                {"tenant": self._tenant},
            )
            for session_id, group in groupby(rows, key=lambda row: str(row[0])):
                expected = self._expected(session_id, table)
                for row in group:
                    if expected is not None and row[1:] not in expected:
                        yield f"a row of {table} finds session {session_id} by what it does not hold"

    def _expected(self, session_id: str, table: str) -> set[tuple[str, ...]] | None:
        if session_id in self.unknown:
            return None
        try:
            return search_index.rows_of(sessions.get(self._tx, self._tenant, session_id))[table]
        except Missing:
            return set()
