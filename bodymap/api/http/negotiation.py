"""What RFC 9110 says about formats and entity tags, as functions of header values."""

import hashlib
import re
from collections.abc import Iterator, Sequence

_ETAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that the client prefers, the first if it has no preference; None if it accepts none."""
    if accept is None or not accept.strip():
        return offered[0]
    ranges = list(_ranges(accept))
    liked = [(_quality(kind, ranges), kind) for kind in offered]
    quality, kind = max(liked, key=lambda pair: pair[0])
    return kind if quality > 0 else None


def essence(content_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def charset(content_type: str) -> str:
    """The charset that a media type names, in lower case; UTF-8 where it names none."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"


def etag_of(*facts: object) -> str:
    """A strong entity tag for what is made of these facts and nothing else."""
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def etags(value: str) -> list[tuple[bool, str]] | None:
    """The (weak, tag) of each entity tag in a list; None where it is not one."""
    tags: list[tuple[bool, str]] = []
    rest = value.strip()
    while rest:
        match = _ETAG.match(rest)
        if match is None:
            return None
        tags.append((match[1] is not None, match[2]))
        rest = rest[match.end() :].lstrip()
        if rest and not rest.startswith(","):
            return None
        rest = rest.lstrip(", \t")
    return tags or None


def none_match(if_none_match: str | None, etag: str | None) -> bool:
    """Whether an answer with this entity tag must be sent whole: False means 304 (weak comparison)."""
    if if_none_match is None or etag is None:
        return True
    if if_none_match.strip() == "*":
        return False
    tags = etags(if_none_match)
    return tags is None or etag.strip('"') not in {tag for _, tag in tags}


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for member in accept.split(","):
        kind, *parameters = (part.strip().lower() for part in member.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        if kind:
            yield kind, quality


def _quality(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality that the most specific matching range gives."""
    for pattern in (kind, kind.partition("/")[0] + "/*", "*/*"):
        given = [quality for name, quality in ranges if name == pattern]
        if given:
            return max(given)
    return 0.0
