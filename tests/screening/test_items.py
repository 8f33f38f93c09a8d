"""Screening: every item of the table, asked in words that a patient understands, with what sources say apart."""

import csv
import re
from pathlib import Path

import pytest

from bodymap.atlas import load_atlas
from bodymap.charting.flags import CODES
from bodymap.screening.items import ScreeningItem, items, worded, words_in
from bodymap.words import LANGUAGES, Language
from tests.reading import textstat
from tests.spelling import UnknownTo, misspelled
from tests.spelling import words_in as words_of
from tests.words.texts import texts

TABLE = Path(__file__).with_name("items.tsv")
ALLOWED = Path(__file__).with_name("allowed")
ITEMS = {item.id: worded(item, "en") for item in items()}


def rows() -> list[dict[str, str]]:
    """The clinical table that the items were made from."""
    with TABLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def asked(lang: Language) -> list[ScreeningItem]:
    """The items that a patient is asked."""
    return [item for item in (worded(item, lang) for item in items()) if item.asked_of == "patient"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["item_id"])
def test_each_row_of_the_table_is_an_item(row: dict[str, str]) -> None:
    """Class, scope, technique, sources, grades, the seed's own word and the question are the table's."""
    item = ITEMS[row["item_id"]]
    assert {"by technique": "technique"}.get(row["class"], row["class"]) == item.kind
    assert (item.scope, item.technique or "") == (row["scope"], row["technique"])
    assert item.sources == tuple(row["source_ids"].split())
    assert item.grades == row["trust"]
    assert row["in_seed"].startswith(f"yes:{item.seed}" if item.seed else "no")
    if not row["question_en"].startswith("("):
        assert item.asked_of == "patient"
        assert item.question is not None
        assert item.question.text == row["question_en"]
    elif row["answer"] == "clinician":
        assert item.asked_of == "clinician"
    else:
        assert (item.asked_of, item.question, item.answer) == (None, None, None)
        assert item.follows_from or item.area


def test_no_item_is_missing_or_made_up() -> None:
    """There are as many items as rows, each once."""
    assert [row["item_id"] for row in rows()] == [item.id for item in items()]


def test_places_and_other_items_are_there() -> None:
    """What an item concerns are regions, groups and flags that exist, what it follows from are items that are asked."""
    atlas = load_atlas()
    for item in items():
        assert all(ITEMS[name].asked_of for name in item.follows_from), item.id
        if item.area is not None:
            assert {atlas.region(region).id for region in item.area.regions} == set(item.area.regions)
            assert set(item.area.groups) <= {region.group for region in atlas.regions}
            assert set(item.area.flags) <= set(CODES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_are_in_the_language_and_what_is_not_says_so(lang: Language) -> None:
    """What a patient is asked is translated; what only clinicians read is in English and says that it is."""
    assert {item.question.lang for item in asked(lang) if item.question} == {lang}
    assert {worded(item, lang).lang for item in items()} == {"en"}
    [confused] = [item for item in items() if item.id == "confused"]
    question = worded(confused, lang).question
    assert question is not None
    assert question.lang == "en"
    english = {item.question.text for item in asked("en") if item.question}
    assert (english & {item.question.text for item in asked(lang) if item.question} == set()) == (lang != "en")


def test_a_language_without_a_file_is_asked_in_english() -> None:
    """A fifth language gets the English questions, which say that they are English."""
    assert {item.question.lang for item in asked("xx") if item.question} == {"en"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_shown_as_reviewed(lang: Language) -> None:
    """As shipped no clinician has confirmed an item, and translations are said to be machine-made."""
    for words in words_in(lang).values():
        assert (words.review.state, words.review.machine_made) == ("not-reviewed", lang != "en")


def test_where_sources_differ_is_kept() -> None:
    """Both sides of each disagreement stand in the item, and none is decided."""
    said = {name: item.disagreement for name, item in ITEMS.items()}
    assert re.search("patient as a whole.*for the limb", said["lymphedema"])
    assert re.search("never with haemophilia.*relative", said["clotting_disorder"])
    assert re.search("careful.*consent.*prohibited", said["pregnancy_t1"])
    assert re.search("avoid.*relative", said["immunodeficiency"])
    assert re.search("No source for the age of 12", said["under_12"])


def test_nothing_advises_on_a_medicine_a_depth_or_a_needle() -> None:
    """No words of an item say to stop or pause a medicine, name a depth, or choose a needle."""
    for item in ITEMS.values():
        assert not re.search(r"\bstop|\bpause|\d ?mm\b|depth|days before", f"{item.detail} {item.disagreement}"), (
            item.id
        )


def test_the_fear_of_needles_is_asked_in_plain_words() -> None:
    """Nobody has to know the word phobia to answer."""
    question = ITEMS["needle_phobia"].question
    assert question is not None
    assert "phobia" not in question.text
    assert "afraid of needles" in question.text


def test_questions_are_for_grade_six() -> None:
    """What a patient is asked in English is at grade 6 or below by Flesch and Kincaid, and all together by SMOG."""
    questions = [item.question.text for item in asked("en") if item.question]
    textstat.set_lang("en")
    assert [text for text in questions if textstat.flesch_kincaid_grade(text) > 6] == []
    assert textstat.smog_index(" ".join(questions)) <= 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_spelled_as_a_dictionary_has_it(lang: Language, unknown_to: UnknownTo) -> None:
    """No word of an item is unknown to the dictionary, unless the language's own list allows it."""
    said = texts(words_in(lang))
    words = words_of(text for name, text in said.items() if not name.endswith(".state"))
    assert misspelled(lang, words, ALLOWED, unknown_to) == ([], [])
