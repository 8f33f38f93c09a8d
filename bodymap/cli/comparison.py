"""`bodymap compare`: visits compared without a server."""

from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import click

from bodymap.cli.charts import asked, drawing_options, written
from bodymap.rendering.comparison.options import ComparisonOptions


@click.command()
@click.argument("files", type=click.File("rb"), nargs=-1, required=True)
@partial(drawing_options, kind=ComparisonOptions)
def compare(files: tuple[BinaryIO, ...], output: Path, theme_file: Path | None, **stated: Any) -> None:
    """Draw what is new, kept and gone between the sessions in FILES, as GET /v1/charts/compare.svg would.

    The ending of the output says the format: .svg, .png, .pdf or .txt; standard output is SVG.
    """
    from bodymap.charting.session import SessionStatement
    from bodymap.decoding import decode
    from bodymap.rendering.comparison.formats import draw_comparison
    from bodymap.rendering.comparison.picture import ComparedVisits
    from bodymap.service import UseCases

    how = asked(output, theme_file, stated, ComparisonOptions)
    numbers = count(1)
    # Nothing is kept: ids in the order of the files give the same picture each time.
    use_cases = UseCases.on(how.atlases, new_id=lambda: f"{next(numbers):09}")
    sessions = [use_cases.sessions.draft(decode(file.read(), SessionStatement)) for file in files]
    visits = use_cases.comparisons.ordered(sessions)
    compared = ComparedVisits(
        how.atlases.default, tuple(visits), use_cases.comparisons.compare(visits), how.options, how.own_theme
    )
    written(output, how.form, draw_comparison(compared, how.form), *visits)
