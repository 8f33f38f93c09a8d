"""The rows of the table of operations that compare visits."""

from bodymap.api import comparison
from bodymap.api.operation import Operation
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
)
