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


class Visit(NamedTuple):
    """A session as the native API takes it.

    `statement` has its placements, `events` are added one by one, `signing` signs it. `places` says where a member of
    the statement stands, by JSON pointer. `entries` are the resources that it is made of: the session's, and of each
    placement its Procedure.
    """

    statement: dict[str, Any]
    events: tuple[Reading, ...]
    signing: dict[str, Any] | None
    places: dict[str, str]
    session: Entry
    placements: tuple[Entry, ...]


def visits_of(entries: Sequence[Entry], known: Mapping[str, str], report: Report) -> list[Visit]:
    """The visits that resources state; whatever belongs to none of them is reported. `known` has what the addresses of
    resources of other types become, such as a Patient's."""
    procedures = [entry for entry in entries if entry.type == "Procedure"]
    sessions = [entry for entry in procedures if not is_placement(entry.resource)]
    placements = [entry for entry in procedures if is_placement(entry.resource)]
    taken: set[str] = set()
    visits = [_visit(session, placements, entries, known, report, taken) for session in sessions]
    for entry in entries:
        if entry.type in ("Procedure", "BodyStructure", "Observation") and entry.at not in taken:
            detail = {
                "Procedure": "It is part of no session: partOf refers to none that is here.",
                "BodyStructure": "No placement points at it (procedure-targetBodyStructure).",
                "Observation": "It is part of no session or placement that is here (partOf).",
            }[entry.type]
            report(Issue(entry.at, "business-rule", detail))
    return visits


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
    taken: set[str],
) -> Visit:
    header = read_session(session.resource, session.at, known, report)
    statement, places = dict(header.stated), dict(header.places)
    taken.add(session.at)
    structures = {entry.address: entry for entry in entries if entry.type == "BodyStructure"}
    members: list[dict[str, Any]] = []
    own = [entry for entry in placements if session.address in _parts_of(entry.resource)]
    for index, entry in enumerate(own):
        target = extension_of(entry.resource, TARGET_EXTENSION)
        place = structures.get(named_by(target[1].get("valueReference")) or "") if target else None
        taken |= {entry.at, *([place.at] if place else [])}
        reading = read_placement(entry.resource, entry.at, (place.resource, place.at) if place else None, known, report)
        members.append(dict(reading.stated))
        places |= {f"/placements/{index}{pointer}": at for pointer, at in reading.places.items()}
        members[-1] |= _observed(entry, entries, statement, f"/placements/{index}", places, report, taken)
    observed = _observed(session, entries, statement, "", places, report, taken)
    statement |= observed
    statement["placements"] = members
    addresses = {entry.address: index for index, entry in enumerate(own)}
    events = tuple(read_events(session.resource, session.at, known, report))
    for event in events:
        if (placement := event.stated.get("placement")) in addresses:
            event.stated["placement"] = addresses[placement]
    return Visit(statement, events, _signing(session, entries, known, report), places, session, tuple(own))


def _observed(
    holder: Entry,
    entries: Sequence[Entry],
    session: Mapping[str, Any],
    pointer: str,
    places: dict[str, str],
    report: Report,
    taken: set[str],
) -> dict[str, Any]:
    """What the Observations say that are part of a session or placement."""
    found: dict[str, Any] = {}
    for entry in entries:
        if entry.type != "Observation" or holder.address not in _parts_of(entry.resource):
            continue
        taken.add(entry.at)
        for member, value in read_observation(entry.resource, entry.at, session, report).items():
            if member == "measures":
                places[f"{pointer}/measures/{len(found.get('measures', []))}"] = entry.at
                found.setdefault("measures", []).extend(value)
            elif member in found:
                report(Issue(entry.at, "duplicate", f"There is a second {member} of one {holder.type}."))
            else:
                found[member] = value
                places[f"{pointer}/{member}"] = entry.at
    return found


def _parts_of(resource: Resource) -> list[str | None]:
    return [named_by(each) for each in resource.get("partOf") or ()]


def _signing(
    session: Entry, entries: Sequence[Entry], known: Mapping[str, str], report: Report
) -> dict[str, Any] | None:
    """Who signs, from the Provenance with a signature whose target the session is."""
    for entry in entries:
        signatures = entry.resource.get("signature") if entry.type == "Provenance" else None
        targets = [(named_by(each) or "").partition("/_history/")[0] for each in entry.resource.get("target") or ()]
        if not signatures or session.address not in targets:
            continue
        who = signatures[0].get("who")
        by = named_by(who, known)
        display = who.get("display") if isinstance(who, Mapping) else None
        if by is None:
            report(Issue(f"{entry.at}.signature[0].who", "required", "Signature.who says who signs."))
            return None
        return {"by": by, "display": display or by}
    return None
