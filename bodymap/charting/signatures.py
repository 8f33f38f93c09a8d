"""What a person does to a record as a whole: signs, amends, voids; and what is kept of that.

Identifiers may not resolve in ten years, so each act keeps who did it as a reference and as a name to be read, with the
time and, where something is withdrawn, the reason.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.charting.vocabulary import Moment, SessionStatus
from bodymap.decoding.text_rules import NAME, TEXT

Actor = Annotated[
    str, NAME, Meta(min_length=1, max_length=256, pattern=r"\S", description="Who, such as `Practitioner/7`.")
]
Display = Annotated[
    str,
    TEXT,
    Meta(min_length=1, max_length=200, pattern=r"\S", description="The person's name, to be read in ten years."),
]
Reason = Annotated[str, TEXT, Meta(min_length=1, max_length=4000, pattern=r"\S", description="Why, in words.")]

SignedStatus = Literal["completed", "stopped"]
ChangeKind = Literal[
    "created",
    "copied",
    "changed",
    "placement-added",
    "placement-changed",
    "placement-removed",
    "event-added",
    "re-resolved",
    "signed",
    "amended",
    "voided",
]


class Signing(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Who signs."""

    by: Actor
    display: Display


class Amendment(Signing, frozen=True, kw_only=True):
    """Who amends a signed session, why, and what changes.

    `patch` is a merge patch of the session's header, with two members more: `placements`, an object of placement ids,
    each with a merge patch of that placement or null to take it out; and `add`, a list of further placements.
    """

    reason: Reason
    patch: dict[str, Any]


class Voiding(Signing, frozen=True, kw_only=True):
    """Who voids a session, and why."""

    reason: Reason


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, when, and which version. `status` is what the session was then."""

    by: Annotated[str, Meta(description="Who signed.")]
    display: Annotated[str, Meta(description="Their name, for people.")]
    at: Moment
    version: Annotated[int, Meta(description="The version that was signed.")]
    status: Annotated[SignedStatus, Meta(description="The session's status until then.")]


class Voided(msgspec.Struct, frozen=True, kw_only=True):
    """Who voided the session, when and why. `status` is what the session was until then."""

    by: Annotated[str, Meta(description="Who voided it.")]
    display: Annotated[str, Meta(description="Their name, for people.")]
    reason: Annotated[str, Meta(description="Why.")]
    at: Moment
    status: Annotated[SessionStatus, Meta(description="The session's status until then.")]


class Change(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What made a version: the kind of change, who stood for it where somebody did, and the client that sent it."""

    kind: Annotated[ChangeKind, Meta(description="What made the version.")]
    by: Annotated[str | None, Meta(description="Who stood for it.")] = None
    display: Annotated[str | None, Meta(description="Their name, for people.")] = None
    reason: Annotated[str | None, Meta(description="Why it was made.")] = None
    client: Annotated[str | None, Meta(description="The id of the client that sent it.")] = None
