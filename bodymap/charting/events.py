"""Adverse events: what went wrong in a session or after it, how bad it was, and what was done about it.

They arrive late, so they are added to a signed session as well, and never changed or taken out.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from bodymap.charting.signatures import Actor, Display
from bodymap.charting.vocabulary import Moment, RecordId, Text
from bodymap.decoding.member_rules import Doubt, MemberRule

# White's three classes: short, reversible, no inconvenience; medical attention or interference with activities;
# admission to hospital, possible lasting disability, or death (domain notes, section 3).
Severity = Literal["mild", "significant", "serious"]
EventCode = Literal[
    "bleeding",
    "bruise",
    "haematoma",
    "pain",
    "worse-symptoms",
    "faint",
    "dizziness",
    "drowsiness",
    "headache",
    "nausea",
    "skin-reaction",
    "emotional",
    "pneumothorax",
    "nerve-symptom",
    "infection",
    "broken-needle",
    "retained-needle",
    "other",
]
EVENT_CODES: tuple[EventCode, ...] = get_args(EventCode)


def _doubt_of_event(event: str) -> Doubt | None:
    if event in EVENT_CODES:
        return None
    codes = ", ".join(f"`{code}`" for code in EVENT_CODES)
    return Doubt("unknown-value", f"It is one of {codes}; anything else is `other`, described in `text`.")


EventName = Annotated[
    str,
    MemberRule(_doubt_of_event),
    Meta(max_length=200, description="What happened.", extra_json_schema={"enum": list(EVENT_CODES)}),
]

MAX_EVENTS = 500
_LONGEST_IN_WORDS = 80


class EventStatement(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """An adverse event. `mild`: short, reversible, no inconvenience. `significant`: needed medical attention or
    interfered with activities. `serious`: admission to hospital, possible lasting disability, or death.

    `event` is a code; `other` needs a `text`, which any other may have. `placement` is the id of the placement that it
    belongs to, `action` what was done about it, `outcome` how it went.
    """

    event: EventName
    severity: Annotated[Severity, Meta(description="`mild`, `significant` or `serious`, as described above.")]
    onset_at: Moment
    text: Text | None = None
    ended_at: Moment | None = None
    outcome: Text | None = None
    placement: RecordId | None = None
    action: Text
    by: Actor
    display: Display | None = None


def event_in_words(event: EventStatement, names: Mapping[str, str]) -> str:
    """What happened, by the names of the codes; of `other`, and of what was kept before there were codes, the record's
    own words, as many as a line takes.
    """
    text = event.text if event.event == "other" and event.text else event.event
    words = names.get(text, text)
    return words if len(words) <= _LONGEST_IN_WORDS else f"{words[: _LONGEST_IN_WORDS - 1]}…"


class RecordedEvent(EventStatement, frozen=True, kw_only=True):
    """An adverse event as it is kept. One that was kept before there were codes has its words as its `event`."""

    event: Annotated[str, Meta(description="A code, or words that were recorded before there were codes.")]
    id: Annotated[str, Meta(description="The event's id.", extra_json_schema={"format": "uuid"})]
    recorded_at: Moment
