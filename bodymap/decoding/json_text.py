"""JSON text of requests: UTF-8, with or without a byte order mark, and no key twice in an object.

What a repeated key means is not defined (RFC 8259, section 4): readers disagree, so it is rejected.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bodymap.errors import Complaint, Malformed

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def content_of(body: bytes) -> bytes:
    """The JSON text of a body."""
    return body.removeprefix(_BYTE_ORDER_MARK)


def malformed(error: Exception) -> Malformed:
    """The error for a body that is not JSON, with the parser's reason."""
    return Malformed(f"The body cannot be read as JSON: {error}")


def plain(content: bytes) -> Any:
    """Plain JSON values; Malformed with the place where it breaks off."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from None


def pointer(parent: str, token: str | int) -> str:
    """A JSON pointer (RFC 6901) one step further in."""
    return f"{parent}/{str(token).replace('~', '~0').replace('/', '~1')}"


def repeated_keys(content: bytes) -> list[Complaint]:
    """A complaint for each key that an object has more than once, in JSON that is known to be well-formed."""
    repeating = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeating
        distinct = dict(pairs)
        if len(distinct) == len(pairs):
            return distinct
        repeating = True
        names = [name for name, _ in pairs]
        return _Repeating(distinct, tuple(name for name in distinct if names.count(name) > 1))

    try:
        # Numbers stay text: their values do not matter, and one of a million digits would be slow.
        value = json.loads(content.decode(), strict=False, object_pairs_hook=members, parse_int=str, parse_float=str)
    except RecursionError as error:
        raise malformed(error) from None
    if not repeating:
        return []
    detail = "This key appears more than once in its object. State it once."
    return [Complaint(at, "repeated-key", detail) for at in _repeated(value, "")]


class _Repeating(dict[str, Any]):
    """An object, and the keys that it had more than once."""

    def __init__(self, members: Mapping[str, Any], repeated: tuple[str, ...]) -> None:
        super().__init__(members)
        self.repeated = repeated


def _repeated(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, _Repeating):
        yield from (pointer(at, name) for name in value.repeated)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _repeated(inner, pointer(at, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _repeated(inner, pointer(at, index))
