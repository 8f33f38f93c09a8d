"""The use cases: what a caller can have done. Each takes the transaction that it is done in, and by whom.

Nothing here knows how a request came or how an answer leaves. A refused command raises and has written nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

from bodymap import ids
from bodymap.atlas import Atlas, Atlases
from bodymap.charting.flags import flags_of_session
from bodymap.charting.placement import PlacementStatement, RecordedPlacement, stated
from bodymap.charting.recording import check_treatment, record
from bodymap.charting.rules import check_depths, check_header, status_of
from bodymap.charting.session import MAX_PLACEMENTS, Header, Session, SessionAnswer, SessionStatement, header_of
from bodymap.charting.summary import summarise
from bodymap.decoding import MAX_COMPLAINTS, Draft, convert, merge_patch
from bodymap.errors import AtlasNotHere, Complaint, Conflict, Invalid, NotYet, Stale, UnknownPlacement
from bodymap.storage import sessions
from bodymap.storage.sessions import Page, SessionQuery
from bodymap.storage.transaction import Transaction

_WHERE = (
    "kind",
    "view",
    "at",
    "region",
    "side",
    "landmark",
    "offset_mm",
    "site",
    "ring",
    "outline",
    "spacing_mm",
    "needles",
    "skip",
    "also",
)


class Principal(msgspec.Struct, frozen=True):
    """Who asks: the tenant whose records they see, the client they call from, and what they may do."""

    tenant: str
    client: str
    scopes: frozenset[str]


class UseCases:
    """Everything that can be done with sessions. Safe to share between threads.

    A new session takes the default version of the atlas; from then on its own version decides.
    """

    def __init__(
        self,
        atlases: Atlases,
        new_id: Callable[[], str] = ids.new_id,
        now: Callable[[], datetime] = ids.now,
    ) -> None:
        self.atlases = atlases
        self._new_id = new_id
        self._now = now
        self._muscle_of = {
            edition.version: {region.id: region.muscle for region in edition.atlas.regions}
            for edition in atlases.editions
        }
        self._muscle_of_any = {region: muscle for known in self._muscle_of.values() for region, muscle in known.items()}

    def create_session(self, tx: Transaction, principal: Principal, draft: Draft[SessionStatement]) -> Session:
        """A new session, version 1. Raises Invalid with every complaint, IdentifierTaken, NotYet for `copy_of`."""
        if draft.value.copy_of is not None:
            raise NotYet("Copying a session is not in this release: post its placements with `continues` instead.")
        session = self.draft_session(draft)
        sessions.insert(tx, principal.tenant, session)
        return session

    def draft_session(self, draft: Draft[SessionStatement]) -> Session:
        """A session validated and resolved, stored nowhere. Raises Invalid with every complaint."""
        statement, atlas = draft.value, self.atlases.default
        complaints = list(draft.complaints)
        header = header_of(statement)
        check_header(header, complaints.append)
        placements: list[RecordedPlacement] = []
        for index, placement in enumerate(statement.placements):
            if len(complaints) >= MAX_COMPLAINTS:
                break
            at = f"/placements/{index}"
            recorded = self._record(atlas, placement, index + 1, header, at, draft, complaints)
            if recorded is not None:
                placements.append(recorded)
        if complaints:
            raise Invalid(complaints)
        moment = self._now()
        return _session(
            header,
            id=self._new_id(),
            version=1,
            atlas=atlas.version,
            created_at=moment,
            updated_at=moment,
            last_number=len(placements),
            flags=flags_of_session(placements),
            placements=tuple(placements),
        )

    def get_session(self, tx: Transaction, principal: Principal, session_id: str) -> Session:
        """The current version. Raises UnknownSession, also for another tenant's."""
        return sessions.get(tx, principal.tenant, session_id)

    def find_sessions(self, tx: Transaction, principal: Principal, query: SessionQuery) -> Page:
        """The sessions that fit, newest first, and where to go on. Raises Invalid for a cursor that is not ours."""
        return sessions.search(tx, principal.tenant, query)

    def patch_session(
        self, tx: Transaction, principal: Principal, session_id: str, version: int | None, patch: Any
    ) -> Session:
        """The header changed by a JSON Merge Patch. Raises Stale, Invalid, IdentifierTaken, UnknownSession."""
        before = self._current(tx, principal, session_id, version)
        if not isinstance(patch, dict):
            raise Invalid([Complaint("", "wrong-type", "A merge patch of a session is an object.")])
        if "placements" in patch:
            detail = "Placements are changed one by one, at …/placements/{id}."
            raise Invalid([Complaint("/placements", "not-here", detail)])
        merged = merge_patch(msgspec.to_builtins(header_of(before)), patch)
        draft: Draft[Header] = convert(merged, Header)
        complaints = list(draft.complaints)
        check_header(draft.value, complaints.append)
        after = self._next(before, draft.value)
        check_depths(after, complaints.append)
        if complaints:
            raise Invalid(complaints)
        sessions.replace(tx, principal.tenant, before, after)
        return after

    def add_placement(
        self, tx: Transaction, principal: Principal, session_id: str, draft: Draft[PlacementStatement]
    ) -> tuple[Session, RecordedPlacement]:
        """One placement more, with the next number. Raises Invalid, UnknownSession."""
        before = self._current(tx, principal, session_id, None)
        if len(before.placements) >= MAX_PLACEMENTS:
            detail = f"A session takes up to {MAX_PLACEMENTS} placements."
            raise Invalid([Complaint("", "too-many", detail)])
        number = before.last_number + 1
        recorded = self._recorded(draft, number, before)
        after = self._next(before, last_number=number, placements=(*before.placements, recorded))
        sessions.replace(tx, principal.tenant, before, after)
        return after, recorded

    def patch_placement(
        self,
        tx: Transaction,
        principal: Principal,
        session_id: str,
        placement_id: str,
        version: int | None,
        patch: Any,
    ) -> tuple[Session, RecordedPlacement]:
        """One placement changed by a JSON Merge Patch of what was stated, and resolved anew; it keeps its number.

        Raises Stale, Invalid, UnknownSession, UnknownPlacement.
        """
        before = self._current(tx, principal, session_id, version)
        old = _placement(before, placement_id)
        if not isinstance(patch, dict):
            raise Invalid([Complaint("", "wrong-type", "A merge patch of a placement is an object.")])
        merged = merge_patch(msgspec.to_builtins(stated(old)), patch)
        new = self._recorded(convert(merged, PlacementStatement), old.number, before, placement_id)
        placements = tuple(new if placement is old else placement for placement in before.placements)
        after = self._next(before, placements=placements)
        sessions.replace(tx, principal.tenant, before, after)
        return after, new

    def delete_placement(
        self, tx: Transaction, principal: Principal, session_id: str, placement_id: str, version: int | None
    ) -> Session:
        """The session without one placement; older versions keep it, and its number is not used again.

        Raises Stale, UnknownSession, UnknownPlacement.
        """
        before = self._current(tx, principal, session_id, version)
        gone = _placement(before, placement_id)
        after = self._next(before, placements=tuple(kept for kept in before.placements if kept is not gone))
        sessions.replace(tx, principal.tenant, before, after)
        return after

    def answer(self, session: Session) -> SessionAnswer:
        """A session with its summary."""
        members = {name: getattr(session, name) for name in Session.__struct_fields__}
        muscle_of = self._muscle_of.get(session.atlas, self._muscle_of_any)
        return SessionAnswer(**members, summary=summarise(session, muscle_of))

    def atlas_of(self, session: Session) -> Atlas:
        """The atlas version that the session stays on. Raises AtlasNotHere."""
        if session.atlas not in self.atlases:
            raise AtlasNotHere(
                f"The session stays on atlas {session.atlas}, which is not here; there is "
                f"{', '.join(self.atlases.versions)}. Its record can be read, but not drawn or resolved.",
                atlas=session.atlas,
            )
        return self.atlases.get(session.atlas)

    def _current(self, tx: Transaction, principal: Principal, session_id: str, version: int | None) -> Session:
        """The session to be changed, which must be open for change. `version` None is any."""
        session = sessions.get(tx, principal.tenant, session_id)
        if version is not None and version != session.version:
            detail = f"The session is at version {session.version}, not {version}. Read it again and repeat the change."
            raise Stale(detail, version=session.version)
        if session.status in ("signed", "voided"):
            raise Conflict(f"The session is {session.status}: it no longer changes this way.", session=session.id)
        return session

    def _next(self, before: Session, header: Header | None = None, **changes: Any) -> Session:
        changes |= {"version": before.version + 1, "updated_at": max(self._now(), before.updated_at)}
        if "placements" in changes:
            changes["flags"] = flags_of_session(changes["placements"])
        if header is None:
            return structs.replace(before, **changes)
        kept = {name: getattr(before, name) for name in Session.__struct_fields__}
        return _session(header, **{**{name: kept[name] for name in _KEPT}, **changes})

    def _recorded(
        self,
        draft: Draft[PlacementStatement],
        number: int,
        session: Session,
        placement_id: str | None = None,
    ) -> RecordedPlacement:
        complaints = list(draft.complaints)
        atlas = self.atlas_of(session)
        recorded = self._record(atlas, draft.value, number, session, "", draft, complaints, placement_id)
        if complaints or recorded is None:
            raise Invalid(complaints)
        return recorded

    def _record(
        self,
        atlas: Atlas,
        statement: PlacementStatement,
        number: int,
        header: Header,
        pointer: str,
        draft: Draft[Any],
        complaints: list[Complaint],
        placement_id: str | None = None,
    ) -> RecordedPlacement | None:
        # A place whose own members do not fit was complained of already; asking the atlas about what is left of it
        # would only add complaints that are not true.
        spoilt = tuple(f"{pointer}/{name}" for name in _WHERE)
        if pointer in draft.unusable:
            return None
        if any(complaint.pointer.startswith(spoilt) for complaint in draft.complaints):
            check_treatment(statement, header.needle, pointer, complaints.append)
            return None
        return record(
            atlas,
            statement,
            placement_id=placement_id or self._new_id(),
            number=number,
            needle=header.needle,
            pointer=pointer,
            complain=complaints.append,
        )


_KEPT = tuple(name for name in Session.__struct_fields__ if name not in Header.__struct_fields__)


def _session(header: Header, **members: Any) -> Session:
    stated_members = {name: getattr(header, name) for name in Header.__struct_fields__}
    return Session(**{**stated_members, "status": status_of(header), **members})


def _placement(session: Session, placement_id: str) -> RecordedPlacement:
    for placement in session.placements:
        if placement.id == placement_id:
            return placement
    raise UnknownPlacement(f"The session has no placement {placement_id!r}.")
