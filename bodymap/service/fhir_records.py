"""Storing what a transaction of FHIR asks for: resources kept as they came, and visits as sessions.

Everything happens in one transaction, all or nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from bodymap.charting.events import EventStatement
from bodymap.charting.session import Session
from bodymap.charting.signatures import Signing
from bodymap.decoding import convert
from bodymap.errors import Complaint, Conflict, Invalid, Unfit
from bodymap.fhir.complaints import issue_of
from bodymap.fhir.foreign import foreign_of
from bodymap.fhir.issues import Issue
from bodymap.fhir.references import readdressed
from bodymap.fhir.transactions import KEPT, Condition, Request
from bodymap.fhir.visits import Visit
from bodymap.ids import new_id
from bodymap.service.principal import Principal
from bodymap.service.use_cases import UseCases
from bodymap.storage import fhir_resources, search_index
from bodymap.storage.signed_charts import SignedChart
from bodymap.storage.transaction import Transaction

# Made of the record alone: what came in their place is not kept.
_MADE_ANEW = ("DocumentReference", "Provenance")


class Stored(NamedTuple):
    """What became of an entry: the type and id of its resource, its version and time, whether it was made now, and the
    session that it is of, if it is of one."""

    type: str
    id: str
    version: int
    updated: str
    made: bool
    session: str = ""

    @property
    def address(self) -> str:
        """The relative address of the resource."""
        return f"{self.type}/{self.id}"


class Drafted(NamedTuple):
    """A visit whose session is drafted but not stored; with the chart of what it will be signed as, if it is."""

    visit: Visit
    session: Session
    chart: SignedChart | None


class FhirRecords:
    """Stores resources of FHIR."""

    def __init__(self, use_cases: UseCases, now: Callable[[], datetime]) -> None:
        self._use_cases = use_cases
        self._now = now

    def keep(
        self, tx: Transaction, principal: Principal, requests: Sequence[Request]
    ) -> tuple[dict[str, Stored], dict[str, str]]:
        """The resources of other types kept as they came, or those that their conditions find: what became of each, by
        where its entry stands, and its address by what the entries call it. Raises Conflict."""
        kept = [request for request in requests if request.entry.type in KEPT]
        stored: dict[str, Stored] = {}
        for request in kept:
            stored[request.entry.at] = self._claimed(tx, principal, request)
        addresses = {request.entry.address: stored[request.entry.at].address for request in kept}
        for request in kept:
            it = stored[request.entry.at]
            if it.made and fhir_resources.get(tx, principal.tenant, it.type, it.id) is None:
                document = readdressed(request.entry.resource, addresses)
                fhir_resources.insert(tx, principal.tenant, it.type, it.id, document, self._now())
        return stored, addresses

    def _claimed(self, tx: Transaction, principal: Principal, request: Request) -> Stored:
        kind, tenant, now = request.entry.type, principal.tenant, self._now().isoformat()
        if request.condition is not None:
            tx.lock("fhir", tenant, kind, *request.condition)
            there = fhir_resources.holder_of(tx, tenant, kind, *request.condition)
            if there is not None:
                held = fhir_resources.get(tx, tenant, kind, there)
                return Stored(kind, there, 1, held.created_at if held else now, made=False)
        id_ = new_id()
        for identifier in request.entry.resource.get("identifier") or ():
            if isinstance(identifier, Mapping) and "system" in identifier and "value" in identifier:
                system, value = str(identifier["system"]), str(identifier["value"])
                if (holder := fhir_resources.claim(tx, tenant, kind, system, value, id_)) != id_:
                    raise Conflict(f"{kind}/{holder} has the identifier {value!r} of {system!r} already.")
        return Stored(kind, id_, 1, now, made=True)

    def record(
        self,
        tx: Transaction,
        principal: Principal,
        drafted: Drafted,
        addresses: Mapping[str, str],
        requests: Sequence[Request],
    ) -> tuple[Session, bool]:
        """The session of a visit, stored with its events and signature; or the one that its condition finds. And
        whether it was stored now. `addresses` has the resources that were kept, by what the entries call them.

        Raises Invalid at the places of the resources, Conflict.
        """
        for condition in _conditions(drafted.visit, requests):
            tx.lock("fhir", principal.tenant, "Procedure", *condition)
            held = search_index.holder_of(tx, principal.tenant, *condition)
            if held is not None:
                return self._use_cases.sessions.get(tx, principal, held[0]), False
        visit, session = drafted.visit, _renamed(drafted.session, addresses)
        with complaints_at(visit.places):
            session = self._use_cases.sessions.create(tx, principal, session)
        for event in visit.events:
            stated = {**event.stated, "by": addresses.get(by := event.stated.get("by", ""), by)}
            if isinstance(index := stated.get("placement"), int):
                stated["placement"] = session.placements[index].id
            with complaints_at(event.places):
                statement = convert(stated, EventStatement)
                session, _ = self._use_cases.lifecycle.add_event(tx, principal, session.id, statement)
        if visit.signing is not None and drafted.chart is not None:
            signing = {**visit.signing, "by": addresses.get(by := visit.signing["by"], by)}
            with complaints_at(visit.places):
                sealed = self._use_cases.lifecycle.signed(session, convert(signing, Signing), principal.client)
                session = self._use_cases.lifecycle.keep_sealed(tx, principal, None, sealed, drafted.chart)
        return session, True

    def placed(self, visit: Visit, session: Session, made: bool) -> dict[str, Stored]:
        """What became of the resources of a visit, by where they stand. Raises Conflict where the session was there
        already with other placements."""
        if not made and len(session.placements) != len(visit.statement["placements"]):
            detail = f"The session {session.id} is there already, with other placements. Add them to it one by one."
            raise Conflict(detail, session=session.id)
        updated = session.updated_at.isoformat()
        stored: dict[str, Stored] = {}
        for member in visit.members:
            holder = session.id if member.placement is None else session.placements[member.placement].id
            ending = f"-{session.version}" if member.ending == "-signature" else member.ending
            whole = member.placement is None and member.ending in ("", "-chart", "-signature")
            version = session.version if whole else 1
            stored[member.entry.at] = Stored(member.entry.type, holder + ending, version, updated, made, session.id)
        return stored

    def keep_foreign(
        self,
        tx: Transaction,
        principal: Principal,
        visit: Visit,
        stored: Mapping[str, Stored],
        addresses: Mapping[str, str],
        ours: Mapping[tuple[str, str], Mapping[str, Any]],
    ) -> None:
        """Keeps of each resource of a visit what the record has no home for. `ours` are the resources of the session by
        type and id."""
        for member in visit.members:
            it = stored[member.entry.at]
            made = ours.get((it.type, it.id))
            if made is not None and it.type not in _MADE_ANEW:
                self.keep_rest(tx, principal, readdressed(member.entry.resource, addresses), made)

    def keep_rest(
        self, tx: Transaction, principal: Principal, came: Mapping[str, Any], made: Mapping[str, Any]
    ) -> None:
        """Keeps what a resource that came in has beyond the one that the record makes of it, and nothing else of it."""
        rest = foreign_of(came, made)
        fhir_resources.put(tx, principal.tenant, made["resourceType"], made["id"], rest, self._now())


def invalid(issues: Sequence[Issue], readable: bool = True) -> Invalid:
    """What is wrong with resources, as an error: Unfit where they are not `readable`."""
    complaints = [Complaint(issue.expression, issue.code, issue.detail) for issue in issues]
    return Invalid(complaints) if readable else Unfit(complaints)


@contextmanager
def complaints_at(places: Mapping[str, str]) -> Iterator[None]:
    """Turns the complaints of the native API into issues at the places of resources."""
    try:
        yield
    except Invalid as error:
        raise invalid([issue_of(each, places) for each in error.complaints]) from error


def _conditions(visit: Visit, requests: Sequence[Request]) -> list[Condition]:
    return [
        request.condition
        for request in requests
        if request.condition is not None and request.entry.at == visit.session.at
    ]


def _renamed(session: Session, addresses: Mapping[str, str]) -> Session:
    """A session whose people and patient are called by the addresses of what was kept."""

    def named(text: str | None) -> str | None:
        return addresses.get(text, text) if text else text

    changes: dict[str, Any] = {name: named(getattr(session, name)) for name in ("subject", "encounter", "performer")}
    if session.billing_code is not None:
        changes["billing_code"] = msgspec.structs.replace(session.billing_code, by=named(session.billing_code.by))
    if session.consent is not None:
        changes["consent"] = msgspec.structs.replace(session.consent, witness=named(session.consent.witness))
    return msgspec.structs.replace(session, **changes)
