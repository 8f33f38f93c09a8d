"""Pictures of a course of visits over HTTP."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta, structs

from bodymap.api.operation import Call
from bodymap.api.pictures import Row, own_theme_of, pictures
from bodymap.api.sessions import Filter, Moment
from bodymap.charting.course import Course, on_atlases, on_one_atlas
from bodymap.rendering.course.formats import HeatmapDrawing, TimelineDrawing
from bodymap.rendering.course.options import HeatmapOptions, TimelineOptions
from bodymap.rendering.output.formats import Format
from bodymap.service.courses import read_course
from bodymap.storage.transaction import Transaction

_VISITS = (
    "Oldest first, all in the same part of the body, with the pain before and after each. The newest `limit` of the "
    "period are drawn; the curve has all of them. What is left out is counted. Without visits the picture says so."
)
_DENSITY = (
    "Needles per 10 cm² of the reference figure, of everything that was done at a known point in the period; what is "
    "not in it is counted on it. Needles of one side are never spread to the other. Without visits the picture says so."
)


class HeatmapQuery(HeatmapOptions, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Whose needles, of which period, and how they are drawn. `from` is included and `to` is not."""

    subject: Annotated[Filter, Meta(description="Whose sessions, as it was stated.")]
    from_: Annotated[
        Moment | None, Meta(description="Only sessions that started at this time or later, RFC 3339 with an offset.")
    ] = None
    to: Annotated[
        Moment | None, Meta(description="Only sessions that started before this time, RFC 3339 with an offset.")
    ] = None


class TimelineQuery(TimelineOptions, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Whose visits, of which period, and how they are drawn. `from` is included and `to` is not."""

    subject: Annotated[Filter, Meta(description="Whose sessions, as it was stated.")]
    from_: Annotated[
        Moment | None, Meta(description="Only sessions that started at this time or later, RFC 3339 with an offset.")
    ] = None
    to: Annotated[
        Moment | None, Meta(description="Only sessions that started before this time, RFC 3339 with an offset.")
    ] = None


@dataclass(frozen=True)
class CoursePicture:
    """A picture of a course, not drawn yet. `digests` are those of the atlas versions that its visits are on."""

    name: str
    drawing: HeatmapDrawing | TimelineDrawing
    digests: dict[str, str]
    version: None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> tuple[object, ...]:
        """What the bytes depend on, for the entity tag."""
        drawing = self.drawing
        visits = [(visit.id, visit.version, visit.atlas) for visit in drawing.course.visits]
        bare = structs.replace(drawing.course, visits=())
        return self.name, bare, visits, drawing.atlas.version, self.digests, drawing.options, drawing.own_theme

    @property
    def written(self) -> tuple[msgspec.Struct, ...]:
        """The records whose texts are printed on it."""
        return self.drawing.written

    @property
    def sessions(self) -> tuple[str, ...]:
        """Its visits."""
        return tuple(visit.id for visit in self.drawing.course.visits)

    def draw(self, form: Format) -> bytes:
        """The picture in a format."""
        return self.drawing.draw(form)


def compose_heatmap(call: Call, tx: Transaction) -> CoursePicture:
    """The density of a subject's needles."""
    own_theme, atlases = own_theme_of(call), call.backend.atlases
    course = on_one_atlas(_course(call, tx), atlases.versions)
    atlas = atlases.get(course.visits[-1].atlas) if course.visits else atlases.default
    options = msgspec.convert(call.query, HeatmapOptions, from_attributes=True)
    return _picture(call, "heatmap", HeatmapDrawing(atlas, course, options, own_theme))


def compose_timeline(call: Call, tx: Transaction) -> CoursePicture:
    """A subject's visits side by side."""
    own_theme, atlases = own_theme_of(call), call.backend.atlases
    course = on_atlases(_course(call, tx), atlases.versions)
    here = {visit.atlas: atlases.get(visit.atlas) for visit in course.visits}
    atlas = here[course.visits[-1].atlas] if course.visits else atlases.default
    options = msgspec.convert(call.query, TimelineOptions, from_attributes=True)
    return _picture(call, "timeline", TimelineDrawing(atlas, course, here, options, own_theme))


def _course(call: Call, tx: Transaction) -> Course:
    query = call.query
    return read_course(tx, call.principal, query.subject, query.from_, query.to)


def _picture(call: Call, name: str, drawing: HeatmapDrawing | TimelineDrawing) -> CoursePicture:
    versions = sorted({visit.atlas for visit in drawing.course.visits})
    return CoursePicture(name, drawing, {v: call.backend.atlases.edition(v).digest for v in versions})


OPERATIONS = (
    *pictures(
        "/v1/charts/timeline",
        compose_timeline,
        {
            "svg": Row(
                "getTimeline",
                "A subject's visits side by side, with the curve of the pain",
                TimelineQuery,
                _VISITS,
            ),
            "png": Row("getTimelineAsPng", "A subject's visits side by side as pixels", TimelineQuery),
            "txt": Row("getTimelineAsText", "A subject's visits in words, with the pain of each", TimelineQuery),
        },
        access="read",
    ),
    *pictures(
        "/v1/charts/heatmap",
        compose_heatmap,
        {
            "svg": Row("getHeatmap", "The density of a subject's needles over a period", HeatmapQuery, _DENSITY),
            "png": Row("getHeatmapAsPng", "The density of a subject's needles as pixels", HeatmapQuery),
            "txt": Row("getHeatmapAsText", "The density of a subject's needles in words", HeatmapQuery),
        },
        access="read",
    ),
)
