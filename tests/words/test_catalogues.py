"""The catalogues: every word in every language, with the values that it takes, by the rules of the language."""

import re
import tomllib
from collections import defaultdict
from typing import Any

import pytest
from babel import Locale

from bodymap.words import LANGUAGES, Language, Plural, catalogue
from bodymap.words.grammar import CATEGORIES
from bodymap.words.languages import LOCALES
from tests.words.cldr import cldr
from tests.words.texts import texts

OTHERS = tuple(lang for lang in LANGUAGES if lang != "en")
# Texts that may be empty.
EMPTY = {"form.clock", "chart.statuses.done", "chart.session_statuses.completed", "patient.chart.statuses.done"}
# Texts of more than two words that another language shares with English.
SHARED = {"form.cldr.locale", "form.cldr.plurals"}


def read(lang: Language) -> dict[str, str]:
    """The texts of a catalogue's file, the empty ones as well."""
    data: dict[str, Any] = tomllib.loads((LOCALES / f"{lang}.toml").read_text("utf-8"))

    def walk(value: Any, name: str) -> dict[str, str]:
        if isinstance(value, dict):
            return {k: v for key, part in value.items() for k, v in walk(part, f"{name}.{key}".lstrip(".")).items()}
        if isinstance(value, list):
            return {k: v for place, part in enumerate(value) for k, v in walk(part, f"{name}.{place}").items()}
        return {name: value} if isinstance(value, str) else {}

    return walk(data, "")


def keys(found: dict[str, str]) -> set[str]:
    """The keys of texts, those of a plural together: how many forms it has differs between languages."""
    return {name for name in found if not name.startswith("form.cldr.")} - plurals(found)


def plurals(found: dict[str, str]) -> set[str]:
    """The keys that are a form of a plural other than the one that every plural has."""
    return {name for name in found if (parts := name.rpartition("."))[2] in CATEGORIES and f"{parts[0]}.other" in found}


def placeholders(text: str) -> set[str]:
    """The values that a text takes."""
    return set(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_catalogues_are_whole(lang: Language) -> None:
    """Every key of English is there in every language and no other, and none is empty that is not in English."""
    english, words = read("en"), read(lang)
    assert keys(words) == keys(english)
    assert {name for name, text in words.items() if not text} <= EMPTY


@pytest.mark.parametrize("lang", OTHERS)
def test_texts_take_the_same_values(lang: Language) -> None:
    """A value that is put in in English is put in in every language, in each form of a plural, and no other is."""
    english, words = read("en"), read(lang)
    for name, text in words.items():
        if name.startswith("form.cldr."):
            continue
        same = name if name in english else f"{name.rpartition('.')[0]}.other"
        assert placeholders(text) == placeholders(english[same]), name


@pytest.mark.parametrize("lang", OTHERS)
def test_sentences_are_translated(lang: Language) -> None:
    """No text of more than two words is left in English."""
    english, words = read("en"), read(lang)
    bare = {name: re.sub(r"\{\w+\}|\W", " ", text).split() for name, text in english.items()}
    left = [name for name, parts in bare.items() if len(parts) > 2 and words.get(name) == english[name]]
    assert [name for name in left if not name.startswith("form.cldr.")] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_forms_are_cldr_s(lang: Language) -> None:
    """Months, dates, lists, decimal sign and plural rules are those that Babel's data have of the locale."""
    found = catalogue(lang).form.cldr
    assert found == cldr(found.locale)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_noun_has_each_form_that_its_language_counts_with(lang: Language) -> None:
    """Every plural has the forms that numbers from none to a thousand need."""
    form, words = catalogue(lang).form, read(lang)
    needed = {form.category(count) for count in range(1001)}
    members: dict[str, set[str]] = defaultdict(set)
    for name in words:
        stem, _, member = name.rpartition(".")
        members[stem].add(member)
    # A vocabulary may have a member called other, among members that are no categories.
    plurals = {stem: forms for stem, forms in members.items() if "other" in forms <= {*CATEGORIES, "other"}}
    assert plurals
    assert [stem for stem, forms in plurals.items() if not needed <= forms] == []


@pytest.mark.parametrize("locale", ["en", "fr", "pl", "ar", "ru", "lv", "he", "ja"])
def test_plural_rules_of_other_languages_are_understood(locale: str) -> None:
    """Categories by a catalogue's rules are Babel's own, also where a language has six of them."""
    form, rule = catalogue("en").form, Locale.parse(locale).plural_form
    other = type(form)(
        **{name: getattr(form, name) for name in ("clock", "lowered", "numerals", "more_listed")}, cldr=cldr(locale)
    )
    assert [other.category(count) for count in range(250)] == [rule(count) for count in range(250)]


def test_a_language_counts_with_its_own_forms() -> None:
    """One, few and many in Polish, where English knows two forms only."""
    form = catalogue("en").form
    polish = type(form)(clock="", lowered=True, numerals=(), more_listed="", cldr=cldr("pl"))
    noun = Plural(one="{n} igła", few="{n} igły", many="{n} igieł", other="{n} igły")
    assert [polish.counted(n, noun) for n in (1, 2, 5, 22, 12)] == [
        "1 igła",
        "2 igły",
        "5 igieł",
        "22 igły",
        "12 igieł",
    ]
    assert polish.listed(["3", "5", "9"]) == "3, 5 i 9"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_needles_are_counted_in_words_as_far_as_there_are_words(lang: Language) -> None:
    """Each number has a word of its own, and where the words end the number itself stands."""
    form = catalogue(lang).form
    said = [form.spelled(count, Plural(one="{n}", other="{n}")) for count in range(70)]
    assert len(set(said)) == len(said)
    assert said[len(form.numerals) :] == [str(count) for count in range(len(form.numerals), 70)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_one_line(lang: Language) -> None:
    """No text has white space at its ends, two spaces in a row, or a line break."""
    for name, text in texts(catalogue(lang)).items():
        assert name == "form.clock" or name.startswith("history.units.") or text == " ".join(text.split(" ")).strip(), (
            name
        )
        assert "\n" not in text, name
        assert "  " not in text, name


@pytest.mark.parametrize(
    ("lang", "other"),
    [("de", r"Besuch|Platzierung"), ("fr", r"[Vv]isite|[Ii]nvalidé"), ("es", r"[Vv]isita|[Pp]unciones")],
)
def test_one_concept_has_one_word(lang: Language, other: str) -> None:
    """A visit is Sitzung, séance, sesión and what was placed Stelle, emplacement, lugar, never also something else."""
    assert not [name for name, text in texts(catalogue(lang)).items() if re.search(other, text)]
