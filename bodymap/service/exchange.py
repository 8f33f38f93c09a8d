"""The format in which records are exported and imported: one line of JSON each (NDJSON).

A line is a session as a client would post it, or an exported version of one with everything that the server added. Each
imported line is answered by a line.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.charting.session import Session
from bodymap.charting.signatures import Change
from bodymap.errors import Complaint
from bodymap.storage.audit import RecordedEntry
from bodymap.storage.signed_charts import SignedChart

LINE_LIMIT = 32 << 20
"""The longest line that is read: far longer than the largest possible session."""


class ExportedSession(Session, frozen=True, kw_only=True, tag_field="record", tag="session"):
    """A version of a session as it is stored: the change that made it, and the chart stored with its signature
    (compressed with zlib, in base64; `digest` is the SHA-256 of what comes out).
    """

    change: Change
    chart: SignedChart | None = None
    atlas_digest: Annotated[
        str | None,
        Meta(
            description="SHA-256 of the manifest of the atlas that it was resolved on; absent if it was not kept, as "
            "before atlas 1 was released."
        ),
    ] = None
    signed: Annotated[bool, Meta(description="Whether any version of the session was signed.")] = False

    @property
    def session(self) -> Session:
        """The session without its change and chart."""
        return Session(**{name: getattr(self, name) for name in Session.__struct_fields__})


class ExportedEntry(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="audit"):
    """An audit entry about an exported session. It names only sessions of the export."""

    entry: RecordedEntry


class LineProblem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a line was refused, in the form of a problem: `errors` has every complaint, with a pointer into the line."""

    type: Annotated[str, Meta(description="`urn:bodymap:problem:` and the code of the problem.")]
    title: Annotated[str, Meta(description="What kind of problem it is, in a few words.")]
    detail: Annotated[str, Meta(description="What is wrong, and what would be right.")]
    errors: tuple[Complaint, ...] = ()


class LineAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of a line: its number, from 1, and the session that it is about.

    `created`: it is stored now. `existing`: it was stored before, by identifier, key or id. `refused`: it is invalid,
    and will be again; `problem` says why for the first thousand refused lines of an import. `failed`: the service could
    not store it now; send it again. `ignored`: audit entries stay with the service that wrote them.
    """

    line: Annotated[int, Meta(description="The line's number, from 1.")]
    status: Annotated[
        Literal["created", "existing", "refused", "failed", "ignored"], Meta(description="What became of it.")
    ]
    id: Annotated[str | None, Meta(description="The session's id.", extra_json_schema={"format": "uuid"})] = None
    version: Annotated[int | None, Meta(description="The session's version.")] = None
    problem: LineProblem | None = None


class Line(msgspec.Struct, frozen=True):
    """A line of an import: its number, from 1, and its content, None if it is too long to be read."""

    number: int
    content: bytes | None


class LineReader:
    """Splits packets of any size into lines; holds at most the limit of a line in memory."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._rest = bytearray()
        self._number = 0
        self._too_long = False

    def feed(self, packet: bytes) -> Iterator[Line]:
        """The lines that end in the packet; empty ones are counted and left out."""
        first, *others = packet.split(b"\n")
        self._add(first)
        for part in others:
            yield from self._ended()
            self._add(part)

    def end(self) -> Iterator[Line]:
        """The last line, if it does not end with a line break."""
        if self._rest or self._too_long:
            yield from self._ended()

    def _add(self, part: bytes) -> None:
        if self._too_long or len(self._rest) + len(part) > self._limit:
            self._too_long = True
            self._rest.clear()
        else:
            self._rest += part

    def _ended(self) -> Iterator[Line]:
        self._number += 1
        content, too_long = bytes(self._rest), self._too_long
        self._rest.clear()
        self._too_long = False
        if self._number == 1:
            content = content.removeprefix(b"\xef\xbb\xbf")
        if too_long:
            yield Line(self._number, None)
        elif content.strip():
            yield Line(self._number, content)


_encoder = msgspec.json.Encoder()


def encoded(value: Any) -> bytes:
    """A value as a line of JSON."""
    return _encoder.encode(value) + b"\n"
