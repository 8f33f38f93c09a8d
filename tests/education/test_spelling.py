"""Spelling: every word of every education text is in a dictionary of its language, or in a list that a person read."""

from pathlib import Path

import pytest

from bodymap.education.locales import locale
from bodymap.words import LANGUAGES, Language
from tests.spelling import UnknownTo, misspelled, words_in
from tests.words.texts import texts

# By the language's own list, words that no dictionary has: names and abbreviations.
ALLOWED = Path(__file__).with_name("allowed")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_spelled_as_a_dictionary_has_it(lang: Language, unknown_to: UnknownTo) -> None:
    """No word of the texts and headings is unknown to the dictionary, unless the language's own list allows it."""
    said = texts(locale(lang))
    words = words_in(text for name, text in said.items() if not name.endswith((".as_of", ".review.state")))
    assert misspelled(lang, words, ALLOWED, unknown_to) == ([], [])
