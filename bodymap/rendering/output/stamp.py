"""A stamp on a finished picture: a narrow band over its top margin that says how the picture stands to the record.

It goes onto the bytes of any chart, also one that an earlier release drew: a picture kept for good stays as it is, and
a copy of it can be stamped.
"""

import re
from typing import NamedTuple

from bodymap.rendering.output.svg import escape
from bodymap.rendering.scene import Box, Node, Text, paint
from bodymap.rendering.text_metrics import FONTS, text_width


class Stamp(NamedTuple):
    """How a picture stands to its record, for programs (`VOIDED` or `SUPERSEDED`, in every language); the word that is
    shown; and the words that explain it."""

    kind: str
    word: str
    words: str

    @property
    def sentence(self) -> str:
        """What the band reads."""
        return f"{self.word}: {self.words}"


_SIZE = re.compile(rb'viewBox="0 0 ([0-9.]+) [0-9.]+"')
_OPENINGS = (re.compile(rb"<title[^>]*>"), re.compile(rb"<desc[^>]*>"))
BAND, _INK = "#7a1f1f", "#ffffff"


def stamped(svg: bytes, stamp: Stamp) -> bytes:
    """The picture with a band that reads what the stamp says, which also stands before its title and its description.

    Equal input gives equal bytes. Raises ValueError for what is not a chart of this service.
    """
    size = _SIZE.search(svg)
    end = svg.rfind(b"</svg>")
    if size is None or end < 0:
        raise ValueError("this is no chart")
    width = float(size[1])
    height = min(16.0, width * 0.034)
    sentence = escape(stamp.sentence)
    size_of_type = _type_size(stamp, width, height)
    band = (
        f'<g data-stamp="{escape(stamp.kind)}"><rect x="0" y="0" width="{width:g}" height="{height:g}" fill="{BAND}"/>'
        f'<text x="{width / 2:g}" y="{height * 0.72:g}" text-anchor="middle" font-size="{size_of_type:.4g}"'
        f' font-family="{escape(FONTS)}" font-weight="bold" fill="{_INK}">{sentence}</text></g>'
    )
    marked = svg[:end] + band.encode() + svg[end:]
    for opening in _OPENINGS:
        marked = opening.sub(lambda tag: tag[0] + f"{sentence}. ".encode(), marked, count=1)
    return marked


def _type_size(stamp: Stamp, width: float, height: float) -> float:
    """As large as the band holds."""
    return min(height * 0.66, 0.96 * width / text_width(stamp.sentence, 1, bold=True))


def stamp_nodes(width: float, stamp: Stamp) -> list[Node]:
    """The stamp's band as nodes, for a picture that is not written yet."""
    height = min(16.0, width * 0.034)
    ink = paint(
        font_size=round(_type_size(stamp, width, height), 2), font_weight="bold", fill=_INK, text_anchor="middle"
    )
    return [
        Box(0, 0, width, height, 0, paint(fill=BAND)),
        Text(width / 2, height * 0.72, stamp.sentence, ink),
    ]
