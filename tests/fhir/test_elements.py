"""R4's elements, kept in `bodymap/fhir/elements.json`: those of fhirclient's models, which are made from R4 4.0.1."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bodymap.fhir import elements

FILE = Path(elements.__file__).with_suffix(".json")
RESOURCES = ("Procedure", "BodyStructure", "Observation", "DocumentReference", "Provenance")
KEPT = ("Patient", "Practitioner", "Organization", "Device", "Encounter")
DATES = ("FHIRDate", "FHIRDateTime", "FHIRInstant", "FHIRTime")
PRIMITIVES = {"bool": "boolean", "int": "integer", "float": "decimal", "str": "string"}


def table() -> dict[str, dict[str, list[Any]]]:
    """Each type's elements: the type of the value, whether it is a list, whether it is required, of which choice."""
    found: dict[str, dict[str, list[Any]]] = {}
    waiting = [*RESOURCES, *KEPT]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = {}
        for element, kind, is_list, choice, required in sorted(properties(name)):
            found[name][element] = [PRIMITIVES.get(kind, kind), is_list, required, choice]
            if kind not in PRIMITIVES and kind not in DATES and kind != "Resource":
                waiting.append(kind)
    return dict(sorted(found.items()))


def properties(name: str) -> Iterator[tuple[str, str, bool, str, bool]]:
    """The elements of a type in fhirclient's models."""
    stem = name
    while True:
        try:
            module = importlib.import_module(f"fhirclient.models.{stem.lower()}")
            break
        except ModuleNotFoundError:
            # A part of a resource stands in the resource's module: BundleEntry in bundle.
            stem = stem[: max(index for index, letter in enumerate(stem) if letter.isupper())]
    for _, element, kind, is_list, choice, required in getattr(module, name)().elementProperties():
        yield element, kind.__name__, is_list, choice or "", required


def test_elements_are_those_of_r4(pytestconfig: pytest.Config) -> None:
    """The table is what fhirclient says of R4; `--refresh-golden` writes it anew."""
    if pytestconfig.getoption("refresh_golden"):
        FILE.write_text(json.dumps(table(), separators=(",", ":")) + "\n")
        pytest.fail("The elements are kept as fhirclient has them now.")
    assert json.loads(FILE.read_text()) == table()
