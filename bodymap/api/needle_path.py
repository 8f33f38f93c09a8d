"""What a straight needle goes through on the reference body, over HTTP.

A help in documenting and teaching. It clears no needle, and nothing of it is stored in a record.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap import __version__
from bodymap.api.atlas import SHORT
from bodymap.api.http.negotiation import etag_of
from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import Answer, Call, Operation
from bodymap.atlas import Atlas
from bodymap.atlas.frames import on_midline, to_page
from bodymap.atlas.local_names import place_phrase, structure_name
from bodymap.atlas.manifest import Arm, Kind, Side, Structure, ViewId
from bodymap.atlas.needle_path import NeedlePath, trace
from bodymap.atlas.needle_words import beside_in_words, in_words
from bodymap.atlas.neurovascular import Course
from bodymap.atlas.ray_grid import AXIS
from bodymap.atlas.vectors import Vector, along
from bodymap.charting.flags import FlagRule, distinct_flags, rules_of
from bodymap.charting.needle_statement import NeedleEntry, NeedlePathStatement, enter, own_side
from bodymap.charting.place_flags import flags_at, flags_on_way
from bodymap.charting.placement import Flag
from bodymap.charting.vocabulary import Direction
from bodymap.words import Language, catalogue

_FLAGGED_EVERY_MM = 2.0


class Crossed(msgspec.Struct, frozen=True, kw_only=True):
    """One passage through a structure, in millimetres along the way from where it enters the outermost structure, on
    the reference body only. `goes_on` if the way ends inside it. A structure may be passed more than once; on the
    midline a paired one is a single entry, whose `side` is `midline`."""

    id: Annotated[str, Meta(description="The id of the structure, such as `rib-6`.")]
    name: Annotated[str, Meta(description="Its English name.")]
    kind: Annotated[Kind, Meta(description="What it is: a muscle, a bone, an organ, a fascia, a nerve or a vessel.")]
    side: Annotated[Side, Meta(description="The patient's side.")]
    region: Annotated[str | None, Meta(description="The id of the region that it is, or null.")]
    begins_mm: Annotated[float, Meta(description="Millimetres along the needle at which it is entered.")]
    ends_mm: Annotated[float, Meta(description="Millimetres along the needle at which it is left.")]
    goes_on: Annotated[bool, Meta(description="Whether the needle ends inside it.")]
    reference_body_only: Annotated[
        Literal[True], Meta(description="Always true: measured on the reference body, never the patient's.")
    ] = True


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """What the way does not go through but comes near to at its own depth, beside it or beyond its end.

    A structure within 5 mm: 0 if the way touches it, to about a millimetre. A nerve or a vessel by its centre line:
    within 10 mm the brachial plexus, the sciatic nerve and the vertebral artery, within 5 mm the others; `at_mm` is how
    far along the way that is, a `constructed` course stands by landmarks, and `words` says it in a sentence. All on the
    reference body only.
    """

    id: Annotated[str, Meta(description="The id of the structure, such as `rib-6`, or of the nerve or vessel.")]
    name: Annotated[str, Meta(description="Its name: a nerve's in the language asked for, a structure's in English.")]
    kind: Annotated[Kind, Meta(description="What it is: a muscle, a bone, an organ, a fascia, a nerve or a vessel.")]
    side: Annotated[Side, Meta(description="The patient's side.")]
    region: Annotated[str | None, Meta(description="The id of the region that it is, or null.")]
    distance_mm: Annotated[float, Meta(description="How near the needle comes, in millimetres, 0 to 10.")]
    at_mm: Annotated[
        float | None, Meta(description="How far along the way a nerve or vessel is nearest, in millimetres.")
    ] = None
    constructed: Annotated[bool, Meta(description="Whether its course stands by landmarks.")] = False
    words: Annotated[str | None, Meta(description="A nerve or vessel beside the way, in a sentence.")] = None
    reference_body_only: Annotated[
        Literal[True], Meta(description="Always true: measured on the reference body, never the patient's.")
    ] = True


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """Where the way ends before its length, because it leaves the body, or what the atlas knows of it (below the page).

    Counted from the outermost structure, where none was met from the skin.
    """

    at_mm: Annotated[float, Meta(description="Millimetres along the needle at which it ends.")]
    because: Annotated[
        Literal["leaves-body", "leaves-atlas"],
        Meta(description="What it leaves there: the body, or what the atlas knows of it."),
    ]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """The needle as a straight line in the body frame of the reference body: where it passes the skin, in millimetres
    (x to the subject's left, y up from the soles, z forward), and its direction, of unit length."""

    skin: Annotated[Vector, Meta(description="Where it enters, `[x, y, z]` in the body frame, in millimetres.")]
    towards: Annotated[Vector, Meta(description="Its direction, `[x, y, z]` of unit length in the body frame.")]


class NeedlePathAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a straight needle goes through on the reference body, in order. It is stored nowhere.

    `entered_by` says what gave the point. With `region` nobody said where: the needle enters where it comes to the
    middle of what lies under the region's centre, else over that centre, and the flags of the whole region are among
    the flags, as possible. The flags are those of the whole way, wherever it enters; one is `on-the-way` where the
    needle goes into what it is about on the reference body, such as the lung, or near to a nerve. `near` has nerves and
    vessels first; `not_in_atlas` says which no answer can name. `flag_rules` says of each flag, by its
    code, why it matters, by which source, and by which rule it is raised.
    """

    view: Annotated[ViewId, Meta(description="The view that the point is on.")]
    at: Annotated[
        tuple[float, float],
        Meta(description="The point `[x, y]` in the view's millimetres: x to the viewer's right, y down."),
    ]
    side: Annotated[Side, Meta(description="The patient's side.")]
    region: Annotated[str | None, Meta(description="The region that the place was resolved as, or null.")]
    structure: Annotated[str | None, Meta(description="The structure that the place was resolved as, or null.")]
    landmark: Annotated[
        str | None, Meta(description="The place by its nearest landmark, in words; null where there is none.")
    ]
    entered_by: Annotated[Literal["point", "landmark", "region"], Meta(description="What gave the point.")]
    angle_from_normal_deg: Annotated[float, Meta(description="Degrees from the skin's normal, 0 to 80.")]
    direction: Annotated[Direction | None, Meta(description="Where the needle leans; null for one that stands square.")]
    length_mm: Annotated[float, Meta(description="Millimetres that it was followed, from the outermost structure on.")]
    arm: Annotated[Arm, Meta(description="Whether the arm was in the way.")]
    line: Line
    atlas: Annotated[str, Meta(description="The atlas version.")]
    reference_body_only: Annotated[
        Literal[True], Meta(description="Always true: measured on the reference body, never the patient's.")
    ]
    reference: Annotated[str, Meta(description="What the reference body is, in a sentence.")]
    words: Annotated[str, Meta(description="The whole way in a sentence.")]
    structures: tuple[Crossed, ...]
    near: tuple[Passed, ...]
    not_in_atlas: Annotated[str, Meta(description="Which vessels and nerves no answer can name, in a sentence.")]
    stops: Stopped | None
    flags: tuple[Flag, ...]
    flag_rules: dict[str, FlagRule]


def trace_needle(call: Call, _: Any) -> Answer:
    """What a straight needle goes through on the reference body."""
    stated: NeedlePathStatement = call.body.accepted()
    lang: Language = call.query.lang
    edition = call.backend.atlases.edition(call.backend.atlases.get(stated.version).version)
    entry = enter(edition.atlas, stated)
    etag = etag_of("needle-path", __version__, edition.digest, msgspec.json.encode(stated).decode(), lang)
    return Answer(body=msgspec.json.encode(traced(edition.atlas, stated, entry, lang)), headers=(("ETag", etag),))


def traced(atlas: Atlas, stated: NeedlePathStatement, entry: NeedleEntry, lang: Language = "en") -> NeedlePathAnswer:
    """The answer to a stated needle that enters there."""
    midline = on_midline(entry.view, entry.at[0])
    path = trace(atlas, entry.skin, entry.direction, stated.length_mm, entry.arm, midline)
    resolved, regions = entry.resolved, {region.id for region in atlas.regions}
    flags = distinct_flags(
        (
            *flags_at(atlas, entry.view, entry.at, entry.half, entry.arm),
            *entry.flags,
            *flags_on_way(atlas, entry.view, _seen(entry, path, stated.length_mm), path, entry.half),
        )
    )
    landmark = resolved.landmark if lang == "en" else None
    return NeedlePathAnswer(
        view=entry.view,
        at=entry.at,
        side=own_side(resolved),
        region=resolved.region,
        structure=resolved.structure,
        landmark=landmark
        or place_phrase(atlas, atlas.landmarks.nearest(entry.view, *entry.at, own_side(resolved)), lang),
        entered_by=entry.entered_by,
        angle_from_normal_deg=stated.angle_from_normal_deg or 0.0,
        direction=stated.direction,
        length_mm=stated.length_mm,
        arm=entry.arm,
        line=Line(skin=_rounded(entry.skin, 2), towards=_rounded(entry.direction, 5)),
        atlas=atlas.version,
        reference_body_only=True,
        reference=catalogue(lang).answer.reference,
        words=in_words(atlas, path, entry.half, stated.length_mm, lang),
        structures=tuple(
            Crossed(**_named(structure, side, regions), begins_mm=begins_mm, ends_mm=ends_mm, goes_on=goes_on)
            for structure, side, begins_mm, ends_mm, goes_on in path.crossings
        ),
        near=(
            *(_beside(course, distance_mm, at_mm, lang) for course, distance_mm, at_mm in path.beside),
            *(
                Passed(**_named(structure, side, regions), distance_mm=within_mm)
                for structure, side, within_mm in path.near
            ),
        ),
        not_in_atlas=catalogue(lang).answer.not_in_atlas,
        stops=Stopped(at_mm=path.stop.at_mm, because=path.stop.because) if path.stop else None,
        flags=flags,
        flag_rules=rules_of(flags, lang),
    )


def _seen(entry: NeedleEntry, path: NeedlePath, length_mm: float) -> Iterator[tuple[float, float]]:
    """The points of the view that the needle's way is seen at, from the skin to its tip."""
    reach_mm = length_mm if path.stop is None else min(length_mm, path.stop.at_mm)
    for step in range(int((reach_mm + (path.origin_mm or 0.0)) / _FLAGGED_EVERY_MM) + 1):
        x, y, z = along(entry.skin, entry.direction, step * _FLAGGED_EVERY_MM)
        yield to_page(entry.view, x if AXIS[entry.view] == "z" else z, y)


def _beside(course: Course, distance_mm: float, at_mm: float, lang: Language) -> Passed:
    return Passed(
        id=course.id,
        name=structure_name(course.id, lang),
        kind=course.kind,
        side=course.side,
        region=None,
        distance_mm=round(distance_mm, 1),
        at_mm=round(at_mm, 1),
        constructed=course.constructed,
        words=beside_in_words(course, distance_mm, lang),
    )


def _rounded(vector: Vector, digits: int) -> Vector:
    x, y, z = (round(number, digits) + 0.0 for number in vector)
    return x, y, z


def _named(structure: Structure, side: Side, regions: set[str]) -> dict[str, Any]:
    return {
        "id": structure.id,
        "name": structure.name,
        "kind": structure.kind,
        "side": side,
        "region": structure.id if structure.id in regions else None,
    }


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/atlas/needle-path",
        id="traceNeedle",
        tag="Atlas",
        summary="What a straight needle goes through on the reference body, in order",
        detail="A help in documenting and teaching. Nothing is stored, and it says nothing about a patient.",
        handler=trace_needle,
        scope="atlas:read",
        body=NeedlePathStatement,
        query=InLanguage,
        result=NeedlePathAnswer,
        cache=SHORT,
    ),
)
