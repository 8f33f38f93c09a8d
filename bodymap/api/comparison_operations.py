"""The rows of the table of operations that compare visits."""

from bodymap.api import comparison
from bodymap.api.operation import PDF, PNG, SVG, TEXT, Operation
from bodymap.charting.comparison import Comparison

_COMPARE = "/v1/charts/compare"
_DETAIL = "Two to twelve sessions of one subject, none of them voided."

COMPARISONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path=_COMPARE + ".json",
        id="compareSessions",
        tag="Charts",
        summary="What is new, kept and gone between visits, with the pain before and after",
        detail=_DETAIL,
        handler=comparison.get_comparison,
        scope="session:read",
        access="read",
        query=comparison.ComparisonQuery,
        result=Comparison,
    ),
    Operation(
        method="GET",
        path=_COMPARE + ".svg",
        id="drawComparison",
        tag="Charts",
        summary="What is new, kept and gone between visits, on one body",
        detail=_DETAIL,
        handler=comparison.get_picture,
        scope="chart:read",
        access="read",
        query=comparison.PictureQuery,
        media_types=(SVG,),
    ),
    Operation(
        method="GET",
        path=_COMPARE + ".png",
        id="drawComparisonAsPng",
        tag="Charts",
        summary="What is new, kept and gone between visits, as pixels",
        detail=f"{_DETAIL} A `width` that would give too many pixels is refused.",
        handler=comparison.get_png,
        scope="chart:read",
        access="read",
        query=comparison.PictureQuery,
        media_types=(PNG,),
    ),
    Operation(
        method="GET",
        path=_COMPARE + ".pdf",
        id="printComparison",
        tag="Charts",
        summary="What is new, kept and gone between visits, on paper, with a table of all places",
        detail=_DETAIL,
        handler=comparison.get_pdf,
        scope="chart:read",
        access="read",
        query=comparison.SheetQuery,
        media_types=(PDF,),
    ),
    Operation(
        method="GET",
        path=_COMPARE + ".txt",
        id="tellComparison",
        tag="Charts",
        summary="What is new, kept and gone between visits, in words, in reading order",
        detail=_DETAIL,
        handler=comparison.get_text,
        scope="chart:read",
        access="read",
        query=comparison.PictureQuery,
        media_types=(TEXT,),
    ),
)
