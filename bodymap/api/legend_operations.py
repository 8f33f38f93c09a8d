"""The rows of the table of operations that explain marks."""

from bodymap.api import legend
from bodymap.api.atlas import SHORT
from bodymap.api.operation import PNG, SVG, TEXT, Operation
from bodymap.rendering.legend.options import KeyOptions

_LEGEND = "/v1/charts/legend"

LEGENDS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path=_LEGEND + ".svg",
        id="drawLegend",
        tag="Charts",
        summary="The full key of marks, of a theme, in a language",
        handler=legend.get_legend,
        quick=True,
        scope="chart:read",
        query=KeyOptions,
        media_types=(SVG,),
        cache=SHORT,
    ),
    Operation(
        method="GET",
        path=_LEGEND + ".png",
        id="drawLegendAsPng",
        tag="Charts",
        summary="The full key of marks, as pixels",
        handler=legend.get_png,
        quick=True,
        scope="chart:read",
        query=KeyOptions,
        media_types=(PNG,),
        cache=SHORT,
    ),
    Operation(
        method="GET",
        path=_LEGEND + ".txt",
        id="tellLegend",
        tag="Charts",
        summary="The full key of marks, in words",
        handler=legend.get_text,
        quick=True,
        scope="chart:read",
        query=KeyOptions,
        media_types=(TEXT,),
        cache=SHORT,
    ),
)
