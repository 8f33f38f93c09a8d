"""Flags: what a clinician should know about a place. Never a clearance; the absence of a flag says nothing.

What each flag means, its rule and its sources are data (`flags.json`), listed in `CATALOGUE`. A point is looked up in
the fields of its view. Where only region and side were given, every field that the region meets is flagged as
`possible`. A clinic's own limits are carried beside the flags and never computed from anything.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.fields import FieldHit, FieldId, Fields
from bodymap.atlas.manifest import Region, ViewId
from bodymap.charting.placement import Flag, RecordedPlacement, RecordedTriggerPoint
from bodymap.charting.vocabulary import Moment, Name, PerimeterSide, Text

Xy = tuple[float, float]

POSSIBLE = "possible"
# Raised where a placement is resolved, and not by a field: it is about what was stated.
REGION_DIFFERS = "region-differs"
REGION_DIFFERS_SOURCE = (
    "bodymap contract, sessions and placements: a stated region within 30 mm of the point is kept as stated"
)
_REGION_DIFFERS_RULE = (
    "A region was stated that does not lie under the point before a cavity, and does so within 30 mm of it. Ours: the "
    "30 mm, since the patient is not the reference body; farther off the statement is refused."
)
_OVER_LUNG, _BOTH_SIDES = "over-lung-field", "both-sides-of-thorax"
# Other fields than the lung's count for a region only on views that show it well: at least this share of what the best
# view shows. Seen through the body, everything overlaps something.
_SHOWN_WELL = 1 / 3


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a flag comes from. `grade` A: paper, statute or notice; B: reference site; C: clinic page or course notes.
    `address` is empty where the product may not or need not link it."""

    id: str
    grade: str
    title: str
    address: str

    def __str__(self) -> str:
        # Without the address: this goes into every needle of a record, and the catalogue has it.
        return f"{self.id} ({self.grade}): {self.title}"


class FlagKind(msgspec.Struct, frozen=True):
    """One code: where (`place`) and why in words, how it is decided (`rule`, which says what is ours), and by which
    sources.

    `field` is the atlas's field; `None` for a flag of a whole session. `regions`, where not empty, are the only ones
    that the flag is raised for without a point. `reason` is the sentence without a side.
    """

    code: str
    field: FieldId | None
    place: str
    why: str
    rule: str
    sources: tuple[Source, ...]
    regions: frozenset[str]

    @property
    def reason(self) -> str:
        """One sentence: where and why."""
        return f"Lies {self.place}: {self.why}."

    @property
    def source(self) -> str:
        """The sources as one text."""
        return "; ".join(map(str, self.sources))

    @property
    def grade(self) -> str:
        """The grades of its sources, best first, each once."""
        return "".join(sorted({source.grade for source in self.sources}))


class ClinicLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a clinic has set for a flag, in its own words, and who set it when. Shown beside the flag, as it stands."""

    flag: Name
    text: Text
    set_by: Name
    set_at: Moment


class _Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    field: FieldId | None
    place: str
    why: str
    rule: str
    sources: tuple[str, ...]
    regions: frozenset[str] = frozenset()


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[Source, ...]
    kinds: tuple[_Kind, ...]


def _catalogue() -> tuple[FlagKind, ...]:
    data = msgspec.json.decode(Path(__file__).with_name("flags.json").read_bytes(), type=_Data)
    sources = {source.id: source for source in data.sources}
    return tuple(
        FlagKind(
            code=kind.code,
            field=kind.field,
            place=kind.place,
            why=kind.why,
            rule=kind.rule,
            sources=tuple(sources[name] for name in kind.sources),
            regions=kind.regions,
        )
        for kind in data.kinds
    )


CATALOGUE: tuple[FlagKind, ...] = _catalogue()
_KINDS: dict[str, FlagKind] = {kind.code: kind for kind in CATALOGUE}
RULES: dict[str, str] = {kind.code: kind.rule for kind in CATALOGUE} | {REGION_DIFFERS: _REGION_DIFFERS_RULE}
_OF_FIELD: dict[FieldId, FlagKind] = {kind.field: kind for kind in CATALOGUE if kind.field is not None}


def flags_at(fields: Fields, view: ViewId, at: Xy, side: PerimeterSide | None = None) -> tuple[Flag, ...]:
    """The flags of a point, in the catalogue's order, each code once.

    `side` only puts the reason into words where the point lies in the fields of both sides. Raises `UnknownView`.
    """
    flags: list[Flag] = []
    for kind, hits in _by_kind(fields.at(view, *at)):
        flags.append(Flag(code=kind.code, reason=f"This point lies {_where(kind, hits, side)}.", source=kind.source))
    return tuple(flags)


def flags_on_way(
    fields: Fields, view: ViewId, way: Iterable[Xy], side: PerimeterSide | None = None
) -> tuple[Flag, ...]:
    """The flags of a needle's whole way, as the view sees its points: where it comes to, wherever it enters.

    In the catalogue's order, each code once. Raises `UnknownView`.
    """
    hits = [hit for at in way for hit in fields.at(view, *at)]
    return tuple(
        Flag(
            code=kind.code,
            reason=f"The way of this needle comes to lie {_where(kind, met, side)}.",
            source=kind.source,
        )
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
    flags: list[Flag] = []
    for kind, met in _by_kind(hits):
        if kind.regions and region.id not in kind.regions:
            continue
        where = _where(kind, met, side)
        reason = f"{region.names.en}, in which no point was stated, lies partly {where}."
        flags.append(Flag(code=kind.code, reason=reason, source=kind.source, certainty=POSSIBLE))
    return tuple(flags)


def flags_of_session(placements: Sequence[RecordedPlacement]) -> tuple[Flag, ...]:
    """The flags of a session as a whole, beside those of its placements: both sides of the thorax.

    Placements that were not done do not count.
    """
    numbers: dict[str, list[int]] = {"left": [], "right": []}
    certain: set[str] = set()
    for placement in placements:
        if placement.status == "not-done":
            continue
        for side, sure in _thorax_sides(placement):
            if placement.number not in numbers[side]:
                numbers[side].append(placement.number)
            if sure:
                certain.add(side)
    if not (numbers["left"] and numbers["right"]):
        return ()
    kind = _KINDS[_BOTH_SIDES]
    left, right = (", ".join(map(str, numbers[side])) for side in ("left", "right"))
    reason = f"Needles lie {kind.place} (left: placement {left}; right: placement {right}): {kind.why}."
    certainty = None if len(certain) == len(numbers) else POSSIBLE
    return (Flag(code=kind.code, reason=reason, source=kind.source, certainty=certainty),)


def distinct_flags(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Each code once, the certain before the possible, in the order of first appearance: for lists gathered from many
    needles."""
    found: dict[str, Flag] = {}
    for flag in flags:
        known = found.get(flag.code)
        if known is None or (known.certainty and not flag.certainty):
            found[flag.code] = flag
    return tuple(found.values())


def rules_of(flags: Iterable[Flag]) -> dict[str, str]:
    """By which rule each code among these flags is raised, in the catalogue's order: what is a source's, what ours."""
    codes = {flag.code for flag in flags}
    return {code: rule for code, rule in RULES.items() if code in codes}


def limits_beside(flags: Iterable[Flag], limits: Iterable[ClinicLimit]) -> tuple[ClinicLimit, ...]:
    """The clinic's limits for the codes among these flags, unchanged, in the order of their codes."""
    codes = {flag.code for flag in flags}
    return tuple(limit for limit in limits if limit.flag in codes)


def _by_kind(hits: Iterable[FieldHit]) -> list[tuple[FlagKind, list[FieldHit]]]:
    met: dict[str, list[FieldHit]] = {}
    for hit in hits:
        met.setdefault(_OF_FIELD[hit.field].code, []).append(hit)
    return [(kind, met[kind.code]) for kind in CATALOGUE if kind.code in met]


def _where(kind: FlagKind, hits: Iterable[FieldHit], side: PerimeterSide | None) -> str:
    sides = {hit.side for hit in hits}
    if len(sides) > 1:
        sides = {side} if side in sides else set()
    named = "" if kind.field == "spinal-canal" else "".join(f" on the patient's {name}" for name in sides)
    return f"{kind.place}{named}: {kind.why}"


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


def _thorax_sides(placement: RecordedPlacement) -> list[tuple[str, bool]]:
    """The sides on which a placement lies over the lung field, and whether that is certain."""
    if isinstance(placement, RecordedTriggerPoint):
        places = [(placement.at, placement.resolved.side, placement.flags)]
    else:
        places = [(needle.at, needle.side, needle.flags) for needle in placement.needles]
    found: list[tuple[str, bool]] = []
    for at, side, flags in places:
        over = [flag for flag in flags if flag.code == _OVER_LUNG]
        if not over:
            continue
        if side not in ("left", "right", "both") and at is not None and placement.view is not None:
            side = side_of(placement.view, *at)
        sure = any(flag.certainty is None for flag in over)
        found.extend((half, sure) for half in ("left", "right") if side in (half, "both"))
    return found
