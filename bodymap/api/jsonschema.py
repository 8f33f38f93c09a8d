"""JSON Schema (2020-12) of every type that crosses the wire, made from the types themselves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from typing import Any

import msgspec

from bodymap.api.http.problems import Problem
from bodymap.api.operation import Operation
from bodymap.charting.answers import PlacementAnswer
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import Header

Schema = dict[str, Any]

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
    schemas: dict[str, Schema] = {name: _without_defaults(_tidied(schema)) for name, schema in by_name.items()}
    for name, kind in _UNIONS.items():
        (schema,), _ = msgspec.json.schema_components([kind], ref_template=f"{at}{{name}}")
        schemas[name] = {"title": name, **_without_defaults(_tidied(schema))}
    for name, kind in _PATCHES.items():
        schemas[name] = _patch(name, _structs_of(kind), schemas)
    _amended(schemas, at)
    named = {*map(name_of, public), *_PATCHES}
    wanted = named.union(*(_reached(schemas[name], schemas) for name in named))
    return {name: schemas[name] for name in sorted(wanted)}


def parameters(kind: type[msgspec.Struct]) -> dict[str, Schema]:
    """The schema of each member of a query, by the name that it has in an address."""
    _, by_name = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    schemas: dict[str, Schema] = by_name[kind.__name__]["properties"]
    return {name: _without_null(_tidied(schema)) for name, schema in schemas.items()}


def standalone(operations: Sequence[Operation]) -> dict[str, Schema]:
    """A schema for each body and result, with all that it is made of inside it, by name."""
    every = components(operations, "#/$defs/")
    names = [name_of(kind) for kind in _public(operations)] + list(_PATCHES)
    documents: dict[str, Schema] = {}
    for name in sorted(set(names)):
        whole = _without_discriminators(every[name])
        inner = {part: _without_discriminators(every[part]) for part in sorted(_reached(every[name], every))}
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
            kinds += [kind for kind in (*stated, operation.result) if is_public(kind) and kind not in kinds]
    return kinds


def is_public(kind: Any) -> bool:
    """Whether a type has a schema with a name."""
    return kind in _UNIONS.values() or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))


def _structs_of(kind: Any) -> list[str]:
    return [member.__name__ for member in getattr(kind, "__args__", (kind,))]


def _patch(name: str, kinds: Iterable[str], schemas: Mapping[str, Schema]) -> Schema:
    properties: dict[str, list[Schema]] = {}
    for kind in kinds:
        for member, schema in schemas[kind]["properties"].items():
            bare = {key: value for key, value in schema.items() if key != "default"}
            for choice in bare.get("anyOf", [bare]):
                if choice not in properties.setdefault(member, []):
                    properties[member].append(choice)
    null = {"type": "null"}
    return {
        "title": name,
        "description": "A JSON Merge Patch (RFC 7396): what is given is changed, what is null is removed.",
        "type": "object",
        "properties": {
            member: {"anyOf": [*(choice for choice in choices if choice != null), null]}
            for member, choices in properties.items()
        },
        "additionalProperties": False,
    }


def _amended(schemas: dict[str, Schema], at: str) -> None:
    """The patch of an amendment, which is read against the record and not as a struct, spelled out."""
    if "Amendment" not in schemas:
        return
    null = {"type": "null"}
    patch = _patch("AmendmentPatch", _structs_of(Header), schemas)
    patch["description"] = (
        "A merge patch of the session's header. `placements`: by the id of a placement, a merge patch of it, or null "
        "to take it out. `add`: further placements."
    )
    patch["properties"]["placements"] = {
        "type": "object",
        "additionalProperties": {"anyOf": [{"$ref": f"{at}PlacementPatch"}, null]},
    }
    patch["properties"]["add"] = {"type": "array", "items": {"$ref": f"{at}PlacementStatement"}}
    schemas["AmendmentPatch"] = patch
    amendment = schemas["Amendment"]
    schemas["Amendment"] = {
        **amendment,
        "properties": {**amendment["properties"], "patch": {"$ref": f"{at}AmendmentPatch"}},
    }


def _tidied(schema: Any) -> Any:
    """A schema of msgspec without its noise: empty `required`, defaults of null, enums without a type, indented
    descriptions."""
    if isinstance(schema, list):
        return [_tidied(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    tidied = {name: _tidied(value) for name, value in schema.items()}
    if tidied.get("required") == []:
        del tidied["required"]
    if "default" in tidied and tidied["default"] is None:
        del tidied["default"]
    if isinstance(tidied.get("description"), str):
        tidied["description"] = cleandoc(tidied["description"])
    if isinstance(tidied.get("pattern"), str):
        # The end is \Z for Python, where $ also matches before a last line break, and $ for JSON Schema.
        tidied["pattern"] = re.sub(r"\\Z$", "$", tidied["pattern"])
    if isinstance(tidied.get("anyOf"), list):
        tidied = _numbers_once(tidied)
    words = tidied.get("enum")
    if isinstance(words, list) and all(isinstance(word, str) for word in words) and "type" not in tidied:
        tidied = {"type": "string", **tidied}
    return tidied


def _numbers_once(schema: Schema) -> Schema:
    """A schema with a choice between integers and numbers of equal bounds reduced to numbers."""
    choices = schema["anyOf"]
    remaining = [each for each in choices if each.get("type") != "integer" or {**each, "type": "number"} not in choices]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**remaining[0], **rest} if len(remaining) == 1 else {**schema, "anyOf": remaining}


def _without_defaults(schema: Any) -> Any:
    """A schema without defaults: generated clients would send them."""
    if isinstance(schema, list):
        return [_without_defaults(member) for member in schema]
    if isinstance(schema, dict):
        return {
            name: _without_defaults(value)
            for name, value in schema.items()
            if name != "default" or isinstance(value, dict)
        }
    return schema


def _without_null(schema: Schema) -> Schema:
    """The schema of an optional query parameter without null, which an address cannot hold."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {**choices[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def _without_discriminators(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_discriminators(member) for member in schema]
    if isinstance(schema, dict):
        return {name: _without_discriminators(value) for name, value in schema.items() if name != "discriminator"}
    return schema


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
