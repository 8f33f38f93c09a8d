"""A placement: where needles went, and what was done with them there.

Two kinds. A *trigger point* is one place; it is given by a point on a view, or by region and side, or by a landmark
and an offset, or in words. A *perimeter* is a line of needles around a painful place: a ring, an outline, or a region.
What a client states is a `TriggerPoint` or a `Perimeter`; what is kept and answered adds what the atlas made of it.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.charting.vocabulary import (
    AngleDeg,
    Certainty,
    Count,
    DepthMm,
    DiameterMm,
    Direction,
    DwellS,
    FlagSide,
    Hz,
    Label,
    LandmarkName,
    LengthMm,
    Minutes,
    MuscleId,
    NeedleCount,
    OffsetMm,
    Pain,
    PerimeterSide,
    PlacementStatus,
    Point,
    RadiusMm,
    RecordId,
    RegionId,
    RingCount,
    Side,
    SpacingMm,
    StatedPerimeterSide,
    StatedSide,
    Text,
    TriggerPointState,
    Uri,
    ViewId,
)

BARE_SKIN = "skin"
"""What `found` says of a point where nothing lies beneath the skin."""


class Identifier(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A business identifier of a session or a placement. System and value together are unique in their tenant, among
    sessions and placements together.
    """

    system: Uri
    value: Label


