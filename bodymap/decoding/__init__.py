"""From the JSON of a request to a value of the domain, with every complaint and not only the first.

msgspec checks fast and stops at its first error. So a body is decoded by msgspec, and only an invalid one is walked
member by member: what is wrong becomes complaints, and what is right is kept, so that the rules that compare members
can add their complaints to the same answer. Then newly stated members are checked against the rules that types cannot
express.
"""

import re
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET

from bodymap.decoding.json_text import content_of, malformed, plain, pointer, repeated_keys
from bodymap.decoding.member_rules import checked
from bodymap.decoding.walk import MAX_COMPLAINTS, Walk
from bodymap.errors import Complaint, Invalid

__all__ = ("MAX_COMPLAINTS", "Draft", "convert", "decode", "merge_patch", "parse_json", "pointer")

T = TypeVar("T")

# msgspec rounds what is finer than a microsecond; the walk cuts it.
_FINER_THAN_A_MICROSECOND = re.compile(rb":\d\d\.\d{7}")


class Draft(Generic[T]):
    """A decoded body: its `value`, the `complaints` about its shape, and the pointers of items that could not be used.

    `unusable` are JSON pointers of list items whose place in `value` is held by an empty one.
    """

    def __init__(self, value: T, complaints: list[Complaint] | None = None, unusable: frozenset[str] = frozenset()):
        self.value = value
        self.complaints = complaints or []
        self.unusable = unusable

    def accepted(self) -> T:
        """The value if there are no complaints. Raises Invalid."""
        if self.complaints:
            raise Invalid(self.complaints)
        return self.value


def parse_json(body: bytes) -> Any:
    """Plain JSON values; Malformed with the place where it breaks off, Invalid for a key twice in an object."""
    content = content_of(body)
    value = plain(content)
    if repeated := repeated_keys(content):
        raise Invalid(repeated[:MAX_COMPLAINTS])
    return value


def decode(body: bytes, kind: Any) -> Draft[Any]:
    """Decode a JSON body as `kind`, a struct or a union of tagged structs. Malformed where it is not JSON."""
    content = content_of(body)
    draft: Draft[Any] | None = None
    try:
        if _FINER_THAN_A_MICROSECOND.search(content) is None:
            draft = _checked(Draft(msgspec.json.decode(content, type=kind)), None)
    except msgspec.ValidationError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from None
    raw = plain(content) if draft is None else None
    repeated = repeated_keys(content)[:MAX_COMPLAINTS]
    try:
        draft = draft or convert(raw, kind)
    except Invalid as error:
        raise Invalid([*repeated, *error.complaints]) from None
    draft.complaints[:0] = repeated
    return draft


def convert(raw: Any, kind: Any, before: Any = None) -> Draft[Any]:
    """Convert plain JSON values to `kind`. Raises Invalid if nothing usable remains.

    With `before`, `raw` is a change of that value: unchanged members are not checked against rules that may be younger
    than they are.
    """
    walk = Walk()
    value = walk.read(raw, kind, "")
    if value is UNSET:
        raise Invalid(walk.complaints)
    return _checked(Draft(value, walk.complaints, frozenset(walk.unusable)), before)


def _checked(draft: Draft[T], before: Any) -> Draft[T]:
    value = checked(draft.value, before, draft.complaints.append)
    return Draft(value, draft.complaints[:MAX_COMPLAINTS], draft.unusable)


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
