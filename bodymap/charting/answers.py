"""Records as they are answered: with what follows from them, and what is said of their flags once for each code."""

from bodymap.charting.events import RecordedEvent
from bodymap.charting.flags import ClinicLimit, FlagRule, rules_of
from bodymap.charting.placement import Flag, RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.screening import SessionFinding
from bodymap.charting.session import Session, Summary, flags_raised
from bodymap.words import Language


class SummarisedSession(Session, frozen=True, kw_only=True):
    """A session as it stands in a list: as it is kept, with its `summary`."""

    events: tuple[RecordedEvent, ...]
    flags: tuple[Flag, ...]
    limits: tuple[ClinicLimit, ...]
    placements: tuple[RecordedPlacement, ...]
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
