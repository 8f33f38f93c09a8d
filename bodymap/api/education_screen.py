"""The education screen over HTTP: a page that turns by itself, or its content as JSON."""

import msgspec

from bodymap.api.atlas import cached
from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import HTML, JSON, PAGE_POLICY, Answer, Call, Operation
from bodymap.pages.screen import Screen, screen, screen_html
from bodymap.storage import clinics
from bodymap.storage.transaction import Transaction


def get_education_screen(call: Call, tx: Transaction) -> Answer:
    """The screen of the clinic that asks, or of none."""
    clinic = clinics.of_tenant(tx, call.principal.tenant)
    shown = screen(clinic, call.query.lang)
    if call.media_type != HTML:
        return cached(msgspec.json.encode(shown))
    page = cached(screen_html(shown))
    return msgspec.structs.replace(page, media_type=HTML, headers=(*page.headers, *PAGE_POLICY))


OPERATIONS = (
    Operation(
        method="GET",
        path="/education",
        id="getEducationScreen",
        tag="Education",
        summary="A screen for a waiting room: what needles do, a thought at a time, and nothing of a patient",
        detail=(
            "HTML without scripts that turns by itself, or its content as JSON. Without a credential it is that of no "
            "clinic; with a key it has the clinic's name, numbers and texts (`PUT /v1/tenant`)."
        ),
        handler=get_education_screen,
        scope="atlas:read",
        access="read",
        query=InLanguage,
        media_types=(HTML, JSON),
        result=Screen,
        anonymous=True,
    ),
)
