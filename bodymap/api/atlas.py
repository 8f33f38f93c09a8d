"""The atlas over HTTP: versions, regions, plates."""

from functools import lru_cache, partial
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import SVG, Answer, Call, Operation
from bodymap.api.paging import Limit
from bodymap.atlas import Atlas, Atlases
from bodymap.atlas.codes import codes_of
from bodymap.atlas.editions import State
from bodymap.atlas.labels import LabelLanguage, label_of
from bodymap.atlas.manifest import Arm, Code, Detail, LayerId, Licence, Names, Region, Side, View, ViewId
from bodymap.atlas.names import TRANSLATED, Language
from bodymap.charting.vocabulary import AtlasVersion
from bodymap.errors import Complaint, Invalid, UnknownRegion
from bodymap.rendering.audience import audience_of
from bodymap.rendering.body.plate import render_plate
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.theme_file import theme_of
from bodymap.rendering.options import ThemeId, check_theme
from bodymap.rendering.output.formats import RENDERER_VERSION
from bodymap.words import Language as ChartLanguage

SHORT = "public, max-age=300"
FOR_EVER = "public, max-age=31536000, immutable"

Group = Literal["neck", "shoulder", "upper-back", "lower-back", "chest", "abdomen", "hip", "head", "arm"]


class OfVersion(msgspec.Struct, frozen=True, kw_only=True):
    """Which version of the atlas, by default the one that new sessions use."""

    version: AtlasVersion | None = None


class EditionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the atlas. `digest` is the SHA-256 of its manifest, which has the digests of all its other files.

    A `released` version never changes; a `draft` may.
    """

    version: Annotated[str, Meta(description="The version's name.")]
    state: Annotated[State, Meta(description="Whether it can still change: a `released` version never does.")]
    digest: Annotated[str, Meta(description="The SHA-256 of its manifest, in hexadecimal.")]


class AtlasAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The atlas: versions, how each view lies in the body frame, and the credit that goes with every picture.

    `version` is the one described, `default_version` the one that new sessions use; records stay on theirs.

    A point on a view is x = u - u0, y = v - v0 with v = -Y and u = -X, X, -Z, Z on posterior, anterior, left, right,
    where X is to the subject's left, Y up and Z forward, in millimetres on the reference body.
    """

    version: Annotated[str, Meta(description="The version described.")]
    versions: Annotated[tuple[str, ...], Meta(description="Every version that can be asked for, oldest first.")]
    editions: tuple[EditionAnswer, ...]
    default_version: Annotated[str, Meta(description="The version that new sessions take.")]
    title: Annotated[str, Meta(description="What the atlas is called.")]
    unit: Annotated[Literal["mm"], Meta(description="The unit of every length: millimetres on the reference body.")]
    views: tuple[View, ...]
    groups: Annotated[tuple[Group, ...], Meta(description="The areas of the body that regions are grouped by.")]
    licence: Licence
    attribution: Annotated[tuple[str, ...], Meta(description="The lines of credit that go with every picture.")]


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """Square millimetres on the page: what the region's own layer shows, and the whole shape through all layers."""

    visible_mm2: Annotated[int, Meta(description="Square millimetres that the region's own layer shows.")]
    silhouette_mm2: Annotated[int, Meta(description="Square millimetres of the whole shape, through all layers.")]


class RegionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A place that a needle can be charted in: one part of one `muscle`.

    `label` is what clinicians call it, by language, as charts and lists do; `names` are those of the terminologies.
    `layers`, `area` and `centre` are by view, the latter two by side within it; a view that does not show the region is
    absent. `centre` lies inside what is seen. `translations` are this project's own and not reviewed yet.
    """

    id: Annotated[str, Meta(description="The region's id, such as `trapezius-descending`.")]
    label: Annotated[
        dict[LabelLanguage, str], Meta(description="By language: what clinicians call it, such as `Upper trapezius`.")
    ]
    names: Names
    translations: Annotated[
        dict[Language, str], Meta(description="Its name by language: this project's own, not reviewed yet.")
    ]
    muscle: Annotated[str, Meta(description="The id of the muscle that it is a part of.")]
    muscle_names: Names
    group: Annotated[str, Meta(description="The area of the body that it belongs to.")]
    aliases: Annotated[tuple[str, ...], Meta(description="Other names that it is found by.")]
    codes: tuple[Code, ...]
    sides: Annotated[tuple[Side, ...], Meta(description="The patient's sides that it exists on.")]
    layers: Annotated[dict[ViewId, LayerId], Meta(description="By view: the layer that shows it there.")]
    area: dict[ViewId, dict[Side, Area]]
    centre: Annotated[
        dict[ViewId, dict[Side, tuple[float, float]]],
        Meta(description="By view and side: a point `[x, y]` in what is seen of it, in millimetres."),
    ]
    provenance: Annotated[str, Meta(description="Which meshes it was made from, and how.")]


class MuscleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A muscle of several regions, or a named group of muscles: a placement may state its id as `muscle`, where nobody
    says which part."""

    id: Annotated[str, Meta(description="The id of the muscle or group, such as `trapezius`.")]
    label: Annotated[dict[LabelLanguage, str], Meta(description="By language: what clinicians call it.")]
    regions: Annotated[tuple[str, ...], Meta(description="The ids of its regions.")]


