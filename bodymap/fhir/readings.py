"""What resources state of a visit: a session and its placements as the native API takes them, read one by one.

Each reading keeps, by JSON pointer, where its members stand in the resource, so that a complaint about the statement
can name the element.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bodymap.charting.events import EVENT_CODES
from bodymap.fhir.extension_parts import ADVERSE_EVENT, PLACEMENT, SESSION
from bodymap.fhir.issues import Issue, Report
from bodymap.fhir.parts import Read, read
from bodymap.fhir.placement_values import PART_OF, needle_stated, stated_of
from bodymap.fhir.procedures import CONSENT, INFORMATION, SESSION_MEMBERS
from bodymap.fhir.references import named_by
from bodymap.fhir.terms import (
    CPT,
    EVENT,
    EVENT_EXTENSION,
    PLACEMENT_EXTENSION,
    PLACEMENT_STATUS,
    PROCEDURE_STATUS,
    SESSION_EXTENSION,
    SIDE_OF_QUALIFIER,
    SNOMED,
    code_in,
    text_of,
)
from bodymap.fhir.times import stated_times

Resource = Mapping[str, Any]
Known = Mapping[str, str]

_STATUS = {code: status for status, code in PROCEDURE_STATUS.items()}
_STATUS_OF_PLACEMENT = {code: status for status, code in PLACEMENT_STATUS.items()}


class Reading(NamedTuple):
    """What a resource states, and where each member stands: an expression by JSON pointer."""

    stated: dict[str, Any]
    places: dict[str, str]


def extension_of(resource: Resource, url: str) -> tuple[int, Resource] | None:
    """The extension of a resource with an address, and its place in the list."""
    extensions = resource.get("extension", [])
    found = (
        (index, each) for index, each in enumerate(extensions) if isinstance(each, dict) and each.get("url") == url
    )
    return next(found, None)


def read_session(procedure: Resource, at: str, known: Known, report: Report) -> Reading:
    """The header that a session's Procedure states."""
    stated: dict[str, Any] = {}
    places = {"": at, "/identifier": f"{at}.identifier", "/subject": f"{at}.subject", "/note": f"{at}.note[0].text"}
    places |= {"/encounter": f"{at}.encounter", "/performer": f"{at}.performer[0].actor", "/status": f"{at}.status"}
    places |= {"/started_at": f"{at}.performed", "/started_on": f"{at}.performed", "/ended_at": f"{at}.performed.end"}
    places |= {"/status_reason": f"{at}.statusReason", "/billing_code": f"{at}.code"}
    _shared(procedure, stated, report, at)
    extension = extension_of(procedure, SESSION_EXTENSION)
    values = Read({}, {})
    if extension is not None:
        values = read(extension[1], SESSION, f"{at}.extension[{extension[0]}]", report)
        _session_members(values, stated, places, known)
    stated["status"] = _session_status(procedure, values.values.get("status"), at, report)
    for member in ("subject", "encounter"):
        if name := named_by(procedure.get(member), known):
            stated[member] = name
    performers = procedure.get("performer") or [{}]
    if name := named_by(performers[0].get("actor"), known):
        stated["performer"] = name
    stated |= stated_times(procedure, at, report)
    if code := code_in(procedure.get("code"), CPT):
        by = named_by(values.values.get("billedBy"), known) or stated.get("performer")
        stated["billing_code"] = {"code": code, **({"by": by} if by else {})}
    return Reading({name: value for name, value in stated.items() if value is not None}, places)


def _session_members(values: Read, stated: dict[str, Any], places: dict[str, str], known: Known) -> None:
    given = values.values
    members = {**SESSION_MEMBERS, "needle": "needle", "consent": "consent", "information": "information_given"}
    places |= {f"/{member}": values.places[part] for part, member in members.items() if part in values.places}
    stated |= {member: given[part] for part, member in SESSION_MEMBERS.items() if part in given}
    if "needle" in given:
        stated["needle"] = needle_stated(given["needle"])
    for part, member, names in (("consent", "consent", CONSENT), ("information", "information_given", INFORMATION)):
        if part in given:
            stated[member] = {names[name]: value for name, value in given[part].items()}


def _session_status(procedure: Resource, exact: Any, at: str, report: Report) -> str | None:
    """The session's status; a signed one is stated by its signature."""
    status = procedure.get("status")
    if status not in _STATUS:
        if isinstance(status, str):
            wanted = ", ".join(_STATUS)
            report(Issue(f"{at}.status", "code-invalid", f"{status} is no status of a session; there are {wanted}."))
        return None
    if status in ("stopped", "not-done") and not text_of(procedure.get("statusReason")):
        report(Issue(f"{at}.statusReason", "required", f"A session that is {status} says why: statusReason.text."))
    nearest = _STATUS[status]
    if exact in (None, "signed", nearest):
        return nearest
    where = PROCEDURE_STATUS.get(str(exact))
    report(Issue(f"{at}.status", "business-rule", f"The extension says {exact}, which is {where}; status is {status}."))
    return None


