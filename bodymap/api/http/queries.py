"""The query of an address as a struct, with every complaint about it.

An unknown parameter is rejected rather than ignored: a misspelt filter must not answer with everything.
"""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, structs

from bodymap.decoding.moments import parsable, with_plus
from bodymap.decoding.walk import worded
from bodymap.errors import Complaint, Invalid
from bodymap.words import Language


class NoQuery(msgspec.Struct, frozen=True):
    """An address that takes no parameters."""


class InLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """The language of the sentences in an answer."""

    lang: Annotated[Language, Meta(description="The language of sentences in the answer.")] = "en"


def read_query(pairs: Sequence[tuple[str, str]], kind: type[msgspec.Struct]) -> Any:
    """The parameters as a `kind`. Raises Invalid with one complaint for each that is unknown, repeated or invalid."""
    fields = _fields(kind)
    values: dict[str, Any] = {}
    complaints: list[Complaint] = []
    seen: set[str] = set()
    for name, text in pairs:
        if name not in fields:
            complaints.append(_unknown(name, tuple(fields)))
        elif name in seen:
            complaints.append(Complaint(f"?{name}", "repeated", f"`{name}` is given more than once."))
        elif "\0" in text:
            complaints.append(Complaint(f"?{name}", "control-character", "A parameter never holds U+0000."))
        else:
            try:
                wanted = _stated(fields[name].type)
                if moment := _is_moment(wanted):
                    text = parsable(with_plus(text))
                values[fields[name].name] = msgspec.convert(text, wanted, strict=moment)
            except msgspec.ValidationError as error:
                complaints.append(_unfit(name, text, fields[name].type, str(error)))
        seen.add(name)
    complaints += [
        Complaint(f"?{name}", "missing-field", f"`{name}` is required.")
        for name, field in fields.items()
        if field.required and name not in seen
    ]
    if complaints:
        raise Invalid(complaints)
    return kind(**values)


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, structs.FieldInfo]:
    """The members of a query by the names that they have in an address; looking them up takes longer than the rest."""
    return {field.encode_name: field for field in structs.fields(kind)}


@cache
def _stated(kind: Any) -> Any:
    """An annotation less None, which no address can hold: `?from=null` is not the same as leaving it out."""
    if get_origin(kind) is Annotated:
        inner, *facts = get_args(kind)
        return Annotated[_stated(inner), *facts]
    if get_origin(kind) in (Union, UnionType):
        return Union[tuple(member for member in get_args(kind) if member is not NoneType)]  # noqa: UP007  # it is made
    return kind


@cache
def _is_moment(kind: Any) -> bool:
    """Whether an annotation is a time: accepted only in RFC 3339, never as seconds since 1970."""
    return _is_moment(get_args(kind)[0]) if get_origin(kind) is Annotated else kind is datetime


def choices_of(kind: Any) -> tuple[str, ...]:
    """The words that an annotation allows, or nothing where it allows more than a list of words."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        members = [member for member in get_args(kind) if member is not NoneType]
        kind = members[0] if len(members) == 1 else kind
    return tuple(get_args(kind)) if get_origin(kind) is Literal else ()


def is_yes_or_no(kind: Any) -> bool:
    """Whether an annotation is a boolean that is always there."""
    return is_yes_or_no(get_args(kind)[0]) if get_origin(kind) is Annotated else kind is bool


def _unknown(name: str, known: tuple[str, ...]) -> Complaint:
    near = tuple(get_close_matches(name, known, 3))
    hint = f"Known: {_listed(known)}." if known else "There are none."
    return Complaint(f"?{name}", "unknown-parameter", f"There is no parameter `{name}` here. {hint}", suggestions=near)


def _unfit(name: str, text: str, kind: Any, reason: str) -> Complaint:
    choices = choices_of(kind)
    if choices:
        near = tuple(get_close_matches(text, choices, 3))
        return Complaint(f"?{name}", "unknown-value", f"`{name}` is one of {_listed(choices)}.", suggestions=near)
    # In an address everything is text: that it is a string is not the problem.
    detail = worded(reason).removesuffix(", got a string")
    return Complaint(f"?{name}", "out-of-range", f"`{name}` is invalid: {detail}.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
