"""Typst, which sets pages and draws pixels. The only module that imports it.

What is set reaches a template as JSON, never as markup. A template reads no file but the templates in this folder, and
nothing from a network. Several threads may draw at once.
"""

import ctypes
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bodymap.rendering.faces import folders, shown, when_fonts_change

_TEMPLATES = Path(__file__).parent
_NO_PACKAGES = _TEMPLATES / "no-packages"
_TAGGED, _ARCHIVED = "ua-1", "a-2a"
# Results are kept until so many further documents were compiled: megabytes of pixels each.
_KEPT = 11
_HAIR = 0.01


def set_pages(template: str, data: Mapping[str, Any], made: datetime | None) -> bytes:
    """A PDF, tagged (PDF/UA-1), and where it is known when it was `made` dated and for archives (PDF/A-2a). Equal
    input gives equal bytes."""
    source = (_TEMPLATES / template).read_bytes()
    given = {"data": shown(json.dumps({**data, "dated": made is not None}, ensure_ascii=False))}
    if made is None:
        return _compiled(source, given, format="pdf", pdf_standards=[_TAGGED], timestamp=0)
    moment = int(made.timestamp())
    return _compiled(source, given, format="pdf", pdf_standards=[_TAGGED, _ARCHIVED], timestamp=moment)


def draw_pixels(svg: str, width: int, height: int) -> bytes:
    """A PNG of exactly so many pixels, of an SVG that says this size of itself. Equal input gives equal bytes."""
    # Typst rounds the size of a picture up after multiplying by its proportions, and then leaves rows or columns out
    # where that made one more of them: a hair less on each keeps the sizes whole.
    size, smaller = f' width="{width}" height="{height}"', f' width="{width}" height="{height - _HAIR}"'
    if size not in svg:
        raise ValueError(f"the picture does not say{size}")
    given = {"svg": shown(svg.replace(size, smaller, 1)), "width": str(width), "height": str(height)}
    return _compiled(_PIXELS, given, format="png", ppi=72)


_PIXELS = b"""
#let (width, height) = (float(sys.inputs.width) * 1pt, float(sys.inputs.height) * 1pt)
#set page(width: width, height: height, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: width - 0.01pt, height: height - 0.02pt, fit: "stretch")
"""


def _compiled(source: bytes, given: dict[str, str], **how: Any) -> bytes:
    import typst

    compiler = typst.Compiler(
        source,
        root=_TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=given,
        package_path=_NO_PACKAGES,
        package_cache_path=_NO_PACKAGES,
    )
    drawn = compiler.compile(**how)
    for _ in range(_KEPT):
        compiler.compile(b"", format="svg")
    _give_memory_back()
    if not isinstance(drawn, bytes):
        raise TypeError("a picture is one page")
    return drawn


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders()))


def _give_memory_back() -> None:
    """Have the GNU C library return what is free to the system, instead of keeping it for the next picture: tens of
    megabytes a process. Other libraries do so by themselves."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


when_fonts_change(_fonts.cache_clear)
