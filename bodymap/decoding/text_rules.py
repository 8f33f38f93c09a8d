"""What a newly stated name or text must meet, beyond being a JSON string.

A name is compared letter by letter, so that nothing in it may be there unseen; a text is read by people.
"""

import re
import unicodedata

from bodymap.decoding.member_rules import Doubt, MemberRule

# Line and paragraph separators, formats (zero-width letters, marks of direction, soft hyphens).
_UNSEEN_CATEGORIES = frozenset({"Cf", "Zl", "Zp"})
# Further code points that are shown as nothing (Unicode 15.1, DerivedCoreProperties: Default_Ignorable_Code_Point).
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN_CATEGORIES or _IGNORABLE.match(letter) is not None


def doubt_of_name(text: str) -> Doubt | None:
    """Why a text cannot be a name."""
    if not text:
        return Doubt("blank", "It is empty: state it, or leave it out.")
    for letter in text:
        if unicodedata.category(letter) == "Cc":
            return Doubt("control-character", f"A name holds no control characters; there is {_called(letter)}.")
        if _is_unseen(letter):
            return Doubt("zero-width", f"A name holds no invisible characters; there is {_called(letter)}.")
    if text != text.strip():
        return Doubt("white-space", "A name neither begins nor ends with white space: remove it.")
    return None


def doubt_of_text(text: str) -> Doubt | None:
    """Why a text cannot be kept as one."""
    if all(letter.isspace() or _is_unseen(letter) for letter in text):
        return Doubt("blank", "There are only blanks in this text: write something, or leave it out.")
    for letter in text:
        if letter not in "\t\n\r" and unicodedata.category(letter) == "Cc":
            return Doubt(
                "control-character",
                f"A text holds no control characters but tabs and line ends; there is {_called(letter)}.",
            )
    return None


def _called(letter: str) -> str:
    return f"U+{ord(letter):04X}"


NAME = MemberRule(doubt_of_name, empty_is_absent=True)
TEXT = MemberRule(doubt_of_text, empty_is_absent=True)
