"""Flags: what a clinician should know about a place. Never a clearance; the absence of a flag says nothing.

Where a flag is raised and by which sources is data (`flags.json`), listed in `CATALOGUE`; why and by which rule stands
in the catalogues of `words`. An answer tells them once for each code (`rules_of`). A point is looked up in the fields
of its view. Where only region and side were given, every field that the region meets is flagged as `possible`. A
clinic's own limits are carried beside the flags and never computed from anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.fields import FieldHit, FieldId, Fields
from bodymap.atlas.frames import mirror, on_midline
from bodymap.atlas.manifest import Region, ViewId
from bodymap.charting.placement import Flag, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.vocabulary import Certainty, FlagSide, Moment, Name, PerimeterSide, Text
from bodymap.words import Language, catalogue

Xy = tuple[float, float]

# Raised where a placement is resolved, and not by a field: it is about what was stated.
REGION_DIFFERS = "region-differs"
# The surest first.
_CERTAINTIES: tuple[Certainty, ...] = ("on-the-way", "under-the-point", "possible")
# The canal has an outline for each half, too, and belongs to neither.
_WITHOUT_SIDE: frozenset[FieldId | None] = frozenset({None, "spinal-canal"})
_HALVES: tuple[FlagSide, ...] = ("left", "right")
_OVER_LUNG, _BOTH_SIDES = "over-lung-field", "both-sides-of-thorax"
# Other fields than the lung's count for a region only on views that show it well: at least this share of what the best
# view shows. Seen through the body, everything overlaps something.
_SHOWN_WELL = 1 / 3


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

    `field` is the atlas's field; `None` for a flag of a whole session or of a statement. `regions`, where not empty,
    are the only ones that the flag is raised for without a point. `met` are the structures that the flag is about: a
    needle that goes into one of them meets it.
    """

    code: str
    field: FieldId | None
    sources: tuple[FlagSource, ...]
    own_source: str
    regions: frozenset[str]
    met: frozenset[str]

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
    own_source: str = ""
    regions: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()


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
            sources=tuple(sources[name] for name in kind.sources),
            own_source=kind.own_source,
            regions=kind.regions,
            met=kind.met,
        )
        for kind in data.kinds
    )


_ALL = _kinds()
CATALOGUE: tuple[FlagKind, ...] = tuple(kind for kind in _ALL if kind.code != REGION_DIFFERS)
CODES: tuple[str, ...] = tuple(kind.code for kind in _ALL)
_KINDS: dict[str, FlagKind] = {kind.code: kind for kind in _ALL}
_OF_FIELD: dict[FieldId, FlagKind] = {kind.field: kind for kind in CATALOGUE if kind.field is not None}


def reason(code: str, lang: Language = "en") -> str:
    """Why a flag of this code matters, in one sentence of the language; empty for a code that this release does not
    know."""
    words = catalogue(lang).flags.get(code)
    return words.reason if words is not None else ""


def source(code: str) -> str:
    """On whose word a flag of this code is raised; empty for a code that this release does not know."""
    kind = _KINDS.get(code)
    return kind.source if kind is not None else ""


def rules_of(flags: Iterable[Flag], lang: Language = "en") -> dict[str, FlagRule]:
    """What is said of each code among these flags, once, in the catalogue's order and in the language."""
    codes = {flag.code for flag in flags}
    words = catalogue(lang).flags
    return {
        kind.code: FlagRule(reason=words[kind.code].reason, source=kind.source, rule=words[kind.code].rule)
        for kind in _ALL
        if kind.code in codes
    }


def has_side(code: str) -> bool:
    """Whether a flag of this code is one of a half of the body; true of a code that this release does not know."""
    kind = _KINDS.get(code)
    return kind is None or kind.field not in _WITHOUT_SIDE


def flags_at(fields: Fields, view: ViewId, at: Xy, side: PerimeterSide | None = None) -> tuple[Flag, ...]:
    """The flags of a point, in the catalogue's order, each code once.

    On the midline it has those of both halves, unless `side` is left or right; elsewhere `side` decides only where a
    point lies in the fields of both. Raises `UnknownView`.
    """
    hits = fields.at(view, *at)
    if on_midline(view, at[0]) and side not in ("left", "right"):
        hits += fields.at(*mirror(view, *at))
    return tuple(_flag(kind, met, side, "under-the-point") for kind, met in _by_kind(hits))


