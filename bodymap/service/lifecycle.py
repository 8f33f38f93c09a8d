"""Signing, amending and voiding sessions, and adding adverse events.

A signature is stored with the chart of what was signed. Drawing takes a while and must not block other writes, so it is
done in two steps: `signed` and `amended` make the next version from what was read, the caller draws it, and
`keep_sealed` stores both if the session is still at the version that was read.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

import msgspec

from bodymap.charting import amendments, lifecycle
from bodymap.charting.completion import Completion, complete
from bodymap.charting.events import EventStatement, RecordedEvent
from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.session import Session
from bodymap.charting.signatures import Amendment, Change, Signing, Voiding
from bodymap.decoding import Draft
from bodymap.errors import Invalid
from bodymap.service.clinic_settings import with_settings
from bodymap.service.continuations import check_continued
from bodymap.service.principal import Principal
from bodymap.service.session_atlases import SessionAtlases
from bodymap.service.versions import check_version
from bodymap.storage import sessions, signed_charts
from bodymap.storage.signed_charts import SignedChart
from bodymap.storage.transaction import Transaction

Statement = TypeVar("Statement")


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A signed version that is not yet stored: its predecessor, the version itself, and the change."""

    before: Session
    after: Session
    change: Change


class Lifecycle:
    """Acts on a session as a whole. Thread-safe."""

    def __init__(self, atlases: SessionAtlases, new_id: Callable[[], str], now: Callable[[], datetime]) -> None:
        self._atlases = atlases
        self._new_id = new_id
        self._now = now

    def signed(self, before: Session, draft: Draft[Signing], client: str) -> Sealed:
        """The session, signed. Raises Conflict for its status, Invalid if it lacks what a signature requires."""
        signing = _whole(draft)
        after = lifecycle.sign(self._atlases.of(before), before, signing, self._now())
        change = Change(kind="signed", by=signing.by, display=signing.display, client=client)
        return Sealed(before=before, after=after, change=change)

    def completed(self, before: Session, draft: Draft[Completion]) -> Session:
        """The session, completed. Raises Conflict for its status, Invalid with every complaint."""
        return complete(self._atlases.of(before), before, draft, self._now())

    def keep_completed(
        self,
        tx: Transaction,
        principal: Principal,
        session_id: str,
        version: int | None,
        draft: Draft[Completion],
        drafted: Session,
    ) -> Session:
        """Stores a completed session; completed again if the session has changed since it was drafted. Raises Stale,
        Conflict, Invalid, UnknownSession."""
        before = sessions.get(tx, principal.tenant, session_id)
        check_version(before, version)
        if drafted.version != before.version + 1:
            drafted = self.completed(before, draft)
        after = with_settings(tx, principal.tenant, drafted)
        sessions.replace(tx, principal.tenant, before, after, Change(kind="changed", client=principal.client))
        return after

    def amended(self, before: Session, draft: Draft[Amendment], client: str) -> Sealed:
        """The session, amended and signed anew. Raises Conflict if it is not signed, Invalid with every complaint."""
        after = amendments.amend(self._atlases.of(before), before, draft, self._new_id, self._now())
        amendment = draft.value
        change = Change(
            kind="amended",
            by=amendment.by,
            display=amendment.display,
            reason=amendment.reason,
            client=client,
        )
        return Sealed(before=before, after=after, change=change)

    def keep_sealed(
        self, tx: Transaction, principal: Principal, version: int | None, sealed: Sealed, chart: SignedChart
    ) -> Session:
        """Stores a signed version and its chart. `version` is the one that the client expects, None for any.

        Raises Stale if the session is not at that version, or has changed since it was signed and drawn.
        """
        check_version(sessions.get(tx, principal.tenant, sealed.before.id), version, sealed.before.version)
        check_continued(tx, principal.tenant, sealed.before, sealed.after, partial(_amended_at, sealed.before))
        after = with_settings(tx, principal.tenant, sealed.after)
        sessions.replace(tx, principal.tenant, sealed.before, after, sealed.change)
        signed_charts.insert(tx, principal.tenant, after.id, after.version, chart)
        return after

    def void(
        self, tx: Transaction, principal: Principal, session_id: str, version: int | None, draft: Draft[Voiding]
    ) -> Session:
        """The session, voided. Raises Stale, Conflict if it is voided already, UnknownSession."""
        voiding = _whole(draft)
        before = sessions.get(tx, principal.tenant, session_id)
        check_version(before, version)
        after = lifecycle.void(before, voiding, self._now())
        change = Change(
            kind="voided",
            by=voiding.by,
            display=voiding.display,
            reason=voiding.reason,
            client=principal.client,
        )
        sessions.replace(tx, principal.tenant, before, after, change)
        return after

    def add_event(
        self, tx: Transaction, principal: Principal, session_id: str, draft: Draft[EventStatement]
    ) -> tuple[Session, RecordedEvent]:
        """The session with a further adverse event. Raises Invalid, Conflict for a voided session, UnknownSession."""
        before = sessions.get(tx, principal.tenant, session_id)
        after = lifecycle.add_event(before, draft, self._new_id(), self._now())
        statement = draft.value
        change = Change(kind="event-added", by=statement.by, display=statement.display, client=principal.client)
        sessions.replace(tx, principal.tenant, before, after, change)
        return after, after.events[-1]


def _amended_at(before: Session, index: int, placement: RecordedPlacement) -> str:
    """The pointer to a placement in an amendment: by its id, or among the added ones, which are last."""
    if any(old.id == placement.id for old in before.placements):
        return f"/patch/placements/{placement.id}"
    return f"/patch/add/{placement.number - before.last_number - 1}"


def _whole(draft: Draft[Statement]) -> Statement:
    if draft.complaints:
        raise Invalid(draft.complaints)
    return draft.value
