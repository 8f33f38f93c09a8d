"""Reading visits to be compared, and comparing them."""

from collections.abc import Sequence

from msgspec import structs

from bodymap.charting.comparison import Comparison, compare, in_order
from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.session import Session
from bodymap.errors import Complaint, Invalid, UnknownSession
from bodymap.service.principal import Principal
from bodymap.service.session_atlases import SessionAtlases
from bodymap.storage import sessions
from bodymap.storage.transaction import Transaction

FEWEST_VISITS = 2
MOST_VISITS = 12
_FARTHEST = 60


class Comparisons:
    """Comparing visits. Thread-safe."""

    def __init__(self, atlases: SessionAtlases) -> None:
        self._atlases = atlases

    def read(self, tx: Transaction, principal: Principal, ids: Sequence[str]) -> list[Session]:
        """The current versions of these sessions, oldest first. A placement that continues one of them through visits
        that are not among them (copies of copies) is returned as continuing it directly.

        Raises Invalid for too few or too many sessions, for one that is named twice or was voided, and for sessions of
        different subjects or atlas versions; UnknownSession, also for another tenant's.
        """
        _refuse(_about_ids(ids))
        visits: list[Session] = []
        unknown: list[str] = []
        for session_id in ids:
            try:
                visits.append(sessions.get(tx, principal.tenant, session_id))
            except UnknownSession:
                unknown.append(session_id)
        if unknown:
            raise UnknownSession(
                f"There is no session {' and no session '.join(unknown)}.",
                errors=[Complaint(_POINTER, UnknownSession.code, f"There is no session {one}.") for one in unknown],
            )
        return [_bridged(tx, principal, visit, visits) for visit in self.ordered(visits)]

    def ordered(self, visits: Sequence[Session]) -> list[Session]:
        """These sessions, oldest first. Raises Invalid if they cannot be compared, as `read` does."""
        _refuse([*_about_number(len(visits)), *_about_sessions(visits)])
        return in_order(visits)

    def compare(self, visits: Sequence[Session]) -> Comparison:
        """What changed over these sessions, which `read` gave."""
        return compare(visits, self._atlases.muscles(visits[-1]).of_region)


_POINTER = "?sessions"


def _bridged(tx: Transaction, principal: Principal, visit: Session, visits: Sequence[Session]) -> Session:
    compared = {placement.id for other in visits for placement in other.placements}
    if all(placement.continues is None or placement.continues in compared for placement in visit.placements):
        return visit
    earlier: dict[str, str | None] = {}
    seen, source = {visit.id}, visit.copy_of
    while source is not None and source not in seen and len(seen) < _FARTHEST:
        try:
            between = sessions.get(tx, principal.tenant, source)
        except UnknownSession:
            break
        earlier |= {placement.id: placement.continues for placement in between.placements}
        seen.add(source)
        source = between.copy_of

    def bridged(placement: RecordedPlacement) -> RecordedPlacement:
        first = placement.continues
        passed: set[str] = set()
        while first is not None and first not in compared and first not in passed:
            passed.add(first)
            first = earlier.get(first)
        return structs.replace(placement, continues=first) if first in compared else placement

    return structs.replace(visit, placements=tuple(bridged(placement) for placement in visit.placements))


def _refuse(complaints: list[Complaint]) -> None:
    if complaints:
        raise Invalid(complaints)


def _about_number(count: int) -> list[Complaint]:
    if count < FEWEST_VISITS:
        detail = "Two or more sessions are compared: their ids, with commas between them."
        return [Complaint(_POINTER, "too-few", detail)]
    if count > MOST_VISITS:
        detail = f"Up to {MOST_VISITS} sessions are compared at once; {count} were named."
        return [Complaint(_POINTER, "too-many", detail)]
    return []


def _about_ids(ids: Sequence[str]) -> list[Complaint]:
    complaints = _about_number(len(ids))
    if "" in ids:
        complaints.append(Complaint(_POINTER, "out-of-range", "An id is empty: there is a comma too many."))
    for session_id in dict.fromkeys(one for one in ids if one and ids.count(one) > 1):
        complaints.append(Complaint(_POINTER, "repeated", f"The session {session_id} is named more than once."))
    return complaints


def _about_sessions(sessions: Sequence[Session]) -> list[Complaint]:
    complaints = [
        Complaint(_POINTER, "voided", f"The session {session.id} was voided; it is not compared.")
        for session in sessions
        if session.status == "voided"
    ]
    if len({session.subject for session in sessions}) > 1:
        detail = "These sessions are not of one subject; only visits of one patient are compared."
        complaints.append(Complaint(_POINTER, "different-subjects", detail))
    versions = sorted({session.atlas for session in sessions})
    if len(versions) > 1:
        detail = (
            f"These sessions are on different atlas versions ({', '.join(versions)}), whose places differ; "
            "re-resolve the older ones first."
        )
        complaints.append(Complaint(_POINTER, "different-atlases", detail))
    return complaints
