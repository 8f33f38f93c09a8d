"""The parts of our extensions, as data: one table gives what is written, what is read, and the definitions served.

A part is a nested extension. In the middle between FHIR and a record stand plain values by the name of the part: a
number of a quantity, the code of a coding, the Reference itself, a dict for a group, a list for what repeats.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bodymap.fhir.issues import Issue, Report
from bodymap.fhir.terms import UCUM, coding

Extension = dict[str, Any]
Values = dict[str, Any]
Display = Callable[[str, str], str | None]


class Part(NamedTuple):
    """A part: how often it stands, the type of its value, and what is allowed. A group has `parts` and no `type`.

    `unit` is a UCUM code. `system` is the code system of a Coding. `binding` names a value set of ours, `target` the
    resource types of a reference. What is `read_only` is ours to say: it is written and never read.
    """

    name: str
    least: int
    most: int | None
    type: str
    short: str
    unit: str = ""
    system: str = ""
    binding: str = ""
    target: tuple[str, ...] = ()
    parts: tuple["Part", ...] = ()

    @property
    def read_only(self) -> bool:
        return self.short.startswith("READ ONLY")

    @property
    def value_name(self) -> str:
        """The member that holds its value, such as `valueQuantity`."""
        return f"value{self.type[0].upper()}{self.type[1:]}"


def leaf(name: str, least: int, most: int | None, kind: str, short: str, **more: Any) -> Part:
    """A part with a value."""
    return Part(name, least, most, kind, short, **more)


def group(name: str, least: int, most: int | None, short: str, *parts: Part) -> Part:
    """A part made of parts."""
    return Part(name, least, most, "", short, parts=parts)


def written(values: Mapping[str, Any], parts: Sequence[Part], display: Display) -> list[Extension]:
    """The extensions of values, in the order of the table; `display` names a code of a system for people."""
    made: list[Extension] = []
    for part in parts:
        value = values.get(part.name)
        if value is None:
            continue
        for each in value if part.most is None or part.most > 1 else [value]:
            if part.parts:
                made.append({"url": part.name, "extension": written(each, part.parts, display)})
            else:
                made.append({"url": part.name, part.value_name: _value(each, part, display)})
    return made


def _value(value: Any, part: Part, display: Display) -> Any:
    if part.type == "Quantity":
        return quantity(value, part.unit)
    if part.type == "Coding":
        return coding(part.system, value, display(part.system, value))
    return plain_number(value)


def plain_number(value: Any) -> Any:
    """A number without a fraction of zero."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def quantity(value: float, unit: str) -> dict[str, Any]:
    """A Quantity in a UCUM unit."""
    return {"value": plain_number(value), "unit": unit, "system": UCUM, "code": unit}


class Read(NamedTuple):
    """What was read of an extension: its values, and where each part stands, by its name."""

    values: Values
    places: dict[str, str]


def read(extension: Mapping[str, Any], parts: Sequence[Part], at: str, report: Report) -> Read:
    """The values of an extension that stands at an expression; everything that is wrong goes to the report."""
    values: Values = {}
    places: dict[str, str] = {}
    counts: dict[str, int] = {}
    known = {part.name: part for part in parts}
    inner = extension.get("extension", [])
    for index, each in enumerate(inner if isinstance(inner, list) else []):
        place = f"{at}.extension[{index}]"
        url = each.get("url") if isinstance(each, dict) else None
        part = known.get(url) if isinstance(url, str) else None
        if part is None:
            report(Issue(place, "structure", f"No part is called {url!r}; there are {', '.join(known)}."))
            continue
        counts[part.name] = counts.get(part.name, 0) + 1
        places.setdefault(part.name, place)
        if part.read_only:
            continue
        value = _read(each, part, place, report)
        if value is None:
            continue
        if part.most is None or part.most > 1:
            values.setdefault(part.name, []).append(value)
        else:
            values.setdefault(part.name, value)
    for part in parts:
        number = counts.get(part.name, 0)
        if number < part.least or (part.most is not None and number > part.most):
            place, most = places.get(part.name, at), "any number" if part.most is None else part.most
            code = "required" if number == 0 else "structure"
            wanted = f"an {part.name}" if part.name[0] in "aeiou" else f"a {part.name}"
            report(Issue(place, code, f"{wanted} has {part.least} to {most}: {part.short}; there are {number}."))
    return Read(values, places)


def _read(extension: Mapping[str, Any], part: Part, at: str, report: Report) -> Any:
    if part.parts:
        return read(extension, part.parts, at, report).values
    names = [name for name in extension if name.startswith("value")]
    if names != [part.value_name]:
        there = ", ".join(names) or "nothing"
        report(Issue(at, "structure", f"{part.name} takes {part.value_name}; there is {there}."))
        return None
    value = extension[part.value_name]
    if part.type == "Quantity":
        return read_quantity(value, part.unit, at, report)
    if part.type == "Coding":
        return _code(value, part, at, report)
    return value if _fits(value, part, at, report) else None


def _code(value: Any, part: Part, at: str, report: Report) -> str | None:
    if not isinstance(value, dict) or not isinstance(value.get("code"), str):
        report(Issue(f"{at}.value", "required", f"{part.name} needs a code of {part.system}."))
        return None
    if value.get("system") != part.system:
        report(Issue(f"{at}.value", "code-invalid", f"{part.name} is a code of {part.system}."))
        return None
    return str(value["code"])


_TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "decimal": (int, float),
    "integer": (int,),
    "positiveInt": (int,),
    "unsignedInt": (int,),
    "Reference": (dict,),
}


def _fits(value: Any, part: Part, at: str, report: Report) -> bool:
    kinds = _TYPES.get(part.type, (str,))
    right = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
    if right and part.type in ("positiveInt", "unsignedInt"):
        right = value >= (1 if part.type == "positiveInt" else 0)
    if not right:
        report(Issue(f"{at}.value", "value", f"{part.name} is a {part.type}."))
    return right


_MILLIMETRES = {"cm": 10, "m": 1000}


def read_quantity(value: Any, unit: str, at: str, report: Report) -> float | None:
    """The number of a Quantity that has this UCUM unit; another unit is refused, never converted."""
    if not isinstance(value, dict) or isinstance(value.get("value"), bool):
        report(Issue(f"{at}.value", "structure", "A Quantity with a value is wanted."))
        return None
    number = value.get("value")
    if not isinstance(number, int | float):
        report(Issue(f"{at}.value", "required", "The Quantity has no value."))
        return None
    if value.get("code") != unit or value.get("system") != UCUM:
        given = value.get("code") or value.get("unit") or "none"
        right = ""
        if unit == "mm" and given in _MILLIMETRES:
            right = f"; {round(number * _MILLIMETRES[given], 6):g} mm would be right"
        report(Issue(at, "value", f"{unit} (UCUM) is wanted, not {given}{right}."))
        return None
    return number
