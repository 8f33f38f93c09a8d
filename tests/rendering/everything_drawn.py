"""One of every picture in every format, as digests of their bytes; run as a program it prints them."""

import hashlib
import json
from collections.abc import Iterator

from bodymap.atlas import load_atlas
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.comparison.formats import draw_comparison
from bodymap.rendering.course.formats import COURSE_FORMATS, HeatmapDrawing, TimelineDrawing
from bodymap.rendering.course.options import HeatmapOptions, TimelineOptions
from bodymap.rendering.options import PrintOptions
from bodymap.rendering.output.formats import FORMATS
from tests.rendering.courses_drawn import course, many_visits
from tests.rendering.visits_compared import two_visits
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, recorded, session_of


def pictures() -> Iterator[tuple[str, bytes]]:
    """Each picture with its name."""
    atlas = load_atlas()
    both = two_visits(atlas)
    visits = course(many_visits(atlas, 5, 3))
    chart = Drawing(atlas, session_of(recorded(atlas, [*CONTRACT, *FOUR_VIEWS])), PrintOptions())
    heatmap = HeatmapDrawing(atlas, visits, HeatmapOptions())
    timeline = TimelineDrawing(atlas, visits, {atlas.version: atlas}, TimelineOptions())
    for form in FORMATS:
        yield f"chart.{form}", draw(chart, form)
        yield f"comparison.{form}", draw_comparison(both, form)
    for form in COURSE_FORMATS:
        yield f"heatmap.{form}", heatmap.draw(form)
        yield f"timeline.{form}", timeline.draw(form)


def digests() -> dict[str, str]:
    """The digest of each picture by its name."""
    return {name: hashlib.sha256(picture).hexdigest() for name, picture in pictures()}


if __name__ == "__main__":
    print(json.dumps(digests()))  # noqa: T201
