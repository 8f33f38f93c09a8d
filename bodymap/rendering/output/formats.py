"""The formats that pictures come in, and what their bytes depend on."""

import logging
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any, Literal

import msgspec

from bodymap.rendering.faces import FONT_EXTRA, FONT_PACKAGES, FONTS_SETTING, further_fonts, lacking_in
from bodymap.rendering.text_metrics import clean

RENDERER_VERSION = "14"
"""Changes whenever equal input may give other bytes than before; part of every picture's ETag."""

Format = Literal["svg", "png", "pdf", "txt"]
FORMATS: Mapping[Format, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
"""Media types, the one that is given where nobody asks for another first."""

_log = logging.getLogger("bodymap.rendering")
_told = False
_HELP = (
    f"{FONT_EXTRA} brings a font for Arabic, Devanagari, Thai and Georgian, and {FONTS_SETTING} names a folder of "
    f"fonts, such as that of Debian's {FONT_PACKAGES}"
)


def made_by(form: Format) -> tuple[str, ...]:
    """What a format's bytes depend on beside session, atlas and options: part of an entity tag."""
    if form not in ("png", "pdf"):
        return (form, RENDERER_VERSION)
    return (form, RENDERER_VERSION, f"typst {_installed('typst')}", *further_fonts())


def lacking(*written: msgspec.Struct | None) -> str:
    """What to tell where PNG and PDF show boxes for letters that no font has: how many, and which setting helps. Empty
    where every letter is there. Says so in the log, once in a process, without any of the letters."""
    global _told
    count = len(lacking_in("".join(clean(text) for text in _texts(written))))
    if not count:
        return ""
    said = f"{count} letters that no font here has are drawn as boxes; {_HELP}"
    if not _told:
        _told = True
        _log.warning("Charts hold letters that no font here has: drawn as boxes; %s.", _HELP)
    return said


@cache
def _installed(library: str) -> str:
    return version(library)


def _texts(value: Any) -> list[str]:
    """Every text of a record."""
    if isinstance(value, str):
        return [value] if not value.isascii() else []
    if isinstance(value, msgspec.Struct):
        return [text for name in value.__struct_fields__ for text in _texts(getattr(value, name))]
    if isinstance(value, (list, tuple)):
        return [text for member in value for text in _texts(member)]
    return []
