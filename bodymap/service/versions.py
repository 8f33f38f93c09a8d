"""Versions of sessions: the one that a client expects, and older ones."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.charting.history import HistoryEntry, Named, differences
from bodymap.charting.session import Session
from bodymap.charting.signatures import Change
from bodymap.errors import Stale
from bodymap.service.principal import Principal
from bodymap.storage import sessions, signed_charts, versions
from bodymap.storage.signed_charts import SignedChart
from bodymap.storage.transaction import Transaction
from bodymap.words import Language

Standing = Literal["current", "superseded", "voided"]


class OldVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it was, and its standing in the record today.

    `latest` is the number of the newest version. `chart` was stored when this version was signed; an event after a
    signature leaves its chart as it is.
    """

    session: Session
    standing: Standing
    latest: int
    chart: SignedChart | None


class Differences(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What changed from one version of a session to another, in sentences: of a plan, what was done otherwise."""

    from_: Annotated[int, Meta(description="The number of the earlier version.")]
    to: Annotated[int, Meta(description="The number of the later version.")]
    differences: Annotated[tuple[str, ...], Meta(description="What changed, in sentences.")]


class History:
    """Reads older versions. Thread-safe. `named` gives the name of a region or structure for its id, in a language."""

    def __init__(self, named: Named) -> None:
        self._named = named

    def entries(
        self, tx: Transaction, principal: Principal, session_id: str, first: int, count: int, lang: Language = "en"
    ) -> tuple[tuple[HistoryEntry, ...], bool]:
        """Up to `count` versions from `first` on, oldest first, and whether there are more; changes in the language.

        Raises UnknownSession.
        """
        current = sessions.get(tx, principal.tenant, session_id)
        last = min(first + count - 1, current.version)
        read = versions.read(tx, principal.tenant, session_id, max(1, first - 1), last)
        charts = signed_charts.digests(tx, principal.tenant, session_id)
        content = versions.last_content(tx, principal.tenant, session_id)
        entries: list[HistoryEntry] = []
        before: Session | None = None
        for session, change in read:
            if session.version >= first:
                changes = differences(before, session, self._named, lang)
                entries.append(_entry(session, change, charts.get(session.version), content, changes))
            before = session
        return tuple(entries), last < current.version

    def between(
        self,
        tx: Transaction,
        principal: Principal,
        session_id: str,
        first: int,
        last: int | None,
        lang: Language = "en",
    ) -> Differences:
        """What changed from one version to another, the current one for None; read backwards where `first` is later.

        Raises UnknownSession, Missing for an unknown version.
        """
        after = (
            sessions.get(tx, principal.tenant, session_id)
            if last is None
            else sessions.get_version(tx, principal.tenant, session_id, last)
        )
        before = sessions.get_version(tx, principal.tenant, session_id, first)
        changes = differences(before, after, self._named, lang)
        return Differences(from_=before.version, to=after.version, differences=changes)

    def all(self, tx: Transaction, principal: Principal, record_id: str) -> list[tuple[Session, Change]]:
        """Every version of the session that has this id, or a placement with it, oldest first, with what made it.

        Raises UnknownSession.
        """
        session_id = sessions.session_of(tx, principal.tenant, record_id) or record_id
        current = sessions.get(tx, principal.tenant, session_id)
        return versions.read(tx, principal.tenant, session_id, 1, current.version)

    def version(self, tx: Transaction, principal: Principal, session_id: str, version: int) -> OldVersion:
        """One version as it was. Raises UnknownSession, Missing for an unknown version."""
        session = sessions.get_version(tx, principal.tenant, session_id, version)
        current = sessions.get(tx, principal.tenant, session_id)
        standing: Standing = "current"
        if current.status == "voided":
            standing = "voided"
        elif version < versions.last_content(tx, principal.tenant, session_id):
            standing = "superseded"
        chart = None
        if session.status == "signed" and session.signature is not None:
            chart = signed_charts.find(tx, principal.tenant, session_id, session.signature.version)
        return OldVersion(session=session, standing=standing, latest=current.version, chart=chart)


def check_version(current: Session, *meant: int | None) -> None:
    """Raises Stale if an expected version is not the current one; None means any."""
    for version in meant:
        if version is not None and version != current.version:
            detail = f"The session is at version {current.version}, not {version}. Read it again and repeat the change."
            raise Stale(detail, version=current.version)


def _entry(
    session: Session, change: Change, digest: str | None, content: int, changes: tuple[str, ...]
) -> HistoryEntry:
    signature = session.signature
    return HistoryEntry(
        version=session.version,
        at=session.updated_at,
        change=change,
        status=session.status,
        superseded=session.version < content,
        signature=signature if signature is not None and signature.version == session.version else None,
        chart_digest=digest,
        differences=changes,
    )
