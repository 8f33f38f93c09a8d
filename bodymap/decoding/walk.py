"""An invalid body, read member by member: every complaint, and the members that can be used."""

import re
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import UNSET, structs

from bodymap.decoding.json_text import pointer
from bodymap.decoding.member_rules import Advice
from bodymap.decoding.moments import parsable
from bodymap.errors import Complaint, Invalid

# A body that is wrong throughout must not keep the service busy: so many complaints are enough.
MAX_COMPLAINTS = 500


class Walk:
    """One pass over an invalid body. UNSET stands for what cannot be used."""

    def __init__(self) -> None:
        self.complaints: list[Complaint] = []
        self.unusable: list[str] = []

    def complain(self, at: str, code: str, detail: str, suggestions: tuple[str, ...] = ()) -> Any:
        self.complaints.append(Complaint(at, code, detail, suggestions=suggestions))
        if len(self.complaints) == MAX_COMPLAINTS:
            raise Invalid(self.complaints, f"{MAX_COMPLAINTS} problems, and maybe more; nothing was saved.")
        return UNSET

    def read(self, raw: Any, kind: Any, at: str) -> Any:
        """`raw` as `kind` (an annotation); descends into structs, lists and unions of structs."""
        bare = _bare(kind)
        members = _members(bare)
        if raw is None and NoneType in members:
            return None
        members = tuple(member for member in members if member is not NoneType)
        if all(_is_struct(member) for member in members):
            return self.read_struct(raw, members, at)
        if len(members) == 1 and members[0] is not bare:
            return self.read(raw, members[0], at)
        arguments = get_args(bare)
        is_list = get_origin(bare) is list or (get_origin(bare) is tuple and arguments[1:] == (...,))
        if is_list and isinstance(raw, list):
            return self.read_list(raw, kind, arguments[0], at)
        if get_origin(bare) is Literal:
            return self.read_choice(raw, kind, arguments, at)
        return self.read_leaf(raw, kind, at)

    def read_struct(self, raw: Any, kinds: tuple[Any, ...], at: str) -> Any:
        if not isinstance(raw, Mapping):
            return self.complain(at, "wrong-type", f"Expected an object, got {_json_name(raw)}.")
        field = kinds[0].__struct_config__.tag_field
        if field is None:
            return self.read_members(raw, kinds[0], at)
        for kind in kinds:
            if raw.get(field) == kind.__struct_config__.tag:
                return self.read_members(raw, kind, at)
        tags = tuple(str(kind.__struct_config__.tag) for kind in kinds)
        problem = f"is {_as_json(raw[field])}" if field in raw else "is missing"
        return self.complain(
            pointer(at, field), "unknown-kind", f"`{field}` {problem}; it is one of {_listed(tags)}.", tags
        )

    def read_members(self, raw: Mapping[str, Any], kind: Any, at: str) -> Any:
        fields = structs.fields(kind)
        known = {field.encode_name for field in fields} | {kind.__struct_config__.tag_field}
        values: dict[str, Any] = {}
        whole = True
        if kind.__struct_config__.forbid_unknown_fields:
            for name in raw:
                if name not in known:
                    near = tuple(get_close_matches(name, [field.encode_name for field in fields], 3))
                    hint = f" Did you mean {_listed(near)}?" if near else ""
                    self.complain(
                        pointer(at, name), "unknown-field", f"There is no field {_as_json(name)} here.{hint}", near
                    )
        for field in fields:
            place = pointer(at, field.encode_name)
            value: Any = UNSET
            if field.encode_name in raw:
                value = self.read(raw[field.encode_name], field.type, place)
            elif field.required:
                self.complain(place, "missing-field", f"`{field.encode_name}` is required.")
            if value is not UNSET:
                values[field.name] = value
            else:
                whole = whole and not field.required
        return kind(**values) if whole else UNSET

    def read_list(self, raw: list[Any], kind: Any, item_kind: Any, at: str) -> Any:
        try:
            msgspec.convert([None] * len(raw), _lengths_of(kind))
        except msgspec.ValidationError as error:
            return self.complain(at, "wrong-length", f"{error}.")
        items: list[Any] = []
        whole = True
        for index, member in enumerate(raw):
            place = pointer(at, index)
            value = self.read(member, item_kind, place)
            if value is UNSET:
                value = _placeholder(item_kind)
                whole = whole and value is not UNSET
                self.unusable.append(place)
            items.append(value)
        return (tuple(items) if get_origin(_bare(kind)) is tuple else items) if whole else UNSET

    def read_choice(self, raw: Any, kind: Any, choices: tuple[Any, ...], at: str) -> Any:
        if isinstance(raw, str) and raw in choices:
            return raw
        for fact in get_args(kind) if get_origin(kind) is Annotated else ():
            if isinstance(fact, Advice) and fact.concerns(raw):
                return self.complain(at, "unknown-value", fact.detail)
        return self.complain(at, "unknown-value", f"It is one of {_listed(choices)}, got {_as_json(raw)}.", choices)

    def read_leaf(self, raw: Any, kind: Any, at: str) -> Any:
        if isinstance(raw, float) and raw.is_integer() and abs(raw) < _EXACT:
            # Many clients have no whole numbers: 7.0 is 7 (JSON Schema 2020-12, section 6.1.1).
            raw = int(raw)
        elif isinstance(raw, str) and _bare(kind) is datetime:
            raw = parsable(raw)
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            return self.complain(*complaint_of(error, at))


