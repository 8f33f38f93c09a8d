"""What a catalogue holds for a clinician's chart, its sheet, its key, and its stamp."""

import msgspec

from bodymap.words.grammar import Plural


class ChartWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chart. Values are named in braces; each text is complete, never put together from pieces."""

    date_unknown: str

    # Titles, views, sides.
    title: str
    views: dict[str, str]
    layers: dict[str, str]
    sides: dict[str, str]
    side_unknown: str
    letters: dict[str, str]
    near_sides: dict[str, str]
    far_side: str
    scale: str
    detail: str
    born: str
    mrn: str

    # Placements.
    kinds: dict[str, str]
    statuses: dict[str, str]
    site_unnamed: str
    place_unnamed: str
    near: str
    areas: dict[str, str]
    ring: Plural
    outline: Plural
    crosses: str
    structures: dict[str, str]
    rib: str
    vertebra: str

    # Facts.
    states: dict[str, str]
    directions: dict[str, str]
    flags: dict[str, str]
    flag_line: str
    flagged: str
    certainties: dict[str, str]
    behind: dict[str, str]
    taut_band: str
    familiar_pain: str
    depth: str
    angle: str
    angle_of_depth: str
    needles: Plural
    needles_unstated: str
    places: Plural
    on_side: str
    insertions: Plural
    dwell: str
    twitch: str
    twitches: str
    no_twitch: str
    pain_both: str
    pain_change: str
    pain_before: str
    pain_after: str
    electrical: str
    also: str
    inferred: str
    adverse: str
    events: dict[str, str]

    # The session.
    session_statuses: dict[str, str]
    needles_in: str
    needles_out: str

    # Legend and table.
    columns: tuple[str, str, str, str, str, str]
    key_point: str
    key_twitch: str
    key_event: str
    key_serious: str
    key_needle: str
    key_region: str
    key_treated: str
    key_below: str
    key_above: str

    # What is left out, and texts for screen readers.
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


class SheetWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The printed sheet of a chart, and its text."""

    patient: str
    performer: str
    encounter: str
    position: str
    session: str
    unkept: str
    lacking: str
    versions: str
    atlas: str
    page: str
    needle: str
    lot: str
    status: str
    placements: str
    not_drawn: str
    needles: str
    charted: str
    uncounted: Plural
    put_in: str
    taken_out: str
    difference: str
    flags: str
    flags_note: str
    no_flags: str
    differs: str
    off: str
    limit: str
    whole_session: str
    needle_numbers: str
    events: str
    event: str
    severities: dict[str, str]
    remarks: str
    note: str
    count_note: str
    status_reason: str
    consent: str
    copy_given: str
    information: str
    pain: str
    signed: str
    unsigned: str
    voided: str


class NoteWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The procedure note. `{places}` and `{placements}` are lists, `{before}` and `{after}` values or `not_stated`."""

    minutes: str
    treated: str
    planned: str
    not_done: str
    twitch: str
    no_twitch: str
    pain: str
    measure: str
    not_stated: str
    flags: str
    events: str
    no_events: str
    suggested: str
    billed: str


class FlagWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The texts of a flag by its code: why it matters, and by which rule it is raised, empty for a nerve or a vessel,
    which all have one rule. They name no placement, side or distance."""

    reason: str
    rule: str = ""


class ReferralWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts about referral areas: what sources say, and that nobody has reviewed it."""

    key: str
    explained: str
    not_reviewed: str
    grades: str
    grade: str
    muscle: str
    none_said: str
    further: Plural
    elsewhere: str


class StampWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The standing of a stored picture: a word, and the reason."""

    voided: str
    voided_why: str
    voided_why_on: str = ""
    superseded: str
    superseded_why: str


class KeyWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The full key. `names` are of marks that no other section names; `texts` say what every mark is. Marks without a
    text are not in the key."""

    title: str
    sections: dict[str, str]
    names: dict[str, str]
    texts: dict[str, str]
