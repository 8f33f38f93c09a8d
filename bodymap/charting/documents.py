"""Records as they are kept: JSON documents, those that earlier releases wrote among them, read in the present shape.

No stored document is rewritten. Flags were kept with their reason, a sentence that names the side, and with their
sources; both are told from the code now.
"""

import re
from typing import Any, Generic, TypeVar

import msgspec

from bodymap.charting.flags import has_side
from bodymap.charting.placement import BARE_SKIN, RecordedPlacement
from bodymap.charting.session import Session

Record = TypeVar("Record")

_SIDE_IN_WORDS = re.compile(r"on the patient's (left|right)\b")


class DocumentReader(Generic[Record]):
    """Reads documents of one kind, whichever release wrote them. Thread-safe."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    def decode(self, document: str | bytes) -> Record:
        """The record in a document. Raises `msgspec.DecodeError` where it is none."""
        try:
            record: Record = self._decoder.decode(document)
        except msgspec.ValidationError:
            record = msgspec.convert(_renewed(msgspec.json.decode(document)), self._kind)
        return record


sessions: DocumentReader[Session] = DocumentReader(Session)
placements: DocumentReader[RecordedPlacement] = DocumentReader(RecordedPlacement)


def _renewed(document: Any) -> Any:
    """A session, placement or needle with its flags, and those of what is in it, in the present shape."""
    if not isinstance(document, dict):
        return document
    renewed = dict(document)
    for name in ("placements", "needles"):
        if isinstance(renewed.get(name), list):
            renewed[name] = [_renewed(part) for part in renewed[name]]
    if isinstance(renewed.get("flags"), list):
        renewed["flags"] = [_flag(flag) for flag in renewed["flags"]]
    return renewed


def _flag(old: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(old.get("reason"), str):
        return old
    flag = {name: value for name, value in old.items() if name not in ("reason", "source")}
    flag.setdefault("certainty", "under-the-point")
    if flag.get("found") == "skin with nothing beneath":
        flag["found"] = BARE_SKIN
    if has_side(str(old.get("code"))):
        named = _SIDE_IN_WORDS.search(old["reason"])
        # Over the fields of both halves, with no one side stated, none was named.
        flag["side"] = named[1] if named else "both"
    return flag
