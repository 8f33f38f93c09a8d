"""A session and its placements as Procedures and BodyStructures."""

from collections.abc import Iterator, Mapping
from typing import Any

from bodymap.charting.events import EVENT_CODES
from bodymap.fhir.extension_parts import ADVERSE_EVENT, PLACEMENT, SESSION
from bodymap.fhir.narrative import narrative
from bodymap.fhir.parts import plain_number, written
from bodymap.fhir.placement_values import flags_of, needle_values, renamed, values_of
from bodymap.fhir.places import Names, location, qualifiers
from bodymap.fhir.references import UNKNOWN, reference
from bodymap.fhir.terms import (
    CPT,
    EVENT,
    EVENT_EXTENSION,
    KINDS,
    PLACEMENT_EXTENSION,
    PLACEMENT_STATUS,
    PROCEDURE,
    PROCEDURE_STATUS,
    SESSION_EXTENSION,
    TARGET_EXTENSION,
    coding,
    concept,
)
from bodymap.fhir.times import performed

Resource = dict[str, Any]
Native = Mapping[str, Any]

CONSENT = {"version": "version", "signedAt": "signed_at", "copyGiven": "copy_given", "witness": "witness"}
INFORMATION = {"version": "version", "language": "lang", "at": "at"}
SESSION_MEMBERS = {
    "position": "position",
    "needlesIn": "needles_in",
    "needlesOut": "needles_out",
    "countNote": "count_note",
}


def subject_of(session: Native) -> Resource:
    """The Reference to the subject, or that nobody said who it is."""
    return reference(session["subject"]) if session.get("subject") else UNKNOWN


def session_procedure(session: Native, names: Names, chart: bool) -> Resource:
    """The Procedure of a session as it is answered; with `chart` it refers to its DocumentReference."""
    signed = session.get("signature") if session["status"] == "signed" else None
    status = PROCEDURE_STATUS[signed["status"] if signed else session["status"]]
    number = len(session["placements"])
    spoken = f"Dry needling, {number} {'placement' if number == 1 else 'placements'}, {session['status']}"
    billing = session.get("billing_code")
    codes = [coding(PROCEDURE, "dry-needling", "Dry needling")]
    codes += [coding(CPT, billing["code"])] if billing else []
    events = [_complication(event, names) for event in session.get("events") or ()]
    return {
        "resourceType": "Procedure",
        "id": session["id"],
        "text": narrative(spoken),
        "extension": [
            {"url": SESSION_EXTENSION, "extension": written(_session_values(session), SESSION, names.display)}
        ],
        **_identifier(session),
        "status": status,
        **_reason(session),
        "code": concept("Dry needling", *codes),
        "subject": subject_of(session),
        **({"encounter": reference(session["encounter"])} if session.get("encounter") else {}),
        **performed(session, status),
        **_performer(session),
        **({"complication": events} if events else {}),
        **_note(session),
        **({"report": [{"reference": f"DocumentReference/{session['id']}-chart"}]} if chart else {}),
    }


