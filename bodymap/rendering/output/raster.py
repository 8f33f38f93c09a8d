"""A scene as PNG: its SVG, drawn by the typesetter that sets the sheets, so that the formats cannot disagree."""

import math
import struct
import threading
import zlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace

from bodymap.errors import Complaint, Invalid
from bodymap.rendering.faces import lacking_in
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.output.typesetter import draw_pixels
from bodymap.rendering.scene import Box, Group, Node, Scene, Text, Window, paint
from bodymap.words import catalogue

MOST_PIXELS = 80_000_000
"""What one picture may hold, at eight bytes a pixel while it is drawn. Sixty-four placements at the largest width take
65 million."""
# Of pictures that hold more than this one is drawn at a time.
_LARGE = 8_000_000
_drawing_a_large_one = threading.Lock()

_UNIT_M = 0.1817 / 800
"""How large a unit is printed: 800 of them, a whole chart, fill an A4 page between its margins."""
_NOTICE = 18.0
_HEADER_END = 33  # The signature and IHDR, which a PNG always begins with.


def write_png(scene: Scene) -> bytes:
    """The picture as PNG, as wide as the scene says, with what it shows in words and how large it is printed. Letters
    that no font has are boxes, counted below the picture. Equal scenes give equal bytes.

    Raises Invalid, pointing at the width, where it would hold more than `MOST_PIXELS`.
    """
    scene = _with_notice(scene)
    # As tall as a whole number of pixels: a picture that is a part of one shorter than its page loses a row of them.
    width, height = scene.pixels, math.ceil(scene.height * scene.pixels / scene.width)
    scene = _taller(scene, height * scene.width / width)
    if width * height > MOST_PIXELS:
        fitting = int((MOST_PIXELS * scene.width / scene.height) ** 0.5)
        # A row that is only begun counts as a whole one.
        while fitting * math.ceil(scene.height * fitting / scene.width) > MOST_PIXELS:
            fitting -= 1
        detail = (
            f"A PNG holds up to {MOST_PIXELS:,} pixels; this chart would be {width} by {height}. Up to {fitting} fits."
        )
        raise Invalid([Complaint("?width", "too-large", detail)])
    with _drawing_a_large_one if width * height > _LARGE else nullcontext():
        drawn = draw_pixels(write_svg(scene).decode(), width, height)
    density = round(scene.pixels / (scene.width * _UNIT_M))
    texts = [("Title", scene.title), ("Description", scene.desc), ("Copyright", scene.metadata)]
    chunks = [
        _chunk(b"pHYs", struct.pack(">IIB", density, density, 1)),
        *(_chunk(b"iTXt", name.encode() + b"\0\0\0\0\0" + text.encode()) for name, text in texts if text),
    ]
    return drawn[:_HEADER_END] + b"".join(chunks) + drawn[_HEADER_END:]


def _with_notice(scene: Scene) -> Scene:
    count = len(lacking_in("".join(_texts(scene.nodes))))
    if not count:
        return scene
    notice = catalogue(scene.lang).sheet.lacking.format(n=count)
    ink = paint(font_size=round(min(10.5, scene.width / 32), 1), font_weight="bold", text_anchor="middle")
    line = Text(scene.width / 2, scene.height + _NOTICE / 3, notice, ink)
    scene = _taller(scene, scene.height + _NOTICE)
    return replace(scene, nodes=[*scene.nodes, line])


def _taller(scene: Scene, height: float) -> Scene:
    """The scene with its ground drawn down to another height."""
    ground = [replace(node, height=height) for node in scene.nodes[:1] if isinstance(node, Box)]
    return replace(scene, height=height, nodes=[*ground, *scene.nodes[len(ground) :]])


def _texts(nodes: Sequence[Node]) -> list[str]:
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            texts.append(node.text)
        elif isinstance(node, (Group, Window)):
            texts += _texts(node.children)
    return texts


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
