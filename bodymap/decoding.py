"""From the JSON of a request to a value of the domain, with every complaint and not only the first.

msgspec checks fast and stops at its first error. So a body is decoded by msgspec, and only one that does not fit is
walked member by member: what is wrong becomes complaints, and what is right is kept, so that the rules that compare
members can add their complaints to the same answer.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import UNSET, structs

from bodymap.errors import Complaint, Invalid, Malformed

T = TypeVar("T")

# A body that is wrong throughout must not keep the service busy: whoever sent it learns enough from so many.
MAX_COMPLAINTS = 500


class Draft(Generic[T]):
    """A decoded body: its `value`, the `complaints` about its shape, and the places that could not be used at all.

    `unusable` are JSON pointers of list items whose place in `value` is held by an empty one.
    """

    def __init__(self, value: T, complaints: list[Complaint] | None = None, unusable: frozenset[str] = frozenset()):
        self.value = value
        self.complaints = complaints or []
        self.unusable = unusable

    def accepted(self) -> T:
        """The value, where there is nothing to complain of. Raises Invalid."""
        if self.complaints:
            raise Invalid(self.complaints)
        return self.value


def parse_json(body: bytes) -> Any:
    """Plain JSON values; Malformed with the place where it breaks off."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The body cannot be read as JSON: {error}") from None


def decode(body: bytes, kind: Any) -> Draft[Any]:
    """Decode a JSON body as `kind`, a struct or a union of tagged structs. Malformed where it is not JSON."""
    try:
        return Draft(msgspec.json.decode(body, type=kind))
    except msgspec.ValidationError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The body cannot be read as JSON: {error}") from None
    return convert(parse_json(body), kind)


def convert(raw: Any, kind: Any) -> Draft[Any]:
    """The same from plain JSON values. Invalid where nothing usable remains."""
    walk = _Walk()
    value = walk.read(raw, kind, "")
    if value is UNSET:
        raise Invalid(walk.complaints)
    return Draft(value, walk.complaints, frozenset(walk.unusable))


def pointer(parent: str, token: str | int) -> str:
    """A JSON pointer (RFC 6901) one step further in."""
    return f"{parent}/{str(token).replace('~', '~0').replace('/', '~1')}"


def merge_patch(target: Any, patch: Any) -> Any:
    """`target` as JSON Merge Patch (RFC 7396) changes it; neither argument is touched."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


class _Walk:
    """One pass over a body that does not fit. UNSET stands for what cannot be used."""

    def __init__(self) -> None:
        self.complaints: list[Complaint] = []
        self.unusable: list[str] = []

    def complain(self, at: str, code: str, detail: str, suggestions: tuple[str, ...] = ()) -> Any:
        self.complaints.append(Complaint(at, code, detail, suggestions=suggestions))
        if len(self.complaints) == MAX_COMPLAINTS:
            raise Invalid(self.complaints, f"{MAX_COMPLAINTS} things to mend, and maybe more; nothing was changed.")
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
            return self.read_choice(raw, arguments, at)
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
        said = f"is {_shown(raw[field])}" if field in raw else "is missing"
        return self.complain(
            pointer(at, field), "unknown-kind", f"`{field}` {said}; it is one of {_listed(tags)}.", tags
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
                        pointer(at, name), "unknown-field", f"There is no field {_shown(name)} here.{hint}", near
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

    def read_choice(self, raw: Any, choices: tuple[Any, ...], at: str) -> Any:
        if isinstance(raw, str) and raw in choices:
            return raw
        return self.complain(at, "unknown-value", f"It is one of {_listed(choices)}, got {_shown(raw)}.", choices)

    def read_leaf(self, raw: Any, kind: Any, at: str) -> Any:
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            detail, _, path = str(error).partition(" - at `$")
            for step in _STEPS.findall(path):
                at = pointer(at, step)
            code = "wrong-type" if _WRONG_TYPE.fullmatch(detail) else "out-of-range"
            return self.complain(at, code, f"{worded(detail)}.")


_WRONG_TYPE = re.compile(r"Expected `[^`]*`, got `[^`]*`")
_QUOTED = re.compile(r"`(\w+)`")
_JSON_NAMES = {
    "float": "a number",
    "int": "a whole number",
    "str": "a string",
    "bool": "a boolean",
    "array": "a list",
    "object": "an object",
    "datetime": "a time (RFC 3339)",
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


def worded(detail: str) -> str:
    """A msgspec message with the names that JSON has for its types."""
    return _QUOTED.sub(lambda found: _JSON_NAMES.get(found[1], found[0]), detail)


def _json_name(raw: Any) -> str:
    if isinstance(raw, bool):
        return "a boolean"
    names = {NoneType: "null", str: "a string", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(raw), type(raw).__name__)


def _shown(raw: Any) -> str:
    """A value as JSON, short enough for a sentence."""
    text = msgspec.json.encode(raw).decode()
    return text if len(text) <= 60 else text[:57] + "..."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
