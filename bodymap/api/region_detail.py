"""What sources say of a region over HTTP: trigger points, referral areas, cautions, and a clinic's own reviews."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.api.atlas import SHORT, OfVersion, RegionAnswer, atlas_of, cached, region_members
from bodymap.api.operation import Answer, Call, Operation
from bodymap.atlas import Atlas
from bodymap.atlas.manifest import Side, ViewId
from bodymap.atlas.trigger_points import (
    Basis,
    Caution,
    Review,
    Reviewed,
    ReviewState,
    Source,
    TriggerPoint,
    ViewPoint,
)
from bodymap.charting.vocabulary import Name, Reference, Text
from bodymap.storage import reviews
from bodymap.storage.transaction import Transaction


class PlaceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the reference figure, named as what it is: `words` is the trigger point's own place, as its sources
    give it; a `motor-zone`, an `emg-site` or a `needling-site` of a study is a place in the muscle where no trigger
    point was found."""

    basis: Annotated[Basis, Meta(description="What stands there.")]
    at: Annotated[dict[Side, ViewPoint], Meta(description="By side: the point on the view that shows it.")]
    rule: Annotated[str, Meta(description="How the point follows from the sources, and what of it is our own reading.")]
    sources: Annotated[tuple[Source, ...], Meta(description="Who says so; empty where the entry's own sources do.")]


class TriggerPointAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What sources say of a trigger point in this region. An empty member means that no source that was read says it.

    `location` is the sources' place in words, `place` where that or a study puts it on the reference figure; null where
    no source determines it. `review` is the state as shipped; a clinic's own reviews have their own address.
    """

    id: Annotated[str, Meta(description="The entry's id.")]
    label: Annotated[str, Meta(description="The sources' own name of it; empty where they have none.")]
    location: Annotated[str, Meta(description="The sources' place, in words.")]
    place: Annotated[
        PlaceAnswer | None, Meta(description="Where it stands on the reference figure; null where no source says.")
    ]
    referral: Annotated[tuple[str, ...], Meta(description="Ids of areas where its pain is felt.")]
    symptoms: Annotated[str, Meta(description="What sources say that it causes.")]
    risks: Annotated[tuple[str, ...], Meta(description="Ids of structures that sources name as at risk.")]
    innervation: Annotated[str, Meta(description="The nerve that sources name.")]
    disagreement: Annotated[str, Meta(description="Where sources differ.")]
    sources: tuple[Source, ...]
    review: Reviewed


class AreaOutline(msgspec.Struct, frozen=True, kw_only=True):
    """A referral area as a view draws it: SVG path data in the view's millimetres. Its edge is not exact."""

    view: Annotated[ViewId, Meta(description="The view.")]
    side: Annotated[Side, Meta(description="The patient's side.")]
    d: Annotated[str, Meta(description="SVG path data in the view's millimetres.")]


class ReferralAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An area where pain is felt. If it has no outlines, no view draws it, and `note` says why."""

    id: Annotated[str, Meta(description="The area's id.")]
    name: Annotated[str, Meta(description="Its English name.")]
    paired: Annotated[bool, Meta(description="Whether there is one on each side.")]
    rule: Annotated[str, Meta(description="How its outline was made.")]
    note: Annotated[str, Meta(description="Why no view draws it, where none does; else empty.")]
    outlines: tuple[AreaOutline, ...]


class RegionDetail(RegionAnswer, frozen=True, kw_only=True):
    """A region with what sources say of it. Nothing here is advice, and what is not listed is not thereby absent.

    `cautions` are the structures that sources name as at risk; `referral_areas` those of its trigger points.
    """

    trigger_points: tuple[TriggerPointAnswer, ...]
    referral_areas: tuple[ReferralAnswer, ...]
    cautions: tuple[Caution, ...]


class ReferralList(msgspec.Struct, frozen=True, kw_only=True):
    """Every referral area; `next` is null: they come in one page."""

    items: tuple[ReferralAnswer, ...]
    next: Annotated[Literal[None], Meta(description="Always null: they come in one page.")] = None


class ReviewStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clinic's own review of a trigger point: the clinician's verdict, and who that is."""

    state: Annotated[ReviewState, Meta(description="confirmed, disputed, or not-reviewed to withdraw a review")]
    by: Reference
    display: Name
    note: Text = ""


class ReviewList(msgspec.Struct, frozen=True, kw_only=True):
    """The clinic's reviews of a trigger point, oldest first; `next` is null: they come in one page."""

    items: tuple[Review, ...]
    next: Annotated[Literal[None], Meta(description="Always null: they come in one page.")] = None