def placement_resources(session: Native, placement: Native, names: Names) -> Iterator[Resource]:
    """The BodyStructure and the Procedure of a placement."""
    id_, kind = placement["id"], placement["kind"]
    place = location(placement, names)
    voided = session["status"] == "voided"
    status = "entered-in-error" if voided else PLACEMENT_STATUS[placement["status"]]
    values = values_of(placement, session["atlas"])
    if voided:
        values["statusBefore"] = PLACEMENT_STATUS[placement["status"]]
    sides = qualifiers(placement)
    yield {
        "resourceType": "BodyStructure",
        "id": id_,
        "text": narrative(f"Placement {placement['number']}: {place['text']}"),
        "extension": [{"url": PLACEMENT_EXTENSION, "extension": written(values, PLACEMENT, names.display)}],
        "active": not voided,
        "morphology": concept(KINDS[kind][1], coding(PROCEDURE, kind)),
        "location": place,
        **({"locationQualifier": sides} if sides else {}),
        "patient": subject_of(session),
    }
    needle = needle_in_words(placement.get("needle") or session.get("needle"))
    yield {
        "resourceType": "Procedure",
        "id": id_,
        "text": narrative(f"Placement {placement['number']} of the session: {place['text']}"),
        "extension": [{"url": TARGET_EXTENSION, "valueReference": {"reference": f"BodyStructure/{id_}"}}],
        **_identifier(placement),
        "partOf": [{"reference": f"Procedure/{session['id']}"}],
        "status": status,
        **_reason(placement),
        "code": concept(KINDS[kind][0], coding(PROCEDURE, kind)),
        "subject": subject_of(session),
        **performed(session, status),
        **_performer(session),
        "bodySite": [place],
        **({"outcome": {"text": placement["response"]}} if placement.get("response") else {}),
        **_note(placement),
        **({"usedCode": [{"text": needle}]} if needle else {}),
    }


def needle_in_words(needle: Native | None) -> str | None:
    """A needle's kind and size in words; None where nothing is known of its size."""
    sizes = [needle.get(name) for name in ("diameter_mm", "length_mm")] if needle else []
    words = " × ".join(f"{plain_number(size)} mm" for size in sizes if size is not None)
    return f"Filiform needle {words}" if words else None


def _session_values(session: Native) -> dict[str, Any]:
    signed = session["status"] == "signed"
    consent = renamed(session.get("consent"), CONSENT)
    billing = session.get("billing_code")
    copied, voided = session.get("copy_of"), session.get("voided")
    rules = (session.get("flag_rules") or {}).items()
    return {
        "status": "signed" if signed else session["status"],
        "atlas": session["atlas"],
        **{part: session.get(member) for part, member in SESSION_MEMBERS.items()},
        "needle": needle_values(session.get("needle")),
        "consent": consent,
        "information": renamed(session.get("information_given"), INFORMATION),
        "billedBy": reference(billing["by"]) if billing else None,
        "copyOf": {"reference": f"Procedure/{copied}"} if copied else None,
        "statusBefore": voided["status"] if voided else None,
        "flag": flags_of(session),
        "flagRule": [{"code": code, "reason": rule["reason"], "source": rule["source"]} for code, rule in rules]
        or None,
    }


def _complication(event: Native, names: Names) -> Resource:
    coded = event["event"] in EVENT_CODES
    code = event["event"] if coded else "other"
    text = event.get("text") if coded else event["event"]
    placement = event.get("placement")
    values = {
        "id": event.get("id"),
        "severity": event["severity"],
        "onset": event["onset_at"],
        "ended": event.get("ended_at"),
        "outcome": event.get("outcome"),
        "placement": {"reference": f"Procedure/{placement}"} if placement else None,
        "action": event["action"],
        "by": reference(event["by"], event.get("display")),
        "recorded": event.get("recorded_at"),
    }
    return {
        "extension": [{"url": EVENT_EXTENSION, "extension": written(values, ADVERSE_EVENT, names.display)}],
        "coding": [coding(EVENT, code, EVENT_NAMES.get(code))],
        **({"text": text} if text else {}),
    }


# What the CodeSystem `event` calls its codes.
EVENT_NAMES: dict[str, str] = {str(code): code.replace("-", " ").capitalize() for code in EVENT_CODES} | {
    "emotional": "Emotional reaction",
}


def _identifier(holder: Native) -> Resource:
    return {"identifier": [dict(each) for each in holder["identifier"]]} if holder.get("identifier") else {}


def _reason(holder: Native) -> Resource:
    return {"statusReason": {"text": holder["status_reason"]}} if holder.get("status_reason") else {}


def _performer(session: Native) -> Resource:
    return {"performer": [{"actor": reference(session["performer"])}]} if session.get("performer") else {}


def _note(holder: Native) -> Resource:
    return {"note": [{"text": holder["note"]}]} if holder.get("note") else {}
