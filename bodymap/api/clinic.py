"""The tenant over HTTP: what a clinic says of itself, for its pages, its printed times and its patients' texts."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.api.operation import Answer, Call, Operation
from bodymap.charting.clinic import Clinic, RecordedClinic, check_clinic
from bodymap.decoding import Draft
from bodymap.errors import Invalid, Stale
from bodymap.rendering.options import ThemeId, check_theme
from bodymap.storage import clinics
from bodymap.storage.transaction import Transaction


class ClinicStatement(Clinic, frozen=True, kw_only=True):
    """What a clinic says of itself. `theme` is that of its pictures; `own` where the service has a theme file."""

    theme: Annotated[ThemeId | None, Meta(description="The theme of its pictures.")] = None


def get_clinic(call: Call, tx: Transaction) -> Answer:
    """The clinic as it last described itself."""
    return _answer(clinics.of_tenant(tx, call.principal.tenant))


def put_clinic(call: Call, tx: Transaction) -> Answer:
    """The clinic, described anew."""
    draft: Draft[ClinicStatement] = call.body
    tx.lock("clinic", call.principal.tenant)
    before = clinics.of_tenant(tx, call.principal.tenant)
    if call.version not in (None, before.version):
        detail = f"The tenant is at version {before.version}, not {call.version}. Read it again and repeat the change."
        raise Stale(detail, version=before.version)
    stated, complaints = draft.value, list(draft.complaints)
    check_clinic(stated, complaints.append)
    if stated.theme is not None:
        for complaint in check_theme(stated.theme, call.backend.own_theme is not None):
            complaints.append(msgspec.structs.replace(complaint, pointer="/theme"))
    if complaints:
        raise Invalid(complaints)
    return _answer(clinics.insert(tx, call.principal.tenant, stated, before.version + 1))


def _answer(clinic: RecordedClinic) -> Answer:
    return Answer(body=msgspec.json.encode(clinic), headers=(("ETag", f'"{clinic.version}"'),))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/tenant",
        id="getTenant",
        tag="Tenant",
        summary="What the clinic says of itself",
        detail="A tenant that never said anything is at version 0.",
        handler=get_clinic,
        scope="session:read",
        access="read",
        result=RecordedClinic,
    ),
    Operation(
        method="PUT",
        path="/v1/tenant",
        id="putTenant",
        tag="Tenant",
        summary="State what the clinic says of itself, the whole of it",
        detail=(
            "Patients' texts and printed times use it. A clinic's own text is shown as it stands, in place of ours, "
            "and as reviewed only with who did. `count_sides` holds for versions of sessions made from then on."
        ),
        handler=put_clinic,
        scope="admin",
        access="write",
        body=ClinicStatement,
        versioned=True,
        result=RecordedClinic,
    ),
)
