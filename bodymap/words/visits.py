"""What a catalogue holds for pictures of several visits. What a patient's picture does not say has no text there."""

import msgspec

from bodymap.words.grammar import UNSAID, Plural


class ComparisonWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Visits compared. `counts` are for the head of the picture, `headings` for the groups of the table, `labels` stand
    next to a mark and `meanings` in the key."""

    title: str
    visits: Plural
    period: str
    counts: dict[str, Plural]
    headings: dict[str, str]
    labels: dict[str, str]
    meanings: dict[str, str]
    earlier: str
    last_on: str
    pain: str = ""
    before: str
    after: str
    pain_unknown: str = ""
    own_number: str = ""
    rule: str


class CourseWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Timeline and heat map."""

    timeline: str
    heatmap: str
    since: str
    before_day: str
    span: str
    visits: Plural
    visit: str
    no_visits: str
    nothing_to_show: str
    visits_drawn: str
    voided: Plural = UNSAID
    cancelled: Plural = UNSAID
    planned_visits: Plural = UNSAID
    elsewhere: Plural = UNSAID
    placements: Plural
    hidden: Plural
    further_placements: Plural
    earlier: Plural
    events: Plural = UNSAID
    curve: str = ""
    curve_before: str = ""
    curve_after: str = ""
    curve_all: str = ""
    no_pain: str = ""
    unit: str = ""
    and_more: str = ""
    less: str = ""
    more: str = ""
    kernel: str
    made_of: str
    midline: Plural = UNSAID
    without_point: Plural
    planned: Plural
    not_done: Plural
    other_views: Plural
    muscles: str
    other_places: str
    further: Plural
