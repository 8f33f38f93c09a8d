"""JSON Schemas of msgspec in the forms that generators of clients and documentation understand.

What is allowed stays the same, but for two things that they cannot read: a pair is a list of two numbers, and a
constant `true` is a boolean.
"""

import re
from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

Schema = dict[str, Any]

NULL: Schema = {"type": "null"}


def tidied(schema: Any) -> Any:
    """A schema without empty `required`, defaults of null, enums without a type, tuples, constant booleans and indented
    descriptions."""
    if isinstance(schema, list):
        return [tidied(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    whole = {name: tidied(value) for name, value in schema.items()}
    if whole.get("required") == []:
        del whole["required"]
    if "default" in whole and whole["default"] is None:
        del whole["default"]
    if isinstance(whole.get("description"), str):
        whole["description"] = cleandoc(whole["description"])
    if isinstance(whole.get("pattern"), str):
        # The end is \Z for Python, where $ also matches before a last line break, and $ for JSON Schema.
        whole["pattern"] = re.sub(r"\\Z$", "$", whole["pattern"])
    if isinstance(whole.get("anyOf"), list):
        whole = _numbers_once(whole)
    return _list_of_equals(_typed(whole))


def without_defaults(schema: Any) -> Any:
    """A schema without defaults: generated clients would send them."""
    return _everywhere(schema, "default")


def without_discriminators(schema: Any) -> Any:
    """A schema without discriminators, which only OpenAPI has."""
    return _everywhere(schema, "discriminator")


def without_null(schema: Schema) -> Schema:
    """The schema of an optional query parameter without null, which an address cannot hold."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != NULL]
    if len(choices) != 1:
        return schema
    return {**choices[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def described(schema: Schema, every: Mapping[str, Schema]) -> Schema:
    """A schema whose properties each have a sentence: their own, or that of the type that they hold. Types are looked
    up in `every`, by name."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    sentences = {name: _sentence(member, every) for name, member in properties.items()}
    spoken = {
        name: {"description": sentences[name], **member} if sentences[name] and isinstance(member, dict) else member
        for name, member in properties.items()
    }
    return {**schema, "properties": spoken}


def _everywhere(schema: Any, unwanted: str) -> Any:
    if isinstance(schema, list):
        return [_everywhere(member, unwanted) for member in schema]
    if isinstance(schema, dict):
        return {name: _everywhere(value, unwanted) for name, value in schema.items() if name != unwanted}
    return schema


def _numbers_once(schema: Schema) -> Schema:
    """A schema with a choice between integers and numbers of equal bounds reduced to numbers."""
    choices = schema["anyOf"]
    remaining = [each for each in choices if each.get("type") != "integer" or {**each, "type": "number"} not in choices]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**remaining[0], **rest} if len(remaining) == 1 else {**schema, "anyOf": remaining}


def _typed(schema: Schema) -> Schema:
    """A schema with the type of its enum; a constant boolean is a boolean, and a constant null is null."""
    values = schema.get("enum")
    if not isinstance(values, list) or "type" in schema:
        return schema
    if all(isinstance(value, str) for value in values):
        return {"type": "string", **schema}
    rest = {name: value for name, value in schema.items() if name != "enum"}
    if all(isinstance(value, bool) for value in values):
        return {"type": "boolean", **rest}
    return {**NULL, **rest} if values == [None] else schema


def _list_of_equals(schema: Schema) -> Schema:
    """A schema with a tuple of members of one type as a list of that length."""
    members = schema.get("prefixItems")
    if not members or any(member != members[0] for member in members):
        return schema
    return {**{name: value for name, value in schema.items() if name != "prefixItems"}, "items": members[0]}


def _sentence(schema: Any, every: Mapping[str, Schema]) -> str:
    """What a schema says of its value, or else the first sentence of the type that it refers to."""
    if not isinstance(schema, dict):
        return ""
    if schema.get("description"):
        return str(schema["description"])
    if "$ref" in schema:
        return _first_sentence(str(every[schema["$ref"].rpartition("/")[2]].get("description", "")))
    parts = [*schema.get("anyOf", []), schema.get("items"), schema.get("additionalProperties")]
    if isinstance(schema.get("const", schema.get("enum", [None])[0]), str) and "enum" in schema:
        return f"Always `{schema['enum'][0]}`." if len(schema["enum"]) == 1 else ""
    return next((said for part in parts if (said := _sentence(part, every))), "")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", " ".join(text.split()), maxsplit=1)[0]
