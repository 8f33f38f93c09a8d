"""Spelling: every word of every catalogue is in a dictionary of its language, or in a list that a person has read."""

from pathlib import Path

import pytest

from bodymap.words import LANGUAGES, Language, catalogue
from tests.spelling import UnknownTo, misspelled, words_in
from tests.words.texts import texts

# By the language's own list, words that no dictionary has: anatomy, units, codes.
ALLOWED = Path(__file__).with_name("allowed")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_spelled_as_a_dictionary_has_it(lang: Language, unknown_to: UnknownTo) -> None:
    """No word of a catalogue is unknown to the dictionary, unless the language's own list allows it."""
    said = texts(catalogue(lang))
    words = words_in(text for name, text in said.items() if not name.startswith("form.cldr."))
    assert misspelled(lang, words, ALLOWED, unknown_to) == ([], [])


def test_a_slip_of_the_keyboard_is_noticed(unknown_to: UnknownTo) -> None:
    """A word with a letter too many is none of the dictionary's."""
    assert unknown_to("de_DE", {"Stellen", "Stelleen"}) == {"Stelleen"}
