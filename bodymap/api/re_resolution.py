"""Re-resolution of a session on another version of the atlas, over HTTP."""

import msgspec

from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.session_answers import re_resolved_answer
from bodymap.api.sessions import session_now
from bodymap.charting.re_resolution import ReResolution, ReResolvedSession
from bodymap.charting.session import Session
from bodymap.storage.transaction import Transaction


class ResolvedAnew(msgspec.Struct, frozen=True, kw_only=True):
    """A re-resolved version and the one that it follows."""

    before: Session
    after: Session


def prepare_re_resolution(call: Call) -> ResolvedAnew:
    """The session as it would be on the other version."""
    before = session_now(call)
    return ResolvedAnew(before=before, after=call.backend.use_cases.re_resolutions.re_resolved(before, call.body))


def re_resolve(call: Call, tx: Transaction) -> Answer:
    """The session, resolved anew, and its previous resolution."""
    resolved: ResolvedAnew = call.prepared
    use_cases, before = call.backend.use_cases, resolved.before
    session = use_cases.re_resolutions.keep(tx, call.principal, call.version, before, resolved.after)
    return re_resolved_answer(call, session, before)


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/sessions/{session_id}/re-resolve",
        id="reResolveSession",
        tag="Sessions",
        summary="Resolve an open session anew, on a newer version of the atlas",
        detail=(
            "What was stated is carried over by the crosswalk and resolved on `atlas`, by default the version that "
            "new sessions take. What the crosswalk cannot map is reported, placement by placement, and decided by "
            "`placements`. The previous version keeps the old resolution; `previously` repeats it. A signed session "
            "stays as it is."
        ),
        handler=re_resolve,
        prepare=prepare_re_resolution,
        scope="session:write",
        access="write",
        body=ReResolution,
        versioned=True,
        query=InLanguage,
        result=ReResolvedSession,
    ),
)
