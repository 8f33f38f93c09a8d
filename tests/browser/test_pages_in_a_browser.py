"""The patient's page and the education screen in real browsers: sizes, light and dark, keyboard, motion, paper."""

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from bodymap.atlas import load_atlas
from bodymap.charting.clinic import Clinic, Phones
from bodymap.pages.patient import patient_html, patient_page
from bodymap.pages.screen import screen, screen_html
from bodymap.words import LANGUAGES
from tests.browser.test_access import violations
from tests.charting.visits_drafted import drafted

pytestmark = pytest.mark.outside

SIZES = [(390, 844), (768, 1024), (1280, 800), (1920, 1080)]
PAGES = ["patient", "screen"]
PAPER = ["A4", "Letter"]
ATLAS = load_atlas()
CLINIC = Clinic(name="Harbour Street Clinic", contact=Phones(phone="555 0142", emergency="112"))

POINTS: list[dict[str, Any]] = [
    {"kind": "trigger_point", "view": "posterior", "at": [302, 275]},
    {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
    {
        "kind": "perimeter",
        "view": "posterior",
        "side": "right",
        "ring": {"center": [402, 700], "radius_mm": 28, "needles": 8},
    },
    {"kind": "trigger_point", "view": "posterior", "at": [420, 330]},
    {"kind": "trigger_point", "view": "anterior", "at": [300, 330]},
    {"kind": "trigger_point", "site": {"text": "Calf"}, "side": "left"},
    *({"kind": "trigger_point", "view": "posterior", "at": [300 + 12 * i, 300 + 30 * i]} for i in range(10)),
    *(
        {"kind": "trigger_point", "region": region, "side": "left"}
        for region in ("splenius-capitis", "masseter", "temporalis", "pectoralis-major-clavicular")
    ),
]


def html_of(name: str, lang: str, places: int = 6) -> str:
    """A page as the service would send it."""
    if name == "screen":
        return screen_html(screen(CLINIC, lang)).decode()
    session = drafted(started_at="2026-11-23T09:00:00-08:00", placements=POINTS[:places])
    return patient_html(patient_page(ATLAS, session, CLINIC, lang), ATLAS, session).decode()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for all that scripts are needed to look at."""
    made = browser.new_page()
    yield made
    made.close()


def shown(page: Page, name: str, lang: str = "en", size: tuple[int, int] = SIZES[0], places: int = 6) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_content(html_of(name, lang, places))


# What is wider than the window, is cut off, or (of the screen) does not fit where it stands.
OVERFLOWING = """() => [
    document.documentElement.scrollWidth > innerWidth ? 'the page' : '',
    ...[...document.querySelectorAll('h1, h2, p, li, a, summary, label')].filter(e => {
        const box = e.getBoundingClientRect()
        return box.width && (box.right > innerWidth + 1 || box.left < -1 || e.scrollWidth > e.clientWidth + 1)
            && getComputedStyle(e).display !== 'inline'
    }).map(e => e.textContent),
    ...[...document.querySelectorAll('.thought')].filter(e => e.querySelector('.said').scrollHeight > e.clientHeight)
        .map(e => e.textContent),
].filter(Boolean)"""


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_in_any_language(page: Page, name: str, size: tuple[int, int]) -> None:
    """At the size of a phone, a tablet, a laptop and a large screen, everything is as wide as the window at most."""
    for lang in LANGUAGES:
        shown(page, name, lang, size)
        assert page.evaluate(OVERFLOWING) == [], lang


@pytest.mark.parametrize("size", [SIZES[0], SIZES[3]], ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page: Page, name: str, scheme: Literal["light", "dark"], size: tuple[int, int]) -> None:
    """In light and dark, on a phone and on a large screen, no rule of accessibility is broken."""
    page.emulate_media(color_scheme=scheme)
    shown(page, name, "de", size)
    assert violations(page) == []
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_everything_visibly(page: Page, name: str) -> None:
    """Tab goes through every link, heading to open and box, in their order, each with an outline; targets are large."""
    shown(page, name, "en", SIZES[2])
    controls = page.locator("a[href], summary, input")
    wanted = [element.evaluate("e => e.outerHTML") for element in controls.all()]
    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        html, outline = page.evaluate(
            "[document.activeElement.outerHTML, getComputedStyle(document.activeElement).outlineStyle]"
        )
        assert outline == "solid", html
        reached.append(html)
    assert reached == wanted
    heights = page.evaluate(
        "[...document.querySelectorAll('a[href], summary, label')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 47.9


def test_the_screen_turns_and_can_be_held(page: Page) -> None:
    """One thought is seen at a time; with the box ticked nothing moves; with less motion pictures are finished."""
    shown(page, "screen", "en", SIZES[3])
    seen = "[...document.querySelectorAll('.thought')].map(e => +getComputedStyle(e).opacity)"
    go = "at => document.getAnimations().forEach(a => { a.currentTime = at * 1000 })"
    for second, index in ((5, 0), (20, 1), (40, 2)):
        page.evaluate(go, second)
        visible = page.evaluate(seen)
        assert [number for number, opacity in enumerate(visible) if opacity > 0.5] == [index]
    page.locator(".pause input").check()
    assert set(page.evaluate("document.getAnimations().map(a => a.playState)")) == {"paused"}
    page.emulate_media(reduced_motion="reduce")
    shown(page, "screen", "en", SIZES[3])
    still = "document.getAnimations().filter(a => a.effect.target.closest('.art')).length"
    assert page.evaluate(still) == 0
    page.evaluate(go, 15.99)
    assert page.evaluate(seen)[:2] == [1, 0]
    page.evaluate(go, 16.01)
    assert page.evaluate(seen)[:2] == [0, 1]
    page.emulate_media(reduced_motion="no-preference")


def test_without_scripts_nothing_is_missing(browser: Browser) -> None:
    """With JavaScript off every text of the patient's page is there, and what is folded opens by the keyboard."""
    page = browser.new_page(java_script_enabled=False)
    shown(page, "patient")
    assert page.locator(".number").count() == len(set(page.locator(".number").all_inner_texts())) == 6
    folded = page.locator("details").first
    assert not folded.locator("p").first.is_visible()
    folded.locator("summary").press("Enter")
    assert folded.locator("p").first.is_visible()
    page.close()


@pytest.mark.parametrize("places", [1, 6, 20])
def test_it_prints_on_one_sheet(page: Page, places: int) -> None:
    """In every language, with few places and with many, on A4 and on Letter."""
    for lang in LANGUAGES:
        shown(page, "patient", lang, SIZES[2], places)
        for paper in PAPER:
            sheets = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format=paper))
            assert len(sheets) == 1, (lang, paper)
