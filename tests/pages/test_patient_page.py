"""The patient's page: what may appear on it, in every language, and what the visit calls for."""

import re
from html.parser import HTMLParser
from typing import Any, get_args

import msgspec
import pytest

from bodymap.atlas import load_atlas
from bodymap.charting.clinic import Clinic, Phones
from bodymap.charting.flags import CODES
from bodymap.charting.session import Session
from bodymap.pages.closed_link import Reason, closed_link_html
from bodymap.pages.patient import dialled, patient_html, patient_page, sentences_of
from bodymap.words import LANGUAGES, Language, catalogue
from tests.charting.visits_drafted import drafted

ATLAS = load_atlas()
NUMBERS = Clinic(name="Harbour Street Clinic", contact=Phones(phone="+1 (555) 0142", emergency="112"))
MARKED = "qqmarked"
POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left"}
KNEE = {"kind": "trigger_point", "site": {"text": "Calf"}, "side": "left"}
JAW = {"kind": "trigger_point", "region": "masseter", "side": "left"}
LOW_BACK = {"kind": "trigger_point", "region": "multifidus-lumborum", "side": "left"}


def marked(**members: Any) -> Session:
    """A session in which every text of its own is marked, but the words of its site."""
    texts = {name: f"{MARKED} {name}" for name in ("technique", "response", "precaution", "note")}
    return drafted(
        **{
            **{name: f"{MARKED}{name}" for name in ("subject", "performer", "encounter")},
            **{name: f"{MARKED} {name}" for name in ("position", "note", "count_note")},
            "identifier": [{"system": f"urn:{MARKED}", "value": MARKED}],
            "started_at": "2026-11-23T09:00:00-08:00",
            "needle": {"lot": MARKED, "maker": MARKED},
            "measures": [{"name": MARKED, "unit": MARKED, "before": 1}],
            "consent": {"version": MARKED, "witness": MARKED},
            "screening": {
                "by": MARKED,
                "answers": [{"item": "anticoagulant", "answer": "yes", "medicines": [MARKED], "note": MARKED}],
                "acknowledgements": [{"item": "lymphedema", "by": MARKED, "reason": MARKED}],
            },
            "placements": [
                {**POINT, **texts},
                {**KNEE, **texts},
                {**POINT, "status": "not-done", "status_reason": MARKED},
            ],
            **members,
        }
    )


class Text(HTMLParser):
    """Every tag with its attributes, and every text outside a style sheet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._styled = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._styled = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._styled = False

    def handle_data(self, data: str) -> None:
        if not self._styled:
            self.texts.append(data)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_the_record_only_places_and_the_words_of_a_site_appear(lang: Language) -> None:
    """No other text of the record, no flag and no script stands in the page, in HTML or as JSON."""
    session = marked()
    page = patient_page(ATLAS, session, NUMBERS, lang)
    html = patient_html(page, ATLAS, session).decode()
    for written in (html, msgspec.json.encode(page).decode()):
        assert MARKED not in written
        assert "Calf" in written
        assert not [code for code in CODES if code in written]
    tags = Text(html).tags
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "form", "object"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert [attributes["lang"] for tag, attributes in tags if tag == "html"] == [lang]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("clinic", [Clinic(), NUMBERS], ids=["unstated", "stated"])
def test_numbers_are_the_clinic_s_or_in_words(lang: Language, clinic: Clinic) -> None:
    """With numbers there is a link that dials each; without, no digit of any telephone and no braces."""
    session = marked()
    html = patient_html(patient_page(ATLAS, session, clinic, lang), ATLAS, session).decode()
    links = [attributes["href"] or "" for tag, attributes in Text(html).tags if tag == "a"]
    links = [link for link in links if not link.startswith("?lang=")]
    assert links == (["tel:112", "tel:+15550142", "#call"] if clinic.contact else ["#call"])
    assert not re.search(r"[{}]", "".join(Text(html).texts))
    assert dialled("+49 (30) 123-4") == "tel:+49301234"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_of_the_list_of_what_may_appear(lang: Language) -> None:
    """Beside the picture each text on the page is one of its value, of the words around them, or a number."""
    session = marked()
    page = patient_page(ATLAS, session, NUMBERS, lang)
    html = patient_html(page, ATLAS, session).decode()
    html = re.sub(r'<div class="picture">.*?</div>', "", html, flags=re.DOTALL)
    outside = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    pages = catalogue(lang).pages
    phones = [pages.patient.dial.format(number=number) for number in ("112", "+1 (555) 0142")]
    allowed = {*strings(msgspec.to_builtins(page)), *strings(msgspec.to_builtins(pages.patient)), *LANGUAGES, *phones}
    allowed |= {sentence for text in page.call for sentence in sentences_of(text.text)} | {pages.not_reviewed}
    allowed |= {str(number) for place in page.treated for number in place.numbers}
    assert {text.strip() for text in Text(outside).texts} - allowed - {""} == set()


def strings(value: Any) -> list[str]:
    """Every text in a value, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in strings(each)] if isinstance(value, list | tuple) else [str(value)]


