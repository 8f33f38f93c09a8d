"""The elements of R4's resources: what a resource may hold, in which form, and what it must hold."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bodymap.fhir.issues import Issue, Report


class Element(NamedTuple):
    """An element: the type of its value, whether it is a list, whether it is required, and the choice it is one of."""

    type: str
    is_list: bool
    required: bool
    choice: str


@cache
def elements() -> Mapping[str, Mapping[str, Element]]:
    """The elements of every type that is known here, by name."""
    table = msgspec.json.decode(Path(__file__).with_suffix(".json").read_bytes())
    return {kind: {name: Element(*row) for name, row in members.items()} for kind, members in table.items()}


_PRIMITIVES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "decimal": (int, float),
    "string": (str,),
}
# Types of fhirclient that are texts in JSON.
_TEXTS = ("FHIRDate", "FHIRDateTime", "FHIRInstant", "FHIRTime")


def check_elements(resource: Mapping[str, Any], at: str, report: Report) -> None:
    """Reports what is no element of R4, what has another form, and what is required and missing. `at` is the expression
    of the resource, whose type must be known here."""
    kind = str(resource["resourceType"])
    _check(resource, kind, kind, at, report)


def _check(value: Mapping[str, Any], kind: str, owner: str, at: str, report: Report) -> None:
    known = elements()[kind]
    for name, member in value.items():
        if name in ("resourceType", "fhir_comments"):
            continue
        element = known.get(name.removeprefix("_"))
        if element is None:
            report(Issue(f"{at}.{name}", "structure", f"{owner} has no element {name}."))
        elif not name.startswith("_"):
            _check_member(member, element, f"{at}.{_path(name, element)}", name, report)
    for name in _missing(value, known):
        report(Issue(f"{at}.{name}", "required", f"{owner}.{name} is required."))


def _path(name: str, element: Element) -> str:
    """The name of an element in FHIRPath: `value` of `valueQuantity`."""
    return element.choice if element.choice and name != element.choice else name


def _missing(value: Mapping[str, Any], known: Mapping[str, Element]) -> Iterator[str]:
    choices: dict[str, bool] = {}
    for name, element in known.items():
        if element.required:
            held = name in value or f"_{name}" in value
            choices[element.choice or name] = choices.get(element.choice or name, False) or held
    yield from (name for name, held in choices.items() if not held)


def _check_member(member: Any, element: Element, at: str, name: str, report: Report) -> None:
    if element.is_list and not isinstance(member, list):
        report(Issue(at, "structure", f"{name} is a list."))
    elif element.is_list and not member:
        report(Issue(at, "structure", f"{name} is empty: leave it out."))
    elif not element.is_list and isinstance(member, list):
        report(Issue(at, "structure", f"{name} is one value, not a list."))
    else:
        for index, each in enumerate(member if element.is_list else [member]):
            _check_value(each, element, f"{at}[{index}]" if element.is_list else at, name, report)


def _check_value(value: Any, element: Element, at: str, name: str, report: Report) -> None:
    if element.type in elements():
        if isinstance(value, Mapping):
            _check(value, element.type, element.type, at, report)
        else:
            report(Issue(at, "structure", f"{name} is a {element.type}, an object."))
        return
    wanted = (str,) if element.type in _TEXTS else _PRIMITIVES.get(element.type, (object,))
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted and object not in wanted):
        report(Issue(at, "structure", f"{name} is a {element.type.removeprefix('FHIR').lower()}."))
    elif value == "":
        report(Issue(at, "structure", f"{name} is empty: leave it out."))
