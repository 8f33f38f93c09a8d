"""What can go wrong, as values of the domain. Nothing here knows of HTTP, FHIR or exit codes.

BodymapError
├── Malformed               the body is not JSON
├── BadFraming              where the body ends cannot be found
├── TooSlow                 the body does not arrive, or too slowly
├── Invalid                 it is invalid: one complaint for each problem
│   └── KeyReused           an idempotency key came again with another request
├── Missing                 not found
│   ├── UnknownSession
│   ├── UnknownPlacement
│   ├── UnknownRegion
│   ├── UnknownView
│   ├── UnknownPlate
│   ├── UnknownAtlas        this version of the atlas is not available
│   ├── UnknownAddress
│   └── Gone                it was shared for a limited time, which has passed
├── Conflict                it conflicts with the record
│   ├── IdentifierTaken     another session or placement has the identifier
│   ├── AtlasNotHere        the record's atlas version is no longer available
│   └── StillRunning        the first request with this idempotency key is still running
├── VersionRequired         a change must name the version it changes
├── Stale                   the named version is not the current one
├── Unauthenticated         no valid credential
├── Forbidden               the caller lacks permission
├── Misdirected             the request was meant for another host
├── TooManyRequests         the caller sent too many requests
├── NotAcceptable           none of the accepted formats is available
├── UnsupportedMediaType    the body's format is not supported
├── MethodNotAllowed        the address exists, the method does not
├── TooLarge                the body is larger than allowed
├── Unavailable             the service cannot do it now
│   ├── Busy                too many requests of this client are waiting
│   ├── StorageUnavailable  the database cannot be read or written
│   │   └── Damaged         its content is invalid: it must be restored
│   ├── AuditBroken         the audit does not verify, so nothing can be appended to it
│   ├── OutcomeUnknown      the database became unreachable during the commit
│   ├── NewerDatabase       the database was written by a newer release
│   └── OtherAtlas          the database was made with another atlas of the same version
├── Corrupt                 an asset does not match its manifest
└── Misconfigured           a setting is unknown or invalid
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta


class Complaint(msgspec.Struct, frozen=True, omit_defaults=True):
    """One problem: where (a JSON pointer into the request), which kind, and what would be right.

    `regions` and `suggestions` list what could be meant. `mirrored_*` say where the same point lies on the body's
    other half and what is there, when a stated side disagrees with its point.
    """

    pointer: Annotated[str, Meta(description="A JSON pointer into the body, or `?name` of a parameter.")]
    code: Annotated[str, Meta(description="Which kind of problem.")]
    detail: Annotated[str, Meta(description="What is wrong, and what would be right.")]
    regions: Annotated[tuple[str, ...], Meta(description="Ids of regions that could be meant.")] = ()
    suggestions: Annotated[tuple[str, ...], Meta(description="Values that could be meant.")] = ()
    mirrored_at: Annotated[
        tuple[float, float] | None,
        Meta(description="The same point `[x, y]` on the body's other half, in millimetres."),
    ] = None
    mirrored_view: Annotated[str | None, Meta(description="The view that `mirrored_at` is on.")] = None
    mirrored_structure: Annotated[str | None, Meta(description="The structure that lies there.")] = None
    mirrored_region: Annotated[str | None, Meta(description="The region that lies there.")] = None


Complain = Callable[[Complaint], None]


class BodymapError(Exception):
    """Root of everything raised on purpose. `code` is stable and public; `detail` is for a person."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, **facts: Any) -> None:
        """`facts` are members that a client can act on, such as the id of the conflicting record."""
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class Malformed(BodymapError):
    code = "malformed"
    title = "The body is not JSON"


class BadFraming(BodymapError):
    code = "bad-framing"
    title = "Invalid HTTP framing"


class TooSlow(BodymapError):
    code = "too-slow"
    title = "The body arrived too slowly"


class Invalid(BodymapError):
    code = "invalid"
    title = "The request is invalid"

    def __init__(self, complaints: Sequence[Complaint], detail: str = "") -> None:
        """Every complaint, in the order of the request. An empty `detail` is composed from them."""
        self.complaints = tuple(complaints)
        count = len(self.complaints)
        super().__init__(detail or f"{count} problem{'' if count == 1 else 's'}; nothing was saved.")


