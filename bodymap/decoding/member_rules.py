"""Rules for members of what a client states, beyond their JSON types.

A rule is part of a member's annotation, where msgspec ignores it: types read what was stored under older rules, and
only what is newly stated is checked here.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import structs

from bodymap.decoding.json_text import pointer
from bodymap.errors import Complain, Complaint

T = TypeVar("T")


class Doubt(NamedTuple):
    """A problem with a value: the code of the complaint, and what would be right."""

    code: str
    detail: str


def _no_doubt(value: Any) -> Doubt | None:
    return None


def _as_it_is(value: Any) -> Any:
    return value


class MemberRule(NamedTuple):
    """A rule of a member, and the form in which its value is stored. `doubt` gives None for a valid value."""

    doubt: Callable[[Any], Doubt | None] = _no_doubt
    settled: Callable[[Any], Any] = _as_it_is
    empty_is_absent: bool = False


class Advice(NamedTuple):
    """What to say of a value that one choice of several cannot hold: in the annotation of the choice."""

    words: tuple[str, ...]
    detail: str

    def concerns(self, raw: Any) -> bool:
        """Whether the value, of any JSON type, contains one of the words in lower case."""
        text = msgspec.json.encode(raw).decode().lower()
        return any(word in text for word in self.words)


def checked(value: T, before: Any, complain: Complain) -> T:
    """The value in the form in which it is stored: empty texts and objects become absent. Problems go to `complain`.

    Where `before` is given, the record that is changed, members that have its values stay as they are.
    """
    reader = _reader(type(value))
    return value if reader is None else reader(value, before, "", complain)


_Reader = Callable[[Any, Any, str, Complain], Any]


class _Member(NamedTuple):
    attribute: str
    name: str
    default: Any
    empty_is_absent: bool
    read: _Reader


@cache
def _members_of(kind: type[msgspec.Struct]) -> tuple[_Member, ...]:
    members = []
    for field in structs.fields(kind):
        read = _reader(field.type)
        if read is not None:
            rule = _rule(field.type)
            absent = rule is None or rule.empty_is_absent
            members.append(_Member(field.name, field.encode_name, field.default, absent, read))
    return tuple(members)


def _reader(kind: Any) -> _Reader | None:
    """The function that checks a value of an annotation; None if it has no rules."""
    rule = _rule(kind)
    if rule is not None:
        return lambda value, before, at, complain: _read_leaf(rule, value, before, at, complain)
    bare = _bare(kind)
    arguments = get_args(bare)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return _read_struct
    if get_origin(bare) in (Union, UnionType):
        return _read_struct if any(_reader(member) is _read_struct for member in arguments) else None
    if get_origin(bare) is tuple and arguments[1:] == (...,):
        item = _reader(arguments[0])
        return (
            None if item is None else lambda value, before, at, complain: _read_items(item, value, before, at, complain)
        )
    return None


def _read_struct(value: Any, before: Any, at: str, complain: Complain) -> Any:
    if not isinstance(value, msgspec.Struct):
        return value
    changes: dict[str, Any] = {}
    for member in _members_of(type(value)):
        stated = getattr(value, member.attribute)
        if stated is None or stated == member.default:
            continue
        old = getattr(before, member.attribute, None)
        absent = member.default is None and member.empty_is_absent
        if absent and _is_empty(stated):
            new = stated if old == stated else None
        else:
            new = member.read(stated, old, pointer(at, member.name), complain)
            new = None if absent and _is_empty(new) and new is not stated else new
        if new is not stated:
            changes[member.attribute] = new
    return structs.replace(value, **changes) if changes else value


def _read_items(item: _Reader, value: tuple[Any, ...], before: Any, at: str, complain: Complain) -> tuple[Any, ...]:
    old = before if isinstance(before, tuple) else ()
    read = [
        item(each, old[index] if index < len(old) else None, pointer(at, index), complain)
        for index, each in enumerate(value)
    ]
    return value if all(new is each for new, each in zip(read, value, strict=True)) else tuple(read)


def _read_leaf(rule: MemberRule, value: Any, before: Any, at: str, complain: Complain) -> Any:
    if before is not None and before == value and _offset(before) == _offset(value):
        return value
    doubt = rule.doubt(value)
    if doubt is not None:
        complain(Complaint(at, doubt.code, doubt.detail))
        return value
    return rule.settled(value)


def _is_empty(value: Any) -> bool:
    if isinstance(value, msgspec.Struct):
        return all(getattr(value, name) in (None, ()) for name in value.__struct_fields__)
    return bool(value == "")


def _offset(value: Any) -> Any:
    return value.utcoffset() if isinstance(value, datetime) else None


def _rule(kind: Any) -> MemberRule | None:
    """The rule of an annotation, also where the value may be absent or one of several types."""
    if get_origin(kind) is Annotated:
        inner, *facts = get_args(kind)
        return next((fact for fact in facts if isinstance(fact, MemberRule)), None) or _rule(inner)
    if get_origin(kind) in (Union, UnionType):
        return next((rule for member in get_args(kind) if (rule := _rule(member)) is not None), None)
    return None


def _bare(kind: Any) -> Any:
    return _bare(get_args(kind)[0]) if get_origin(kind) is Annotated else kind
