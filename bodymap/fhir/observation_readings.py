"""What Observations state of a placement or a session: pain, twitches, measures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bodymap.fhir.issues import Issue, Report
from bodymap.fhir.observations import finding_codes
from bodymap.fhir.parts import read_quantity
from bodymap.fhir.terms import FINDING, LOINC, PAIN_CODE, SIDE, code_in

Resource = Mapping[str, Any]
_PAINS = {"pain-before": "pain_before", "pain-after": "pain_after"}


def read_observation(observation: Resource, at: str, session: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """The members that an Observation states of what it is part of, such as `pain_before`; measures as a list of one.
    Empty where it is wrong or none that a record has a home for, which is reported."""
    codes = (observation.get("code") or {}).get("coding") or []
    ours = finding_codes(codes)
    if "value" in _absent(observation) and observation.get("dataAbsentReason"):
        detail = "obs-6: a reason for absence only where there is no value."
        report(Issue(f"{at}.dataAbsentReason", "invariant", detail))
        return {}
    if "local-twitch-response" in ours:
        return {"twitch": _twitch(observation)}
    if "measure" in ours:
        measure = _measure(observation, at, report)
        return {"measures": [measure]} if measure else {}
    member = next((_PAINS[code] for code in ours if code in _PAINS), None)
    if member is None and code_in(observation.get("code"), LOINC) == PAIN_CODE["code"]:
        member = _by_time(observation, session)
        if member is None:
            detail = "Is it before or after? Our code pain-before or pain-after says so, or a time outside the session."
            report(Issue(f"{at}.code", "business-rule", detail))
            return {}
    if member is None:
        detail = "Pain (LOINC 72514-3), our local-twitch-response and our measure are the Observations of a session."
        report(Issue(f"{at}.code", "not-supported", detail))
        return {}
    return _pain(observation, member, at, report)


def _pain(observation: Resource, member: str, at: str, report: Report) -> dict[str, Any]:
    value = observation.get("valueQuantity")
    if value is None:
        report(Issue(f"{at}.value", "required", "Pain has a valueQuantity in {score}, 0 to 10."))
        return {}
    unit = value.get("code") or value.get("unit") if isinstance(value, Mapping) else None
    if unit == "mm":
        detail = "{score} (UCUM) is wanted; a VAS in millimetres is another scale."
        report(Issue(f"{at}.value", "value", detail))
        return {}
    score = read_quantity(value, "{score}", f"{at}.value", report)
    return {} if score is None else {member: score}


def _by_time(observation: Resource, session: Mapping[str, Any]) -> str | None:
    when, start, end = observation.get("effectiveDateTime"), session.get("started_at"), session.get("ended_at")
    try:
        then = datetime.fromisoformat(str(when))
        if start and then < datetime.fromisoformat(start):
            return "pain_before"
        return "pain_after" if end and then > datetime.fromisoformat(end) else None
    except (TypeError, ValueError):
        return None


def _absent(observation: Resource) -> set[str]:
    return {"value" for name in observation if name.startswith("value")}


def _twitch(observation: Resource) -> dict[str, Any]:
    twitch: dict[str, Any] = {}
    for component in observation.get("component") or ():
        code = code_in(component.get("code"), FINDING)
        if code == "twitch-sought" and "valueBoolean" in component:
            twitch["sought"] = component["valueBoolean"]
        if code == "twitch-count" and "valueInteger" in component:
            twitch["count"] = component["valueInteger"]
    if "valueBoolean" in observation:
        twitch["obtained"] = observation["valueBoolean"]
    elif code_in(observation.get("dataAbsentReason"), _REASONS) == "not-performed":
        twitch.setdefault("sought", False)
    return twitch


_REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def _measure(observation: Resource, at: str, report: Report) -> dict[str, Any]:
    code = observation.get("code") or {}
    measure: dict[str, Any] = {"name": code.get("text")}
    if not measure["name"]:
        report(Issue(f"{at}.code.text", "required", "A measure is named by code.text."))
    given = next((each for each in code.get("coding") or () if each.get("system") != FINDING), None)
    if given:
        measure["code"] = {name: given[name] for name in ("system", "code", "display") if name in given}
    if side := code_in(observation.get("bodySite"), SIDE):
        measure["side"] = side
    units: list[Any] = []
    for index, component in enumerate(observation.get("component") or ()):
        name = (code_in(component.get("code"), FINDING) or "").removeprefix("measure-")
        value = component.get("valueQuantity")
        if name not in ("before", "after") or not isinstance(value, Mapping):
            continue
        if not isinstance(value.get("value"), int | float) or not (value.get("unit") or value.get("code")):
            report(Issue(f"{at}.component[{index}].value", "required", "A measure has a value and a unit."))
            continue
        measure[name] = value["value"]
        units.append(value.get("unit") or value.get("code"))
    if len(set(units)) > 1:
        report(Issue(f"{at}.component", "business-rule", f"Both are in one unit, not in {' and '.join(units)}."))
    if units:
        measure["unit"] = units[0]
    else:
        report(Issue(f"{at}.component", "required", "A measure has a component measure-before or measure-after."))
    return measure
