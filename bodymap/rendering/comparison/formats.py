"""Compared visits in each of their formats."""

from bodymap.rendering.comparison.picture import ComparedVisits, compose_comparison, content_of
from bodymap.rendering.comparison.sheet import write_comparison_sheet
from bodymap.rendering.comparison.text import write_comparison_text
from bodymap.rendering.output.formats import Format
from bodymap.rendering.output.raster import write_png
from bodymap.rendering.output.svg import write_svg


def draw_comparison(compared: ComparedVisits, form: Format) -> bytes:
    """The picture in one format. Equal input gives equal bytes, in every process.

    Raises `UnknownPlate` where the atlas lacks a plate, and Invalid for a PNG of too many pixels.
    """
    if form == "txt":
        return write_comparison_text(content_of(compared))
    if form == "pdf":
        return write_comparison_sheet(compared)
    scene = compose_comparison(compared)
    return write_png(scene) if form == "png" else write_svg(scene)
