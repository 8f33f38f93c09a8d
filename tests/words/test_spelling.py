"""Spelling: every word of every catalogue is in a dictionary of its language, or in a list that a person has read."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bodymap.words import LANGUAGES, Language, catalogue
from tests.words.texts import texts

# By the language's own list, words that no dictionary has: anatomy, units, codes.
ALLOWED = Path(__file__).with_name("allowed")
UnknownTo = Callable[[str, set[str]], set[str]]
# The product writes British English.
DICTIONARIES = {"en": "en_GB", "de": "de_DE", "es": "es_ES", "fr": "fr_FR"}


def words_of(lang: Language) -> set[str]:
    """Every word that a catalogue says."""
    said = texts(catalogue(lang))
    whole = " ".join(text for name, text in said.items() if not name.startswith("form.cldr."))
    return set(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.sub(r"\{\w*\}", " ", whole)))


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
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{dictionary} is missing: {how}")
        return set(ran.stdout.split())

    return unknown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_spelled_as_a_dictionary_has_it(lang: Language, unknown_to: UnknownTo) -> None:
    """No word of a catalogue is unknown to the dictionary, unless the language's own list allows it."""
    own = ALLOWED / f"{lang}.txt"
    allowed = set(own.read_text("utf-8").split()) if own.exists() else set()
    unknown = unknown_to(DICTIONARIES.get(lang) or lang.replace("-", "_"), words_of(lang))
    assert sorted(unknown - allowed) == []
    # What no catalogue says any more leaves the list.
    assert sorted(allowed - unknown) == []


def test_a_slip_of_the_keyboard_is_noticed(unknown_to: UnknownTo) -> None:
    """A word with a letter too many is none of the dictionary's."""
    assert unknown_to("de_DE", {"Stellen", "Stelleen"}) == {"Stelleen"}
