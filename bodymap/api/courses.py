"""Pictures of a course of visits over HTTP."""

from functools import partial
from typing import TypeVar

from msgspec import structs

from bodymap.api.atlas import SVG_POLICY
from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import Answer, Call
from bodymap.api.sessions import Filter, Moment
from bodymap.charting.course import Course, on_atlases, on_one_atlas
from bodymap.errors import Invalid
from bodymap.rendering.chart.formats import FORMATS, Format, lacking, made_by
from bodymap.rendering.course.formats import HeatmapDrawing, TimelineDrawing
from bodymap.rendering.course.options import CourseOptions, HeatmapOptions, TimelineOptions
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import check_theme
from bodymap.storage.transaction import Transaction

_Options = TypeVar("_Options", bound=CourseOptions)


class HeatmapQuery(HeatmapOptions, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Whose needles, of which period, and how they are drawn. `from` is included and `to` is not."""

    subject: Filter
    from_: Moment | None = None
    to: Moment | None = None


class TimelineQuery(TimelineOptions, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Whose visits, of which period, and how they are drawn. `from` is included and `to` is not."""

    subject: Filter
    from_: Moment | None = None
    to: Moment | None = None


def get_heatmap(call: Call, tx: Transaction, form: Format = "svg") -> Answer:
    """The density of a subject's needles, drawn when the client does not have it already."""
    course, own_theme = _asked(call, tx)
    atlases = call.backend.atlases
    course = on_one_atlas(course, atlases.versions)
    atlas = atlases.get(course.visits[-1].atlas) if course.visits else atlases.default
    options = _options(call.query, HeatmapOptions)
    return _drawn(call, "heatmap", course, HeatmapDrawing(atlas, course, options, own_theme), form)


get_heatmap_png = partial(get_heatmap, form="png")
get_heatmap_text = partial(get_heatmap, form="txt")


def get_timeline(call: Call, tx: Transaction, form: Format = "svg") -> Answer:
    """A subject's visits beside each other, drawn when the client does not have them already."""
    course, own_theme = _asked(call, tx)
    atlases = call.backend.atlases
    course = on_atlases(course, atlases.versions)
    here = {visit.atlas: atlases.get(visit.atlas) for visit in course.visits}
    atlas = here[course.visits[-1].atlas] if course.visits else atlases.default
    options = _options(call.query, TimelineOptions)
    return _drawn(call, "timeline", course, TimelineDrawing(atlas, course, here, options, own_theme), form)


get_timeline_png = partial(get_timeline, form="png")
get_timeline_text = partial(get_timeline, form="txt")


def _asked(call: Call, tx: Transaction) -> tuple[Course, Theme | None]:
    """The course that a query asks for, and the clinic's theme where it asks for that."""
    query = call.query
    complaints = check_theme(query.theme, call.backend.own_theme is not None)
    if complaints:
        raise Invalid(complaints)
    own_theme = call.backend.own_theme if query.theme == "own" else None
    course = call.backend.use_cases.courses.course(tx, call.principal, query.subject, query.from_, query.to)
    return course, own_theme


def _options(query: CourseOptions, kind: type[_Options]) -> _Options:
    return kind(**{name: getattr(query, name) for name in kind.__struct_fields__})


def _drawn(call: Call, name: str, course: Course, drawing: HeatmapDrawing | TimelineDrawing, form: Format) -> Answer:
    bare = structs.replace(course, visits=())
    visits = [(visit.id, visit.version, visit.atlas) for visit in course.visits]
    editions = {version: call.backend.atlases.edition(version).digest for version in sorted({v[2] for v in visits})}
    own = (drawing.atlas.version, editions, drawing.options, drawing.own_theme)
    told = [("ETag", etag_of(name, made_by(form), bare, visits, *own))]
    if form == "svg":
        told.append(("Content-Security-Policy", SVG_POLICY))
    else:
        told.append(("Content-Disposition", f'inline; filename="{name}.{form}"'))
    if form == "png" and (said := lacking(*drawing.written)):
        told.append(("Bodymap-Notice", said))
    return Answer(
        body=partial(drawing.draw, form),
        media_type=FORMATS[form],
        headers=tuple(told),
        drawn=form != "txt",
        sessions=tuple(visit.id for visit in course.visits),
    )
