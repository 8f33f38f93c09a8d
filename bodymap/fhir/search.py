"""Searching resources: which parameters a type has, what fits, and what comes along."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bodymap.fhir.references import named_by
from bodymap.fhir.terms import TARGET_EXTENSION

Resource = Mapping[str, Any]
Fits = Callable[[Resource, str], bool]


class Parameter(NamedTuple):
    """A search parameter: its type, whether a resource fits a value, and the References that it is about, if any."""

    type: str
    fits: Fits
    references: Callable[[Resource], list[Any]] | None = None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _token(codings: Callable[[Resource], Iterable[tuple[str | None, str]]]) -> Parameter:
    def fits(resource: Resource, asked: str) -> bool:
        system, bar, code = asked.partition("|")
        if not bar:
            return any(held == asked for _, held in codings(resource))
        return any(held_in == (system or None) and code in ("", held) for held_in, held in codings(resource))

    return Parameter("token", fits)


def _concept(*names: str) -> Parameter:
    def codings(resource: Resource) -> Iterator[tuple[str | None, str]]:
        for name in names:
            for concept in _listed(resource.get(name)):
                for coding in concept.get("coding") or ():
                    yield coding.get("system"), coding.get("code", "")

    return _token(codings)


def _code(name: str) -> Parameter:
    return _token(lambda resource: [(None, str(resource[name]))] if name in resource else [])


def _identifier() -> Parameter:
    return _token(
        lambda resource: [(each.get("system"), each.get("value", "")) for each in resource.get("identifier", ())]
    )


def _reference(references: Callable[[Resource], list[Any]], kind: str = "") -> Parameter:
    def fits(resource: Resource, asked: str) -> bool:
        wanted = {asked, f"{kind}/{asked}"} if kind and "/" not in asked else {asked}
        named = [named_by(each) or "" for each in references(resource)]
        return any(name in wanted or name.partition("/_history/")[0] in wanted for name in named)

    return Parameter("reference", fits, references)


def _member(name: str, kind: str = "") -> Parameter:
    return _reference(lambda resource: _listed(resource.get(name)), kind)


def _performers(resource: Resource) -> list[Any]:
    return [each.get("actor") for each in resource.get("performer", ())]


def _targets(resource: Resource) -> list[Any]:
    extensions = resource.get("extension", ())
    return [each.get("valueReference") for each in extensions if each.get("url") == TARGET_EXTENSION]


def _related(resource: Resource) -> list[Any]:
    return list((resource.get("context") or {}).get("related", ()))


def _agents(resource: Resource) -> list[Any]:
    return [each.get("who") for each in resource.get("agent", ())]


def _span(text: str) -> tuple[datetime, datetime]:
    """The first moment of a date or time, and the first after it. Raises ValueError."""
    if len(text) == 4 or len(text) == 7:
        year, _, month = text.partition("-")
        start = datetime(int(year), int(month or 1), 1, tzinfo=UTC)
        later = start + timedelta(days=366 if not month else 31)
        return start, later.replace(day=1) if month else later.replace(month=1, day=1)
    start = datetime.fromisoformat(text)
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    return start, start + (timedelta(days=1) if len(text) == 10 else timedelta(microseconds=1))


def _date(*names: str) -> Parameter:
    def fits(resource: Resource, asked: str) -> bool:
        word = asked[:2] if asked[:2] in _PREFIXES else "eq"
        first, after = _span(asked.removeprefix(word) if asked[:2] in _PREFIXES else asked)
        for name in names:
            held = resource.get(name)
            if isinstance(held, str):
                begins, ends = _span(held)
            elif isinstance(held, Mapping) and held.get("start"):
                begins = _span(held["start"])[0]
                ends = _span(held.get("end") or held["start"])[1]
            else:
                continue
            if _PREFIXES[word](begins, ends, first, after):
                return True
        return False

    return Parameter("date", fits)


_PREFIXES: dict[str, Callable[[datetime, datetime, datetime, datetime], bool]] = {
    "eq": lambda begins, ends, first, after: first <= begins and ends <= after,
    "ne": lambda begins, ends, first, after: not (first <= begins and ends <= after),
    "gt": lambda begins, ends, first, after: ends > after,
    "ge": lambda begins, ends, first, after: ends > first,
    "lt": lambda begins, ends, first, after: begins < first,
    "le": lambda begins, ends, first, after: begins < after,
    "sa": lambda begins, ends, first, after: begins >= after,
    "eb": lambda begins, ends, first, after: ends <= first,
}

_ID = Parameter("token", lambda resource, asked: resource["id"] == asked)
PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "Procedure": {
        "_id": _ID,
        "identifier": _identifier(),
        "patient": _member("subject", "Patient"),
        "subject": _member("subject"),
        "date": _date("performedPeriod"),
        "status": _code("status"),
        "code": _concept("code"),
        "part-of": _member("partOf"),
        "encounter": _member("encounter", "Encounter"),
        "performer": _reference(_performers),
        "target-body-structure": _reference(_targets),
    },
    "BodyStructure": {
        "_id": _ID,
        "identifier": _identifier(),
        "patient": _member("patient", "Patient"),
        "location": _concept("location"),
        "morphology": _concept("morphology"),
    },
    "Observation": {
        "_id": _ID,
        "patient": _member("subject", "Patient"),
        "subject": _member("subject"),
        "code": _concept("code"),
        "date": _date("effectiveDateTime", "effectivePeriod"),
        "category": _concept("category"),
        "status": _code("status"),
        "part-of": _member("partOf"),
    },
    "DocumentReference": {
        "_id": _ID,
        "patient": _member("subject", "Patient"),
        "subject": _member("subject"),
        "type": _concept("type"),
        "category": _concept("category"),
        "date": _date("date"),
        "status": _code("status"),
        "related": _reference(_related),
    },
    "Provenance": {
        "_id": _ID,
        "target": _member("target"),
        "agent": _reference(_agents),
        "recorded": _date("recorded"),
    },
}


class Criterion(NamedTuple):
    """A parameter that is asked for, with the values of which one must fit."""

    name: str
    values: tuple[str, ...]


def fits(resource: Resource, criteria: Sequence[Criterion]) -> bool:
    """Whether a resource fits every criterion. Raises ValueError for a date that is none."""
    known = PARAMETERS[resource["resourceType"]]
    return all(any(known[each.name].fits(resource, value) for value in each.values) for each in criteria)


class Along(NamedTuple):
    """What comes along: the resources that others of a type refer to by a parameter, or those that refer so to what is
    there (`reverse`); of what came along, too, where it is to `iterate`."""

    type: str
    parameter: str
    reverse: bool
    iterate: bool


def along_of(name: str, value: str) -> Along | None:
    """What `_include` or `_revinclude` asks for; None where there is no such parameter."""
    word, _, modifier = name.partition(":")
    kind, _, parameter = value.partition(":")
    parameter = parameter.partition(":")[0]
    held = PARAMETERS.get(kind, {}).get(parameter)
    if held is None or held.references is None or modifier not in ("", "iterate"):
        return None
    return Along(kind, parameter, word == "_revinclude", modifier == "iterate")


def coming_along(
    matches: Sequence[Resource], pool: Sequence[dict[str, Any]], asked: Sequence[Along]
) -> list[dict[str, Any]]:
    """The resources of a pool that come along with matches of it, in the order of the pool."""
    here = {_address(each) for each in matches}
    first = set(here)
    while True:
        before = len(here)
        for along in asked:
            around = here if along.iterate else first
            for each in pool:
                if each["resourceType"] != along.type:
                    continue
                named = _named(each, along.parameter)
                if along.reverse and named & around:
                    here.add(_address(each))
                elif not along.reverse and _address(each) in around:
                    here |= named
        if len(here) == before:
            break
    return [each for each in pool if _address(each) in here - first]


def _named(resource: Resource, parameter: str) -> set[str]:
    """The addresses that a resource refers to by a parameter, without versions."""
    references = PARAMETERS[resource["resourceType"]][parameter].references
    return {(named_by(each) or "").partition("/_history/")[0] for each in references(resource)} if references else set()


def _address(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"