def read_placement(
    procedure: Resource, at: str, structure: tuple[Resource, str] | None, known: Known, report: Report
) -> Reading:
    """The placement that a Procedure states, with its BodyStructure and where that stands, if it has one."""
    stated: dict[str, Any] = {}
    places = {"": at, "/identifier": f"{at}.identifier", "/status": f"{at}.status", "/note": f"{at}.note[0].text"}
    places |= {"/response": f"{at}.outcome", "/status_reason": f"{at}.statusReason"}
    _shared(procedure, stated, report, at)
    if response := text_of(procedure.get("outcome")):
        stated["response"] = response
    status = procedure.get("status")
    if status in _STATUS_OF_PLACEMENT:
        stated["status"] = _STATUS_OF_PLACEMENT[status]
    elif isinstance(status, str):
        wanted = ", ".join(_STATUS_OF_PLACEMENT)
        report(Issue(f"{at}.status", "code-invalid", f"{status} is no status of a placement; there are {wanted}."))
    if "status_reason" in stated and stated.get("status") != "not-done":
        detail = "A reason is given for a placement that is not-done, and for no other."
        report(Issue(f"{at}.statusReason", "business-rule", detail))
    found = extension_of(procedure, PLACEMENT_EXTENSION)
    holder = at
    if structure is not None:
        found, holder = (found, at) if found else (extension_of(structure[0], PLACEMENT_EXTENSION), structure[1])
    if found is None:
        detail = "The extension needle-placement says where the needles went; it stands on the BodyStructure."
        report(Issue(f"{holder}.extension", "required", detail))
        return Reading(stated, places)
    where = f"{holder}.extension[{found[0]}]"
    values = read(found[1], PLACEMENT, where, report)
    stated |= stated_of(values.values, known)
    places |= {f"/{member}": values.places.get(part, where) for member, part in PART_OF.items()}
    if structure is not None:
        _check_qualifier(structure, stated, report)
    if stated.get("side") == "both" and stated.get("kind") == "trigger_point":
        detail = "A point has one side: two placements, one a side."
        report(Issue(places["/side"], "business-rule", detail))
    return Reading(stated, places)


def _check_qualifier(structure: tuple[Resource, str], stated: Mapping[str, Any], report: Report) -> None:
    for index, qualifier in enumerate(structure[0].get("locationQualifier") or ()):
        side = SIDE_OF_QUALIFIER.get(code_in(qualifier, SNOMED) or "")
        if side and stated.get("side") and side != stated["side"]:
            at = f"{structure[1]}.locationQualifier[{index}]"
            detail = f"locationQualifier says {side}, the placement {stated['side']}."
            report(Issue(at, "business-rule", detail))


def read_events(procedure: Resource, at: str, known: Known, report: Report) -> list[Reading]:
    """The adverse events among a Procedure's complications; `placement` stays the address of its Procedure."""
    events = []
    for index, complication in enumerate(procedure.get("complication") or ()):
        where = f"{at}.complication[{index}]"
        found = extension_of(complication, EVENT_EXTENSION) if isinstance(complication, Mapping) else None
        if found is None:
            detail = "The extension needling-adverse-event says how severe it was, when it began, who reports it."
            report(Issue(f"{where}.extension", "required", detail))
            continue
        values = read(found[1], ADVERSE_EVENT, f"{where}.extension[{found[0]}]", report)
        given = values.values
        stated: dict[str, Any] = {name: given[name] for name in ("severity", "outcome", "action") if name in given}
        stated |= {"onset_at": given.get("onset"), "ended_at": given.get("ended")}
        stated["event"] = _event(complication, where, report)
        stated["text"] = complication.get("text")
        stated["placement"] = named_by(given.get("placement"), known)
        by = given.get("by")
        stated["by"] = named_by(by, known)
        stated["display"] = by.get("display") if isinstance(by, Mapping) else None
        kept = {name: value for name, value in stated.items() if value is not None}
        parts = {"onset_at": "onset", "ended_at": "ended", "event": "", "text": ""}
        places = {f"/{name}": values.places.get(parts.get(name, name), where) for name in stated}
        events.append(Reading(kept, {"": where, **places}))
    return events


def _event(complication: Resource, at: str, report: Report) -> str:
    for index, each in enumerate(complication.get("coding") or ()):
        if isinstance(each, Mapping) and each.get("system") == EVENT:
            code = each.get("code")
            if code in EVENT_CODES:
                return str(code)
            detail = f"{code} is none of our events: {', '.join(EVENT_CODES)}; anything else is other, with a text."
            report(Issue(f"{at}.coding[{index}]", "code-invalid", detail))
            return "other"
    if not complication.get("text"):
        report(Issue(f"{at}.text", "required", "An event without a code of ours is other, which needs a text."))
    return "other"


def _shared(procedure: Resource, stated: dict[str, Any], report: Report, at: str) -> None:
    """What a session and a placement have in common."""
    identifiers = [each for each in procedure.get("identifier") or () if isinstance(each, Mapping)]
    kept = [
        {"system": each["system"], "value": each["value"]}
        for each in identifiers
        if "system" in each and "value" in each
    ]
    if kept:
        stated["identifier"] = kept
    notes = procedure.get("note") or ()
    if notes and isinstance(notes[0], Mapping) and notes[0].get("text"):
        stated["note"] = notes[0]["text"]
    if reason := text_of(procedure.get("statusReason")):
        stated["status_reason"] = reason
