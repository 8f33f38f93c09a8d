"""The rows of the table of operations that draw."""

from bodymap.api import charts
from bodymap.api.operation import PDF, PNG, SVG, TEXT, Operation
from bodymap.rendering.options import ChartOptions, PrintOptions

_CHART = "/v1/sessions/{session_id}/chart"

CHARTS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path=_CHART + ".svg",
        id="getChart",
        tag="Charts",
        summary="The chart of a session",
        handler=charts.get_chart,
        scope="chart:read",
        access="read",
        query=ChartOptions,
        media_types=(SVG,),
    ),
    Operation(
        method="GET",
        path=_CHART + ".png",
        id="getChartAsPng",
        tag="Charts",
        summary="The chart of a session as pixels",
        detail="The same picture. A `width` that would give too many pixels is refused.",
        handler=charts.get_png,
        scope="chart:read",
        access="read",
        query=ChartOptions,
        media_types=(PNG,),
    ),
    Operation(
        method="GET",
        path=_CHART + ".pdf",
        id="getChartAsPdf",
        tag="Charts",
        summary="The print sheet of a session: chart, table of placements, flags with their reasons",
        handler=charts.get_pdf,
        scope="chart:read",
        access="read",
        query=PrintOptions,
        media_types=(PDF,),
    ),
    Operation(
        method="GET",
        path=_CHART + ".txt",
        id="getChartAsText",
        tag="Charts",
        summary="The chart of a session in words, in reading order",
        handler=charts.get_text,
        scope="chart:read",
        access="read",
        query=ChartOptions,
        media_types=(TEXT,),
    ),
    Operation(
        method="POST",
        path="/v1/charts",
        id="drawChart",
        tag="Charts",
        summary="Draw a session without keeping it",
        detail="`Accept` asks for the format, the query for the rest. Nothing of it is stored; `header` is "
        "printed on the chart.",
        handler=charts.draw_chart,
        scope="chart:read",
        body=charts.ChartRequest,
        query=PrintOptions,
        media_types=(SVG, PNG, PDF, TEXT),
    ),
)
