"""The fonts that pictures are measured with, and that PNG and PDF are set in.

Liberation Sans is bundled: it has the widths of Helvetica and Arial, which most viewers of an SVG have or imitate.
A folder of further fonts (`add_fonts`) serves the scripts that it lacks. Those never change a layout: what they draw
is fitted into the room that was left for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb

from bodymap.errors import Misconfigured

FONTS_SETTING = "BODYMAP_FONTS"
FONT_PACKAGES = "fonts-noto-core and fonts-droid-fallback (/usr/share/fonts/truetype)"
"""What has most scripts, Arabic, Hebrew, Devanagari, Chinese, Japanese and Korean among them, and where it lies."""
_FOLDER = Path(__file__).with_name("fonts")
_ENDINGS = (".ttf", ".otf")


@dataclass(frozen=True, eq=False)
class Face:
    """One font file. `advances` are by code point, in units of which `upem` make the type size."""

    name: str
    path: Path
    shaper: hb.Font
    upem: int
    advances: dict[int, int]

    @property
    def outlines(self) -> hb.Face:
        """The font's tables."""
        return self.shaper.face

    @property
    def is_cff(self) -> bool:
        """Whether its outlines are PostScript's."""
        return "CFF " in self.outlines.table_tags

    def advance(self, glyph: int) -> float:
        """How wide a glyph is, in thousandths of the type size."""
        units: int = self.shaper.get_glyph_h_advance(glyph)
        return units * 1000 / self.upem


def read_face(path: Path) -> Face:
    """A font file. Raises Misconfigured where it is none."""
    try:
        outlines = hb.Face(hb.Blob.from_file_path(str(path)))
        shaper = hb.Font(outlines)
        nominal = {code: shaper.get_nominal_glyph(code) for code in outlines.unicodes}
    except (OSError, hb.HarfBuzzError) as error:
        raise Misconfigured(f"{path.name} cannot be read as a font.") from error
    if not nominal:
        raise Misconfigured(f"{path.name} cannot be read as a font.")
    advances = {code: shaper.get_glyph_h_advance(glyph) for code, glyph in nominal.items() if glyph is not None}
    return Face(path.stem.replace(" ", ""), path, shaper, outlines.upem, advances)


REGULAR = read_face(_FOLDER / "LiberationSans-Regular.ttf")
BOLD = read_face(_FOLDER / "LiberationSans-Bold.ttf")
_further: list[Face] = []
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
    _further[:] = [read_face(path) for path in paths]
    for forget in _listeners:
        forget()
    return tuple(face.name for face in _further)


def when_fonts_change(forget: Callable[[], None]) -> None:
    """What to call when fonts were added, such as the emptying of a cache."""
    _listeners.append(forget)


def face_for(letter: str, bold: bool) -> Face | None:
    """The face that has a letter: the bundled one, else the first further one; `None` where none has it."""
    code = ord(letter)
    faces = [bundled(bold), *sorted(_further, key=lambda face: ("bold" in face.name.lower()) != bold)]
    return next((face for face in faces if code in face.advances), None)


def further_fonts() -> tuple[str, ...]:
    """The names of the fonts that were added: part of what a picture is made of."""
    return tuple(face.name for face in _further)
