"""A transaction Bundle read and checked, before anything of it is stored."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from bodymap.fhir.documents import check_attachments
from bodymap.fhir.elements import check_elements, elements
from bodymap.fhir.issues import Issue, Report
from bodymap.fhir.references import named_by
from bodymap.fhir.visits import Entry, Visit, visits_of

Resource = Mapping[str, Any]

OURS = ("Procedure", "BodyStructure", "Observation", "DocumentReference", "Provenance")
"""The types that a session is made of."""
KEPT = ("Patient", "Practitioner", "Organization", "Device", "Encounter")
"""The types that are kept as they came."""

# Which types an element may refer to; those of R4 that concern a session.
_TARGETS = {
    "subject": ("Patient", "Group"),
    "patient": ("Patient",),
    "encounter": ("Encounter",),
    "partOf": ("Procedure", "Observation", "MedicationAdministration"),
    "actor": ("Practitioner", "PractitionerRole", "Organization", "Patient", "RelatedPerson", "Device"),
}


class Condition(NamedTuple):
    """What must not be there yet for an entry to be created: an identifier."""

    system: str
    value: str


class Request(NamedTuple):
    """An entry of a transaction: its resource, and the condition under which it is created."""

    entry: Entry
    condition: Condition | None


class Transaction(NamedTuple):
    """What a transaction asks for: its entries in their order, and the visits that they state. It is not `readable`
    where it asks for something else than it holds, or for what cannot be asked here."""

    requests: tuple[Request, ...]
    visits: tuple[Visit, ...]
    readable: bool = True


def read_transaction(bundle: Any, report: Report) -> Transaction:
    """The entries of a transaction Bundle, checked. Everything that is wrong is reported with its place."""
    if not isinstance(bundle, Mapping) or bundle.get("resourceType") != "Bundle":
        report(Issue("Bundle", "structure", "The body is a Bundle of type transaction."))
        return Transaction((), (), readable=False)
    if bundle.get("type") != "transaction":
        report(Issue("Bundle.type", "not-supported", f"type is transaction, not {bundle.get('type')}."))
        return Transaction((), (), readable=False)
    asked = bundle.get("entry") or ()
    requests = [request for index, each in enumerate(asked) if (request := _request(each, index, report)) is not None]
    if len(requests) < len(asked):
        return Transaction(tuple(requests), (), readable=False)
    entries = [request.entry for request in requests]
    check_resources(entries, report)
    ours = [entry for entry in entries if entry.type in OURS]
    return Transaction(tuple(requests), tuple(visits_of(ours, {}, report)))


def check_resources(entries: Sequence[Entry], report: Report, whole: bool = True) -> None:
    """Reports what is wrong with resources by R4 itself: elements, references among them, attachments. Where they are
    the `whole` of a Bundle, a reference to a further entry leads nowhere."""
    types = {entry.address: entry.type for entry in entries}
    for entry in entries:
        check_elements(entry.resource, entry.at, report)
        for name in ("modifierExtension", "implicitRules"):
            if name in entry.resource:
                report(Issue(f"{entry.at}.{name}", "not-supported", f"A {name} is not known here, so it is refused."))
        _check_references(entry.resource, entry.at, types, whole, report)
        if entry.type == "DocumentReference":
            check_attachments(entry.resource, entry.at, report)


def _request(each: Any, index: int, report: Report) -> Request | None:
    at = f"Bundle.entry[{index}]"
    resource = each.get("resource") if isinstance(each, Mapping) else None
    asked = each.get("request") if isinstance(each, Mapping) else None
    if not isinstance(resource, Mapping) or not isinstance(asked, Mapping):
        report(Issue(at, "required", "An entry of a transaction has a resource and a request."))
        return None
    kind, address = str(resource.get("resourceType")), each.get("fullUrl")
    if asked.get("method") != "POST":
        report(Issue(f"{at}.request.method", "not-supported", "An entry is created: its method is POST."))
        return None
    target, _, query = str(asked.get("url", "")).partition("?")
    if target != kind:
        report(
            Issue(f"{at}.request.url", "value", f"The entry is a {kind}, its request goes to {target or 'nothing'}.")
        )
        return None
    if kind not in (*OURS, *KEPT) or kind not in elements():
        wanted = ", ".join((*OURS, *KEPT))
        report(Issue(f"{at}.resource", "not-supported", f"{kind} is not taken; these are: {wanted}."))
        return None
    stated = asked.get("ifNoneExist") or query
    condition = _condition(stated, f"{at}.request.ifNoneExist", report) if stated else None
    if stated and condition is None:
        return None
    entry = Entry(resource, f"{at}.resource", address if isinstance(address, str) else f"#{index}")
    return Request(entry, condition)


def _condition(text: Any, at: str, report: Report) -> Condition | None:
    name, _, token = str(text).removeprefix("?").partition("=")
    system, bar, value = unquote(token).partition("|")
    if name != "identifier" or not bar or not system or not value or "&" in token:
        report(Issue(at, "value", "The one condition is identifier=system|value."))
        return None
    return Condition(system, value)


def _check_references(value: Any, at: str, types: Mapping[str, str], whole: bool, report: Report) -> None:
    """Reports references to an entry of another type than the element may refer to."""
    for name, member in value.items():
        targets = _TARGETS.get(name)
        for index, each in enumerate(member if isinstance(member, list) else [member]):
            if not isinstance(each, Mapping):
                continue
            place = f"{at}.{name}[{index}]" if isinstance(member, list) else f"{at}.{name}"
            kind = types.get(named_by(each) or "")
            if targets and kind and kind not in targets:
                wanted = " or ".join(targets[:2])
                report(Issue(place, "value", f"The reference goes to a {kind}; {wanted} is wanted."))
            text = each.get("reference")
            if whole and isinstance(text, str) and text.startswith("urn:uuid:") and text not in types:
                report(Issue(place, "not-found", f"{text} is no entry of this Bundle."))
            _check_references(each, place, types, whole, report)
