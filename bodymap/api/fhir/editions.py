"""The versions of a resource: those of its session in which it changed."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from bodymap.api.operation import Call
from bodymap.charting.session import Session
from bodymap.charting.signatures import Change
from bodymap.errors import Missing, UnknownSession
from bodymap.fhir.places import Names
from bodymap.fhir.provenances import provenance
from bodymap.fhir.references import organization_reference
from bodymap.fhir.session_resources import resources_of
from bodymap.storage import clinics
from bodymap.storage.transaction import Transaction

ROOT = "/fhir/R4"
_UUID = 36

Resource = dict[str, Any]
Key = tuple[str, str]


class Edition(NamedTuple):
    """A resource as it was from a version of its session on, with its `meta`."""

    version: int
    resource: Resource

    @property
    def etag(self) -> str:
        """The entity tag: weak, as FHIR has it."""
        return f'W/"{self.version}"'

    @property
    def updated(self) -> str:
        """When that version was made."""
        return str(self.resource["meta"]["lastUpdated"])


def parameter_of(kind: str) -> str:
    """What the id of a resource of a type is called in an address, such as `body_structure`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()


def base_of(call: Call) -> str:
    """The address of the FHIR service, as the client reaches it."""
    return f"{call.public_url}{ROOT}"


def versions_of(call: Call, tx: Transaction, resource_id: str) -> list[tuple[Session, Change]]:
    """Every version of the session that a resource belongs to, oldest first. Raises Missing."""
    try:
        return call.backend.use_cases.history.all(tx, call.principal, resource_id[:_UUID])
    except UnknownSession as error:
        raise Missing(f"There is no resource {resource_id} here.") from error


def editions_of(call: Call, tx: Transaction, versions: list[tuple[Session, Change]]) -> dict[Key, list[Edition]]:
    """Every edition of every Procedure, BodyStructure, Observation and Provenance of a session, oldest first.

    The session's own Procedure has one for each version.
    """
    clinic = clinics.of_tenant(tx, call.principal.tenant)
    organization = organization_reference(clinic.organization, clinic.name, call.principal.tenant)
    editions: dict[Key, list[Edition]] = {}
    last: dict[Key, Resource] = {}
    for session, change in versions:
        answer = answered(call, session)
        for resource in _resources(call, session, answer, change, organization):
            key = (resource["resourceType"], resource["id"])
            if last.get(key) != resource or key[1] == session.id:
                meta = {"versionId": str(session.version), "lastUpdated": answer["updated_at"]}
                head = {"resourceType": key[0], "id": key[1], "meta": meta}
                editions.setdefault(key, []).append(Edition(session.version, {**head, **resource}))
                last[key] = resource
    return editions


def answered(call: Call, session: Session) -> Mapping[str, Any]:
    """A session as the native API answers it, as plain JSON values."""
    plain: Mapping[str, Any] = msgspec.to_builtins(call.backend.use_cases.sessions.answer(session))
    return plain


def names_of(call: Call, session: Session) -> Names:
    """The names and codes of the atlas that a session is on."""
    return Names(call.backend.use_cases.atlases.of(session), call.backend.licensed)


def _resources(
    call: Call, session: Session, answer: Mapping[str, Any], change: Change, organization: Resource
) -> Iterator[Resource]:
    yield from resources_of(answer, names_of(call, session))
    made: Mapping[str, Any] = msgspec.to_builtins(change)
    yield provenance(answer, {**made, "kind": change.kind}, answer["updated_at"], organization)


def http_date(moment: str) -> str:
    """A time as HTTP's headers have it."""
    return datetime.fromisoformat(moment).strftime("%a, %d %b %Y %H:%M:%S GMT")
