"""JSON Schema (2020-12) of every type that crosses the wire, made from the types themselves."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from bodymap.api.http.problems import Problem
from bodymap.api.operation import Operation
from bodymap.api.schema_forms import (
    NULL,
    Schema,
    described,
    tidied,
    without_defaults,
    without_discriminators,
    without_null,
)
from bodymap.charting.answers import PlacementAnswer
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import Header

# Unions have no name of their own, nor have patches, in which nothing is required and null removes.
_UNIONS: Mapping[str, Any] = {"PlacementStatement": PlacementStatement, "PlacementAnswer": PlacementAnswer}
_PATCHES: Mapping[str, Any] = {"SessionPatch": Header, "PlacementPatch": PlacementStatement}


def name_of(kind: Any, patch: bool = False) -> str:
    """What a body or result type is called in the schemas."""
    for name, known in (_PATCHES if patch else _UNIONS).items():
        if known == kind:
            return name
    return str(kind.__name__)


def components(operations: Sequence[Operation], at: str) -> dict[str, Schema]:
    """Every type that the operations take or give, and all that these are made of, by name. References begin `at`."""
    public = _public(operations)
    parts = [
        member for kind in (*_PATCHES.values(), *_UNIONS.values()) for member in getattr(kind, "__args__", (kind,))
    ]
    _, by_name = msgspec.json.schema_components([*public, *parts], ref_template=f"{at}{{name}}")
    schemas: dict[str, Schema] = {name: without_defaults(tidied(schema)) for name, schema in by_name.items()}
    for name, kind in _UNIONS.items():
        (schema,), _ = msgspec.json.schema_components([kind], ref_template=f"{at}{{name}}")
        schemas[name] = {"title": name, **without_defaults(tidied(schema))}
    for name, kind in _PATCHES.items():
        schemas[name] = _patch(name, _structs_of(kind), schemas)
    _amended(schemas, at)
    named = {*map(name_of, public), *_PATCHES}
    wanted = named.union(*(_reached(schemas[name], schemas) for name in named))
    return {name: described(schemas[name], schemas) for name in sorted(wanted)}


def parameters(kind: type[msgspec.Struct]) -> dict[str, Schema]:
    """The schema of each member of a query, by the name that it has in an address."""
    _, by_name = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    schemas: dict[str, Schema] = by_name[kind.__name__]["properties"]
    return {name: without_null(tidied(schema)) for name, schema in schemas.items()}


def required_parameters(kind: type[msgspec.Struct]) -> frozenset[str]:
    """The names of the parameters that an address must have."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(kind) if field.required)


def standalone(operations: Sequence[Operation]) -> dict[str, Schema]:
    """A schema for each body and result, with all that it is made of inside it, by name."""
    every = components(operations, "#/$defs/")
    names = [name_of(kind) for kind in _public(operations)] + list(_PATCHES)
    documents: dict[str, Schema] = {}
    for name in sorted(set(names)):
        whole = without_discriminators(every[name])
        inner = {part: without_discriminators(every[part]) for part in sorted(_reached(every[name], every))}
        documents[name] = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:bodymap:schema:{name}",
            **whole,
            **({"$defs": inner} if inner else {}),
        }
    return documents


def _public(operations: Sequence[Operation]) -> list[Any]:
    kinds: list[Any] = [Problem]
    for operation in operations:
        if operation.described:
            stated = [] if operation.patch else [operation.body]
            crossing = (*stated, operation.result, operation.other_result)
            kinds += [kind for kind in crossing if is_public(kind) and kind not in kinds]
    return kinds


def is_public(kind: Any) -> bool:
    """Whether a type has a schema with a name."""
    return kind in _UNIONS.values() or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))


def _structs_of(kind: Any) -> list[str]:
    return [member.__name__ for member in getattr(kind, "__args__", (kind,))]


def _patch(name: str, kinds: Iterable[str], schemas: Mapping[str, Schema]) -> Schema:
    properties: dict[str, list[Schema]] = {}
    sentences: dict[str, str] = {}
    for kind in kinds:
        for member, schema in described(schemas[kind], schemas)["properties"].items():
            sentences.setdefault(member, schema.get("description", ""))
            bare = {key: value for key, value in schema.items() if key not in ("default", "description")}
            for choice in bare.get("anyOf", [bare]):
                if choice not in properties.setdefault(member, []):
                    properties[member].append(choice)
    return {
        "title": name,
        "description": "A JSON Merge Patch (RFC 7396): what is given is changed, what is null is removed.",
        "type": "object",
        "properties": {
            member: {
                **({"description": sentences[member]} if sentences[member] else {}),
                "anyOf": [*(choice for choice in choices if choice != NULL), NULL],
            }
            for member, choices in properties.items()
        },
        "additionalProperties": False,
    }


def _amended(schemas: dict[str, Schema], at: str) -> None:
    """The patch of an amendment, which is read against the record and not as a struct, spelled out."""
    if "Amendment" not in schemas:
        return
    patch = _patch("AmendmentPatch", _structs_of(Header), schemas)
    patch["description"] = (
        "A merge patch of the session's header. `placements`: by the id of a placement, a merge patch of it, or null "
        "to take it out. `add`: further placements."
    )
    patch["properties"]["placements"] = {
        "description": "By the id of a placement: a merge patch of it, or null to take it out.",
        "type": "object",
        "additionalProperties": {"anyOf": [{"$ref": f"{at}PlacementPatch"}, NULL]},
    }
    patch["properties"]["add"] = {
        "description": "Further placements.",
        "type": "array",
        "items": {"$ref": f"{at}PlacementStatement"},
    }
    schemas["AmendmentPatch"] = patch
    amendment = schemas["Amendment"]
    schemas["Amendment"] = {
        **amendment,
        "properties": {**amendment["properties"], "patch": {"$ref": f"{at}AmendmentPatch"}},
    }


def _reached(schema: Any, every: Mapping[str, Schema]) -> set[str]:
    """The names of everything that a schema refers to, directly or not."""
    names: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            reference = part.get("$ref")
            if isinstance(reference, str):
                name = reference.rpartition("/")[2]
                if name not in names:
                    names.add(name)
                    waiting.append(every[name])
            waiting += [value for key, value in part.items() if key != "discriminator"]
    return names
