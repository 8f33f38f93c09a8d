"""The education screen: what may appear on it, in every language, and that each thought stands in its turn."""

import re
import zlib
from html.parser import HTMLParser

import msgspec
import pytest

from bodymap.charting.clinic import Clinic, ClinicText, Phones
from bodymap.education.texts import entries
from bodymap.pages.screen import TURN_S, screen, screen_html
from bodymap.words import LANGUAGES, Language, catalogue

NUMBERS = Clinic(name="Harbour Street Clinic", contact=Phones(phone="+1 (555) 0142", emergency="112"))
READ_BY = {entry.id: entry.audience for entry in entries()}


class Page(HTMLParser):
    """Every tag with its attributes, and every text outside a style sheet."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip() and self.tags[-1][0] != "style":
            self.texts.append(data.strip())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("clinic", [Clinic(), NUMBERS], ids=["no clinic", "a clinic"])
def test_only_texts_for_patients_and_words_around_them_appear(lang: Language, clinic: Clinic) -> None:
    """Every text on the screen is one of a list; it fits in 150 KB and asks nothing from elsewhere."""
    shown = screen(clinic, lang)
    html = screen_html(shown)
    page = Page(html)
    words, pages = catalogue(lang).pages.screen, catalogue(lang).pages
    texts = [text for thought in shown.thoughts for text in thought.texts]
    assert {READ_BY[text.id] for text in texts} == {"patient"}
    allowed = {text.text for text in texts} | {thought.heading for thought in shown.thoughts} | {pages.not_reviewed}
    allowed |= {*msgspec.to_builtins(words).values(), *LANGUAGES, clinic.name}
    assert set(page.texts) - allowed == set()
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "form", "object"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert all(reference[:1] == "#" for reference in re.findall(r'href="([^"?]+)', html.decode()))
    assert len(zlib.compress(html)) < 150_000
    assert (clinic.name or "") in html.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_clinic_no_number_and_no_country_is_named(lang: Language) -> None:
    """The texts say "your emergency number", and what holds in one country only is left out."""
    texts = [text for thought in screen(Clinic(), lang).thoughts for text in thought.texts]
    assert not [text for text in texts if text.country]
    assert not [text.text for text in texts if re.search(r"[{}]|\b(112|911)\b", text.text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_thoughts_stand_one_after_the_other(lang: Language) -> None:
    """Each begins when the one before ends, with its picture, and stands as long as reading it takes."""
    shown = screen(Clinic(), lang)
    html = screen_html(shown).decode()
    whole = sum(thought.seconds for thought in shown.thoughts)
    assert f"--whole:{whole}s" in html
    begin = 0
    for index, thought in enumerate(shown.thoughts):
        assert thought.seconds % TURN_S == 0
        assert thought.seconds >= sum(len(text.text) for text in thought.texts) / 12
        cut = html[html.index("prefers-reduced-motion:reduce") :]
        [seen] = re.findall(
            rf"@keyframes thought-{index}{{.*?}}([\d.]+)%{{opacity:1}}([\d.]+)%,100%{{opacity:0}}}}", cut
        )
        assert [float(each) * whole / 100 for each in seen] == pytest.approx([begin, begin + thought.seconds], abs=0.01)
        begin += thought.seconds


def test_a_clinic_s_own_text_is_shown_as_it_stands_and_fits() -> None:
    """As long as it may be, escaped, in a size in which it fits; reviewed texts only need no note."""
    own = Clinic(texts={"what-it-is": {"en": ClinicText(text="<b>" + "word " * 700)}})
    html = screen_html(screen(own, "en")).decode()
    assert "&lt;b&gt;word" in html
    assert 'class="thought longest"' in html
