"""The education texts: every statement of the seed document, with its sources, in every language, for every clinic."""

import csv
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from bodymap.education.locales import TextReview, locale
from bodymap.education.sources import all_sources, sources_named
from bodymap.education.texts import Contact, Entry, entries, topics_of, worded
from bodymap.screening.items import items
from bodymap.words import LANGUAGES, Language

SEED = Path(__file__).with_name("seed_statements.tsv")
BY_ID = {entry.id: entry for entry in entries()}
FOR_PATIENTS = [entry for entry in entries() if entry.audience == "patient"]
# What the seed says and other sources contradict: never said to a patient, in any language.
CONTRADICTED = (
    r"avoid.{0,20}risks?\b|evidence|\bagency\b|regulat|0[.,]01|evitar.{0,20}riesgo|evidencia|evidenz|Risik\w+ vermeiden"
    r"|éviter.{0,20}risque|données probantes|\bmm\b|safe depth"
)
# Beside these words a medicine is named, in these it is said that nobody stops one alone.
MEDICINE = r"\bdrugs?\b|medicament|Medikament|médicament"
STOPS = r"\bstop\b|\bdeje|Setzen Sie|arrêtez"
NEVER_ALONE = r"Do not stop a drug on your own|No deje ningún|Setzen Sie kein Medikament selbst ab|N’arrêtez aucun"


def statements() -> list[dict[str, str]]:
    """The seed's statements: the text that says each, in which words, and where clinicians read what others say."""
    with SEED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("statement", statements(), ids=lambda row: row["statement"])
def test_each_statement_of_the_seed_is_told(statement: dict[str, str]) -> None:
    """A statement of the seed stands in a text that names its source, and where sources differ clinicians read how."""
    entry = BY_ID[statement["text"]]
    assert re.search(statement["words"], worded(entry, "en").text)
    assert {"SEED", "OURS"} & set(entry.sources)
    if statement["disagreement"]:
        differing = BY_ID[statement["disagreement"]]
        assert differing.audience == "clinician"
        assert len(differing.sources) > 1


def test_all_statements_are_walked() -> None:
    """There are 51 statements, each once."""
    assert len({row["statement"] for row in statements()}) == len(statements()) == 51


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_texts_for_patients(lang: Language) -> None:
    """What a patient reads is there in each language; what only clinicians read, in English, is answered as English."""
    assert locale(lang).texts.keys() >= {entry.id for entry in FOR_PATIENTS}
    assert locale(lang).texts.keys() <= BY_ID.keys()
    assert {worded(entry, lang).lang for entry in FOR_PATIENTS} == {lang}
    assert {worded(entry, lang).lang for entry in entries() if entry.audience == "clinician"} == {"en"}
    assert topics_of(entries(), lang).keys() == locale(lang).topics.keys()


def test_a_language_without_texts_reads_english() -> None:
    """A language that has no file is answered in English, and said to be."""
    assert {worded(entry, "xx").lang for entry in entries()} == {"en"}
    assert topics_of(entries(), "xx") == topics_of(entries(), "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_clinic_without_numbers_is_still_told_whom_to_call(lang: Language) -> None:
    """With nothing stated every text is whole, and says your emergency number and your clinic."""
    texts = {entry.id: worded(entry, lang).text for entry in entries()}
    assert not [text for text in texts.values() if re.search(r"[{}]|None| {2}|\n", text)]
    words = locale(lang)
    assert words.emergency.unstated in texts["call-now"]
    assert words.emergency.unstated in texts["call-now-spine"]
    assert words.clinic.unstated in texts["call-us"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_clinics_numbers_stand_in_the_texts(lang: Language) -> None:
    """What a clinic states is in every text that tells to call, as it was stated, braces and all."""
    contact = Contact(phone="+1 555 {0}", emergency="911")
    texts = {entry.id: worded(entry, lang, contact).text for entry in entries()}
    assert "911" in texts["call-now"]
    assert "911" in texts["call-now-spine"]
    assert "(+1 555 {0})" in texts["call-us"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_shown_as_reviewed(lang: Language) -> None:
    """As shipped no clinician has confirmed a text, translations are said to be machine-made, and each has its day."""
    for wording in locale(lang).texts.values():
        assert wording.review == TextReview(state="not-reviewed", machine_made=lang != "en")
        assert wording.as_of == date(2026, 11, 28)


@pytest.mark.parametrize(
    "review", [{"state": "confirmed"}, {"state": "confirmed", "by": "A."}, {"state": "not-reviewed", "by": "A."}]
)
def test_a_review_names_who_and_when(review: dict[str, str]) -> None:
    """A text cannot be shipped as confirmed without a person and a day."""
    with pytest.raises(msgspec.ValidationError, match="by whom"):
        msgspec.convert(review, TextReview)
    assert msgspec.convert({"state": "confirmed", "by": "A.", "on": "2026-11-28"}, TextReview).by == "A."


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_every_text_cites_graded_sources(entry: Entry) -> None:
    """A text names its sources; each has a title and a grade, and an address outside of the project, or is the seed."""
    assert entry.sources
    for name, source in sources_named(entry.sources, "en").items():
        assert source.title
        if name not in ("SEED", "OURS"):
            assert source.grade is not None
            assert source.address is not None
            assert source.address.startswith(("https://", "http://"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_seed_is_a_clinics_article_undated(lang: Language) -> None:
    """What the texts began with has no grade and no address, and its title says what it is in each language."""
    seed = sources_named(["SEED"], lang)["SEED"]
    assert (seed.grade, seed.address) == (None, None)
    assert lang != "en" or seed.title == "a clinic's article, undated"
    assert (seed.title == sources_named(["SEED"], "en")["SEED"].title) == (lang == "en")


def test_no_source_is_left_over() -> None:
    """Every source that is listed backs a text or a screening item."""
    used = {name for backed in (*entries(), *items()) for name in backed.sources}
    assert all_sources().keys() == used - {"SEED", "OURS"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_sources_contradict_is_not_told_to_patients(lang: Language) -> None:
    """No patient reads that risks are avoided, that nobody controls training, a rate without a unit, or a depth."""
    said = {entry.id: worded(entry, lang).text for entry in FOR_PATIENTS}
    assert not [name for name, text in said.items() if re.search(CONTRADICTED, text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_is_told_to_stop_a_medicine(lang: Language) -> None:
    """The one sentence on stopping a medicine says not to do so alone."""
    sentences = [s for entry in entries() for s in re.split(r"(?<=[.?]) ", worded(entry, lang).text)]
    about = [s for s in sentences if re.search(MEDICINE, s) and re.search(STOPS, s, re.IGNORECASE)]
    assert len(about) == 1
    assert re.match(NEVER_ALONE, about[0])
