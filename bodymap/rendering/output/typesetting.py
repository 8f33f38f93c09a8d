"""A line of text as glyphs: in the order in which they stand, shaped, each from a face that has it."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import uharfbuzz as hb
from bidi.algorithm import (
    explicit_embed_and_overrides,
    get_embedding_levels,
    get_empty_storage,
    resolve_implicit_levels,
    resolve_neutral_types,
    resolve_weak_types,
)

from bodymap.rendering.faces import Face, bundled, face_for, when_fonts_change
from bodymap.rendering.text_metrics import text_width

# As measured: what a viewer would do for looks would change the widths.
_FEATURES = {"kern": False, "liga": False, "clig": False}
_PLAIN_FEATURES = {"kern": False}
_NOTDEF = 0
_FROM_THE_RIGHT = ("R", "AL", "AN")
_UNSEEN = ("\u200c", "\u200d")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph: its number, how far it moves on, and its offset, in thousandths of the type size."""

    id: int
    advance: float
    dx: float
    dy: float
    text: str  # What it stands for; empty where an earlier glyph of its cluster says it.


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face. `told` where text and glyphs do not stand in the same order or are not the same letters.
    `lacking` are substitutes for letters that no face has."""

    face: Face
    glyphs: tuple[Glyph, ...]
    text: str
    told: bool
    lacking: bool

    @property
    def width(self) -> float:
        """In thousandths of the type size."""
        return sum(glyph.advance for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line as set, never wider than `text_width` said: where it would be, it is drawn `squeezed` (at most 1)."""

    runs: tuple[Run, ...]
    width: float
    squeezed: float

    @property
    def lacking(self) -> str:
        """The letters that no face has, in the order in which they stand."""
        return "".join(run.text for run in self.runs if run.lacking)


@lru_cache(maxsize=4096)
def set_line(text: str, bold: bool = False) -> SetLine:
    """Cleaned text, set; widths in thousandths of the type size."""
    runs: list[Run] = []
    for part, level in _visual(text):
        runs += _runs(part, bold, level % 2 == 1)
    natural = sum(run.width for run in runs)
    room = text_width(text, 1000, bold)
    return SetLine(tuple(runs), min(natural, room), room / natural if natural > room else 1.0)


when_fonts_change(set_line.cache_clear)


def _runs(text: str, bold: bool, backwards: bool) -> list[Run]:
    """Stretches of one face each; those of a line read from the right stand the other way round."""
    stretches: list[tuple[Face | None, str]] = []
    for letter in text:
        last = stretches[-1] if stretches else None
        joins = unicodedata.combining(letter) or letter in _UNSEEN
        face = last[0] if last is not None and joins else face_for(letter, bold)
        if last is not None and last[0] is face:
            stretches[-1] = (face, last[1] + letter)
        else:
            stretches.append((face, letter))
    found = [_shaped(face, part, bold, backwards) for face, part in stretches]
    return found[::-1] if backwards else found


def _shaped(face: Face | None, text: str, bold: bool, backwards: bool) -> Run:
    if face is None:
        box = bundled(bold)
        wide = box.advance(_NOTDEF)
        ordered = text[::-1] if backwards else text
        glyphs = tuple(Glyph(_NOTDEF, wide, 0, 0, letter) for letter in ordered if letter not in _UNSEEN)
        return Run(box, glyphs, text, True, True)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    own = face is bundled(bold)
    hb.shape(face.shaper, buffer, _FEATURES if own else _PLAIN_FEATURES)
    scale = 1000 / face.upem
    glyphs_: list[Glyph] = []
    clusters = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
    said: set[int] = set()
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        words = "" if info.cluster in said else text[info.cluster : ends[info.cluster]]
        said.add(info.cluster)
        glyphs_.append(
            Glyph(
                info.codepoint,
                position.x_advance * scale,
                position.x_offset * scale,
                position.y_offset * scale,
                words,
            )
        )
    told = backwards or not own or any(len(glyph.text) != 1 for glyph in glyphs_)
    return Run(face, tuple(glyphs_), text, told, False)


def _visual(text: str) -> list[tuple[str, int]]:
    """The stretches of a line in the order in which they stand, with their levels: even ones are read from the left,
    odd ones from the right. A picture's lines all begin at the left."""
    parts = [("".join(letter for letter, _ in part), level) for level, part in groupby(_levels(text), itemgetter(1))]
    for depth in range(max((level for _, level in parts), default=0), 0, -1):
        start = 0
        for end in range(len(parts) + 1):
            if end == len(parts) or parts[end][1] < depth:
                parts[start:end] = parts[start:end][::-1]
                start = end + 1
    return parts


def _levels(text: str) -> list[tuple[str, int]]:
    """Each letter with its level, by the bidirectional algorithm (UAX #9)."""
    if not any(unicodedata.bidirectional(letter) in _FROM_THE_RIGHT for letter in text):
        return [(letter, 0) for letter in text]
    storage = get_empty_storage()
    storage["base_level"], storage["base_dir"] = 0, "L"
    get_embedding_levels(text, storage)
    explicit_embed_and_overrides(storage)
    resolve_weak_types(storage)
    resolve_neutral_types(storage, False)
    resolve_implicit_levels(storage, False)
    return [(one["ch"], one["level"]) for one in storage["chars"]]
