"""Pictures as text: for those who hear them, and for pasting into a note.

Lines have at most 78 columns and come in reading order.
"""

import unicodedata
from collections.abc import Iterable, Sequence

WIDTH = 78
Part = Sequence[str]
"""Lines that stand together; an empty line is between two parts."""


def write_parts(parts: Iterable[Part]) -> bytes:
    """The parts in UTF-8; those without lines are left out. Equal parts give equal bytes."""
    return ("\n\n".join("\n".join(part) for part in parts if part) + "\n").encode("utf-8")


def title_lines(text: str) -> list[str]:
    """What stands over all, underlined."""
    lines = filled(text)
    return [*lines, "=" * max(map(columns, lines))]


def heading_lines(text: str) -> list[str]:
    """What stands over a section, underlined; nothing where it is empty."""
    return [text, "-" * columns(text)] if text else []


def section(head: str, texts: Iterable[str]) -> list[str]:
    """A heading with a point for each text; texts without a heading stand as they are. Nothing without texts."""
    lines = [line for text in texts for line in (filled(f"- {text}", 2) if head else filled(text))]
    return [*heading_lines(head), *lines] if lines else []


def paragraph(*texts: str) -> list[str]:
    """Texts below each other."""
    return [line for text in texts for line in filled(text)]


def columns(text: str) -> int:
    """How many columns a text takes on a screen of fixed pitch."""
    return sum(map(_width, text))


def filled(text: str, indent: int = 0) -> list[str]:
    """Text in lines, those after the first indented. Words longer than a line are broken."""
    lead = text[: len(text) - len(text.lstrip(" "))]
    lines: list[str] = []
    line, begun = lead, False
    for word in text.replace("\u00a0", " ").split():
        rest = word
        if begun and columns(line) + 1 + columns(rest) > WIDTH:
            lines.append(line)
            line, begun = " " * indent, False
        while (fitting := _fitting(rest, WIDTH - columns(line))) < len(rest):
            cut = max(fitting, 1)
            lines.append(line + rest[:cut])
            line, begun, rest = " " * indent, False, rest[cut:]
        line = f"{line} {rest}" if begun else line + rest
        begun = True
    if begun:
        lines.append(line)
    return lines


def _width(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _fitting(text: str, width: int) -> int:
    """How many letters of a text fit into so many columns."""
    taken = 0
    for number, letter in enumerate(text):
        taken += _width(letter)
        if taken > width:
            return number
    return len(text)