def get_region(call: Call, _: Any) -> Answer:
    """One region with everything the atlas knows of it."""
    atlas = atlas_of(call)
    region = atlas.region(call.path["region_id"])
    members = region_members(atlas, region, call.backend.licensed)
    answer = RegionDetail(
        **members,
        trigger_points=tuple(_entry(entry, region.id) for entry in atlas.trigger_points.of_region(region.id)),
        referral_areas=tuple(_area(atlas, area) for area in atlas.trigger_points.referral(region.id)),
        cautions=atlas.trigger_points.cautions(region.id),
    )
    return cached(msgspec.json.encode(answer))


def find_referral_areas(call: Call, _: Any) -> Answer:
    """The vocabulary of referral areas, with their outlines."""
    atlas = atlas_of(call)
    return cached(msgspec.json.encode(ReferralList(items=tuple(_area(atlas, area.id) for area in atlas.referral.all))))


def find_reviews(call: Call, tx: Transaction) -> Answer:
    """The clinic's own reviews of a trigger point."""
    entry = call.backend.atlas.trigger_points.get(call.path["trigger_point_id"])
    return Answer(body=msgspec.json.encode(ReviewList(items=reviews.of_entry(tx, call.principal.tenant, entry.id))))


def review_trigger_point(call: Call, tx: Transaction) -> Answer:
    """Stores a clinic's review in addition to the others; the atlas does not change."""
    entry = call.backend.atlas.trigger_points.get(call.path["trigger_point_id"])
    stated: ReviewStatement = call.body.accepted()
    review = Review(
        entry=entry.id,
        state=stated.state,
        by=stated.by,
        display=stated.display,
        at=call.backend.now().isoformat(),
        note=stated.note,
    )
    reviews.insert(tx, call.principal.tenant, review)
    location = f"/v1/atlas/trigger-points/{entry.id}/reviews"
    return Answer(body=msgspec.json.encode(review), status=201, headers=(("Location", location),))


def _entry(entry: TriggerPoint, region_id: str) -> TriggerPointAnswer:
    shared = {name: getattr(entry, name) for name in TriggerPointAnswer.__struct_fields__ if name != "place"}
    place = entry.place(region_id)
    answer = PlaceAnswer(basis=place.basis, at=place.at, rule=place.rule, sources=place.sources) if place else None
    return TriggerPointAnswer(**shared, place=answer)


def _area(atlas: Atlas, area_id: str) -> ReferralAnswer:
    area = atlas.referral.get(area_id)
    outlines = tuple(
        AreaOutline(view=view, side=drawn.side, d=drawn.outline.d)
        for view in area.views
        for drawn in atlas.referral.on_view(view)
        if drawn.area.id == area_id
    )
    return ReferralAnswer(
        id=area.id, name=area.name, paired=area.paired, rule=area.rule, note=area.note, outlines=outlines
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/atlas/regions/{region_id}",
        id="getRegion",
        tag="Atlas",
        summary="One region: codes, places, trigger points, referral areas, cautions, each with its sources",
        handler=get_region,
        scope="atlas:read",
        query=OfVersion,
        result=RegionDetail,
        cache=SHORT,
    ),
)


AREAS_AND_REVIEWS = (
    Operation(
        method="GET",
        path="/v1/atlas/referral-areas",
        id="findReferralAreas",
        tag="Atlas",
        summary="The areas where pain is felt, with their outlines",
        handler=find_referral_areas,
        scope="atlas:read",
        query=OfVersion,
        result=ReferralList,
        cache=SHORT,
    ),
    Operation(
        method="GET",
        path="/v1/atlas/trigger-points/{trigger_point_id}/reviews",
        id="findReviews",
        tag="Reviews",
        summary="The clinic's own reviews of a trigger point",
        handler=find_reviews,
        scope="atlas:read",
        access="read",
        result=ReviewList,
    ),
    Operation(
        method="POST",
        path="/v1/atlas/trigger-points/{trigger_point_id}/reviews",
        id="reviewTriggerPoint",
        tag="Reviews",
        summary="Record the clinic's own review of a trigger point",
        detail="The atlas ships its entries as not reviewed by a licensed clinician; a review is kept in addition.",
        handler=review_trigger_point,
        scope="admin",
        access="write",
        body=ReviewStatement,
        result=Review,
        status=201,
    ),
)
