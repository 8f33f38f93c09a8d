"""The words of a course's pictures: whole in four languages, in plain words and in clinical ones."""

import re
from dataclasses import asdict
from typing import get_args

import pytest

from bodymap.rendering.options import Language
from bodymap.rendering.wording_course import COURSE_WORDS
from bodymap.rendering.wording_course_plain import PLAIN_COURSE_WORDS
from tests.rendering.test_languages import texts
from tests.rendering.test_themes_for_patients import CLINICAL_WORDS, grade

LANGUAGES: tuple[Language, ...] = get_args(Language)
UNSAID = {"less", "more"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("catalogue", [COURSE_WORDS, PLAIN_COURSE_WORDS], ids=["clinical", "plain"])
def test_catalogues_are_whole(catalogue: dict[Language, object], lang: Language) -> None:
    """Every text that English has is there in every language, takes the same values, and is no copy of the English."""
    english, words = texts(asdict(catalogue["en"])), texts(asdict(catalogue[lang]))  # type: ignore[call-overload]
    assert words.keys() == english.keys()
    for name, text in words.items():
        assert bool(text) == bool(english[name]), name
        assert text or catalogue is PLAIN_COURSE_WORDS or name in UNSAID, name
        if name != "made_of":  # Patients are told of visits alone.
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[name])), name
        bare = re.sub(r"\{\w+\}|\W", " ", english[name]).split()
        assert lang == "en" or len(bare) < 3 or text != english[name], name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plain_words_are_plain(lang: Language) -> None:
    """No clinical word is among the words for patients, and the English ones read at grade 6."""
    words = [text for text in texts(asdict(PLAIN_COURSE_WORDS[lang])).values() if text]
    assert not [(word, text) for word in CLINICAL_WORDS for text in words if word in f"{text.lower()} "]
    if lang == "en":
        sentences = [re.sub(r"\{\w+\}", "3", text).rstrip(".") for text in words if len(text.split()) > 3]
        assert max(grade(sentence) for sentence in sentences) <= 8
        assert grade(". ".join(sentences)) <= 6
