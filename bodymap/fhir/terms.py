"""The code systems, codes and displays that resources are written with. Codes are those of the terminology tables."""

from typing import Any

# One constant: it is the name of our definitions and never follows the host that serves them.
CANONICAL = "https://bodymap.example/fhir"
STRUCTURES = f"{CANONICAL}/StructureDefinition/"
SYSTEMS = f"{CANONICAL}/CodeSystem/"
VALUE_SETS = f"{CANONICAL}/ValueSet/"

PLACEMENT_EXTENSION = f"{STRUCTURES}needle-placement"
SESSION_EXTENSION = f"{STRUCTURES}needling-session"
EVENT_EXTENSION = f"{STRUCTURES}needling-adverse-event"
TARGET_EXTENSION = "http://hl7.org/fhir/StructureDefinition/procedure-targetBodyStructure"
ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

PROCEDURE, FINDING, DOCUMENT = f"{SYSTEMS}procedure", f"{SYSTEMS}finding", f"{SYSTEMS}document"
REGION, PLACE_GROUP, SIDE, EVENT = f"{SYSTEMS}region", f"{SYSTEMS}place-group", f"{SYSTEMS}side", f"{SYSTEMS}event"
SNOMED, LOINC, UCUM = "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org"
CPT = "http://www.ama-assn.org/go/cpt"

PAIN_CODE = {
    "system": LOINC,
    "code": "72514-3",
    "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
}
# fhir_codes.tsv: the value set bodystructure-relative-location of R4, which has no midline.
QUALIFIERS = {
    "left": ("419161000", "Unilateral left"),
    "right": ("419465000", "Unilateral right"),
    "both": ("51440002", "Bilateral"),
}
SIDE_OF_QUALIFIER = {code: side for side, (code, _) in QUALIFIERS.items()}

PROCEDURE_STATUS = {
    "planned": "preparation",
    "in-progress": "in-progress",
    "completed": "completed",
    "stopped": "stopped",
    "cancelled": "not-done",
    "voided": "entered-in-error",
}
PLACEMENT_STATUS = {"done": "completed", "planned": "preparation", "not-done": "not-done"}
KINDS = {
    "trigger_point": ("Dry needling of a trigger point", "Trigger point"),
    "perimeter": ("Dry needling around a painful place", "Line of needles around a painful place"),
}


def coding(system: str, code: str, display: str | None = None) -> dict[str, Any]:
    """A Coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(text: str, *codings: dict[str, Any]) -> dict[str, Any]:
    """A CodeableConcept; without codings only its text."""
    return {**({"coding": list(codings)} if codings else {}), "text": text}


def code_in(value: Any, system: str) -> str | None:
    """The code that a CodeableConcept has in a system; None where it has none."""
    codings = value.get("coding", []) if isinstance(value, dict) else []
    return next((each.get("code") for each in codings if isinstance(each, dict) and each.get("system") == system), None)


def text_of(value: Any) -> str | None:
    """The text of a CodeableConcept, or else the first display."""
    if not isinstance(value, dict):
        return None
    displays = (each.get("display") for each in value.get("coding", []) if isinstance(each, dict))
    return value.get("text") or next((display for display in displays if display), None)
