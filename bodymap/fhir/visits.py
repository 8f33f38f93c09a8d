"""The visits that a set of resources states: which Procedure is a session, what is part of it, who signed it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bodymap.fhir.issues import Issue, Report
from bodymap.fhir.observation_readings import read_observation
from bodymap.fhir.readings import Reading, extension_of, read_events, read_placement, read_session
from bodymap.fhir.references import named_by
from bodymap.fhir.terms import (
    KINDS,
    PLACEMENT_EXTENSION,
    PROCEDURE,
    SESSION_EXTENSION,
    TARGET_EXTENSION,
    code_in,
)

Resource = Mapping[str, Any]


class Entry(NamedTuple):
    """A resource, where it stands, and the address by which others refer to it."""

    resource: Resource
    at: str
    address: str

    @property
    def type(self) -> str:
        """The resource's type."""
        return str(self.resource.get("resourceType"))


class Member(NamedTuple):
    """What a resource becomes: one of a placement, by its index, or of the session; the end of its id says which."""

    entry: Entry
    placement: int | None = None
    ending: str = ""


class Visit(NamedTuple):
    """A session as the native API takes it.

    `statement` has its placements, `events` are added one by one, `signing` signs it. `places` says where a member of
    the statement stands, by JSON pointer. `session` is its Procedure, `members` are all resources that it is made of.
    """

    statement: dict[str, Any]
    events: tuple[Reading, ...]
    signing: dict[str, Any] | None
    places: dict[str, str]
    session: Entry
    members: tuple[Member, ...]


def visits_of(entries: Sequence[Entry], known: Mapping[str, str], report: Report) -> list[Visit]:
    """The visits that resources state; whatever belongs to none of them is reported. `known` has what the addresses of
    resources of other types become, such as a Patient's."""
    procedures = [entry for entry in entries if entry.type == "Procedure"]
    sessions = [entry for entry in procedures if not is_placement(entry.resource)]
    placements = [entry for entry in procedures if is_placement(entry.resource)]
    visits = [_visit(session, placements, entries, known, report) for session in sessions]
    taken = {member.entry.at for visit in visits for member in visit.members}
    for entry in entries:
        if entry.type in _BELONGING and entry.at not in taken:
            report(Issue(entry.at, "business-rule", _BELONGING[entry.type]))
    return visits


_BELONGING = {
    "Procedure": "It is part of no session: partOf refers to none that is here.",
    "BodyStructure": "No placement points at it (procedure-targetBodyStructure).",
    "Observation": "It is part of no session or placement that is here (partOf).",
    "DocumentReference": "It is of no session that is here (context.related).",
    "Provenance": "It is about no session that is here (target).",
}


def is_placement(procedure: Resource) -> bool:
    """Whether a Procedure is a placement and not a session."""
    if code_in(procedure.get("code"), PROCEDURE) in KINDS:
        return True
    if extension_of(procedure, SESSION_EXTENSION) or code_in(procedure.get("code"), PROCEDURE):
        return False
    return bool(extension_of(procedure, PLACEMENT_EXTENSION) or procedure.get("partOf"))


def _visit(
    session: Entry,
    placements: Sequence[Entry],
    entries: Sequence[Entry],
    known: Mapping[str, str],
    report: Report,
) -> Visit:
    header = read_session(session.resource, session.at, known, report)
    statement, places = dict(header.stated), dict(header.places)
    members = [Member(session)]
    structures = {entry.address: entry for entry in entries if entry.type == "BodyStructure"}
    statement["placements"] = []
    own = [entry for entry in placements if session.address in _parts_of(entry.resource)]
    for index, entry in enumerate(own):
        target = extension_of(entry.resource, TARGET_EXTENSION)
        place = structures.get(named_by(target[1].get("valueReference")) or "") if target else None
        members += [Member(entry, index), *([Member(place, index)] if place else [])]
        reading = read_placement(entry.resource, entry.at, (place.resource, place.at) if place else None, known, report)
        places |= {f"/placements/{index}{pointer}": at for pointer, at in reading.places.items()}
        observed = _observed(entry, index, entries, statement, places, members, report)
        statement["placements"].append({**reading.stated, **observed})
    statement |= _observed(session, None, entries, statement, places, members, report)
    addresses = {entry.address: index for index, entry in enumerate(own)}
    events = tuple(read_events(session.resource, session.at, known, report))
    for event in events:
        if (placement := event.stated.get("placement")) in addresses:
            event.stated["placement"] = addresses[placement]
    signing = _signing(session, entries, known, members)
    members += [
        Member(entry, None, "-chart")
        for entry in entries
        if entry.type == "DocumentReference"
        and session.address in [named_by(each) for each in (entry.resource.get("context") or {}).get("related") or ()]
    ]
    return Visit(statement, events, signing, places, session, tuple(members))


def _observed(
    holder: Entry,
    index: int | None,
    entries: Sequence[Entry],
    session: Mapping[str, Any],
    places: dict[str, str],
    members: list[Member],
    report: Report,
) -> dict[str, Any]:
    """What the Observations say that are part of a session, or of the placement with this index."""
    pointer = "" if index is None else f"/placements/{index}"
    found: dict[str, Any] = {}
    for entry in entries:
        if entry.type != "Observation" or holder.address not in _parts_of(entry.resource):
            continue
        read = read_observation(entry.resource, entry.at, session, report)
        members += [] if read else [Member(entry, index)]
        for member, value in read.items():
            if member == "measures":
                number = len(found.setdefault("measures", []))
                places[f"{pointer}/measures/{number}"] = entry.at
                found["measures"] += value
                members.append(Member(entry, index, f"-measure-{number + 1}"))
                continue
            if member in found:
                report(Issue(entry.at, "duplicate", f"There is a second {member} of one {holder.type}."))
            found[member] = value
            places[f"{pointer}/{member}"] = entry.at
            members.append(Member(entry, index, f"-{member.replace('_', '-')}"))
    return found


def _parts_of(resource: Resource) -> list[str | None]:
    return [named_by(each) for each in resource.get("partOf") or ()]


def _signing(
    session: Entry, entries: Sequence[Entry], known: Mapping[str, str], members: list[Member]
) -> dict[str, Any] | None:
    """Who signs, from the Provenance with a signature whose target is the session. One without is ours to make."""
    for entry in entries:
        targets = [_unversioned(each) for each in entry.resource.get("target") or ()]
        if entry.type != "Provenance" or session.address not in targets:
            continue
        members.append(Member(entry, None, "-signature"))
        signatures = entry.resource.get("signature")
        if not signatures:
            continue
        who = signatures[0].get("who")
        by = named_by(who, known)
        display = who.get("display") if isinstance(who, Mapping) else None
        if by is None:
            return None
        return {"by": by, "display": display or by}
    return None


def _unversioned(reference: Any) -> str:
    """The address that a Reference leads to, without a version."""
    return (named_by(reference) or "").partition("/_history/")[0]
