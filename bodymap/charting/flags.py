"""Flags: what a clinician should know about a place. Never a clearance; the absence of a flag says nothing.

Where a flag is raised and by which sources is data (`flags.json`), listed in `CATALOGUE`; why and by which rule stands
in the catalogues of `words`. An answer tells them once for each code (`rules_of`). Which of them a place has is found
in `place_flags`; here those of a whole session. A clinic's own limits are carried beside the flags and never computed
from anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.atlas import side_of
from bodymap.atlas.fields import FieldId
from bodymap.charting.placement import Flag, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.vocabulary import Certainty, FlagSide, Moment, Name, Text
from bodymap.words import Language, catalogue

# Raised where a placement is resolved, and not by a field: it is about what was stated.
REGION_DIFFERS = "region-differs"
# The surest first.
CERTAINTIES: tuple[Certainty, ...] = ("on-the-way", "under-the-point", "possible")
# The canal has an outline for each half, too, and belongs to neither.
_WITHOUT_SIDE: frozenset[FieldId | None] = frozenset({None, "spinal-canal"})
_HALVES: tuple[FlagSide, ...] = ("left", "right")
_OVER_LUNG, _BOTH_SIDES = "over-lung-field", "both-sides-of-thorax"


class FlagSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a flag comes from. `grade` A: paper, statute or notice; B: reference site; C: clinic page or course notes.
    `address` is empty where the product may not or need not link it."""

    id: Annotated[str, Meta(description="The source's id.")]
    grade: Annotated[
        str, Meta(description="A: paper, statute or notice; B: reference site; C: clinic page or course notes.")
    ]
    title: Annotated[str, Meta(description="Its title.")]
    address: Annotated[str, Meta(description="Its address; empty where it may not or need not be linked.")]

    def __str__(self) -> str:
        # Without the address: the catalogue has it.
        return f"{self.id} ({self.grade}): {self.title}"


class FlagKind(msgspec.Struct, frozen=True):
    """One code, and by which sources it is raised; `own_source` in words where it is our own.

    `field` is the atlas's field that it is raised in, `course` the nerve or vessel that it is raised beside; both are
    empty for a flag of a whole session or of a statement. `limited_to`, where not empty, are the only regions that its
    field is possible for without a point. `regions` are those that its sources name: regions, muscles or groups, whose
    placements have it as possible. `met` are the structures that the flag is about: a needle that goes into one of them
    meets it; `says_bone` if a bone that lies in front of them is told. `by_source` if its field is never possible for
    a region that no source names.
    """

    code: str
    field: FieldId | None
    course: str
    sources: tuple[FlagSource, ...]
    own_source: str
    limited_to: frozenset[str]
    regions: frozenset[str]
    met: frozenset[str]
    says_bone: bool
    by_source: bool

    @property
    def sided(self) -> bool:
        """Whether it is of a half of the body."""
        return bool(self.course or self.regions) or self.field not in _WITHOUT_SIDE

    @property
    def source(self) -> str:
        """The sources as one text."""
        return self.own_source or "; ".join(map(str, self.sources))

    @property
    def grade(self) -> str:
        """The grades of its sources, best first, each once."""
        return "".join(sorted({source.grade for source in self.sources}))


