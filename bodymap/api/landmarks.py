"""The landmarks of the reference body over HTTP."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bodymap.api.atlas import SHORT, OfVersion, atlas_of, cached
from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.paging import Limit
from bodymap.atlas.frames import SIZES
from bodymap.atlas.landmarks import Landmark, LandmarkNames, Landmarks
from bodymap.atlas.manifest import Side, ViewId
from bodymap.atlas.search import plain
from bodymap.errors import Complaint, Invalid, Missing


class LandmarkQuery(OfVersion, frozen=True, kw_only=True):
    """Which landmarks: everything stated must hold. `q` is part of an id, a name or an alias, or close to one."""

    view: Annotated[ViewId | None, Meta(description="Only landmarks that this view shows.")] = None
    side: Annotated[Side | None, Meta(description="Only places on this side of the patient.")] = None
    q: (
        Annotated[str, Meta(description="Matches names and aliases; the best match comes first.", max_length=200)]
        | None
    ) = None
    limit: Limit = 500
    cursor: Annotated[str | None, Meta(description="`next` of the previous page.")] = None


class LandmarkPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a view shows a landmark, in its millimetres; `side` is the patient's."""

    view: Annotated[ViewId, Meta(description="The view.")]
    side: Annotated[Side, Meta(description="The patient's side.")]
    at: Annotated[
        tuple[float, float],
        Meta(description="The point `[x, y]` in the view's millimetres: x to the viewer's right, y down."),
    ]


class LandmarkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A landmark that can be felt or seen. `rule` says how it was found on the bone; a paired one needs a side.

    `offsets_on` is the view that offsets from it are measured on, unless another is stated. `structure` is null for
    one that is `derived_from` others.
    """

    id: Annotated[str, Meta(description="The landmark's id, such as `C7`.")]
    names: LandmarkNames
    aliases: Annotated[tuple[str, ...], Meta(description="Other names that it is found by.")]
    paired: Annotated[bool, Meta(description="Whether there is one on each side.")]
    structure: Annotated[
        str | None, Meta(description="The id of the bone that it lies on; null where it is derived from others.")
    ]
    rule: Annotated[str, Meta(description="How it was located on the bone.")]
    derived_from: Annotated[tuple[str, ...], Meta(description="Ids of the landmarks that it is computed from.")]
    offsets_on: Annotated[
        ViewId, Meta(description="The view that offsets from it are measured on, unless another is stated.")
    ]
    places: tuple[LandmarkPlace, ...]


class LandmarkList(msgspec.Struct, frozen=True, kw_only=True):
    """Landmarks, with `q` the best match first; `next` is the cursor of the rest, or null."""

    items: tuple[LandmarkAnswer, ...]
    next: Annotated[
        str | None, Meta(description="The cursor of the next page, to be sent as `cursor`; null on the last page.")
    ]


def find_landmarks(call: Call, _: Any) -> Answer:
    """The landmarks, with where each view shows them, a page at a time."""
    landmarks, query = atlas_of(call).landmarks, call.query
    answers: list[LandmarkAnswer] = []
    for landmark in _called(landmarks, query.q or ""):
        places = tuple(
            LandmarkPlace(view=view, side=shown.side, at=shown.at)
            for view in SIZES
            if query.view in (None, view)
            for shown in landmarks.on_view(view)
            if shown.landmark is landmark and query.side in (None, shown.side)
        )
        if places:
            answers.append(_answer(landmark, places))
    begin = 0
    if query.cursor is not None:
        ids = [answer.id for answer in answers]
        if query.cursor not in ids:
            raise Invalid([Complaint("?cursor", "unknown-value", "This cursor belongs to another search.")])
        begin = ids.index(query.cursor) + 1
    page = tuple(answers[begin : begin + query.limit])
    further = page[-1].id if begin + query.limit < len(answers) else None
    return cached(msgspec.json.encode(LandmarkList(items=page, next=further)))


def _called(landmarks: Landmarks, query: str) -> list[Landmark]:
    """Landmarks with exactly this name, then those whose names contain it; if there are none, those with similar
    names."""
    wanted = plain(query).replace(" ", "")
    if not wanted:
        return list(landmarks.all)
    terms = {
        landmark.id: [
            plain(word).replace(" ", "")
            for word in (landmark.id, landmark.names.en, landmark.names.la, *landmark.aliases)
        ]
        for landmark in landmarks.all
    }
    matches = [landmark for landmark in landmarks.all if any(wanted in term for term in terms[landmark.id])]
    if matches:
        return sorted(matches, key=lambda landmark: wanted not in terms[landmark.id])
    try:
        return [landmarks.get(query)]
    except Missing as missing:
        return [landmarks.get(name) for name in missing.facts["suggestions"]]


def _answer(landmark: Landmark, places: tuple[LandmarkPlace, ...]) -> LandmarkAnswer:
    return LandmarkAnswer(
        id=landmark.id,
        names=landmark.names,
        aliases=landmark.aliases,
        paired=landmark.paired,
        structure=landmark.structure or None,
        rule=landmark.rule,
        derived_from=landmark.derived_from,
        offsets_on=landmark.views[0],
        places=places,
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/atlas/landmarks",
        id="findLandmarks",
        tag="Atlas",
        summary="Bony landmarks, where each view shows them, and how each was found",
        handler=find_landmarks,
        scope="atlas:read",
        query=LandmarkQuery,
        result=LandmarkList,
        cache=SHORT,
    ),
)
