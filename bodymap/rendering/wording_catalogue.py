"""Every word that the project puts on a clinician's picture: one catalogue a language, each with every key."""

from collections.abc import Mapping
from dataclasses import dataclass

from bodymap.atlas.manifest import LayerId, ViewId
from bodymap.charting.vocabulary import (
    Direction,
    PerimeterSide,
    PlacementStatus,
    SessionStatus,
    Side,
    TriggerPointState,
)


@dataclass(frozen=True)
class Plural:
    """A noun with its number: `{n}` is where the number goes."""

    one: str
    other: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language. Where a text holds `{…}`, a value is put in; nothing else is put together from pieces of words.

    `one_up_to_one` says that none counts as one, as in French. `lowered` says that a noun inside a sentence begins
    small. `date` takes day, month and year; `clock` what stands after a time.
    """

    # How the language writes.
    decimal: str
    one_up_to_one: bool
    lowered: bool
    months: tuple[str, ...]
    date: str
    clock: str
    date_unknown: str
    numerals: tuple[str, ...]
    also_listed: str  # Between the last two of a list.
    more_listed: str

    # Titles, views, sides.
    title: str
    views: Mapping[ViewId, str]
    layers: Mapping[LayerId, str]
    sides: Mapping[PerimeterSide, str]
    side_unknown: str
    letters: Mapping[Side, str]
    near_sides: Mapping[Side, str]
    far_side: str
    scale: str
    detail: str
    born: str
    mrn: str

    # Placements.
    kinds: Mapping[str, str]
    statuses: Mapping[PlacementStatus, str]
    site_unnamed: str
    place_unnamed: str
    near: str
    structures: Mapping[str, str]
    rib: str
    vertebra: str

    # Facts.
    states: Mapping[TriggerPointState, str]
    directions: Mapping[Direction, str]
    flags: Mapping[str, str]
    possibly: str
    taut_band: str
    familiar_pain: str
    depth: str
    angle: str
    angle_of_depth: str
    needles: Plural
    insertions: Plural
    dwell: str
    twitch: str
    twitches: str
    no_twitch: str
    pain_both: str
    pain_before: str
    pain_after: str
    electrical: str
    also: str
    inferred: str
    adverse: str

    # The session.
    session_statuses: Mapping[SessionStatus, str]
    needles_in: str
    needles_out: str

    # Legend and table.
    columns: tuple[str, str, str, str, str, str]
    key_point: str
    key_twitch: str
    key_event: str
    key_needle: str
    key_region: str
    key_treated: str
    key_below: str
    key_above: str

    # What is left out, and what is said aloud.
    nothing: str
    placements_recorded: Plural
    not_shown_here: Plural
    not_shown_on_these: Plural
    not_shown: Plural
    further: Plural
    no_plate: str
    other_view: str
    not_on_view: str
    heard_side: str
    heard_both: str
    heard_point: str
    heard_point_with: Plural
    heard_line: Plural
    heard_where_unknown: str
    heard: str
    patients_sides: str
    credit: str