class FlagRule(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a flag by its code: why it matters, on whose word, and how it is decided. It names no placement,
    side or distance."""

    reason: Annotated[str, Meta(description="Why it matters, in the language asked for.")]
    source: Annotated[str, Meta(description="The source that says so.")]
    rule: Annotated[str, Meta(description="How it is decided, in the language asked for.")]


class ClinicLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a clinic has set for a flag, in its own words, and who set it when. Shown beside the flag, as it stands."""

    flag: Name
    text: Text
    set_by: Name
    set_at: Moment


class _Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    field: FieldId | None
    sources: tuple[str, ...]
    course: str = ""
    own_source: str = ""
    limited_to: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()
    says_bone: bool = False
    by_source: bool = False


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[FlagSource, ...]
    kinds: tuple[_Kind, ...]


def _kinds() -> tuple[FlagKind, ...]:
    data = msgspec.json.decode(Path(__file__).with_name("flags.json").read_bytes(), type=_Data)
    sources = {source.id: source for source in data.sources}
    return tuple(
        FlagKind(
            code=kind.code,
            field=kind.field,
            course=kind.course,
            sources=tuple(sources[name] for name in kind.sources),
            own_source=kind.own_source,
            limited_to=kind.limited_to,
            regions=kind.regions,
            met=kind.met,
            says_bone=kind.says_bone,
            by_source=kind.by_source,
        )
        for kind in data.kinds
    )


_ALL = _kinds()
CATALOGUE: tuple[FlagKind, ...] = tuple(kind for kind in _ALL if kind.code != REGION_DIFFERS)
CODES: tuple[str, ...] = tuple(kind.code for kind in _ALL)
_KINDS: dict[str, FlagKind] = {kind.code: kind for kind in _ALL}
_OF_FIELD: dict[FieldId, FlagKind] = {kind.field: kind for kind in CATALOGUE if kind.field is not None}
_OF_COURSE: dict[str, FlagKind] = {kind.course: kind for kind in CATALOGUE if kind.course}


def kind_of_field(field: FieldId) -> FlagKind:
    """The flag that is raised in a field."""
    return _OF_FIELD[field]


def kind_of_course(course: str) -> FlagKind:
    """The flag that is raised beside a nerve or vessel. Raises `KeyError` for one that has none."""
    return _OF_COURSE[course]


def reason(code: str, lang: Language = "en") -> str:
    """Why a flag of this code matters, in one sentence of the language; empty for a code that this release does not
    know."""
    words = catalogue(lang).flags.get(code)
    return words.reason if words is not None else ""


def rule(code: str, lang: Language = "en") -> str:
    """By which rule a flag of this code is raised, in the language: nerves and vessels have one for all. Raises
    `KeyError` for a code that this release does not know."""
    return catalogue(lang).flags[code].rule or catalogue(lang).answer.course_rule


def source(code: str) -> str:
    """On whose word a flag of this code is raised; empty for a code that this release does not know."""
    kind = _KINDS.get(code)
    return kind.source if kind is not None else ""


def rules_of(flags: Iterable[Flag], lang: Language = "en") -> dict[str, FlagRule]:
    """What is said of each code among these flags, once, in the catalogue's order and in the language."""
    codes = {flag.code for flag in flags}
    return {
        kind.code: FlagRule(reason=reason(kind.code, lang), source=kind.source, rule=rule(kind.code, lang))
        for kind in _ALL
        if kind.code in codes
    }


def has_side(code: str) -> bool:
    """Whether a flag of this code is one of a half of the body; true of a code that this release does not know."""
    kind = _KINDS.get(code)
    return kind is None or kind.sided


def flags_of_session(placements: Sequence[RecordedPlacement]) -> tuple[Flag, ...]:
    """The flags of a session as a whole, beside those of its placements: both sides of the thorax.

    Placements that were not done do not count. It is as certain as the less certain side is.
    """
    sides: dict[FlagSide, Certainty] = {}
    for placement in placements:
        if placement.status == "not-done":
            continue
        for half, certainty in _thorax_sides(placement):
            sides[half] = min(certainty, sides.get(half, certainty), key=CERTAINTIES.index)
    if len(sides) < 2:
        return ()
    return (Flag(code=_BOTH_SIDES, certainty=max(sides.values(), key=CERTAINTIES.index)),)


def distinct_flags(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Each code once, the surest of it, in the order of first appearance: for lists gathered from many needles.

    Where as sure a one lies on the other side, it is of both; of distances the least is kept, and a bone in front only
    where all have it.
    """
    found: dict[str, Flag] = {}
    for flag in flags:
        known = found.get(flag.code)
        if known is None or CERTAINTIES.index(flag.certainty) < CERTAINTIES.index(known.certainty):
            found[flag.code] = flag
        elif flag.certainty == known.certainty:
            found[flag.code] = _joined(known, flag)
    return tuple(found.values())


def limits_beside(flags: Iterable[Flag], limits: Iterable[ClinicLimit]) -> tuple[ClinicLimit, ...]:
    """The clinic's limits for the codes among these flags, unchanged, in the order of their codes."""
    codes = {flag.code for flag in flags}
    return tuple(limit for limit in limits if limit.flag in codes)


def _joined(known: Flag, other: Flag) -> Flag:
    distances = [flag.distance_mm for flag in (known, other) if flag.distance_mm is not None]
    return msgspec.structs.replace(
        known,
        side=known.side if other.side in (known.side, None) else "both",
        distance_mm=min(distances, default=None),
        behind=known.behind if known.behind == other.behind else None,
    )


def _thorax_sides(placement: RecordedPlacement) -> Iterator[tuple[FlagSide, Certainty]]:
    """The sides on which a placement lies over the lung field, and how certain that is."""
    if isinstance(placement, RecordedTriggerPoint):
        resolved = placement.resolved
        places = [(resolved.at or placement.at, resolved.view, resolved.side, placement.side, placement.flags)]
    else:
        places = [(needle.at, placement.view, needle.side, None, needle.flags) for needle in placement.needles]
    for at, view, side, stated, flags in places:
        if side not in ("left", "right", "both") and stated is None and at is not None:
            # A bone of the midline is wide; where on it the needle stands is known.
            side = side_of(view or placement.view or "posterior", *at)
        for flag in flags:
            if flag.code == _OVER_LUNG:
                yield from ((half, flag.certainty) for half in _HALVES if side in (half, "both"))
