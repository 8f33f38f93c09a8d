"""The rows of the table of operations that draw a course of visits."""

from bodymap.api import courses
from bodymap.api.operation import PNG, SVG, TEXT, Operation

_HEATMAP = "/v1/charts/heatmap"
_DENSITY = (
    "Needles per 10 cm² of the reference figure, of everything that was done at a known point in the period; what is "
    "not in it is counted on it. Needles of one side are never spread to the other. Without visits the picture says so."
)

COURSES: tuple[Operation, ...] = (
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
