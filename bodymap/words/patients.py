"""What a catalogue holds for pictures for patients: plain words, no instruments, no names of muscles."""

import msgspec

from bodymap.words.charts import KeyWords, StampWords
from bodymap.words.grammar import Plural
from bodymap.words.visits import ComparisonWords, CourseWords


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A muscle or a part of the body in plain words: as a label, and as it stands in `PlainWords.where`."""

    label: str
    within: str


class PlainWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chart. `where`, `elsewhere` and `named` are by side, or `unstated`: `{place}` is a muscle or a part of the
    body, in `named` a place in the words that were given, and `{where}` one of these three. `spots` and `areas` are
    several in one place, `{listed}` their numbers."""

    title: str
    views: dict[str, str]
    sides: dict[str, str]
    detail: str
    statuses: dict[str, str]
    places: dict[str, Place]
    elsewhere_label: str
    where: dict[str, str]
    elsewhere: dict[str, str]
    named: dict[str, str]
    spot: dict[str, str]
    area: dict[str, str]
    spots: dict[str, str]
    areas: dict[str, str]
    key_spot: str
    key_treated: str
    marked: Plural
    nothing: str
    not_shown: Plural
    further: Plural
    not_in_picture: str
    own_sides: str


class PatientWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a patient reads."""

    chart: PlainWords
    stamp: StampWords
    key: KeyWords
    comparison: ComparisonWords
    course: CourseWords
