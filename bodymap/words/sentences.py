"""What a catalogue holds for answers in sentences: a needle's way, and what changed between two versions."""

import msgspec


class AnswerWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an answer's numbers are: the millimetres of the reference body, the suggested code, which
    `suggested_code_group` follows where a group of muscles was counted. What it cannot name: the vessels and nerves
    that are not in the atlas; and `course_rule`, by which every nerve and vessel is flagged. `record_fields` are what a
    record should hold."""

    reference: str
    not_in_atlas: str
    course_rule: str
    suggested_code: str
    suggested_code_each: str
    suggested_code_group: str
    record_fields: dict[str, str]


class WayWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a needle goes through. `other_side` is a structure of the side that the needle is not on, `aponeurosis` a
    muscle where it is only that; `beside` a nerve or vessel that a straight line comes near to."""

    nothing: str
    into: str
    through: str
    beyond: str
    other_side: str
    aponeurosis: str
    whole: str
    whole_side: str
    beside: str
    beside_constructed: str


class HistoryWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changed. `members` are the members of a session and of its placements by their names in the data, `units`
    what stands after their values, and `values` the words of closed vocabularies."""

    members: dict[str, str]
    units: dict[str, str]
    values: dict[str, str]
    inner: str
    set_to: str
    changed: str
    removed: str
    shape_changed: str
    shape_added: str
    shape_removed: str
    yes: str
    no: str
    atlas: str
    placement: str
    placement_at: str
    added: str
    taken_out: str
    change: str
    moved: str
    moved_between: str
    point_changed: str
    place_changed: str
    spot: str
    spot_at: str
    no_point: str
    no_place: str
    no_longer_flagged: str
    now_flagged: str
    resolved: str
    event: str
    event_at: str
    signed: str
    signed_again: str
    voided: str
