"""A session begun as a copy of another: the same places planned again, each continuing the old one.

What was found, done and felt that day stays with that day: only where, and how it is meant to be done, is copied.
"""

from msgspec import structs

from bodymap.charting.placement import Needle, PlacementStatement, RecordedPlacement, TriggerPoint, stated
from bodymap.charting.session import Header, Session, SessionStatement
from bodymap.decoding import Draft
from bodymap.errors import Complaint, Invalid

_OF_THAT_DAY = ("status_reason", "twitch", "pain_before", "pain_after", "insertions", "response", "note")


def copy_statement(source: Session, draft: Draft[SessionStatement]) -> Draft[SessionStatement]:
    """What a client would have stated to plan the source's placements again.

    From the source: its `subject`, `position` and `needle`, and each placement with its place, `also`, `count`, depth,
    angle, direction, technique, dwell, stimulation, needle and precaution. Lots of needles are left behind: they are
    those of the packets opened then. What the draft itself states stands; the status is `planned` unless it says so.

    Raises Invalid for a voided source, or where the draft has placements of its own.
    """
    statement = draft.value
    complaints = list(draft.complaints)
    if source.status == "voided":
        complaints.append(Complaint("/copy_of", "voided", f"The session {source.id} is voided; it is not continued."))
    if statement.placements:
        detail = "A copy takes the placements of the other session; add further ones afterwards."
        complaints.append(Complaint("/placements", "not-here", detail))
    if complaints:
        raise Invalid(complaints)
    copied = {
        "status": "planned",
        "subject": source.subject,
        "position": source.position,
        "needle": _without_lot(source.needle),
    }
    explicit = {
        name: value
        for name in Header.__struct_fields__
        if (value := getattr(statement, name)) is not None and value != ()
    }
    placements = tuple(_planned_again(placement) for placement in source.placements)
    return Draft(SessionStatement(**{**copied, **explicit}, placements=placements, copy_of=source.id))


def _planned_again(old: RecordedPlacement) -> PlacementStatement:
    statement = structs.replace(
        stated(old),
        status="planned",
        identifier=(),
        continues=old.id,
        needle=_without_lot(old.needle),
        **dict.fromkeys(_OF_THAT_DAY),
    )
    return structs.replace(statement, trigger_point=None) if isinstance(statement, TriggerPoint) else statement


def _without_lot(needle: Needle | None) -> Needle | None:
    return structs.replace(needle, lot=None) if needle is not None else None
