"""A chart in each of its formats, from the same session and the same options."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.rendering.chart.picture import Picture, compose_chart, compose_picture
from bodymap.rendering.chart.report import Report, write_report
from bodymap.rendering.chart.sheet import write_sheet
from bodymap.rendering.chart.text import write_text
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import PrintedHeader, PrintOptions
from bodymap.rendering.output.formats import Format
from bodymap.rendering.output.raster import write_png
from bodymap.rendering.output.stamp import Stamp, stamp_nodes, stamped
from bodymap.rendering.output.svg import write_svg


@dataclass(frozen=True)
class Drawing:
    """What is drawn, and how. `stored` is false for a session that is stored nowhere; `stamp` says how a version stands
    to the record; `own_theme` is the theme of `theme=own`."""

    atlas: Atlas
    session: Session
    options: PrintOptions
    header: PrintedHeader | None = None
    own_theme: Theme | None = None
    stored: bool = True
    stamp: Stamp | None = None


def draw(drawing: Drawing, form: Format) -> bytes:
    """The chart in one format. Equal input gives equal bytes, in every process.

    Raises `UnknownPlate` where the atlas lacks a plate, and Invalid for a PNG of too many pixels.
    """
    return _WAYS[form](drawing)


def _svg(drawing: Drawing) -> bytes:
    chart = write_svg(
        compose_chart(drawing.atlas, drawing.session, drawing.options, drawing.header, drawing.own_theme).scene
    )
    return stamped(chart, drawing.stamp) if drawing.stamp is not None else chart


def _png(drawing: Drawing) -> bytes:
    scene = compose_chart(drawing.atlas, drawing.session, drawing.options, drawing.header, drawing.own_theme).scene
    if drawing.stamp is not None:
        prefix = f"{drawing.stamp.sentence}. "
        nodes = [*scene.nodes, *stamp_nodes(scene.width, drawing.stamp)]
        scene = replace(scene, nodes=nodes, title=prefix + scene.title, desc=prefix + scene.desc)
    return write_png(scene)


def _pdf(drawing: Drawing) -> bytes:
    picture, report = _reported(drawing)
    made = drawing.session.updated_at if drawing.stored else drawing.session.started_at
    return write_sheet(report, picture, drawing.options.page or "a4", made, drawing.stamp)


def _text(drawing: Drawing) -> bytes:
    _, report = _reported(drawing)
    return write_text(report, drawing.stamp)


def reported(drawing: Drawing) -> Report:
    """What the chart says in words."""
    return _reported(drawing)[1]


def _reported(drawing: Drawing) -> tuple[Picture, Report]:
    session, options = drawing.session, drawing.options
    picture = compose_picture(drawing.atlas, session, options, drawing.own_theme)
    record = picture.audience.record(drawing.atlas, session, options.lang, drawing.stored)
    report = write_report(picture.session, drawing.header, picture.wording, picture.panels, record, picture.referral)
    return picture, report


_WAYS: dict[Format, Callable[[Drawing], bytes]] = {"svg": _svg, "png": _png, "pdf": _pdf, "txt": _text}
