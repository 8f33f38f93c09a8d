"""How hard the texts are to read, by two formulas in English and by one of its own in each other language."""

from collections.abc import Callable

import pytest

from bodymap.education.texts import Entry, entries, worded
from bodymap.words import Language
from tests.reading import textstat

FOR_PATIENTS = [entry for entry in entries() if entry.audience == "patient"]
Formula = Callable[[str], float]


def measured(lang: Language, formula: Formula, texts: list[str]) -> list[float]:
    """What a formula gives for each text, read as of its language."""
    textstat.set_lang(lang)
    return [formula(text) for text in texts]


def read(entries: list[Entry], lang: Language) -> list[str]:
    """The texts as a patient of a clinic without numbers reads them."""
    return [worded(entry, lang).text for entry in entries]


def wiener_4(text: str) -> float:
    """The fourth Wiener Sachtextformel, about a school grade."""
    return float(textstat.wiener_sachtextformel(text, 4))


@pytest.mark.parametrize("formula", ["flesch_kincaid_grade", "automated_readability_index"])
def test_each_english_text_is_for_grade_six(formula: str) -> None:
    """No text for patients is above grade 6 by Flesch and Kincaid, nor by the Automated Readability Index."""
    texts = read(FOR_PATIENTS, "en")
    grades = measured("en", getattr(textstat, formula), texts)
    assert {text: grade for text, grade in zip(texts, grades, strict=True) if grade > 6} == {}


def test_the_whole_in_english_is_for_grade_six_by_smog() -> None:
    """SMOG, which needs thirty sentences, gives all of the texts together no more than grade 6."""
    [grade] = measured("en", textstat.smog_index, [" ".join(read(FOR_PATIENTS, "en"))])
    assert 3 < grade <= 6


@pytest.mark.parametrize(
    ("lang", "formula", "worst", "whole"),
    [
        # Ease by Fernández Huerta: 60 to 70 is normal, from 80 on easy.
        ("es", textstat.fernandez_huerta, 60, 80),
        # Flesch's ease with the constants for French: 60 to 70 is plain, from 80 on easy.
        ("fr", textstat.flesch_reading_ease, 60, 80),
        # A grade, not an ease, so it is taken negative.
        ("de", lambda text: -wiener_4(text), -6.5, -5),
    ],
)
def test_each_translation_is_easy_by_its_own_formula(
    lang: Language, formula: Formula, worst: float, whole: float
) -> None:
    """Spanish, French and German read easily as a whole, and none of their texts is hard."""
    texts = read(FOR_PATIENTS, lang)
    values = dict(zip(texts, measured(lang, formula, texts), strict=True))
    assert {text: value for text, value in values.items() if value < worst} == {}
    [all_together] = measured(lang, formula, [" ".join(texts)])
    assert all_together >= whole


def test_a_hard_text_is_noticed() -> None:
    """A sentence from a leaflet as leaflets are is above grade 6 in English and hard in German."""
    hard = "Percutaneous intramuscular stimulation facilitates neurophysiological normalisation of hypertonicity."
    assert measured("en", textstat.flesch_kincaid_grade, [hard])[0] > 12
    schwer = "Die perkutane intramuskuläre Stimulation begünstigt die neurophysiologische Normalisierung."
    assert measured("de", wiener_4, [schwer])[0] > 10