# Above this a float does not identify a whole number.
_EXACT = 2**53
_WRONG_TYPE = re.compile(r"Expected `[^`]*`, got `[^`]*`")
_QUOTED = re.compile(r"`(\w+(?: \| \w+)*)`")
_JSON_NAMES = {
    "float": "a number",
    "int": "a whole number",
    "str": "a string",
    "bool": "a boolean",
    "array": "a list",
    "object": "an object",
    "datetime": "a time (RFC 3339)",
    "date": "a date",
}
_STEPS = re.compile(r"[^\[\].`]+")


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _members(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _lengths_of(kind: Any) -> Any:
    """The annotation of a list with the bounds of `kind` on its length and none on its items."""
    bounds = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return Annotated[(list[Any], *bounds)] if bounds else list[Any]


def _placeholder(kind: Any) -> Any:
    """An empty item that keeps the numbering of a list, where its type can be empty."""
    first = _members(_bare(kind))[0]
    empty = _is_struct(first) and not any(field.required for field in structs.fields(first))
    return first() if empty else UNSET


def complaint_of(error: msgspec.ValidationError, at: str = "") -> tuple[str, str, str]:
    """Pointer, code and detail of a msgspec error about the value at a pointer."""
    detail, _, path = str(error).partition(" - at `$")
    for step in _STEPS.findall(path):
        at = pointer(at, step)
    code = "wrong-type" if _WRONG_TYPE.fullmatch(detail) else "out-of-range"
    return at, code, f"{worded(detail)}."


def worded(detail: str) -> str:
    """A msgspec message with the names that JSON has for its types."""
    return _QUOTED.sub(lambda quoted: _named(quoted[1]) or quoted[0], detail)


def _named(types: str) -> str:
    """The JSON names of msgspec's `int | float | null`; nothing where there is none."""
    names = [_JSON_NAMES.get(name, "") for name in types.split(" | ") if name != "null"]
    if names[-2:] == [_JSON_NAMES["int"], _JSON_NAMES["float"]]:
        names = names[-1:]
    return " or ".join(names) if all(names) else ""


def _json_name(raw: Any) -> str:
    if isinstance(raw, bool):
        return "a boolean"
    names = {NoneType: "null", str: "a string", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(raw), type(raw).__name__)


def _as_json(raw: Any) -> str:
    """A value as JSON, short enough for a sentence."""
    text = msgspec.json.encode(raw).decode()
    return text if len(text) <= 60 else text[:57] + "..."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
