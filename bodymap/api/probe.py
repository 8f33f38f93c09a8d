"""What lies under a point of a view over HTTP.

Everything here is of the reference body. It helps to document and to teach, and clears no needle.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.api.atlas import SHORT, OfVersion, atlas_of, cached
from bodymap.api.operation import Answer, Call, Operation
from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES, on_midline
from bodymap.atlas.grazing import beneath_and_beside
from bodymap.atlas.local_names import place_phrase, structure_name
from bodymap.atlas.manifest import Arm, Kind, LayerId, Side, ViewId
from bodymap.atlas.midline import met
from bodymap.atlas.needle_words import beside_in_words
from bodymap.atlas.neurovascular import CourseKind
from bodymap.atlas.sight import beside_sight, sight_of
from bodymap.charting.flags import FlagRule, rules_of
from bodymap.charting.place_flags import flags_at
from bodymap.charting.placement import Flag
from bodymap.charting.vocabulary import Coordinate
from bodymap.errors import Complaint, Invalid
from bodymap.words import Language, catalogue


class ProbeQuery(OfVersion, frozen=True, kw_only=True):
    """A point on a view, in its millimetres. Side views are probed without the arm unless `arm` is shown."""

    view: Annotated[ViewId, Meta(description="The view that the point is on.")]
    x: Annotated[Coordinate, Meta(description="Millimetres on the view, to the viewer's right.")]
    y: Annotated[Coordinate, Meta(description="Millimetres on the view, down.")]
    arm: Annotated[Arm, Meta(description="Whether the arm is in the way on the side views.")] = "hidden"
    lang: Annotated[Language, Meta(description="The language of the sentences.")] = "en"


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """One structure under a point, `order` 1 the outermost. `enters_mm` and `leaves_mm` are counted, for all structures
    alike, from the skin before the outermost one, on the reference body only; slightly below 0 where that protrudes
    through the skin. Where no skin is before it, since that of the arm is hidden with the arm, they are counted from
    the outermost structure, as `counted_from` says. `grazed` is there, and true, where one of the four cells of the
    depth data around the point, less than 2 mm away, lacks the structure: there it begins or ends. `region` is null if
    the structure is no region; `in_cavity` marks what lies in or behind the thoracic or abdominal cavity. Within 2 mm
    of the midline a paired structure is one entry, whose `side` is `midline`; `thickness_mm` then leaves out what lies
    between its two halves.
    """

    order: Annotated[int, Meta(description="1 for the outermost.")]
    id: Annotated[str, Meta(description="The id of the structure, such as `rib-6`.")]
    name: Annotated[str, Meta(description="Its English name.")]
    kind: Annotated[Kind, Meta(description="What it is: a muscle, a bone, an organ, a fascia, a nerve or a vessel.")]
    side: Annotated[Side, Meta(description="The patient's side.")]
    region: Annotated[str | None, Meta(description="The id of the region that it is, or null.")]
    enters_mm: Annotated[float, Meta(description="Millimetres from the skin at which the line enters it.")]
    leaves_mm: Annotated[float, Meta(description="Millimetres from the skin at which the line leaves it.")]
    thickness_mm: Annotated[float, Meta(description="Millimetres of it on the line.")]
    counted_from: Annotated[
        Literal["skin", "outermost-structure"], Meta(description="What the millimetres are counted from.")
    ]
    reference_body_only: Annotated[
        Literal[True], Meta(description="Always true: measured on the reference body, never the patient's.")
    ] = True
    in_cavity: Annotated[bool, Meta(description="Whether it lies in or behind the thoracic or abdominal cavity.")]
    grazed: Annotated[
        Literal[True] | msgspec.UnsetType,
        Meta(description="True where a line less than 2 mm beside this one does not meet it; else absent."),
    ] = msgspec.UNSET


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What the point means where no region is stated: the outermost structure, passing through skin, platysma and
    fasciae, and through the aponeuroses of latissimus dorsi and serratus posterior inferior over the thoracolumbar
    fascia."""

    region: Annotated[str | None, Meta(description="The region's id; null where the structure is no region.")]
    structure: Annotated[str | None, Meta(description="The structure's id; null off the body.")]
    side: Annotated[Side, Meta(description="The patient's side.")]
    layer: Annotated[LayerId | None, Meta(description="The layer that shows the region on this view.")]
    muscle: Annotated[str | None, Meta(description="The muscle that the region is a part of.")]
    inferred: Annotated[bool, Meta(description="Always true: only the atlas says so.")]


class NearLine(msgspec.Struct, frozen=True, kw_only=True):
    """A nerve or a vessel beside the line of sight, before a cavity and up to 100 mm behind the outermost structure:
    within 10 mm of it the brachial plexus, the sciatic nerve and the vertebral artery, within 5 mm the others.
    `distance_mm` is that from its centre line, `at_mm` how far behind the outermost structure. A `constructed` course
    stands by landmarks. `words` says it in a sentence."""

    id: Annotated[str, Meta(description="The id of the nerve or vessel, such as `sciatic-nerve`.")]
    name: Annotated[str, Meta(description="Its name in the language asked for.")]
    kind: Annotated[CourseKind, Meta(description="Whether it is a nerve or a vessel.")]
    side: Annotated[Side, Meta(description="The patient's side.")]
    distance_mm: Annotated[float, Meta(description="Millimetres from the line of sight to its centre line, 0 to 10.")]
    at_mm: Annotated[float, Meta(description="Millimetres behind the outermost structure where it is nearest.")]
    constructed: Annotated[bool, Meta(description="Whether its course stands by landmarks.")]
    words: Annotated[str, Meta(description="All of it in a sentence of the language asked for.")]
    reference_body_only: Annotated[
        Literal[True], Meta(description="Always true: measured on the reference body, never the patient's.")
    ] = True


class ProbeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The structures under a point along the view's axis, outermost first, what runs beside that line, and the flags of
    the place. `not_in_atlas` says which vessels and nerves no answer can name. `flag_rules` says of each flag, by its
    code, why it matters, by which source, and by which rule it is raised."""

    view: Annotated[ViewId, Meta(description="The view.")]
    at: Annotated[
        tuple[float, float],
        Meta(description="The point `[x, y]` in the view's millimetres: x to the viewer's right, y down."),
    ]
    arm: Annotated[Arm, Meta(description="Whether the arm was in the way.")]
    atlas: Annotated[str, Meta(description="The atlas version.")]
    reference_body_only: Annotated[
        Literal[True], Meta(description="Always true: measured on the reference body, never the patient's.")
    ]
    reference: Annotated[str, Meta(description="What the reference body is, in a sentence.")]
    meaning: Meaning
    landmark: Annotated[str, Meta(description="The place by its nearest landmark, in words.")]
    structures: tuple[Probed, ...]
    near: tuple[NearLine, ...]
    not_in_atlas: Annotated[str, Meta(description="Which vessels and nerves no answer can name, in a sentence.")]
    flags: tuple[Flag, ...]
    flag_rules: dict[str, FlagRule]


def probe(call: Call, _: Any) -> Answer:
    """What lies under a point of a view."""
    query: ProbeQuery = call.query
    return cached(msgspec.json.encode(probed(atlas_of(call), query.view, query.x, query.y, query.arm, query.lang)))


def probed(atlas: Atlas, view: ViewId, x: float, y: float, arm: Arm = "hidden", lang: Language = "en") -> ProbeAnswer:
    """The answer to a probe. Raises `Invalid` off the body."""
    arm = atlas.arm(view, arm)
    hit = atlas.at(view, x, y, arm=arm)
    if hit is None:
        raise Invalid(_off_body(view, x, y))
    midline = on_midline(view, x)
    own_side: Side = "midline" if midline else hit.side
    structures = tuple(
        Probed(
            order=order,
            id=structure.id,
            name=structure.name,
            kind=structure.kind,
            side=side,
            region=region.id if region else None,
            enters_mm=round(enters_mm, 2),
            leaves_mm=round(leaves_mm, 2),
            thickness_mm=round(thickness_mm, 2),
            counted_from="skin" if from_skin else "outermost-structure",
            in_cavity=in_cavity,
            grazed=True if grazed else msgspec.UNSET,
        )
        for order, (
            structure,
            region,
            side,
            enters_mm,
            leaves_mm,
            thickness_mm,
            in_cavity,
            from_skin,
            grazed,
        ) in enumerate(met(beneath_and_beside(atlas, view, x, y, arm), midline), 1)
    )
    flags = flags_at(atlas, view, (x, y), own_side, arm)
    sight = sight_of(atlas, view, x, y, arm)
    near = tuple(
        NearLine(
            id=course.id,
            name=structure_name(course.id, lang),
            kind=course.kind,
            side=course.side,
            distance_mm=round(distance_mm, 1),
            at_mm=round(at_mm, 1),
            constructed=course.constructed,
            words=beside_in_words(course, distance_mm, lang),
        )
        for course, distance_mm, at_mm in (beside_sight(atlas, sight) if sight is not None else ())
    )
    return ProbeAnswer(
        view=view,
        at=(x, y),
        arm=arm,
        atlas=atlas.version,
        reference_body_only=True,
        reference=catalogue(lang).answer.reference,
        meaning=Meaning(
            region=hit.region.id if hit.region else None,
            structure=hit.structure.id if hit.structure else None,
            side=own_side,
            layer=hit.layer,
            muscle=hit.region.muscle if hit.region else None,
            inferred=True,
        ),
        landmark=place_phrase(atlas, atlas.landmarks.nearest(view, x, y, own_side), lang),
        structures=structures,
        near=near,
        not_in_atlas=catalogue(lang).answer.not_in_atlas,
        flags=flags,
        flag_rules=rules_of(flags, lang),
    )


def _off_body(view: ViewId, x: float, y: float) -> list[Complaint]:
    width, height = SIZES[view]
    page = f"The page of {view} is {width:g} by {height:g} mm, x to the viewer's right, y down."
    detail = f"The point [{x:g}, {y:g}] on {view} lies off the body. {page}"
    return [Complaint("?x", "off-body", detail), Complaint("?y", "off-body", detail)]


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/atlas/probe",
        id="probe",
        tag="Atlas",
        summary="What lies under a point of a view, outermost first, on the reference body",
        handler=probe,
        scope="atlas:read",
        query=ProbeQuery,
        result=ProbeAnswer,
        cache=SHORT,
    ),
)
