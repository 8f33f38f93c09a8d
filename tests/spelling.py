"""Spelling, by the hunspell dictionary of a language and a list of further words that a person has read."""

import os
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bodymap.words import Language
from tests.tools import unavailable

# The words that a hunspell dictionary does not have.
UnknownTo = Callable[[str, set[str]], set[str]]
# The product writes British English.
DICTIONARIES = {"en": "en_GB", "de": "de_DE", "es": "es_ES", "fr": "fr_FR"}


def words_in(texts: Iterable[str]) -> set[str]:
    """Every word of texts, less the names of values that are put in."""
    return set(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.sub(r"\{\w*\}", " ", " ".join(texts))))


def misspelled(lang: Language, words: set[str], further: Path, unknown_to: UnknownTo) -> tuple[list[str], list[str]]:
    """The words that are neither in the language's dictionary nor in its file among the `further` ones; and those of
    that file that are not needed there."""
    own = further / f"{lang}.txt"
    allowed = set(own.read_text("utf-8").split()) if own.exists() else set()
    unknown = unknown_to(DICTIONARIES.get(lang) or lang.replace("-", "_"), words)
    return sorted(unknown - allowed), sorted(allowed - unknown)


@pytest.fixture
def unknown_to(require_tool: Callable[[str, str], str]) -> UnknownTo:
    """Gives the words that a hunspell dictionary does not have."""
    how = "make tools installs hunspell and its dictionaries where it can"
    program = require_tool("hunspell", how)

    def unknown(dictionary: str, words: set[str]) -> set[str]:
        command = [program, "-d", dictionary, "-i", "utf-8", "-l"]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        said = "\n".join(sorted(words))
        ran = subprocess.run(command, input=said, capture_output=True, text=True, encoding="utf-8", env=environment)
        if ran.returncode != 0:
            unavailable(f"{dictionary} is missing: {how}")
        return set(ran.stdout.split())

    return unknown
