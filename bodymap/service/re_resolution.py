"""Re-resolving sessions on another atlas version. A record stays on its version until somebody asks for this."""

from collections.abc import Callable
from datetime import datetime

from msgspec import structs

from bodymap.atlas import Atlases
from bodymap.atlas.crosswalk import crosswalk
from bodymap.atlas.editions import age
from bodymap.charting.lifecycle import require
from bodymap.charting.re_resolution import ReResolution, carry_copy, re_resolve, resolve_again
from bodymap.charting.session import Session, SessionStatement
from bodymap.charting.signatures import Change
from bodymap.decoding import Draft
from bodymap.errors import Complaint, Conflict, Invalid
from bodymap.service.clinic_settings import with_settings
from bodymap.service.exchange import ExportedSession
from bodymap.service.principal import Principal
from bodymap.service.session_atlases import SessionAtlases
from bodymap.service.versions import check_version
from bodymap.storage import sessions
from bodymap.storage.transaction import Transaction


class ReResolutions:
    """Re-resolves sessions on another atlas version. Thread-safe.

    A session may hold hundreds of places, so that it is done in two steps: `re_resolved` makes the next version from
    what was read, and `keep` stores it if the session is still at the version that was read.
    """

    def __init__(self, atlases: Atlases, session_atlases: SessionAtlases, now: Callable[[], datetime]) -> None:
        self._atlases = atlases
        self._session_atlases = session_atlases
        self._now = now

    def re_resolved(self, before: Session, draft: Draft[ReResolution]) -> Session:
        """The session on another version of the atlas, not stored: what was stated is carried over and resolved.

        On the version that it is on already, it is resolved by the rules of this release.

        Raises Conflict for a session that is not open, AtlasNotHere, Invalid with every complaint.
        """
        require("change", before)
        self._session_atlases.of(before)
        wanted = draft.value.atlas or self._atlases.default.version
        if wanted not in self._atlases:
            detail = f"There is no atlas {wanted!r} here; there is {', '.join(self._atlases.versions)}."
            raise Invalid([*draft.complaints, Complaint("/atlas", "unknown-value", detail)])
        if age(wanted) < age(before.atlas):
            detail = (
                f"The session is on atlas {before.atlas}; it is resolved on a newer version, never on an older one."
            )
            raise Invalid([*draft.complaints, Complaint("/atlas", "older-version", detail)])
        return re_resolve(crosswalk(self._atlases, before.atlas, wanted), before, draft, self._now())

    def keep(
        self, tx: Transaction, principal: Principal, version: int | None, before: Session, after: Session
    ) -> Session:
        """Stores a re-resolved session. `version` is the one that the client expects, None for any.

        Raises Stale if the session is not at that version, or has changed since it was read; OtherAtlas.
        """
        self._session_atlases.use(tx, principal.tenant, after)
        check_version(sessions.get(tx, principal.tenant, before.id), version, before.version)
        change = Change(kind="re-resolved", client=principal.client)
        session = with_settings(tx, principal.tenant, after)
        sessions.replace(tx, principal.tenant, before, session, change)
        return session

    def imported(self, line: ExportedSession) -> ExportedSession:
        """An exported version as this service stores it: as it is if it was resolved on the same atlas, or on one that
        is not available; else resolved anew on the available atlas of the same version.

        Raises Conflict for a session that was signed, Invalid with complaints about placements that cannot be resolved.
        """
        digest = self._session_atlases.digest(line.atlas)
        if digest in (None, line.atlas_digest):
            return line
        if line.signed or line.signature is not None:
            raise Conflict(
                f"The session {line.id} was signed on another atlas {line.atlas} than the one here, and what was "
                "signed is not resolved anew. Its export and a backup of its database keep it as it was signed.",
                session=line.id,
            )
        return structs.replace(resolve_again(self._session_atlases.of(line), line), atlas_digest=digest)

    def copied(self, source: Session, draft: Draft[SessionStatement]) -> Draft[SessionStatement]:
        """A copy of a session as it would be stated on the default atlas version. Raises AtlasNotHere, and Invalid if a
        placement cannot be carried over."""
        if source.atlas == self._atlases.default.version:
            return draft
        old, new = self._session_atlases.of(source).version, self._atlases.default.version
        return carry_copy(crosswalk(self._atlases, old, new), draft)
