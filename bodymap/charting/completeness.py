"""What a record of a visit should hold, on whose word, and what of it is missing; and what a signature still asks for.

Which fields and by which sources is data (`record_fields.toml`). Nothing of it is required to record a visit.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.atlas import Atlas
from bodymap.charting.lifecycle import check_signable
from bodymap.charting.placement import RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.session import Session
from bodymap.errors import Complaint
from bodymap.words import Language, catalogue

RecordField = Literal[
    "times",
    "needle",
    "needles_in",
    "needles_out",
    "consent",
    "consent_copy",
    "information_given",
    "side",
    "depth_mm",
    "technique",
    "dwell_s",
    "twitch",
]


class RecordSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something was read. `grade` A: paper, statute or regulator's notice; B: reference site or professional
    body; null for our own rules."""

    title: Annotated[str, Meta(description="What it is called.")]
    grade: Annotated[Literal["A", "B", "C"] | None, Meta(description="How much it weighs, A most.")] = None
    address: Annotated[str | None, Meta(description="Where it can be read, if it may be linked.")] = None


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a record should hold and this one does not. `placements` are the numbers of those that lack it;
    empty for what belongs to the session."""

    field: Annotated[RecordField, Meta(description="What is missing.")]
    label: Annotated[str, Meta(description="What is missing, in words.")]
    placements: Annotated[tuple[int, ...], Meta(description="Numbers of the placements that lack it.")]
    sources: Annotated[tuple[str, ...], Meta(description="Keys of `sources`: who asks for it.")]


class Completeness(msgspec.Struct, frozen=True, kw_only=True):
    """What is missing of what sources say that a record should hold, and what a signature still asks for, with pointers
    into the session. That nothing is missing says nothing of what was done."""

    missing: Annotated[tuple[Missing, ...], Meta(description="What the record does not hold.")]
    to_sign: Annotated[tuple[Complaint, ...], Meta(description="What a signature still asks for.")]
    sources: Annotated[dict[str, RecordSource], Meta(description="Who asks for it.")]


class _Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: RecordField
    sources: tuple[str, ...]


class _Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: dict[str, RecordSource]
    fields: tuple[_Field, ...]


def completeness(session: Session, atlas: Atlas, lang: Language) -> Completeness:
    """What is missing in a session, in a language; what a signature asks for is in English."""
    known, words = _known(), catalogue(lang).answer.record_fields
    missing = tuple(
        Missing(field=field.name, label=words[field.name], placements=numbers, sources=field.sources)
        for field in known.fields
        if (numbers := _lacking(field.name, session)) is not None
    )
    to_sign: list[Complaint] = []
    if session.signature is None and session.voided is None:
        check_signable(session, atlas, to_sign.append)
    named = dict.fromkeys(name for one in missing for name in one.sources)
    return Completeness(missing=missing, to_sign=tuple(to_sign), sources={name: known.sources[name] for name in named})


@cache
def _known() -> _Fields:
    return msgspec.toml.decode(Path(__file__).with_name("record_fields.toml").read_bytes(), type=_Fields)


def _lacking(field: RecordField, session: Session) -> tuple[int, ...] | None:
    """The placements that lack a field, none where the session does; None where it is there."""
    if field in _OF_THE_SESSION:
        return None if _OF_THE_SESSION[field](session) else ()
    has = _OF_A_PLACEMENT[field]
    done = [placement for placement in session.placements if placement.status == "done"]
    return tuple(placement.number for placement in done if not has(placement, session)) or None


_OF_THE_SESSION: Mapping[RecordField, Callable[[Session], bool]] = {
    "times": lambda session: session.started_at is not None and session.ended_at is not None,
    "needles_in": lambda session: session.needles_in is not None,
    "needles_out": lambda session: session.needles_out is not None,
    "consent": lambda session: session.consent is not None and session.consent.signed_at is not None,
    "consent_copy": lambda session: session.consent is not None and session.consent.copy_given is not None,
    "information_given": lambda session: session.information_given is not None,
}


def _has_needle(placement: RecordedPlacement, session: Session) -> bool:
    used = (placement.needle, session.needle)
    return all(any(needle is not None and getattr(needle, size) for needle in used) for size in _SIZES)


def _has_twitch(placement: RecordedPlacement, session: Session) -> bool:
    return not isinstance(placement, RecordedTriggerPoint) or placement.twitch is not None


_SIZES = ("diameter_mm", "length_mm")
_OF_A_PLACEMENT: Mapping[RecordField, Callable[[RecordedPlacement, Session], bool]] = {
    "needle": _has_needle,
    "side": lambda placement, _: (placement.resolved.side or placement.side) is not None,
    "depth_mm": lambda placement, _: placement.depth_mm is not None,
    "technique": lambda placement, _: placement.technique is not None or placement.electrical is not None,
    "dwell_s": lambda placement, _: placement.dwell_s is not None,
    "twitch": _has_twitch,
}
