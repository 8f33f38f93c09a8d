"""The fonts that pictures are measured with, and that PNG and PDF are set in.

Liberation Sans is bundled: it has the widths of Helvetica and Arial, which most viewers of an SVG have or imitate.
For the scripts that it lacks there are an optional package of fonts (the extra `fonts`) and folders (`add_fonts`).
Those never change a layout: room is left for what they draw.
"""

import atexit
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import uharfbuzz as hb

from bodymap.errors import Misconfigured

FONTS_SETTING = "BODYMAP_FONTS"
FONT_EXTRA = "bodymap[fonts]"
"""What installs FiraGO, for Arabic, Devanagari, Thai and Georgian."""
FONT_PACKAGES = "fonts-noto-core and fonts-droid-fallback (/usr/share/fonts/truetype)"
"""What has most scripts, Chinese, Japanese and Korean among them, and where it lies."""
_FOLDER = Path(__file__).with_name("fonts")
_PACKAGED = {"figo": "FiraGO-Regular", "figbo": "FiraGO-Bold"}
_ENDINGS = (".ttf", ".otf")


@dataclass(frozen=True, eq=False)
class Face:
    """One font. `advances` are widths by code point, in units of which `upem` make the type size. `content` is the
    font itself where it is no file."""

    name: str
    upem: int
    advances: dict[int, int]
    content: bytes = b""


def read_face(name: str, source: Path | bytes) -> Face:
    """A font. Raises Misconfigured where it is none."""
    try:
        outlines = hb.Face(hb.Blob(source) if isinstance(source, bytes) else hb.Blob.from_file_path(str(source)))
        font = hb.Font(outlines)
        glyphs = {code: font.get_nominal_glyph(code) for code in outlines.unicodes}
    except (OSError, hb.HarfBuzzError) as error:
        raise Misconfigured(f"{name} cannot be read as a font.") from error
    advances = {code: font.get_glyph_h_advance(glyph) for code, glyph in glyphs.items() if glyph is not None}
    if not advances:
        raise Misconfigured(f"{name} cannot be read as a font.")
    return Face(name, outlines.upem, advances, source if isinstance(source, bytes) else b"")


REGULAR = read_face("LiberationSans-Regular", _FOLDER / "LiberationSans-Regular.ttf")
BOLD = read_face("LiberationSans-Bold", _FOLDER / "LiberationSans-Bold.ttf")
_further: list[Face] = []
_folders: list[Path] = []
_listeners: list[Callable[[], None]] = []


def bundled(bold: bool) -> Face:
    """The face of the project's own words."""
    return BOLD if bold else REGULAR


def has(text: str, bold: bool = False) -> bool:
    """Whether the bundled face has every letter of a text, so that its width is known and not estimated."""
    known = bundled(bold).advances
    return all(ord(letter) in known for letter in text)


def add_fonts(folder: Path) -> tuple[str, ...]:
    """Take every TrueType and OpenType font of a folder, by name, for the letters that the bundled one lacks.

    Gives their names. Raises Misconfigured where the folder has none, or one that cannot be read.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS) if folder.is_dir() else []
    if not paths:
        raise Misconfigured(f"{FONTS_SETTING} names a folder without fonts ({', '.join(_ENDINGS)}).")
    _folders[:] = [folder]
    _further[:] = [read_face(path.stem.replace(" ", ""), path) for path in paths]
    for forget in _listeners:
        forget()
    return tuple(face.name for face in _further)


def when_fonts_change(forget: Callable[[], None]) -> None:
    """What to call when fonts were added, such as the emptying of a cache."""
    _listeners.append(forget)


@lru_cache(maxsize=1)
def _packaged() -> tuple[Face, ...]:
    """The faces of the optional package, where it is installed."""
    try:
        from pymupdf_fonts import fontbuffers
    except ImportError:
        return ()
    return tuple(read_face(name, fontbuffers[code]()) for code, name in _PACKAGED.items())


@lru_cache(maxsize=1)
def _unpacked() -> tuple[Path, ...]:
    """A folder with the files of the optional package, which has them as Python modules; it goes with the process."""
    if not _packaged():
        return ()
    folder = Path(mkdtemp(prefix="bodymap-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for face in _packaged():
        (folder / f"{face.name}.ttf").write_bytes(face.content)
    return (folder,)


def folders() -> tuple[Path, ...]:
    """Where the files of every font are."""
    return (_FOLDER, *_folders, *_unpacked())


def further_fonts() -> tuple[str, ...]:
    """The names of the fonts beyond the bundled ones: part of what a picture is made of."""
    return tuple(face.name for face in (*_packaged(), *_further))


BOX = "□"
"""What stands for a letter that no font has."""


def lacking_in(text: str) -> frozenset[str]:
    """The letters of a text that no font has. Marks and joiners are none: a text is legible without them."""
    return frozenset(letter for letter in _unknown(text) if unicodedata.category(letter)[0] not in "CM")


def shown(text: str) -> str:
    """A text as it can be set: `BOX` for each letter that no font has, without marks and joiners that none has."""
    unknown = _unknown(text)
    if not unknown:
        return text
    lacking = lacking_in(text)
    return text.translate({ord(letter): BOX if letter in lacking else None for letter in unknown})


def _unknown(text: str) -> set[str]:
    if text.isascii():
        return set()
    known = (face.advances for face in (REGULAR, BOLD, *_packaged(), *_further))
    letters = {letter for letter in text if letter.isprintable() or unicodedata.category(letter) == "Cf"}
    for advances in known:
        if not letters:
            break
        letters = {letter for letter in letters if ord(letter) not in advances}
    return letters
