"""Text as it is put on a picture: cleaned, measured, broken into lines."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bodymap.rendering.faces import bundled

FONTS = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
BETWEEN = " · "
"""What stands between two facts on one line."""

SLACK = 1.13
"""How much wider a viewer's face may be than the measured one: DejaVu Sans runs so much wider than Arial, and not every
program stretches a line to the length that it is given."""

CAP_HEIGHT = 0.73  # Of the type size, in the tallest of the faces.
DESCENT = 0.24

# Letters that one sign stands for whole phrases of; no table of widths has them.
_LIGATED = range(0xFDF0, 0xFE00)
# What no line of Chinese or Japanese begins with.
_NEVER_FIRST = "、。，．！？：；）」』】〉》〕］｝ー々"
_JOINERS = "‌‍"
_MOST_MARKS = 3
_SPACES = re.compile(r"\s+")
_NONCHARACTER = 0xFFFE


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Text that XML can hold and that cannot reorder or overprint its neighbours, on one line.

    Controls, bidirectional overrides, private and unassigned code points go, runs of white space become one space,
    and more than three accents on one letter are cut.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    letters: list[str] = []
    marks = 0
    for letter in _SPACES.sub(" ", text):
        kind = unicodedata.category(letter)
        if (kind[0] == "C" and letter not in _JOINERS) or ord(letter) & _NONCHARACTER == _NONCHARACTER:
            continue
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            letters.append(letter)
    return _SPACES.sub(" ", "".join(letters)).strip()


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide cleaned text runs at most, in the unit of `size`: to the hair where the bundled face has its letters."""
    face = bundled(bold)
    total = 0.0
    for letter in text:
        known = face.advances.get(ord(letter))
        total += known if known is not None else _estimate(letter) * face.upem / 1000
    return total * size / face.upem


def _estimate(letter: str) -> int:
    if unicodedata.combining(letter) or letter in _JOINERS:
        return 0
    if ord(letter) in _LIGATED:
        return 12000
    if ord(letter) > 0xFFFF:
        return 1500
    return 1050 if unicodedata.east_asian_width(letter) in "WF" else 1100


def wrap(text: str, size: float, width: float, bold: bool = False, most: int | None = None) -> list[str]:
    """Cleaned text in lines no wider than `width`, also in a wider face. Words longer than a line are broken.

    With `most`, what does not fit into that many lines is left off and the last ends with an ellipsis.
    """
    return _wrapped(text, size, width / SLACK, bold, most)


def _wrapped(text: str, size: float, width: float, bold: bool, most: int | None) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold) > width and len(word) > 1:
            cut = _fitting(word, size, width, bold)
            lines.append(word[:cut])
            word = word[cut:]
        line = word
        if most is not None and len(lines) > most:
            break
    if line:
        lines.append(line)
    return lines if most is None else _shortened(lines, size, width, most, bold)


def wrap_facts(
    facts: Sequence[str], size: float, width: float, bold: bool = False, most: int | None = None
) -> list[str]:
    """Cleaned facts in lines no wider than `width`, as in `wrap`, dots between them and at no line's end or beginning.

    A line ends between two facts wherever that is possible: only a fact longer than a whole line is broken. With
    `most`, as in `wrap`.
    """
    width /= SLACK
    lines: list[str] = []
    line = ""
    for fact in facts:
        longer = f"{line}{BETWEEN}{fact}" if line else fact
        if text_width(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _wrapped(fact, size, width, bold, None) or [""]
        lines += whole
        if most is not None and len(lines) > most:
            break
    if line:
        lines.append(line)
    return lines if most is None else _shortened(lines, size, width, most, bold)


def _shortened(lines: list[str], size: float, width: float, most: int, bold: bool) -> list[str]:
    """At most so many lines, the last with an ellipsis where more were there."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", size, bold) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,.;·')}…"]


def _fitting(word: str, size: float, width: float, bold: bool) -> int:
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(word[:middle], size, bold) <= width:
            low = middle
        else:
            high = middle - 1
    while low > 1 and low < len(word) and (unicodedata.combining(word[low]) or word[low] in _NEVER_FIRST):
        low -= 1
    return low
