"""The words of a course's pictures for patients."""

import re
from typing import get_args

import pytest

from bodymap.words import Language, catalogue
from tests.rendering.checks import CLINICAL_WORDS, grade
from tests.words.texts import texts

LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_words_are_plain(lang: Language) -> None:
    """No clinical word is among the words for patients, and the English ones read at grade 6."""
    words = [text for text in texts(catalogue(lang).patient.course).values() if text]
    assert not [(word, text) for word in CLINICAL_WORDS for text in words if word in f"{text.lower()} "]
    if lang == "en":
        sentences = [re.sub(r"\{\w+\}", "3", text).rstrip(".") for text in words if len(text.split()) > 3]
        assert max(grade(sentence) for sentence in sentences) <= 8
        assert grade(". ".join(sentences)) <= 6
