"""A session: one visit of one patient, with the placements made in it.

`SessionStatement` is what a client posts. `Session` is what is kept and answered. A session and its placements have
one version between them.
"""

from datetime import UTC, datetime, time
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.atlas import Atlas
from bodymap.charting.clinic import CountSides
from bodymap.charting.events import RecordedEvent
from bodymap.charting.flags import ClinicLimit
from bodymap.charting.placement import Flag, Identifier, Needle, PlacementStatement, RecordedPlacement
from bodymap.charting.screening import Screening, SessionFinding, session_findings
from bodymap.charting.signatures import Signature, Voided
from bodymap.charting.vocabulary import (
    Count,
    Day,
    Label,
    Measured,
    MeasuredSide,
    Moment,
    Name,
    Pain,
    RecordId,
    Reference,
    SessionStatus,
    SubjectReference,
    Text,
    Uri,
)

MAX_PLACEMENTS = 500
MAX_NEEDLES = 2000


class Consent(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """Which consent text was signed, when, whether the patient got a copy, and who witnessed it."""

    version: Text | None = None
    signed_at: Moment | None = None
    copy_given: Annotated[bool | None, Meta(description="Whether the patient got a copy.")] = None
    witness: Reference | None = None


class InformationGiven(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """Which patient information was given, in which language, when."""

    version: Text | None = None
    lang: Name | None = None
    at: Moment | None = None


class Coding(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """A code of a code system, as it was stated."""

    system: Uri
    code: Label
    display: Text | None = None


class Measure(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """Something else that was measured before and after, such as a range of motion, a pressure threshold or a score:
    what, on which side, in which unit. At least one of `before` and `after` is given."""

    name: Label
    code: Coding | None = None
    side: Annotated[MeasuredSide | None, Meta(description="The patient's side.")] = None
    unit: Label
    before: Measured | None = None
    after: Measured | None = None


class BillingCode(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The CPT code that a person decided on. It never comes from `suggested_code` by itself."""

    code: Annotated[Literal["20560", "20561"], Meta(description="The CPT code: 20560 or 20561.")]
    by: Reference


class Header(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """Everything of a session but its placements. Nothing here is required.

    `started_on` is in place of `started_at` where only the day is known.
    `status` is `completed` where it is absent and `ended_at` is given, else `in-progress`. `signed` and `voided` are
    reached only by signing and voiding. `stopped` and `cancelled` need a `status_reason`.
    """

    identifier: Annotated[tuple[Identifier, ...], Meta(max_length=16)] = ()
    status: Annotated[SessionStatus | None, Meta(description="The session's status.")] = None
    status_reason: Text | None = None
    subject: SubjectReference | None = None
    encounter: Reference | None = None
    performer: Reference | None = None
    started_at: Moment | None = None
    started_on: Day | None = None
    ended_at: Moment | None = None
    position: Text | None = None
    needle: Needle | None = None
    pain_before: Pain | None = None
    pain_after: Pain | None = None
    measures: Annotated[tuple[Measure, ...], Meta(max_length=64)] = ()
    needles_in: Annotated[Count | None, Meta(description="Needles counted in, 0 to 1,000.")] = None
    needles_out: Annotated[Count | None, Meta(description="Needles counted out, 0 to 1,000.")] = None
    count_note: Text | None = None
    consent: Consent | None = None
    information_given: InformationGiven | None = None
    screening: Screening | None = None
    billing_code: BillingCode | None = None
    note: Text | None = None


class SessionStatement(Header, frozen=True, kw_only=True):
    """What a client posts: a session with any number of placements, or `copy_of` another."""

    placements: Annotated[tuple[PlacementStatement, ...], Meta(extra_json_schema={"maxItems": MAX_PLACEMENTS})] = ()
    copy_of: RecordId | None = None


class MusclesBySide(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of the muscles that were stated, by the patient's side; a muscle treated on both stands in each."""

    left: Annotated[tuple[str, ...], Meta(description="Those on the patient's left.")]
    right: Annotated[tuple[str, ...], Meta(description="Those on the patient's right.")]
    midline: Annotated[tuple[str, ...], Meta(description="Those stated for the midline, or without a side.")]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a session amounts to, over its placements that were done.

    `muscles` are those stated, each once whichever its side; `muscles_inferred` rest only on a point, and
    `muscles_of_perimeters` on the lines of needles: both stand apart and count for no code. `needles_charted` are
    those known of, `needles_unstated` the placements of which nobody said how many needles stood there.
    `needles_difference` is in less out. `suggested_code` is a suggestion by `suggested_code_rule`; only `billing_code`
    is billed. `suggested_code_other` is the code by the other way to count sides, null where it is the same one.
    """

    muscles: Annotated[tuple[str, ...], Meta(description="Ids of the muscles that were stated, each once.")]
    muscles_by_side: MusclesBySide
    muscles_inferred: Annotated[tuple[str, ...], Meta(description="Ids of muscles that only the atlas says.")]
    muscles_of_perimeters: Annotated[tuple[str, ...], Meta(description="Ids of muscles under lines of needles.")]
    needles_charted: Annotated[int, Meta(description="How many needles are charted.")]
    needles_unstated: Annotated[int, Meta(description="How many placements do not say how many needles they had.")]
    needles_in: Annotated[int | None, Meta(description="Needles counted in.")]
    needles_out: Annotated[int | None, Meta(description="Needles counted out.")]
    needles_difference: Annotated[int | None, Meta(description="In less out; null where one was not counted.")]
    minutes: Annotated[float | None, Meta(description="Minutes from start to end.")]
    suggested_code: Annotated[
        str | None, Meta(description="The CPT code that the rule suggests; nothing is billed from it.")
    ]
    suggested_code_other: Annotated[
        str | None, Meta(description="The code where sides are counted the other way, if it is another one.")
    ]
    suggested_code_rule: Annotated[str, Meta(description="The rule, in words.")]


class Session(Header, frozen=True, kw_only=True):
    """A session as it is kept: the header, the placements, the atlas it was resolved on, and its version.

    `flags` are what only the session as a whole shows; those of a place stand with its placement. `limits` are what the
    clinic had set, when this version was made, for the flags that are raised in it, each with who set it, and
    `count_sides` how it counted a muscle on both sides then: `once` where it is absent. `signature`
    is the last one: an amendment is signed anew. `events` were added one by one and are never changed. `copy_of` is the
    session that this one was copied from.
    """

    id: Annotated[str, Meta(description="The session's id.", extra_json_schema={"format": "uuid"})]
    version: Annotated[int, Meta(description="The session's version, from 1; the `ETag`.")]
    status: Annotated[SessionStatus, Meta(description="The session's status.")]
    atlas: Annotated[str, Meta(description="The atlas version that it was resolved on.")]
    created_at: Moment
    updated_at: Moment
    last_number: Annotated[int, Meta(description="The highest number that a placement has had.")]
    copy_of: Annotated[
        str | None,
        Meta(description="The id of the session that it was copied from.", extra_json_schema={"format": "uuid"}),
    ] = None
    signature: Signature | None = None
    voided: Voided | None = None
    events: tuple[RecordedEvent, ...] = ()
    flags: tuple[Flag, ...] = ()
    limits: tuple[ClinicLimit, ...] = ()
    count_sides: Annotated[CountSides, Meta(description="How the clinic counted both sides of a muscle.")] = "once"
    placements: tuple[RecordedPlacement, ...] = ()


def occurred_at(session: Session) -> datetime:
    """When a session was: when it was started, or else recorded. Of a day, its noon in UTC: that day nearly
    everywhere on earth.
    """
    if session.started_at is None and session.started_on is not None:
        return datetime.combine(session.started_on, time(12), UTC)
    return session.started_at or session.created_at


def flags_raised(session: Session) -> tuple[Flag, ...]:
    """Every flag of a session: its own and those of its placements. A perimeter has those of all its needles."""
    return (*session.flags, *(flag for placement in session.placements for flag in placement.flags))


def findings_of(session: Session, atlas: Atlas) -> tuple[SessionFinding, ...] | None:
    """What the answers of the session's screening mean for its places; None where no screening was recorded."""
    if session.screening is None:
        return None
    return session_findings(session.screening, session.placements, occurred_at(session).year, atlas)


def header_of(session: Header) -> Header:
    """The header of a statement or a record, without the rest."""
    return Header(**{name: getattr(session, name) for name in Header.__struct_fields__})
