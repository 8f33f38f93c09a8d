"""A scene as PNG, through PDFium: the same operators as in a PDF, so that the two cannot disagree.

The only module that imports pypdfium2. PDFium works on one picture at a time in a process, without holding up Python's
other threads; whoever calls from an event loop calls in a thread.
"""

import ctypes
import struct
import threading
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bodymap.errors import Complaint, Invalid, Unavailable
from bodymap.rendering.output.packing import packed
from bodymap.rendering.output.pdf_document import Page, write_document
from bodymap.rendering.output.strokes import Needs, Recorder
from bodymap.rendering.scene import Scene

MOST_PIXELS = 80_000_000
"""What one picture may hold: 240 MB of rows, and as much again while they are packed. Sixty-four placements at the
largest width take 65 million."""
# Drawn in bands of about so many pixels, so that PDFium's own picture stays small and others draw in between.
_BAND_PIXELS = 4_000_000

_WHITE = 0xFFFFFFFF
_drawing = threading.Lock()


def write_png(scene: Scene) -> bytes:
    """The picture as PNG, as wide as the scene says, in colours of 24 bits. Equal scenes give equal bytes.

    Raises Invalid, pointing at the width, where it would hold more than `MOST_PIXELS`.
    """
    width, height = scene.pixels, max(1, round(scene.height * scene.pixels / scene.width))
    if width * height > MOST_PIXELS:
        fitting = int((MOST_PIXELS * scene.width / scene.height) ** 0.5)
        said = (
            f"A PNG holds up to {MOST_PIXELS:,} pixels; this chart would be {width} by {height}. Up to {fitting} fits."
        )
        raise Invalid([Complaint("?width", "too-large", said)])
    needs = Needs()
    recorder = Recorder(needs, {hatch.id: hatch for hatch in scene.hatches}, finest=scene.width / width)
    recorder.scene(scene)
    page = Page(scene.width, scene.height, [recorder.operators])
    rows = _rasterised(write_document([page], needs), width, height)
    return _packed(
        rows, width, height, (("Title", scene.title), ("Description", scene.desc), ("Copyright", scene.metadata))
    )


@lru_cache(maxsize=1)
def _library() -> Any:
    """PDFium, started; it takes 50 ms to load, and is not needed by who draws SVG."""
    import pypdfium2.raw as pdfium

    pdfium.FPDF_InitLibrary()
    return pdfium


def _rasterised(document: bytes, width: int, height: int) -> bytearray:
    """The rows of the first page as a PNG holds them: a zero, since they go unfiltered, then three bytes a pixel, red
    first."""
    rows = bytearray((3 * width + 1) * height)
    step = max(1, _BAND_PIXELS // width)
    for top in range(0, height, step):
        _draw_band(document, width, height, top, min(step, height - top), rows)
    return rows


def _draw_band(document: bytes, width: int, height: int, top: int, tall: int, rows: bytearray) -> None:
    """Fill in `tall` rows from `top` on, of the page drawn `width` by `height`."""
    with _drawing:
        pdfium = _library()
        opened = pdfium.FPDF_LoadMemDocument64(document, len(document), None)
        page = pdfium.FPDF_LoadPage(opened, 0) if opened else None
        bitmap = pdfium.FPDFBitmap_CreateEx(width, tall, pdfium.FPDFBitmap_BGR, None, 0) if page else None
        try:
            if not bitmap:
                raise Unavailable("The picture could not be drawn: there is not enough memory for it now.")
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, tall, _WHITE)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, -top, width, height, 0, pdfium.FPDF_REVERSE_BYTE_ORDER)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * tall)
        finally:
            if bitmap:
                pdfium.FPDFBitmap_Destroy(bitmap)
            if page:
                pdfium.FPDF_ClosePage(page)
            if opened:
                pdfium.FPDF_CloseDocument(opened)
    for row in range(tall):
        start = (top + row) * (3 * width + 1) + 1
        rows[start : start + 3 * width] = pixels[row * stride : row * stride + 3 * width]


def _packed(rows: bytearray, width: int, height: int, told: Sequence[tuple[str, str]]) -> bytes:
    """A PNG file. Rows go unfiltered: of flat colours that packs smaller, and in half the time."""
    words = b"".join(
        _chunk(b"iTXt", name.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")) for name, text in told if text
    )
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            words,
            _chunk(b"IDAT", packed(rows)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
