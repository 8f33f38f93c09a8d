"""What a caller can ask of compared visits."""

from bodymap.rendering.options import ChartOptions, PageSize


class ComparisonOptions(ChartOptions, frozen=True, kw_only=True):
    """How compared visits are drawn, and the paper of a PDF: `a4` where nothing is said. No other format takes a
    `page`."""

    page: PageSize | None = None
