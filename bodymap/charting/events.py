"""Adverse events: what went wrong in a session or after it, how bad it was, and what was done about it.

They arrive late, so they are added to a signed session as well, and never changed or taken out.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.charting.signatures import Actor, Display
from bodymap.charting.vocabulary import Moment, Name, Text

# White's three classes: short, reversible, no inconvenience; medical attention or interference with activities;
# admission to hospital, possible lasting disability, or death (domain notes, section 3).
Severity = Literal["mild", "significant", "serious"]
EventName = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"\S", description="What happened, such as `bruise` or `faint`.")
]

MAX_EVENTS = 500


class EventStatement(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """An adverse event. `mild`: short, reversible, no inconvenience. `significant`: needed medical attention or
    interfered with activities. `serious`: admission to hospital, possible lasting disability, or death.

    `placement` is the id of the placement that it belongs to, `action` what was done about it.
    """

    event: EventName
    severity: Severity
    onset_at: Moment
    placement: Name | None = None
    action: Text
    by: Actor
    display: Display | None = None


class RecordedEvent(EventStatement, frozen=True, kw_only=True):
    """An adverse event as it is kept."""

    id: str
    recorded_at: Moment
