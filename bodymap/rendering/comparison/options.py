"""What a caller can ask of compared visits."""

from typing import Annotated

from msgspec import Meta

from bodymap.rendering.options import ChartOptions, PageSize


class ComparisonOptions(ChartOptions, frozen=True, kw_only=True):
    """How compared visits are drawn, and the paper of a PDF: `a4` by default. No other format takes a
    `page`."""

    page: Annotated[PageSize | None, Meta(description="The paper size of a PDF; `a4` where it is absent.")] = None