def flags_on_way(
    fields: Fields,
    view: ViewId,
    way: Iterable[Xy],
    side: PerimeterSide | None = None,
    crossed: frozenset[str] = frozenset(),
) -> tuple[Flag, ...]:
    """The flags of a needle's whole way, as the view sees its points: where it comes to, wherever it enters.

    `crossed` are the structures that it goes into: where they are what a flag is about, that is on the way. In the
    catalogue's order, each code once. Raises `UnknownView`.
    """
    hits = [hit for at in way for hit in fields.at(view, *at)]
    return tuple(
        _flag(kind, met, side, "on-the-way" if kind.met & crossed else "under-the-point")
        for kind, met in _by_kind(hits)
    )


def flags_of_region(atlas: Atlas, fields: Fields, region: Region, side: PerimeterSide) -> tuple[Flag, ...]:
    """The flags that a needle anywhere in the region may have, `certainty` possible, each code once.

    The lung field is looked for on every view that shows the region, the other fields on those that show it well; a
    muscle of the arm not on side views, where it hangs before the trunk.
    """
    hits: list[FieldHit] = []
    for view, shown_well in _views_of(atlas, region):
        for extent in region.extents[view]:
            outline = atlas.silhouette(region.id, extent.side, view)
            if outline is None or side not in ("both", extent.side):
                continue
            touched = fields.touching(view, outline)
            hits.extend(hit for hit in touched if shown_well or hit.field == "lung-field")
    return tuple(
        _flag(kind, met, side, "possible")
        for kind, met in _by_kind(hits)
        if not kind.regions or region.id in kind.regions
    )


def flags_of_session(placements: Sequence[RecordedPlacement]) -> tuple[Flag, ...]:
    """The flags of a session as a whole, beside those of its placements: both sides of the thorax.

    Placements that were not done do not count. It is as certain as the less certain side is.
    """
    sides: dict[FlagSide, Certainty] = {}
    for placement in placements:
        if placement.status == "not-done":
            continue
        for half, certainty in _thorax_sides(placement):
            sides[half] = min(certainty, sides.get(half, certainty), key=_CERTAINTIES.index)
    if len(sides) < 2:
        return ()
    return (Flag(code=_BOTH_SIDES, certainty=max(sides.values(), key=_CERTAINTIES.index)),)


def distinct_flags(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Each code once, the surest of it, in the order of first appearance: for lists gathered from many needles.

    Where as sure a one lies on the other side, it is of both.
    """
    found: dict[str, Flag] = {}
    for flag in flags:
        known = found.get(flag.code)
        if known is None or _CERTAINTIES.index(flag.certainty) < _CERTAINTIES.index(known.certainty):
            found[flag.code] = flag
        elif flag.certainty == known.certainty and flag.side not in (known.side, None):
            found[flag.code] = msgspec.structs.replace(known, side="both")
    return tuple(found.values())


def limits_beside(flags: Iterable[Flag], limits: Iterable[ClinicLimit]) -> tuple[ClinicLimit, ...]:
    """The clinic's limits for the codes among these flags, unchanged, in the order of their codes."""
    codes = {flag.code for flag in flags}
    return tuple(limit for limit in limits if limit.flag in codes)


def _by_kind(hits: Iterable[FieldHit]) -> list[tuple[FlagKind, list[FieldHit]]]:
    met: dict[str, list[FieldHit]] = {}
    for hit in hits:
        met.setdefault(_OF_FIELD[hit.field].code, []).append(hit)
    return [(kind, met[kind.code]) for kind in CATALOGUE if kind.code in met]


def _flag(kind: FlagKind, hits: Iterable[FieldHit], side: PerimeterSide | None, certainty: Certainty) -> Flag:
    if kind.field in _WITHOUT_SIDE:
        return Flag(code=kind.code, certainty=certainty)
    halves: set[FlagSide] = {"left" if hit.side == "left" else "right" for hit in hits}
    if len(halves) == 1:
        (own,) = halves
    else:
        own = side if side == "left" or side == "right" else "both"
    return Flag(code=kind.code, certainty=certainty, side=own)


def _views_of(atlas: Atlas, region: Region) -> list[tuple[ViewId, bool]]:
    """The views to look for a region on, and whether they show it well."""
    of_arm = any(structure.arm and structure.id == region.id for structure in atlas.manifest.structures)
    shares = {
        view: max(extent.visible_mm2 / max(extent.silhouette_mm2, 1) for extent in extents)
        for view, extents in region.extents.items()
        if extents and not (of_arm and view in ("left", "right"))
    }
    best = max(shares.values(), default=0.0)
    return [(view, share >= best * _SHOWN_WELL) for view, share in shares.items()]


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