def test_each_sentence_has_the_number_of_its_mark() -> None:
    """The number before a sentence is the one on the picture, also where a place before it is not in the picture."""
    session = drafted(placements=[POINT, KNEE, {**POINT, "at": [310, 320]}])
    page = patient_page(ATLAS, session, NUMBERS, "en")
    assert [place.numbers for place in page.treated] == [(1, 3), (2,)]
    assert "Calf" in page.treated[1].text
    picture = patient_html(page, ATLAS, session).decode().partition('class="picture"')[2].partition("</div>")[0]
    assert {int(number) for number in re.findall(r'data-placement="(\d+)"', picture)} == {1, 3}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_is_the_sum_of_its_sentences(lang: Language) -> None:
    """What is shown sentence by sentence loses nothing, and each ends as a sentence does."""
    for text in patient_page(ATLAS, marked(), NUMBERS, lang).call:
        sentences = sentences_of(text.text)
        assert " ".join(sentences) == text.text
        assert len(sentences) >= 4
        assert all(sentence[-1] == "." for sentence in sentences)


def test_a_page_offers_the_languages_of_the_clinic() -> None:
    """All of ours where it has named none, else those and the one that is shown; by a link with what the link adds."""
    offered = msgspec.structs.replace(NUMBERS, languages=("de", "en"))
    assert [each.lang for each in patient_page(ATLAS, marked(), offered, "fr").languages] == ["en", "de", "fr"]
    page = patient_page(ATLAS, marked(), NUMBERS, "en")
    assert [each.lang for each in page.languages] == list(LANGUAGES)
    assert 'href="?lang=de&amp;link=a.b"' in patient_html(page, ATLAS, marked(), "a.b").decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_closed_link_still_says_when_to_call(lang: Language) -> None:
    """It names no number and no clinic, and gives the signs of a collapsed lung and of a bleed at the spine."""
    for reason in get_args(Reason):
        html = closed_link_html(reason, lang).decode()
        assert f'<html lang="{lang}">' in html
        assert catalogue(lang).pages.patient.call in html
        assert html.count("<ul>") == 2
        assert not re.search(r"[{}]|\d{3}", "".join(Text(html).texts))


def called(*places: dict[str, Any]) -> set[str]:
    return {text.id for text in patient_page(ATLAS, drafted(placements=list(places)), NUMBERS, "en").call}


def test_when_to_call_follows_the_places() -> None:
    """Signs of a collapsed lung but where every place is known to be away from it; of a bleed beside the spine."""
    assert called(POINT) >= {"call-now"}
    assert called(JAW) == {"call-us"}
    assert called(LOW_BACK) >= {"call-now-spine"}
    assert called(JAW, {**KNEE, "site": {"text": "somewhere"}}) == {"call-now", "call-now-spine"}
    assert called() == {"call-now", "call-now-spine"}


def test_a_plan_is_not_told_as_done() -> None:
    """The heading of a planned visit says so."""
    planned = drafted(status="planned", placements=[{**POINT, "status": "planned"}])
    assert patient_page(ATLAS, planned, NUMBERS, "en").heading == "What we plan to do"
    assert patient_page(ATLAS, marked(), NUMBERS, "en").heading == "What we did"


def test_an_answer_of_no_leaves_a_text_out() -> None:
    """The note on pregnancy is there unless it was answered with no; that on children unless the age is known."""

    def candidacy(**answers: Any) -> set[str]:
        page = patient_page(ATLAS, drafted(placements=[JAW], screening=answers), NUMBERS, "en")
        return {text.id for topic in page.more for text in topic.texts if topic.topic == "candidacy"}

    assert candidacy() >= {"pregnancy", "children"}
    assert "pregnancy" not in candidacy(answers=[{"item": "pregnancy_t1", "answer": "no"}])
    assert "pregnancy" in candidacy(answers=[{"item": "pregnancy_t1", "answer": "unknown"}])
    assert "children" not in candidacy(birth_year=1961)
