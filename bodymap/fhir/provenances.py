"""Who made a version of a session, as a Provenance."""

from collections.abc import Mapping
from typing import Any

from bodymap import __version__
from bodymap.fhir.narrative import narrative
from bodymap.fhir.references import reference
from bodymap.fhir.terms import coding, concept

Resource = dict[str, Any]
Native = Mapping[str, Any]

_OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
_COMPLETION = "http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion"
_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_SIGNATURE = coding("urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.1", "Author's Signature")

_CREATE, _REVISE, _NULLIFY = ("CREATE", "create"), ("UPDATE", "revise"), ("NULLIFY", "nullify")
_SAID = {
    "created": "Recorded",
    "copied": "Copied from another session",
    "event-added": "Adverse event recorded",
    "signed": "Signed",
    "amended": "Amended and signed",
    "voided": "Voided",
}


def provenance(session: Native, change: Native, recorded: str, organization: Native) -> Resource:
    """The Provenance of a version: `change` made it, at a time, on behalf of an organization, which is a Reference.
    `session` is that version.

    Nothing was signed cryptographically, so a signature has no data.
    """
    kind, version = change["kind"], session["version"]
    signed = kind in ("signed", "amended")
    by, name = change.get("by"), change.get("display")
    who = by or session.get("performer")
    said = _SAID.get(kind, "Changed") + (f" by {name}" if name and kind != "event-added" else "")
    targets = [f"Procedure/{session['id']}/_history/{version}"]
    targets += [f"DocumentReference/{session['id']}-chart/_history/{version}"] if signed else []
    start, end = session.get("started_at"), session.get("ended_at")
    return {
        "resourceType": "Provenance",
        "id": f"{session['id']}-{version}",
        "text": narrative(said),
        "target": [{"reference": target} for target in targets],
        **({"occurredPeriod": {"start": start, "end": end}} if start and end else {}),
        "recorded": recorded,
        "activity": _activity(kind),
        **({"reason": [{"text": change["reason"]}]} if change.get("reason") else {}),
        "agent": [
            {
                **_participant("author"),
                "who": reference(who) if who else {"display": f"client {change.get('client') or 'unknown'}"},
                "onBehalfOf": dict(organization),
            },
            {**_participant("assembler"), "who": {"display": f"bodymap {__version__}"}},
        ],
        **({"signature": [_signature(by, name, recorded)]} if signed and by else {}),
    }


def _activity(kind: str) -> Resource:
    if kind in ("signed", "amended"):
        return concept("Signed", coding(_COMPLETION, "LA", "legally authenticated"))
    operation = _NULLIFY if kind == "voided" else _CREATE if kind in ("created", "copied") else _REVISE
    return concept("Voided" if kind == "voided" else "Recorded", coding(_OPERATION, *operation))


def _participant(role: str) -> Resource:
    return {"type": concept(role.capitalize(), coding(_PARTICIPANT, role, role.capitalize()))}


def _signature(by: str, name: str | None, when: str) -> Resource:
    return {"type": [_SIGNATURE], "when": when, "who": reference(by, name)}