class Unfit(Invalid):
    code = "unfit"
    title = "The request asks for something else than it holds"


@contextmanager
def gathered(at: str, complain: Complain) -> Iterator[None]:
    """Turns an Invalid raised inside into complaints about the member of the request at this pointer."""
    try:
        yield
    except Invalid as error:
        for complaint in error.complaints:
            complain(msgspec.structs.replace(complaint, pointer=at + complaint.pointer))


class KeyReused(Invalid):
    code = "idempotency-key-reused"
    title = "The idempotency key belongs to another request"

    def __init__(self) -> None:
        detail = "This Idempotency-Key came with another method, address or body. Use a new key."
        complaint = Complaint("Idempotency-Key", self.code, detail)
        super().__init__([complaint], complaint.detail)


class Missing(BodymapError):
    code = "not-found"
    title = "Not found"


class UnknownSession(Missing):
    code = "unknown-session"
    title = "Session not found"


class UnknownPlacement(Missing):
    code = "unknown-placement"
    title = "Placement not found"


class UnknownRegion(Missing):
    code = "unknown-region"
    title = "Region not found in the atlas"


class UnknownView(Missing):
    code = "unknown-view"
    title = "View not found in the atlas"


class UnknownPlate(Missing):
    code = "unknown-plate"
    title = "Plate not found in the atlas"


class UnknownAtlas(Missing):
    code = "unknown-atlas"
    title = "Atlas version not available"


class UnknownAddress(Missing):
    code = "unknown-address"
    title = "Address not found"


class Gone(Missing):
    code = "gone"
    title = "No longer available"


class Conflict(BodymapError):
    code = "conflict"
    title = "Conflict with the record"


class IdentifierTaken(Conflict):
    code = "identifier-taken"
    title = "Another session or placement has this identifier"


class AtlasNotHere(Conflict):
    code = "atlas-not-here"
    title = "The record's atlas version is not available"


class StillRunning(Conflict):
    code = "still-running"
    title = "The first request with this idempotency key is still running"


class VersionRequired(BodymapError):
    code = "version-required"
    title = "A change must name the version that it changes"


class Stale(BodymapError):
    code = "stale"
    title = "The record has changed since"


class Forbidden(BodymapError):
    code = "forbidden"
    title = "Not permitted"


class Unauthenticated(BodymapError):
    code = "unauthenticated"
    title = "Not authenticated"


class Misdirected(BodymapError):
    code = "misdirected"
    title = "The request was meant for another host"


class TooManyRequests(BodymapError):
    code = "too-many-requests"
    title = "Too many requests"


class NotAcceptable(BodymapError):
    code = "not-acceptable"
    title = "None of the accepted formats is available"


class UnsupportedMediaType(BodymapError):
    code = "unsupported-media-type"
    title = "The format of the body is not supported"


class MethodNotAllowed(BodymapError):
    code = "method-not-allowed"
    title = "Method not allowed at this address"


class TooLarge(BodymapError):
    code = "too-large"
    title = "The body is too large"


class Unavailable(BodymapError):
    code = "unavailable"
    title = "The service cannot do this now"


class Busy(Unavailable):
    code = "busy"
    title = "Too many requests of this client are waiting"


class StorageUnavailable(Unavailable):
    code = "storage-unavailable"
    title = "The database cannot be used"


class Damaged(StorageUnavailable):
    code = "damaged"
    title = "The database is damaged"


class OutcomeUnknown(Unavailable):
    code = "outcome-unknown"
    title = "It is not known whether this was saved"


class NewerDatabase(Unavailable):
    code = "newer-database"
    title = "The database was written by a newer release"


class OtherAtlas(Unavailable):
    code = "other-atlas"
    title = "The database was made with another atlas"


class AuditBroken(Unavailable):
    code = "audit-broken"
    title = "The audit does not verify"


class Corrupt(BodymapError):
    code = "corrupt-asset"
    title = "An asset does not match its manifest"


class Misconfigured(BodymapError):
    code = "misconfigured"
    title = "A setting is unknown or invalid"
