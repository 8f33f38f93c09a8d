"""Taking a session to another version of the atlas, over HTTP."""

import msgspec

from bodymap.api.operation import Answer, Call
from bodymap.api.session_answers import re_resolved_answer
from bodymap.api.sessions import session_now
from bodymap.charting.session import Session
from bodymap.storage.transaction import Transaction


class ResolvedAnew(msgspec.Struct, frozen=True, kw_only=True):
    """A version that is to follow another."""

    before: Session
    after: Session


def prepare_re_resolution(call: Call) -> ResolvedAnew:
    """The session as it would be on the other version."""
    before = session_now(call)
    return ResolvedAnew(before=before, after=call.backend.use_cases.transfer.re_resolved(before, call.body))


def re_resolve(call: Call, tx: Transaction) -> Answer:
    """The session, resolved anew, and what it said before."""
    made: ResolvedAnew = call.prepared
    use_cases, before = call.backend.use_cases, made.before
    session = use_cases.transfer.keep(tx, call.principal, call.version, before, made.after)
    return re_resolved_answer(call, session, before)
