"""Bulk export: a portion at a time, each read in one transaction, so that memory stays bounded.

Sessions come newest first, the versions of one in their order. What changes while an export runs may be in it or not.
"""

from collections import deque
from collections.abc import Iterator

import msgspec

from bodymap.charting.session import Session
from bodymap.service.exchange import ExportedEntry, ExportedSession, encoded
from bodymap.storage import atlas_digests, audit, sessions, signed_charts, versions
from bodymap.storage.sessions import SessionQuery
from bodymap.storage.transaction import Transaction

_SESSIONS = 25
_VERSIONS = 25
_ENTRIES = 2000


class Portion(msgspec.Struct, frozen=True):
    """Some lines, and the sessions that they are about."""

    lines: bytes
    sessions: tuple[str, ...]


class Export:
    """One export of a tenant's records. `next` is asked until it gives None.

    `all_versions`: every version and not only the current one. `with_audit`: the audit entries about these sessions
    follow, or all entries if no sessions were selected (`everything`).
    """

    def __init__(
        self, tenant: str, query: SessionQuery, all_versions: bool, with_audit: bool, everything: bool
    ) -> None:
        self._tenant = tenant
        self._query: SessionQuery | None = msgspec.structs.replace(query, limit=_SESSIONS, cursor=None)
        self._all_versions = all_versions
        self._with_audit = with_audit
        self._own: set[str] | None = None if everything else set()
        self._versions: deque[tuple[Session, int]] = deque()
        self._after = 0

    def next(self, tx: Transaction) -> Portion | None:
        """The next portion, None at the end. Raises Invalid for an invalid query."""
        if self._versions:
            return self._some_versions(tx)
        if self._query is not None:
            return self._some_sessions(tx, self._query)
        if self._with_audit:
            return self._some_entries(tx)
        return None

    def _some_sessions(self, tx: Transaction, query: SessionQuery) -> Portion:
        page = sessions.search(tx, self._tenant, query)
        self._query = None if page.next is None else msgspec.structs.replace(query, cursor=page.next)
        if self._own is not None and self._with_audit:
            self._own.update(session.id for session in page.items)
        if self._all_versions:
            self._versions.extend((session, 1) for session in page.items)
            return Portion(b"", ())
        lines = b"".join(line for session in page.items for line in self._current(tx, session))
        return Portion(lines, tuple(session.id for session in page.items))

    def _current(self, tx: Transaction, session: Session) -> Iterator[bytes]:
        """The current version, preceded by the signed one if that is another, since it has the chart."""
        signed = session.signature.version if session.signature is not None else session.version
        for version in sorted({signed, session.version}):
            yield from self._lines(tx, session, version, version)

    def _some_versions(self, tx: Transaction) -> Portion:
        session, first = self._versions.popleft()
        until = min(first + _VERSIONS - 1, session.version)
        if until < session.version:
            self._versions.appendleft((session, until + 1))
        return Portion(b"".join(self._lines(tx, session, first, until)), (session.id,))

    def _lines(self, tx: Transaction, current: Session, first: int, last: int) -> Iterator[bytes]:
        used = atlas_digests.used(tx, self._tenant)
        for session, change in versions.read(tx, self._tenant, current.id, first, last):
            chart = None
            if session.signature is not None and session.signature.version == session.version:
                chart = signed_charts.find(tx, self._tenant, session.id, session.version)
            members = {name: getattr(session, name) for name in Session.__struct_fields__}
            digest = used.get(session.atlas) or None
            signed = current.signature is not None
            yield encoded(ExportedSession(**members, change=change, chart=chart, atlas_digest=digest, signed=signed))

    def _some_entries(self, tx: Transaction) -> Portion | None:
        entries = audit.read(tx, self._tenant, self._after, _ENTRIES)
        if not entries:
            return None
        self._after = entries[-1].number
        lines = []
        for entry in entries:
            own_sessions = (
                entry.sessions if self._own is None else tuple(one for one in entry.sessions if one in self._own)
            )
            if own_sessions or self._own is None:
                lines.append(encoded(ExportedEntry(entry=msgspec.structs.replace(entry, sessions=own_sessions))))
        return Portion(b"".join(lines), ())
