"""The procedure note over HTTP: a visit as text to paste."""

from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import TEXT, Answer, Call, Operation
from bodymap.rendering.wording.note import write_note
from bodymap.storage.transaction import Transaction


def get_note(call: Call, tx: Transaction) -> Answer:
    """The session in six lines."""
    use_cases, lang = call.backend.use_cases, call.query.lang
    session = use_cases.sessions.get(tx, call.principal, call.path["session_id"])
    summary = use_cases.sessions.answer(session, lang).summary
    note = write_note(use_cases.atlases.of(session), session, summary, lang)
    return Answer(body=note, media_type=TEXT, sessions=(session.id,), version=session.version)


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/sessions/{session_id}/note",
        id="getNote",
        tag="Sessions",
        summary="The procedure note of a session: six lines of text to paste into a record",
        detail=(
            "The visit; where needles went, by side; needles; response; what to know, consent and adverse events; code "
            "and signature. Flags stand by their names only, and their absence clears nothing."
        ),
        handler=get_note,
        scope="session:read",
        access="read",
        query=InLanguage,
        media_types=(TEXT,),
    ),
)
