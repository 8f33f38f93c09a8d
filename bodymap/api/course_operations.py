"""The rows of the table of operations that draw a course of visits."""

from bodymap.api import courses
from bodymap.api.operation import PNG, SVG, TEXT, Operation

_HEATMAP = "/v1/charts/heatmap"
_TIMELINE = "/v1/charts/timeline"
_VISITS = (
    "Oldest first, all in the same part of the body, with the pain before and after each. The newest `limit` of the "
    "period are drawn; the curve has all of them. What is left out is counted. Without visits the picture says so."
)
_DENSITY = (
    "Needles per 10 cm² of the reference figure, of everything that was done at a known point in the period; what is "
    "not in it is counted on it. Needles of one side are never spread to the other. Without visits the picture says so."
)

COURSES: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path=_TIMELINE + ".svg",
        id="getTimeline",
        tag="Charts",
        summary="A subject's visits beside each other, with the curve of the pain",
        detail=_VISITS,
        handler=courses.get_timeline,
        scope="chart:read",
        access="read",
        query=courses.TimelineQuery,
        media_types=(SVG,),
    ),
    Operation(
        method="GET",
        path=_TIMELINE + ".png",
        id="getTimelineAsPng",
        tag="Charts",
        summary="A subject's visits beside each other as pixels",
        handler=courses.get_timeline_png,
        scope="chart:read",
        access="read",
        query=courses.TimelineQuery,
        media_types=(PNG,),
    ),
    Operation(
        method="GET",
        path=_TIMELINE + ".txt",
        id="getTimelineAsText",
        tag="Charts",
        summary="A subject's visits in words, with the pain of each",
        handler=courses.get_timeline_text,
        scope="chart:read",
        access="read",
        query=courses.TimelineQuery,
        media_types=(TEXT,),
    ),
    Operation(
        method="GET",
        path=_HEATMAP + ".svg",
        id="getHeatmap",
        tag="Charts",
        summary="The density of a subject's needles over a period",
        detail=_DENSITY,
        handler=courses.get_heatmap,
        scope="chart:read",
        access="read",
        query=courses.HeatmapQuery,
        media_types=(SVG,),
    ),
    Operation(
        method="GET",
        path=_HEATMAP + ".png",
        id="getHeatmapAsPng",
        tag="Charts",
        summary="The density of a subject's needles as pixels",
        handler=courses.get_heatmap_png,
        scope="chart:read",
        access="read",
        query=courses.HeatmapQuery,
        media_types=(PNG,),
    ),
    Operation(
        method="GET",
        path=_HEATMAP + ".txt",
        id="getHeatmapAsText",
        tag="Charts",
        summary="The density of a subject's needles in words",
        handler=courses.get_heatmap_text,
        scope="chart:read",
        access="read",
        query=courses.HeatmapQuery,
        media_types=(TEXT,),
    ),
)