class Needle(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """The needle used: millimetres as printed on its packet, and the lot that a recall would name."""

    diameter_mm: DiameterMm | None = None
    length_mm: LengthMm | None = None
    lot: Label | None = None
    maker: Text | None = None


class Findings(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """What palpation found at a trigger point."""

    state: Annotated[
        TriggerPointState | None, Meta(description="`active`: it gives pain by itself; `latent`: only when pressed.")
    ] = None
    taut_band: Annotated[bool | None, Meta(description="Whether a taut band was felt.")] = None
    familiar_pain: Annotated[bool | None, Meta(description="Whether the pain was the patient's own.")] = None


class Twitch(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """The local twitch response: whether it was looked for, whether it came, how often."""

    sought: Annotated[bool | None, Meta(description="Whether it was looked for.")] = None
    obtained: Annotated[bool | None, Meta(description="Whether it came.")] = None
    count: Annotated[Count | None, Meta(description="How often it came, 0 to 1,000.")] = None


class Electrical(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """Electrical stimulation; placements of one session with the same channel are a pair."""

    channel: Label | None = None
    hz: Hz | None = None
    minutes: Annotated[Minutes | None, Meta(description="Minutes that it ran, 0 to 240.")] = None


class Offset(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """How far from a landmark, in millimetres on the reference body."""

    lateral: OffsetMm | None = None
    medial: OffsetMm | None = None
    cranial: OffsetMm | None = None
    caudal: OffsetMm | None = None


class Site(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A place that the plates do not show, in words. It is listed and counted, never drawn."""

    text: Text


class Ring(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """A circle of needles on a view, in millimetres; the first stands at its top, the others follow clockwise."""

    center: Annotated[Point, Meta(description="Its centre `[x, y]` in the view's millimetres.")]
    radius_mm: Annotated[RadiusMm, Meta(description="Millimetres on the reference body, more than 0 and up to 300.")]
    needles: RingCount | None = None


class Statement(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """What both kinds of placement can state. Nothing here is required.

    `muscle` stands in place of `region` where nobody says which part of a muscle, or which muscle of a group: with a
    point it becomes the member that lies there, without one all members on the stated side are meant.
    """

    identifier: Annotated[tuple[Identifier, ...], Meta(max_length=16)] = ()
    status: Annotated[PlacementStatus, Meta(description="Whether it was done, is planned, or was not done.")] = "done"
    status_reason: Text | None = None
    view: Annotated[ViewId | None, Meta(description="The view that the place is given on.")] = None
    region: RegionId | None = None
    muscle: MuscleId | None = None
    depth_mm: DepthMm | None = None
    angle_from_normal_deg: AngleDeg | None = None
    direction: Annotated[Direction | None, Meta(description="Where the needle points.")] = None
    technique: Text | None = None
    dwell_s: DwellS | None = None
    insertions: Annotated[Count | None, Meta(description="How often a needle was inserted, 0 to 1,000.")] = None
    twitch: Twitch | None = None
    electrical: Electrical | None = None
    needle: Needle | None = None
    also: Annotated[
        tuple[RegionId, ...],
        Meta(description="Ids of further regions treated through the same insertion.", max_length=16),
    ] = ()
    pain_before: Pain | None = None
    pain_after: Pain | None = None
    response: Text | None = None
    precaution: Text | None = None
    note: Text | None = None
    continues: RecordId | None = None


class TriggerPoint(Statement, tag_field="kind", tag="trigger_point", frozen=True, kw_only=True):
    """One place. Exactly one of: `view` and `at`; `region` (or `muscle`) and `side`; `landmark`; `site`.

    With `view` and `at`, a `region` and a `side` may be stated as well: they are checked against the point. Without a
    `count`, one needle stands at a point or landmark; elsewhere it is not known how many.
    """

    at: Annotated[
        Point | None, Meta(description="The point `[x, y]` in the view's millimetres: x to the viewer's right, y down.")
    ] = None
    side: Annotated[StatedSide | None, Meta(description="The patient's side, as stated.")] = None
    landmark: LandmarkName | None = None
    offset_mm: Offset | None = None
    site: Site | None = None
    trigger_point: Findings | None = None
    count: Annotated[NeedleCount | None, Meta(description="How many needles stand there, 1 to 64.")] = None


class Perimeter(Statement, tag_field="kind", tag="perimeter", frozen=True, kw_only=True):
    """A line of needles. Exactly one of: `view` and `ring`; `view`, `outline` and `spacing_mm`; `region` (or
    `muscle`), `side` and `needles`. `skip` names the numbers on the line where no needle was put.
    """

    ring: Ring | None = None
    outline: Annotated[
        tuple[Point, ...] | None, Meta(description="The corners `[x, y]` in order, 3 to 64, in the view's millimetres.")
    ] = None
    spacing_mm: Annotated[
        SpacingMm | None, Meta(description="Millimetres between needles along the line, more than 0 and up to 300.")
    ] = None
    needles: RingCount | None = None
    skip: Annotated[
        tuple[NeedleCount, ...],
        Meta(description="Numbers on the line where no needle was put, 1 to 64.", max_length=64),
    ] = ()
    side: Annotated[StatedPerimeterSide | None, Meta(description="The patient's side, as stated.")] = None


PlacementStatement = TriggerPoint | Perimeter


class Flag(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to know about a place: never a clearance, and its absence says nothing. Its reason, source and rule
    stand once at the root of an answer, in `flag_rules`.

    `certainty` is `possible` where only the region was given, `on-the-way` where the needle's own angle, direction and
    length meet on the reference body what the flag is about, else `under-the-point`. `side` is the patient's, `both`
    where the place lies in the fields of both halves; flags that have no half have none. `found`, what the reference
    body has under the point, belongs to `region-differs`. `distance_mm` is how far off the stated region is there, or
    how far a nerve's or vessel's centre line runs beside the needle's way or the line of sight. `behind` is the bone
    that lies in front of lung, nerve or vessel on that line: told, never as a shield.
    """

    code: Annotated[str, Meta(description="The flag's code, such as `over-lung-field`.")]
    certainty: Annotated[Certainty, Meta(description="How it was found.")]
    side: Annotated[FlagSide | None, Meta(description="The patient's side of what it is about.")] = None
    found: Annotated[str | None, Meta(description="Of `region-differs`: what the atlas has under the point.")] = None
    distance_mm: Annotated[
        float | None,
        Meta(description="Millimetres to the region that was stated, or to the centre line of a nerve or vessel."),
    ] = None
    behind: Annotated[str | None, Meta(description="The bone in front of what it is about, on the reference body.")] = (
        None
    )


class Beneath(msgspec.Struct, frozen=True, kw_only=True):
    """A structure under a point on the reference body, outermost first."""

    id: Annotated[str, Meta(description="The id of the structure, such as `rib-6`.")]
    kind: Annotated[str, Meta(description="What it is: a muscle, a bone, an organ, a fascia, a nerve or a vessel.")]
    side: Annotated[Side, Meta(description="The patient's side.")]


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """What the atlas made of a place.

    `region` is null over a bone, over a muscle that is no region, and for a `site`; `structure` then names what is
    there. Both are null where no more than a `muscle` of several regions was stated, which `muscle` then repeats;
    otherwise `muscle` is that of the region. `inferred` is true where neither region nor muscle was stated. `view` and
    `at` are the point, also of a place stated by a landmark; null where nobody said where. `landmark` is in words, on
    the reference figure.
    """

    region: Annotated[str | None, Meta(description="The region's id; null over a bone or a muscle that is no region.")]
    structure: Annotated[str | None, Meta(description="The id of what lies there, region or not.")]
    side: Annotated[PerimeterSide | None, Meta(description="The patient's side.")]
    layer: Annotated[str | None, Meta(description="The layer that shows it.")]
    muscle: Annotated[str | None, Meta(description="The muscle's id.")]
    inferred: Annotated[bool, Meta(description="Whether only the atlas says so, since no region was stated.")]
    view: Annotated[ViewId | None, Meta(description="The view that the point is on.")] = None
    at: Annotated[
        tuple[float, float] | None,
        Meta(description="The point `[x, y]` in the view's millimetres; null where nobody said where."),
    ] = None
    beneath: tuple[Beneath, ...]
    landmark: Annotated[str | None, Meta(description="The place by its nearest landmark, in words.")]


class LineNeedle(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One needle of a perimeter: its number on the line, its place, and what the atlas found there.

    `at` is null where only the region was given: nobody said where on it the needles stood. `structure` is there where
    the needle went into no region.
    """

    number: Annotated[int, Meta(description="Its number on the line, from 1.")]
    at: Annotated[
        tuple[float, float] | None,
        Meta(description="Its point `[x, y]` in the view's millimetres; null where nobody said where."),
    ]
    region: Annotated[str | None, Meta(description="The region's id; null where it went into none.")]
    structure: Annotated[str | None, Meta(description="The id of what lies there, where it is no region.")] = None
    side: Annotated[PerimeterSide | None, Meta(description="The patient's side.")]
    flags: tuple[Flag, ...]


class RecordedTriggerPoint(TriggerPoint, tag_field="kind", tag="trigger_point", frozen=True, kw_only=True):
    """A trigger point as it is kept: what was stated, and what the atlas of the session's version made of it. `count`
    is null where nobody said how many needles stood there.
    """

    id: Annotated[str, Meta(description="The placement's id.", extra_json_schema={"format": "uuid"})]
    number: Annotated[int, Meta(description="Its number in the session, from 1, never used again.")]
    status: Annotated[PlacementStatus, Meta(description="Whether it was done, is planned, or was not done.")]
    count: Annotated[
        NeedleCount | None, Meta(description="How many needles stand there, 1 to 64; null where nobody said.")
    ]
    resolved: Resolved
    flags: tuple[Flag, ...]


class RecordedPerimeter(Perimeter, tag_field="kind", tag="perimeter", frozen=True, kw_only=True):
    """A perimeter as it is kept. `needles` are the needles on the line, in order, those skipped left out."""

    id: Annotated[str, Meta(description="The placement's id.", extra_json_schema={"format": "uuid"})]
    number: Annotated[int, Meta(description="Its number in the session, from 1, never used again.")]
    status: Annotated[PlacementStatus, Meta(description="Whether it was done, is planned, or was not done.")]
    needles: tuple[LineNeedle, ...]  # type: ignore[assignment]  # stated as a number, answered as a list
    resolved: Resolved
    flags: tuple[Flag, ...]


RecordedPlacement = RecordedTriggerPoint | RecordedPerimeter


def needles_at(point: TriggerPoint) -> int | None:
    """How many needles a stated trigger point means: one where nothing else is said of a point, else what is said."""
    return 1 if point.count is None and has_point(point) else point.count


def has_point(point: TriggerPoint) -> bool:
    """Whether a trigger point is stated by a point or a landmark."""
    return point.at is not None or point.landmark is not None


def stated(placement: RecordedPlacement) -> PlacementStatement:
    """What the client stated of a recorded placement, without what was made of it."""
    if isinstance(placement, RecordedTriggerPoint):
        return TriggerPoint(**{name: getattr(placement, name) for name in TriggerPoint.__struct_fields__})
    members = {name: getattr(placement, name) for name in Perimeter.__struct_fields__}
    by_region = placement.ring is None and placement.outline is None
    members["needles"] = len(placement.needles) + len(placement.skip) if by_region else None
    return Perimeter(**members)


def whole_muscle(placement: RecordedPlacement) -> str | None:
    """The muscle or group that was stated where nobody said which part of it; `None` for every other placement."""
    return placement.resolved.muscle if placement.resolved.region is None else None


def needle_count(placement: RecordedPlacement) -> int | None:
    """How many needles a placement stands for; None where nobody said."""
    return placement.count if isinstance(placement, RecordedTriggerPoint) else len(placement.needles)


def twitch_obtained(placement: RecordedPlacement) -> bool:
    """Whether a local twitch came."""
    twitch = placement.twitch
    return twitch is not None and bool(twitch.obtained or (twitch.obtained is None and twitch.count))
