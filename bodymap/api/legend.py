"""The full key of marks, over HTTP: it tells of no patient."""

from functools import partial
from typing import Any

from bodymap.api.atlas import SVG_POLICY
from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import Answer, Call
from bodymap.errors import Invalid
from bodymap.rendering.chart.formats import FORMATS, Format, made_by
from bodymap.rendering.legend.picture import compose_key, write_key_text
from bodymap.rendering.options import check_theme
from bodymap.rendering.output.png import write_png
from bodymap.rendering.output.svg import write_svg


def get_legend(call: Call, _: Any, form: Format = "svg") -> Answer:
    """Every mark of a theme, named and explained in a language."""
    backend, options = call.backend, call.query
    if complaints := check_theme(options.theme, backend.own_theme is not None):
        raise Invalid(complaints)
    own_theme = backend.own_theme if options.theme == "own" else None
    atlas = backend.atlas
    digest = backend.atlases.edition(atlas.version).digest
    headers = [("ETag", etag_of("legend", made_by(form), digest, options, own_theme))]
    headers += [("Content-Security-Policy", SVG_POLICY)] if form == "svg" else []

    def draw() -> bytes:
        if form == "txt":
            return write_key_text(atlas, options)
        scene = compose_key(atlas, options, own_theme)
        return write_png(scene) if form == "png" else write_svg(scene)

    return Answer(body=draw, media_type=FORMATS[form], headers=tuple(headers), drawn=form != "txt")


get_png = partial(get_legend, form="png")
get_text = partial(get_legend, form="txt")
