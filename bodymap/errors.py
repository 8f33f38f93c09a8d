"""What can go wrong, as values of the domain. Nothing here knows of HTTP, FHIR or exit codes.

BodymapError
├── Malformed               the body is not JSON
├── BadFraming              where the body ends cannot be found
├── TooSlow                 the body does not come, or too slowly
├── Invalid                 it does not fit: one complaint for each thing that is wrong
│   └── KeyReused           an idempotency key came again with another request
├── Missing                 there is no such thing
│   ├── UnknownSession
│   ├── UnknownPlacement
│   ├── UnknownRegion
│   ├── UnknownView
│   ├── UnknownPlate
│   ├── UnknownAtlas        this version of the atlas is not here
│   ├── UnknownAddress
│   └── Gone                it was given away for a time, which is over
├── Conflict                it would contradict what is recorded
│   ├── IdentifierTaken     another session or placement carries the identifier
│   ├── AtlasNotHere        the record stays on an atlas version that is not here any more
│   └── StillRunning        the first request with this idempotency key has not ended
├── VersionRequired         a change must name the version it changes
├── Stale                   the named version is not the current one
├── Unauthenticated         it is not known who asks
├── Forbidden               this caller may not
├── Misdirected             the request was meant for another host
├── TooManyRequests         this caller has asked too often
├── NotAcceptable           none of the accepted formats can be made
├── UnsupportedMediaType    the body's format is not understood
├── MethodNotAllowed        the address exists, the method does not
├── TooLarge                the body is larger than is taken
├── Unavailable             the service cannot do it now
│   ├── Busy                too much of this client's waits already
│   ├── StorageUnavailable  the database cannot be read or written
│   │   └── Damaged         what it reads makes no sense: it must be restored
│   ├── AuditBroken         the audit is not what was written, so that nothing can be written after it
│   ├── OutcomeUnknown      the database went away while it was keeping this
│   └── NewerDatabase       the database was written by a newer release
├── Corrupt                 an asset is not what its manifest says
└── Misconfigured           a setting is unknown or makes no sense
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec


class Complaint(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong: where (a JSON pointer into the request), which kind, and what would be right.

    `regions` and `suggestions` list what could be meant. `mirrored_*` say where the same point lies on the body's
    other half and what is there, when a stated side disagrees with its point.
    """

    pointer: str
    code: str
    detail: str
    regions: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    mirrored_at: tuple[float, float] | None = None
    mirrored_view: str | None = None
    mirrored_structure: str | None = None
    mirrored_region: str | None = None


class BodymapError(Exception):
    """Root of everything raised on purpose. `code` is stable and public; `detail` is for a person."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, **facts: Any) -> None:
        """`facts` are members that a client can act on, such as the id of the record that stands in the way."""
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class Malformed(BodymapError):
    code = "malformed"
    title = "The body is not JSON"


class BadFraming(BodymapError):
    code = "bad-framing"
    title = "The body is not framed as HTTP"


class TooSlow(BodymapError):
    code = "too-slow"
    title = "The body came too slowly"


class Invalid(BodymapError):
    code = "invalid"
    title = "The request does not fit"

    def __init__(self, complaints: Sequence[Complaint], detail: str = "") -> None:
        """Every complaint, in the order of the request. An empty `detail` is composed from them."""
        self.complaints = tuple(complaints)
        count = len(self.complaints)
        super().__init__(detail or f"{count} thing{'' if count == 1 else 's'} to mend; nothing was changed.")


class KeyReused(Invalid):
    code = "idempotency-key-reused"
    title = "The idempotency key belongs to another request"

    def __init__(self) -> None:
        detail = "This Idempotency-Key came with another method, address or body. Use a new key."
        complaint = Complaint("Idempotency-Key", self.code, detail)
        super().__init__([complaint], complaint.detail)


class Missing(BodymapError):
    code = "not-found"
    title = "There is no such thing"


class UnknownSession(Missing):
    code = "unknown-session"
    title = "There is no such session"


class UnknownPlacement(Missing):
    code = "unknown-placement"
    title = "There is no such placement"


class UnknownRegion(Missing):
    code = "unknown-region"
    title = "The atlas has no such region"


class UnknownView(Missing):
    code = "unknown-view"
    title = "The atlas has no such view"


class UnknownPlate(Missing):
    code = "unknown-plate"
    title = "The atlas has no such plate"


class UnknownAtlas(Missing):
    code = "unknown-atlas"
    title = "This version of the atlas is not here"


class UnknownAddress(Missing):
    code = "unknown-address"
    title = "Nothing is served at this address"


class Gone(Missing):
    code = "gone"
    title = "This is over"


class Conflict(BodymapError):
    code = "conflict"
    title = "It would contradict what is recorded"


class IdentifierTaken(Conflict):
    code = "identifier-taken"
    title = "Another session or placement carries this identifier"


class AtlasNotHere(Conflict):
    code = "atlas-not-here"
    title = "The record stays on an atlas version that is not here"


class StillRunning(Conflict):
    code = "still-running"
    title = "The first request with this idempotency key has not ended"


class VersionRequired(BodymapError):
    code = "version-required"
    title = "A change must name the version it changes"


class Stale(BodymapError):
    code = "stale"
    title = "The record has changed since"


class Forbidden(BodymapError):
    code = "forbidden"
    title = "This caller may not do that"


class Unauthenticated(BodymapError):
    code = "unauthenticated"
    title = "It is not known who asks"


class Misdirected(BodymapError):
    code = "misdirected"
    title = "The request was meant for another host"


class TooManyRequests(BodymapError):
    code = "too-many-requests"
    title = "This caller has asked too often"


class NotAcceptable(BodymapError):
    code = "not-acceptable"
    title = "None of the accepted formats can be made"


class UnsupportedMediaType(BodymapError):
    code = "unsupported-media-type"
    title = "The format of the body is not understood"


class MethodNotAllowed(BodymapError):
    code = "method-not-allowed"
    title = "This address does not take that method"


class TooLarge(BodymapError):
    code = "too-large"
    title = "The body is too large"


class Unavailable(BodymapError):
    code = "unavailable"
    title = "The service cannot do this now"


class Busy(Unavailable):
    code = "busy"
    title = "Too much of this client's waits already"


class StorageUnavailable(Unavailable):
    code = "storage-unavailable"
    title = "The database cannot be used"


class Damaged(StorageUnavailable):
    code = "damaged"
    title = "The database is damaged"


class OutcomeUnknown(Unavailable):
    code = "outcome-unknown"
    title = "It is not known whether this was kept"


class NewerDatabase(Unavailable):
    code = "newer-database"
    title = "The database was written by a newer release"


class AuditBroken(Unavailable):
    code = "audit-broken"
    title = "The audit is not what was written"


class Corrupt(BodymapError):
    code = "corrupt-asset"
    title = "An asset is not what its manifest says"


class Misconfigured(BodymapError):
    code = "misconfigured"
    title = "A setting is unknown or makes no sense"
