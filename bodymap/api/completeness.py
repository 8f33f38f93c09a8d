"""Completeness over HTTP: what a session's record should hold and does not, and what a signature still asks for."""

import msgspec

from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.session_answers import etag_of_session
from bodymap.charting.completeness import Completeness, completeness
from bodymap.storage.transaction import Transaction


def get_completeness(call: Call, tx: Transaction) -> Answer:
    """What is missing in a session."""
    use_cases = call.backend.use_cases
    session = use_cases.sessions.get(tx, call.principal, call.path["session_id"])
    found = completeness(session, use_cases.atlases.of(session), call.query.lang)
    return Answer(body=msgspec.json.encode(found), headers=(etag_of_session(session),))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/sessions/{session_id}/completeness",
        id="getCompleteness",
        tag="Sessions",
        summary="What a session's record should hold and does not, on whose word, and what a signature still asks for",
        detail="Nothing of what is missing is required to record or complete a session.",
        handler=get_completeness,
        scope="session:read",
        access="read",
        query=InLanguage,
        result=Completeness,
    ),
)
