"""Scopes of SMART on FHIR (v2, backend services), mapped to scopes of this service.

    system/Procedure.rs           session:read, chart:read, atlas:read
    system/Procedure.cu           session:write, atlas:read
    system/DocumentReference.rs   chart:read, atlas:read
    system/BodyStructure.rs       atlas:read
    system/*.…                    what it gives for each of these

A session is a Procedure, its chart a DocumentReference. Letters add up over a token's scopes: reading takes `r` and
`s`, writing `c` and `u` (nothing of a record is ever deleted). `read`, `write` and `*` of v1 mean `rs`, `cud` and
`cruds`. Scopes of this service stand for themselves. What cannot be enforced grants nothing, rather than too much: a
scope with a query (`system/Procedure.rs?status=completed`), and those of one patient or user.
"""

import re
from collections.abc import Iterable

from bodymap.service import SCOPES

_SCOPE = re.compile(r"system/(\*|[A-Z][A-Za-z]{0,63})\.(c?r?u?d?s?|read|write|\*)", re.ASCII)
_V1 = {"read": "rs", "write": "cud", "*": "cruds"}
_RULES: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("Procedure", frozenset("rs"), frozenset({"session:read", "chart:read", "atlas:read"})),
    ("Procedure", frozenset("cu"), frozenset({"session:write", "atlas:read"})),
    ("DocumentReference", frozenset("rs"), frozenset({"chart:read", "atlas:read"})),
    ("BodyStructure", frozenset("rs"), frozenset({"atlas:read"})),
)


def scopes_of(stated: Iterable[str]) -> frozenset[str]:
    """The scopes of this service that a token's scopes grant."""
    given: set[str] = set()
    letters: dict[str, set[str]] = {}
    for scope in stated:
        if scope in SCOPES:
            given.add(scope)
        elif match := _SCOPE.fullmatch(scope):
            letters.setdefault(match[1], set()).update(_V1.get(match[2], match[2]))
    for resource, needed, ours in _RULES:
        if needed <= letters.get(resource, set()) | letters.get("*", set()):
            given |= ours
    return frozenset(given)
