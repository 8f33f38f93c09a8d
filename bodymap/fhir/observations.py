"""Pain, twitches and measures as Observations."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bodymap.fhir.narrative import narrative
from bodymap.fhir.parts import plain_number, quantity
from bodymap.fhir.terms import FINDING, PAIN_CODE, SIDE, coding, concept
from bodymap.fhir.times import period_of

Resource = dict[str, Any]
Native = Mapping[str, Any]

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
# Units of measures that are codes of UCUM; any other is sent as its text.
UCUM_UNITS = ("deg", "mm", "cm", "s", "min", "N", "kPa", "%", "{score}")
PAINS = {"pain_before": ("pain-before", "Pain before needling"), "pain_after": ("pain-after", "Pain after needling")}


def observations(session: Native, holder: Native, place: str, shared: Resource) -> Iterator[Resource]:
    """The Observations of a session or placement (`holder`), called `place` for people; `shared` is the subject."""
    if holder.get("twitch"):
        yield _twitch(session, holder, place, shared)
    for member, (code, text) in PAINS.items():
        if holder.get(member) is not None:
            yield _pain(session, holder, member, code, f"{text}, {place}", shared)
    for number, measure in enumerate(holder.get("measures") or (), start=1):
        yield _measure(session, number, measure, shared)


def _observation(
    id_: str, holder: Native, text: str, category: str, code: Resource, effective: Resource, shared: Resource
) -> Resource:
    return {
        "resourceType": "Observation",
        "id": id_,
        "text": narrative(text),
        "partOf": [{"reference": f"Procedure/{holder['id']}"}],
        "category": [concept(category.capitalize(), coding(_CATEGORY, category))],
        "code": code,
        **shared,
        **effective,
    }


def _pain(session: Native, holder: Native, member: str, code: str, text: str, shared: Resource) -> Resource:
    score = plain_number(holder[member])
    when = session.get("ended_at") if member == "pain_after" else _start(session)
    effective = {"effectiveDateTime": when} if when else {}
    said = concept(PAINS[member][1], PAIN_CODE, coding(FINDING, code))
    made = _observation(f"{holder['id']}-{code}", holder, f"{text}: {score} of 10", "survey", said, effective, shared)
    return {**made, "valueQuantity": quantity(score, "{score}")}


def _twitch(session: Native, holder: Native, place: str, shared: Resource) -> Resource:
    twitch = holder["twitch"]
    start = _start(session)
    effective = {"effectiveDateTime": start} if start else {}
    text = "Local twitch response"
    said = concept(text, coding(FINDING, "local-twitch-response"))
    made = _observation(f"{holder['id']}-twitch", holder, f"{text}, {place}", "exam", said, effective, shared)
    if twitch.get("obtained") is not None:
        made["valueBoolean"] = twitch["obtained"]
    else:
        reason = ("not-performed", "Not Performed") if twitch.get("sought") is False else ("unknown", "Unknown")
        system = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
        made["dataAbsentReason"] = concept(reason[1], coding(system, *reason))
    components = []
    if twitch.get("sought") is not None:
        code = concept("Local twitch response sought", coding(FINDING, "twitch-sought"))
        components.append({"code": code, "valueBoolean": twitch["sought"]})
    if twitch.get("count") is not None:
        code = concept("Number of local twitch responses", coding(FINDING, "twitch-count"))
        components.append({"code": code, "valueInteger": twitch["count"]})
    return {**made, **({"component": components} if components else {})}


def _measure(session: Native, number: int, measure: Native, shared: Resource) -> Resource:
    values = {name: measure.get(name) for name in ("before", "after")}
    side = measure.get("side")
    text = ", ".join(filter(None, (measure["name"], "both sides" if side == "both" else side)))
    said = " to ".join(str(plain_number(value)) for value in values.values() if value is not None)
    only = [name for name, value in values.items() if value is not None]
    spoken = f"{text}: {said} {measure['unit']}" + (f" {only[0]} needling" if len(only) == 1 else "")
    given = [dict(measure["code"])] if measure.get("code") else []
    code = concept(measure["name"], coding(FINDING, "measure"), *given)
    period = period_of(session)
    effective = {"effectivePeriod": period} if period else {}
    made = _observation(f"{session['id']}-measure-{number}", session, spoken, "exam", code, effective, shared)
    if side:
        made["bodySite"] = concept(_SIDES[side], coding(SIDE, side))
    made["component"] = [
        {
            "code": concept(f"{name.capitalize()} needling", coding(FINDING, f"measure-{name}")),
            "valueQuantity": _measured(value, measure["unit"]),
        }
        for name, value in values.items()
        if value is not None
    ]
    return made


_SIDES = {"left": "Left", "right": "Right", "both": "Both sides"}


def _measured(value: float, unit: str) -> Resource:
    return quantity(value, unit) if unit in UCUM_UNITS else {"value": plain_number(value), "unit": unit}


def _start(session: Native) -> str | None:
    start: str | None = session.get("started_at") or session.get("started_on")
    return start


def finding_codes(codings: Sequence[Any]) -> list[str]:
    """The codes of our findings among codings."""
    return [each["code"] for each in codings if isinstance(each, Mapping) and each.get("system") == FINDING]