class AbsentArea(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the body that no plate shows, with its name by language. It is recorded in words: as `site`, with a
    side."""

    id: Annotated[str, Meta(description="The area's id.")]
    names: Annotated[dict[LabelLanguage, str], Meta(description="Its name by language.")]


class RegionList(msgspec.Struct, frozen=True, kw_only=True):
    """Regions, and the cursor of the rest, or null. `muscles` are the muscles of several regions and the groups that
    `q` names, without `q` all of them. If there are no regions, `suggestions` are ids of those that `q` could have
    meant, if any. `absent` is what `q` names without a region in the atlas: state it as `site`."""

    items: tuple[RegionAnswer, ...]
    next: Annotated[
        str | None, Meta(description="The cursor of the next page, to be sent as `cursor`; null on the last page.")
    ]
    muscles: Annotated[
        tuple[MuscleAnswer, ...],
        Meta(description="Muscles of several regions and named groups, which a placement may state."),
    ]
    suggestions: Annotated[
        tuple[str, ...], Meta(description="Ids of regions that `q` could have meant, where nothing matches.")
    ]
    absent: tuple[AbsentArea, ...]


class RegionQuery(OfVersion, frozen=True, kw_only=True):
    """Which regions: everything stated must hold. `muscle` is a whole muscle or a named group. `q` matches names,
    aliases and codes, the best match first."""

    group: Annotated[Group | None, Meta(description="Only regions of this area of the body.")] = None
    muscle: Annotated[
        str | None, Meta(description="Only regions of this muscle or named group, by its id, such as `trapezius`.")
    ] = None
    view: Annotated[ViewId | None, Meta(description="Only regions that this view shows.")] = None
    layer: Annotated[LayerId | None, Meta(description="Only regions that this layer shows.")] = None
    side: Annotated[Side | None, Meta(description="Only regions that exist on this side of the patient.")] = None
    q: (
        Annotated[
            str,
            Meta(
                description="Matches names, aliases and codes, in any language, with slips of the keyboard.",
                max_length=200,
            ),
        ]
        | None
    ) = None
    limit: Limit = 100
    cursor: Annotated[str | None, Meta(description="`next` of the previous page.")] = None


class PlateQuery(OfVersion, frozen=True, kw_only=True):
    """Which plate. With `version`, the answer may be cached for ever. `lang` is the language of a plate for patients
    and of the names of nerves; every other names its muscles as the atlas does. `nerves` draws the courses of nerves
    and of the vertebral artery over it, for teaching: centre lines, the artery dashed, what stands by landmarks dotted;
    other vessels are not in this atlas."""

    layer: Annotated[LayerId, Meta(description="The layer to draw.")] = "superficial"
    theme: Annotated[ThemeId, Meta(description="The colours and strokes; `own` is the clinic's.")] = "clinical"
    lang: Annotated[ChartLanguage, Meta(description="The language of a plate for patients, and of nerves.")] = "en"
    detail: Annotated[Detail, Meta(description="Whether the plate is plain or shaded.")] = "plain"
    arm: Annotated[Arm, Meta(description="Whether the side views have the arm.")] = "hidden"
    nerves: Annotated[bool, Meta(description="Whether nerves and the vertebral artery are drawn.")] = False


def get_atlas(call: Call, _: Any) -> Answer:
    """The atlas: versions, views, credit."""
    return cached(_described(call.backend.atlases, atlas_of(call)))


def atlas_of(call: Call) -> Atlas:
    """The version that an `OfVersion` query names, else the default. Raises UnknownAtlas."""
    return call.backend.atlases.get(call.query.version)


def find_regions(call: Call, _: Any) -> Answer:
    """The regions that match, one page at a time."""
    atlas, query = atlas_of(call), call.query
    if query.muscle is not None:
        _check_muscle(atlas, query.muscle)
    matches = atlas.find_regions(
        group=query.group, muscle=query.muscle, view=query.view, layer=query.layer, side=query.side, q=query.q
    )
    begin = 0
    if query.cursor is not None:
        places = [place for place, region in enumerate(matches) if region.id == query.cursor]
        if not places:
            raise Invalid([Complaint("?cursor", "unknown-value", "This cursor belongs to another search.")])
        begin = places[0] + 1
    page = matches[begin : begin + query.limit]
    further = page[-1].id if begin + query.limit < len(matches) else None
    licensed = call.backend.licensed
    answers = tuple(RegionAnswer(**region_members(atlas, region, licensed)) for region in page)
    suggestions = () if matches else tuple(atlas.suggest(query.q or ""))
    absent = tuple(AbsentArea(id=label.id, names=label.names) for label in atlas.absent(query.q or ""))
    found = RegionList(
        items=answers, next=further, muscles=_muscles(atlas, query.q), suggestions=suggestions, absent=absent
    )
    return cached(msgspec.json.encode(found))


def _muscles(atlas: Atlas, q: str | None) -> tuple[MuscleAnswer, ...]:
    several = [muscle for muscle in atlas.muscles.all if len(muscle.regions) > 1]
    named = {muscle.id for muscle in several} if not q else set(atlas.named(q))
    return tuple(
        MuscleAnswer(id=muscle.id, label=_label(muscle.id, muscle.names.en), regions=muscle.regions)
        for muscle in several
        if muscle.id in named
    )


def _label(thing_id: str, english: str) -> dict[LabelLanguage, str]:
    label = label_of(thing_id)
    return label.names if label is not None else dict.fromkeys(get_args(LabelLanguage), english)


def get_plate(call: Call, _: Any) -> Answer:
    """A plate without marks, painted in a theme."""
    atlas, query = atlas_of(call), call.query
    view = atlas.view(call.path["view"]).id
    atlas.plate(view, query.layer, query.arm, query.detail)
    if complaints := check_theme(query.theme, call.backend.own_theme is not None):
        raise Invalid(complaints)
    theme = theme_of(query.theme, call.backend.own_theme)
    lang = query.lang if query.nerves else audience_of(theme).plate_lang(query.lang)
    facts = (view, query.layer, query.detail, atlas.arm(view, query.arm), theme, lang, query.nerves)
    headers = (
        ("Cache-Control", FOR_EVER if query.version else SHORT),
        ("ETag", etag_of("plate", RENDERER_VERSION, call.backend.atlases.edition(atlas.version).digest, *facts)),
    )
    return Answer(body=partial(_painted, atlas, *facts), media_type=SVG, headers=headers)


@lru_cache(maxsize=256)
def _painted(
    atlas: Atlas,
    view: ViewId,
    layer: LayerId,
    detail: Detail,
    arm: Arm,
    theme: Theme,
    lang: ChartLanguage,
    nerves: bool,
) -> bytes:
    """The cache holds more than all plates; each is painted once."""
    return render_plate(atlas, view, layer, detail, arm, theme, lang, nerves)


@lru_cache(maxsize=16)
def _described(atlases: Atlases, atlas: Atlas) -> bytes:
    manifest = atlas.manifest
    groups = {region.group for region in manifest.regions}
    return msgspec.json.encode(
        AtlasAnswer(
            version=atlas.version,
            versions=atlases.versions,
            editions=tuple(
                EditionAnswer(version=edition.version, state=edition.state, digest=edition.digest)
                for edition in atlases.editions
            ),
            default_version=atlases.default.version,
            title=manifest.title,
            unit=manifest.unit,
            views=manifest.views,
            groups=tuple(group for group in get_args(Group) if group in groups),
            licence=manifest.licence,
            attribution=manifest.licence.attribution,
        )
    )


def region_members(atlas: Atlas, region: Region, licensed: bool) -> dict[str, Any]:
    """The members of a `RegionAnswer`. Codes that need a licence are there where `licensed`."""
    sides = {extent.side for extents in region.extents.values() for extent in extents}
    translated = atlas.names.entry("region", region.id).names
    return {
        "id": region.id,
        "label": _label(region.id, region.names.en),
        "names": region.names,
        "translations": {language: translated[language] for language in TRANSLATED},
        "muscle": region.muscle,
        "muscle_names": atlas.muscle(region.muscle).names,
        "group": region.group,
        "aliases": region.aliases,
        "codes": codes_of(region, licensed),
        "sides": tuple(side for side in get_args(Side) if side in sides),
        "layers": region.layers,
        "area": {
            view: {e.side: Area(visible_mm2=e.visible_mm2, silhouette_mm2=e.silhouette_mm2) for e in extents}
            for view, extents in region.extents.items()
        },
        "centre": {
            view: centres
            for view, extents in region.extents.items()
            if (centres := {e.side: e.centre for e in extents if e.centre is not None})
        },
        "provenance": region.provenance,
    }


def _check_muscle(atlas: Atlas, muscle: str) -> None:
    try:
        atlas.muscle(muscle)
    except UnknownRegion as error:
        near = tuple(error.facts["suggestions"])
        raise Invalid([Complaint("?muscle", "unknown-value", error.detail, suggestions=near)]) from None


def cached(body: bytes) -> Answer:
    """An answer whose entity tag is that of its bytes."""
    return Answer(body=body, headers=(("ETag", etag_of(body)),))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/atlas",
        id="getAtlas",
        tag="Atlas",
        summary="The atlas: its versions, views and credit",
        handler=get_atlas,
        quick=True,
        scope="atlas:read",
        query=OfVersion,
        result=AtlasAnswer,
        cache=SHORT,
    ),
)


REGIONS = (
    Operation(
        method="GET",
        path="/v1/atlas/regions",
        id="findRegions",
        tag="Atlas",
        summary="Regions by group, muscle, view, layer, side or name",
        handler=find_regions,
        scope="atlas:read",
        query=RegionQuery,
        result=RegionList,
        cache=SHORT,
    ),
)


PLATES = (
    Operation(
        method="GET",
        path="/v1/atlas/plates/{view}.svg",
        id="getPlate",
        tag="Atlas",
        summary="A plate: the body without marks",
        detail="With `version`, the answer may be cached for ever; without it, the current atlas is drawn.",
        handler=get_plate,
        quick=True,
        scope="atlas:read",
        query=PlateQuery,
        media_types=(SVG,),
        cache=SHORT,
    ),
)
