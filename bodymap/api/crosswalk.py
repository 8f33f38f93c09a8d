"""The crosswalk between atlas versions over HTTP."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bodymap.api.atlas import SHORT, cached
from bodymap.api.operation import Answer, Call, Operation
from bodymap.atlas.crosswalk import MappedPoint, MappedRegion, MappedView, Unmapped, crosswalk
from bodymap.atlas.manifest import Arm, ViewId
from bodymap.charting.vocabulary import AtlasVersion, Coordinate
from bodymap.errors import Complaint, Invalid


class CrosswalkQuery(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Which two versions; with `view`, `x` and `y` one point of the first is mapped as well."""

    from_: AtlasVersion
    to: AtlasVersion
    view: Annotated[ViewId | None, Meta(description="The view of a point to be mapped.")] = None
    x: Annotated[Coordinate | None, Meta(description="Millimetres on the view, to the viewer's right.")] = None
    y: Annotated[Coordinate | None, Meta(description="Millimetres on the view, down.")] = None
    arm: Annotated[Arm, Meta(description="Whether the arm is in the way on the side views.")] = "hidden"


class CrosswalkAnswer(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What became of the regions and views of one version on another. `added` are regions that the first lacks.

    `unmapped` says in words what a person must decide. `point` is present if one was asked for.
    """

    from_: Annotated[str, Meta(description="The version that the points and regions are of.")]
    to: Annotated[str, Meta(description="The version that they are mapped to.")]
    same_body: Annotated[bool, Meta(description="Whether both versions are drawn from the same reference body.")]
    regions: tuple[MappedRegion, ...]
    added: Annotated[tuple[str, ...], Meta(description="Ids of regions that `from` lacks.")]
    views: tuple[MappedView, ...]
    unmapped: tuple[Unmapped, ...]
    point: MappedPoint | None


def get_crosswalk(call: Call, _: Any) -> Answer:
    """The crosswalk between two versions, and one mapped point."""
    query: CrosswalkQuery = call.query
    way = crosswalk(call.backend.atlases, query.from_, query.to)
    stated = {name: getattr(query, name) for name in ("view", "x", "y")}
    missing = [name for name, value in stated.items() if value is None]
    point: MappedPoint | None = None
    if len(missing) < len(stated):
        if query.view is None or query.x is None or query.y is None:
            detail = "A point needs `view`, `x` and `y` together."
            raise Invalid([Complaint(f"?{name}", "missing-field", detail) for name in missing])
        point = way.compare(query.view, (query.x, query.y), query.arm)
    answer = CrosswalkAnswer(
        from_=query.from_,
        to=query.to,
        same_body=way.same_body,
        regions=way.regions,
        added=way.added,
        views=way.views,
        unmapped=way.unmapped,
        point=point,
    )
    return cached(msgspec.json.encode(answer))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/atlas/crosswalk",
        id="getCrosswalk",
        tag="Atlas",
        summary="What became of the regions and points of one atlas version on another",
        handler=get_crosswalk,
        scope="atlas:read",
        query=CrosswalkQuery,
        result=CrosswalkAnswer,
        cache=SHORT,
    ),
)
