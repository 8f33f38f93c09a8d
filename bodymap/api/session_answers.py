"""Answers with a version of a session, also repeated ones for an Idempotency-Key.

An answer depends only on the version of the session and on the query: one release of the service answers the same
version with the same bytes.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from bodymap.api.operation import Answer, Call
from bodymap.charting.answers import SessionAnswer, answered_placement
from bodymap.charting.new_versions import find_placement
from bodymap.charting.re_resolution import Previously, ReResolvedSession
from bodymap.charting.session import Session
from bodymap.storage import sessions
from bodymap.storage.receipts import Reference
from bodymap.storage.transaction import Transaction

Headers = Sequence[tuple[str, str]]


def etag_of_session(session: Session) -> tuple[str, str]:
    """The entity tag of a session and of everything in it: its version."""
    return "ETag", f'"{session.version}"'


def session_answer(call: Call, session: Session, status: int = 200, headers: Headers = ()) -> Answer:
    """A session with its summary, under its version."""
    return _answer(call, Reference(session=session.id, version=session.version), session, None, status, headers)


def re_resolved_answer(call: Call, session: Session, before: Session) -> Answer:
    """A session that was resolved anew, and its previous resolution."""
    reference = Reference(session=session.id, version=session.version, previously=before.version)
    return _answer(call, reference, session, before)


def placement_answer(
    call: Call, session: Session, placement_id: str, status: int = 200, headers: Headers = ()
) -> Answer:
    """A placement under the version of its session. Raises UnknownPlacement."""
    reference = Reference(session=session.id, version=session.version, placement=placement_id)
    return _answer(call, reference, session, None, status, headers)


def body_again(call: Call, tx: Transaction, reference: Reference) -> bytes:
    """The body of an answer, made again from its version. Raises `Missing` if that version is gone."""
    tenant = call.principal.tenant
    session = sessions.get_version(tx, tenant, reference.session, reference.version)
    before = None
    if reference.previously is not None:
        before = sessions.get_version(tx, tenant, reference.session, reference.previously)
    return _body(call, reference, session, before)


def _answer(
    call: Call, reference: Reference, session: Session, before: Session | None, status: int = 200, headers: Headers = ()
) -> Answer:
    body = _body(call, reference, session, before)
    return Answer(status=status, body=body, headers=(etag_of_session(session), *headers), refers_to=reference)


def _body(call: Call, reference: Reference, session: Session, before: Session | None) -> bytes:
    content: Any
    if reference.placement is not None:
        content = answered_placement(find_placement(session, reference.placement), call.query.lang)
    else:
        content = call.backend.use_cases.sessions.answer(session, call.query.lang)
        if before is not None:
            members = {name: getattr(content, name) for name in SessionAnswer.__struct_fields__}
            previously = Previously(atlas=before.atlas, version=before.version, placements=before.placements)
            content = ReResolvedSession(**members, previously=previously)
    return msgspec.json.encode(content)
