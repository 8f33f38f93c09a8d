"""The patient's page over HTTP: HTML for a screen, a phone and paper, or the same content as JSON."""

import msgspec

from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import HTML, JSON, PAGE_POLICY, Answer, Call, Operation
from bodymap.pages.patient import PatientPage, patient_html, patient_page
from bodymap.service.links import PARAMETER
from bodymap.storage import clinics
from bodymap.storage.transaction import Transaction


def get_patient_page(call: Call, tx: Transaction) -> Answer:
    """What the patient of a session is shown."""
    use_cases, lang, media_type = call.backend.use_cases, call.query.lang, call.media_type
    session = use_cases.sessions.get(tx, call.principal, call.path["session_id"])
    atlas = use_cases.atlases.of(session)
    clinic = clinics.of_tenant(tx, call.principal.tenant)

    link = dict(call.pairs).get(PARAMETER, "")

    def written() -> bytes:
        page = patient_page(atlas, session, clinic, lang)
        return patient_html(page, atlas, session, link) if media_type == HTML else msgspec.json.encode(page)

    policy = PAGE_POLICY if media_type == HTML else ()
    return Answer(
        body=written, media_type=media_type, headers=policy, drawn=True, sessions=(session.id,), version=session.version
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/sessions/{session_id}/education",
        id="getPatientPage",
        tag="Education",
        summary="What the patient of a session is shown: where, what to expect and to do, when to call",
        detail=(
            "HTML without scripts for a screen, a phone and paper, or its content as JSON. Of what clinicians wrote "
            "only the words of a `site` appear. It uses the clinic's name, numbers and texts (`PUT /v1/tenant`)."
        ),
        handler=get_patient_page,
        scope="chart:read",
        access="read",
        query=InLanguage,
        media_types=(HTML, JSON),
        result=PatientPage,
        linkable=True,
        unbound=frozenset({"lang"}),
    ),
)
