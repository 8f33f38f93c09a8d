"""Records as they are answered: with what follows from them, and what is said of their flags once for each code."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.charting.events import RecordedEvent, Severity
from bodymap.charting.flags import ClinicLimit, FlagRule, rules_of
from bodymap.charting.placement import Flag, Identifier, RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.screening import SessionFinding
from bodymap.charting.session import Session, Summary, flags_raised
from bodymap.charting.vocabulary import Day, Moment, Pain, SessionStatus
from bodymap.words import Language


class SummarisedSession(Session, frozen=True, kw_only=True):
    """A session as it stands in a list: as it is kept, with its `summary`."""

    events: tuple[RecordedEvent, ...]
    flags: tuple[Flag, ...]
    limits: tuple[ClinicLimit, ...]
    placements: tuple[RecordedPlacement, ...]
    summary: Summary


class EventOverview(msgspec.Struct, frozen=True, kw_only=True):
    """An adverse event as it stands in an overview: what, how bad, and since when."""

    event: Annotated[str, Meta(description="A code, or words that were recorded before there were codes.")]
    severity: Annotated[Severity, Meta(description="How severe it was.")]
    onset_at: Moment


class SessionOverview(msgspec.Struct, frozen=True, kw_only=True):
    """A session as it stands in a list of `view=summary`: whose it was, when, how it stands, and what it amounts to,
    without its placements. `flags` are the codes that are raised in it, each once; their absence clears nothing."""

    id: Annotated[str, Meta(description="The session's id.", extra_json_schema={"format": "uuid"})]
    version: Annotated[int, Meta(description="The session's version, from 1; the `ETag`.")]
    status: Annotated[SessionStatus, Meta(description="The session's status.")]
    identifier: Annotated[tuple[Identifier, ...], Meta(description="Its business identifiers.")]
    subject: Annotated[str | None, Meta(description="Whose session it is.")]
    encounter: Annotated[str | None, Meta(description="The encounter that it belongs to.")]
    performer: Annotated[str | None, Meta(description="Who treated.")]
    started_at: Moment | None
    started_on: Day | None
    ended_at: Moment | None
    updated_at: Moment
    pain_before: Pain | None
    pain_after: Pain | None
    placements: Annotated[int, Meta(description="How many placements it has.")]
    flags: Annotated[tuple[str, ...], Meta(description="Codes of the flags that are raised in it, each once.")]
    events: tuple[EventOverview, ...]
    summary: Summary


class SessionAnswer(SummarisedSession, frozen=True, kw_only=True):
    """A session as it is answered: as it is kept, with its `summary`. `flag_rules` says of each flag that is raised in
    it, by its code, why it matters, by which source, and by which rule it is raised. `findings` are what the answers of
    its screening mean for its places; null where no screening was recorded, which says nothing."""

    flag_rules: dict[str, FlagRule]
    findings: tuple[SessionFinding, ...] | None


class AnsweredTriggerPoint(RecordedTriggerPoint, tag_field="kind", tag="trigger_point", frozen=True, kw_only=True):
    """A trigger point as it is answered. `flag_rules` says of each of its flags, by its code, why it matters, by which
    source, and by which rule it is raised."""

    flag_rules: dict[str, FlagRule]


class AnsweredPerimeter(RecordedPerimeter, tag_field="kind", tag="perimeter", frozen=True, kw_only=True):
    """A perimeter as it is answered. `flag_rules` says of each flag of its needles, by its code, why it matters, by
    which source, and by which rule it is raised."""

    flag_rules: dict[str, FlagRule]


PlacementAnswer = AnsweredTriggerPoint | AnsweredPerimeter


def summarised(session: Session, summary: Summary) -> SummarisedSession:
    """A session with its summary."""
    members = {name: getattr(session, name) for name in Session.__struct_fields__}
    return SummarisedSession(**members, summary=summary)


def overview(session: Session, summary: Summary) -> SessionOverview:
    """What a list says of a session where only an overview is asked for."""
    members = {name: getattr(session, name) for name in SessionOverview.__struct_fields__ if name != "summary"}
    members |= {
        "placements": len(session.placements),
        "flags": tuple(dict.fromkeys(flag.code for flag in flags_raised(session))),
        "events": tuple(
            EventOverview(event=event.event, severity=event.severity, onset_at=event.onset_at)
            for event in session.events
        ),
    }
    return SessionOverview(**members, summary=summary)


def answered(
    session: Session, summary: Summary, findings: tuple[SessionFinding, ...] | None, lang: Language
) -> SessionAnswer:
    """A session with its summary, its findings, and the rules of its flags in a language."""
    members = {name: getattr(session, name) for name in Session.__struct_fields__}
    return SessionAnswer(
        **members, summary=summary, flag_rules=rules_of(flags_raised(session), lang), findings=findings
    )


def answered_placement(placement: RecordedPlacement, lang: Language) -> PlacementAnswer:
    """A placement with the rules of its flags in a language."""
    members = {name: getattr(placement, name) for name in placement.__struct_fields__}
    kind = AnsweredTriggerPoint if isinstance(placement, RecordedTriggerPoint) else AnsweredPerimeter
    return kind(**members, flag_rules=rules_of(placement.flags, lang))
