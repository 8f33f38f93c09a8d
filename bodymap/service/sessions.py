"""Recording sessions and placements, changing them while they are open, reading and finding them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import structs

from bodymap.charting import new_versions
from bodymap.charting.answers import SessionAnswer, SessionOverview, SummarisedSession, answered, overview, summarised
from bodymap.charting.copies import copy_statement
from bodymap.charting.lifecycle import require
from bodymap.charting.new_versions import find_placement, next_version, patched_header, patched_placement
from bodymap.charting.placement import PlacementStatement, RecordedPlacement
from bodymap.charting.rules import check_depths, check_size
from bodymap.charting.session import MAX_PLACEMENTS, Session, SessionStatement, findings_of, header_of
from bodymap.charting.signatures import Change, ChangeKind
from bodymap.charting.summary import summarise
from bodymap.decoding import Draft
from bodymap.errors import Complaint, Invalid
from bodymap.service.clinic_settings import with_settings
from bodymap.service.continuations import check_continued
from bodymap.service.principal import Principal
from bodymap.service.re_resolution import ReResolutions
from bodymap.service.session_atlases import SessionAtlases
from bodymap.service.versions import check_version
from bodymap.storage import sessions
from bodymap.storage.sessions import Page, SessionQuery
from bodymap.storage.transaction import Transaction
from bodymap.words import Language


class DraftedPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """A placement that is validated and resolved but not yet stored, and the version of its session that it was made
    for.

    It is made before the transaction that stores it: every needle of a perimeter is resolved, which takes a while.
    """

    before: Session
    placement: RecordedPlacement


class Sessions:
    """Recording, changing, reading and finding sessions. Thread-safe.

    A new session gets the default version of the atlas and stays on it.
    """

    def __init__(
        self,
        atlases: SessionAtlases,
        re_resolutions: ReResolutions,
        new_id: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self._atlases = atlases
        self._re_resolutions = re_resolutions
        self._new_id = new_id
        self._now = now

    def draft(self, draft: Draft[SessionStatement]) -> Session:
        """A session, validated and resolved but not stored. Raises Invalid with every complaint."""
        return new_versions.draft_session(self._atlases.default, draft, self._new_id, self._now())

    def draft_copy(self, source: Session, draft: Draft[SessionStatement]) -> Session:
        """A session planned as a copy of another, not stored. Raises Invalid with every complaint."""
        return self.draft(self._re_resolutions.copied(source, copy_statement(source, draft)))

    def create(self, tx: Transaction, principal: Principal, session: Session) -> Session:
        """Stores a drafted session as version 1. Raises IdentifierTaken, OtherAtlas."""
        self._atlases.use(tx, principal.tenant, session)
        kind: ChangeKind = "created" if session.copy_of is None else "copied"
        check_continued(tx, principal.tenant, None, session, lambda index, _: f"/placements/{index}")
        created = with_settings(tx, principal.tenant, session)
        sessions.insert(tx, principal.tenant, created, Change(kind=kind, client=principal.client))
        return created

    def get(self, tx: Transaction, principal: Principal, session_id: str) -> Session:
        """The current version. Raises UnknownSession, also for another tenant's."""
        return sessions.get(tx, principal.tenant, session_id)

    def find(self, tx: Transaction, principal: Principal, query: SessionQuery) -> Page:
        """The sessions that match, newest first, and the next cursor. Raises Invalid for an unknown cursor."""
        return sessions.search(tx, principal.tenant, query)

    def patch(self, tx: Transaction, principal: Principal, session_id: str, version: int | None, patch: Any) -> Session:
        """The header changed by a JSON Merge Patch; the present version if that changes nothing.

        Raises Stale, Conflict, Invalid, IdentifierTaken, UnknownSession.
        """
        before = self._current(tx, principal, session_id, version)
        if isinstance(patch, dict) and "placements" in patch:
            detail = "Placements are changed one by one, at …/placements/{id}."
            raise Invalid([Complaint("/placements", "not-here", detail)])
        complaints: list[Complaint] = []
        now = self._now()
        header = patched_header(before, patch, now, complaints.append)
        after = next_version(before, now, header)
        check_depths(after, complaints.append)
        if complaints:
            raise Invalid(complaints)
        if header_of(after) == header_of(before):
            return before
        return self._keep(tx, principal, "changed", before, after)

    def draft_placement(self, before: Session, draft: Draft[PlacementStatement]) -> DraftedPlacement:
        """A further placement of a session, validated and resolved but not stored. Raises Conflict, Invalid."""
        _check_room(before)
        number = before.last_number + 1
        placement = new_versions.draft_placement(self._atlases.of(before), draft, before, number, self._new_id())
        return DraftedPlacement(before=before, placement=placement)

    def draft_patch(self, before: Session, placement_id: str, patch: Any) -> DraftedPlacement:
        """A placement of a session changed by a JSON Merge Patch of what was stated, and resolved anew, not stored; it
        keeps its number. Raises Conflict, Invalid, UnknownPlacement.
        """
        require("change", before)
        old = find_placement(before, placement_id)
        placement = patched_placement(self._atlases.of(before), before, old, patch)
        return DraftedPlacement(before=before, placement=placement)

    def add_placement(
        self,
        tx: Transaction,
        principal: Principal,
        session_id: str,
        draft: Draft[PlacementStatement],
        drafted: DraftedPlacement,
    ) -> tuple[Session, RecordedPlacement]:
        """The session with a further placement, which gets the next number. Raises Conflict, Invalid, UnknownSession.

        `drafted` is what `draft_placement` made of the draft. It is made again if the session's needle or atlas has
        changed since.
        """
        before = self._current(tx, principal, session_id, None)
        number = before.last_number + 1
        if (before.needle, before.atlas) != (drafted.before.needle, drafted.before.atlas):
            drafted = self.draft_placement(before, draft)
        recorded = structs.replace(drafted.placement, number=number)
        placements = (*before.placements, recorded)
        after = next_version(before, self._now(), last_number=number, placements=placements)
        self._check_placements(tx, principal, before, after)
        return self._keep(tx, principal, "placement-added", before, after), recorded

    def patch_placement(
        self,
        tx: Transaction,
        principal: Principal,
        session_id: str,
        placement_id: str,
        version: int | None,
        patch: Any,
        drafted: DraftedPlacement,
    ) -> tuple[Session, RecordedPlacement]:
        """One placement changed as `draft_patch` has drafted it; drafted again if the session has changed since. The
        present version if that changes nothing.

        Raises Stale, Conflict, Invalid, UnknownSession, UnknownPlacement.
        """
        before = self._current(tx, principal, session_id, version)
        old = find_placement(before, placement_id)
        if before.version != drafted.before.version:
            drafted = self.draft_patch(before, placement_id, patch)
        new = drafted.placement
        if new == old:
            return before, old
        placements = tuple(new if placement is old else placement for placement in before.placements)
        after = next_version(before, self._now(), placements=placements)
        self._check_placements(tx, principal, before, after)
        return self._keep(tx, principal, "placement-changed", before, after), new

    def delete_placement(
        self, tx: Transaction, principal: Principal, session_id: str, placement_id: str, version: int | None
    ) -> Session:
        """The session without one placement; older versions keep it, and its number is not used again.

        Raises Stale, Conflict, UnknownSession, UnknownPlacement.
        """
        before = self._current(tx, principal, session_id, version)
        gone = find_placement(before, placement_id)
        placements = tuple(placement for placement in before.placements if placement is not gone)
        after = next_version(before, self._now(), placements=placements)
        return self._keep(tx, principal, "placement-removed", before, after)

    def answer(self, session: Session, lang: Language = "en") -> SessionAnswer:
        """A session with its summary, its findings, and the rules of its flags in a language."""
        summary = summarise(session, self._atlases.muscles(session), lang)
        return answered(session, summary, findings_of(session, self._atlases.of_or_default(session)), lang)

    def list_item(self, session: Session, lang: Language = "en") -> SummarisedSession:
        """A session with its summary, as it appears in a list."""
        return summarised(session, summarise(session, self._atlases.muscles(session), lang))

    def overview(self, session: Session, lang: Language = "en") -> SessionOverview:
        """A session as it appears in a list of overviews."""
        return overview(session, summarise(session, self._atlases.muscles(session), lang))

    def _current(self, tx: Transaction, principal: Principal, session_id: str, version: int | None) -> Session:
        """The session to be changed, which must be open for change. `version` None is any."""
        session = sessions.get(tx, principal.tenant, session_id)
        check_version(session, version)
        require("change", session)
        return session

    def _check_placements(self, tx: Transaction, principal: Principal, before: Session, after: Session) -> None:
        """Checks the stated placement together with the others. Raises Invalid."""
        complaints: list[Complaint] = []
        check_size(after.placements, before.placements, "", complaints.append)
        if complaints:
            raise Invalid(complaints)
        check_continued(tx, principal.tenant, before, after, lambda *_: "")

    def _keep(
        self, tx: Transaction, principal: Principal, kind: ChangeKind, before: Session, after: Session
    ) -> Session:
        stored = with_settings(tx, principal.tenant, after)
        sessions.replace(tx, principal.tenant, before, stored, Change(kind=kind, client=principal.client))
        return stored


def _check_room(session: Session) -> None:
    require("change", session)
    if len(session.placements) >= MAX_PLACEMENTS:
        detail = f"A session holds up to {MAX_PLACEMENTS} placements."
        raise Invalid([Complaint("", "too-many", detail)])
