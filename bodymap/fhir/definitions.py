"""Our definitions as R4 resources, made from the tables that resources are written and read with."""

from collections.abc import Iterator, Sequence
from typing import Any

from bodymap import __version__
from bodymap.atlas import Atlas
from bodymap.fhir.code_systems import CodeSystem, code_systems
from bodymap.fhir.extension_parts import ADVERSE_EVENT, PLACEMENT, SESSION
from bodymap.fhir.parts import Part
from bodymap.fhir.structure_definitions import PLACEMENT_RULES, structure_definition
from bodymap.fhir.terms import CANONICAL, SYSTEMS, TARGET_EXTENSION, VALUE_SETS

Resource = dict[str, Any]

# The day on which their shape last changed.
DATE = "2026-11-28"

_EXTENSIONS: tuple[tuple[str, str, str, str, tuple[str, ...], tuple[Part, ...], Any], ...] = (
    (
        "needle-placement",
        "NeedlePlacement",
        "Needle placement",
        "Where the needles of one placement went, and how: the parts of a bodymap placement that FHIR R4 has no "
        "element for. The server puts it on the BodyStructure of the placement, and takes it on the placement's "
        "Procedure as well.",
        ("BodyStructure", "Procedure"),
        PLACEMENT,
        PLACEMENT_RULES,
    ),
    (
        "needling-session",
        "NeedlingSession",
        "Needling session",
        "The parts of a bodymap session that FHIR R4 has no element for.",
        ("Procedure",),
        SESSION,
        (),
    ),
    (
        "needling-adverse-event",
        "NeedlingAdverseEvent",
        "Adverse event of needling",
        "Severity, onset, end, outcome, action and reporter of an adverse event that is listed as a complication; "
        "complication.coding says which event (CodeSystem event), complication.text has its own words.",
        ("Procedure.complication",),
        ADVERSE_EVENT,
        (),
    ),
)


def definitions(atlas: Atlas) -> Iterator[Resource]:
    """Every definition: StructureDefinitions, CodeSystems and ValueSets with the lists of an atlas, our search
    parameter and our operation."""
    for extension in _EXTENSIONS:
        id_, name, title, text, contexts, parts, rules = extension
        yield structure_definition(_head("StructureDefinition", id_, name, title, text), contexts, parts, rules)
    systems = code_systems(atlas)
    whole = [region.id for region in atlas.regions if region.id == region.muscle]
    for system in systems:
        yield _code_system(system)
        yield _value_set(system.id, f"{system.name}Codes", system.title, _included(system.id, whole))
    kinds = [{"system": f"{SYSTEMS}procedure", "concept": [{"code": "trigger_point"}, {"code": "perimeter"}]}]
    yield _value_set("placement-kind", "BodymapPlacementKind", "Kinds of placement", kinds)
    yield _search_parameter()
    yield _operation()


def _included(system: str, whole: Sequence[str]) -> list[Resource]:
    included: list[Resource] = [{"system": f"{SYSTEMS}{system}"}]
    if system == "place-group":
        # A muscle that is one region goes by the region's code.
        included.append({"system": f"{SYSTEMS}region", "concept": [{"code": code} for code in whole]})
    return included


def _head(kind: str, id_: str, name: str, title: str, description: str) -> Resource:
    return {
        "resourceType": kind,
        "id": id_,
        "url": f"{CANONICAL}/{kind}/{id_}",
        "version": __version__,
        "name": name,
        "title": title,
        "status": "draft",
        "experimental": False,
        "date": DATE,
        "publisher": "bodymap",
        "description": description,
    }


def _code_system(system: CodeSystem) -> Resource:
    return {
        **_head("CodeSystem", system.id, system.name, system.title, f"{system.title}."),
        "caseSensitive": True,
        "valueSet": f"{VALUE_SETS}{system.id}",
        "content": "complete",
        "count": len(system.concepts),
        "concept": [
            {"code": code, "display": display, "definition": text} for code, (display, text) in system.concepts.items()
        ],
    }


def _value_set(id_: str, name: str, title: str, included: list[Resource]) -> Resource:
    return {**_head("ValueSet", id_, name, title, f"{title}."), "immutable": False, "compose": {"include": included}}


def _search_parameter() -> Resource:
    head = _head(
        "SearchParameter",
        "procedure-target-body-structure",
        "ProcedureTargetBodyStructure",
        "",
        "The BodyStructure of a placement, so that _include can bring it along.",
    )
    del head["title"]
    return {
        **head,
        "code": "target-body-structure",
        "base": ["Procedure"],
        "type": "reference",
        "expression": f"Procedure.extension.where(url='{TARGET_EXTENSION}').value",
        "target": ["BodyStructure"],
    }


def _operation() -> Resource:
    returned = {
        "name": "return",
        "use": "out",
        "min": 1,
        "max": "1",
        "documentation": "A Bundle of type searchset.",
        "type": "Bundle",
    }
    return {
        **_head(
            "OperationDefinition",
            "procedure-everything",
            "SessionEverything",
            "Everything of a session",
            "The session, its placements, places, observations, charts and provenance as one searchset.",
        ),
        "kind": "operation",
        "affectsState": False,
        "code": "everything",
        "resource": ["Procedure"],
        "system": False,
        "type": False,
        "instance": True,
        "parameter": [returned],
    }
