"""Charts in a real browser, with nothing but the service to talk to."""

import io
import urllib.request
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.colours import colours
from tests.browser.conftest import Watched


@pytest.mark.parametrize("options", ["", "?detail=shaded&labels=numbers"])
@pytest.mark.parametrize("visit", [0, 1, 2])
def test_a_chart_opens_by_itself(watched: Watched, demo: Any, charts: list[str], visit: int, options: str) -> None:
    """Opened at its address, a chart is drawn, asks for nothing else, and gives nothing to complain of."""
    watched.page.goto(charts[visit] + options)
    assert watched.page.evaluate("document.documentElement.localName") == "svg"
    boxes = watched.page.evaluate(
        "[...document.querySelectorAll('[data-placement]')].map(mark => mark.getBoundingClientRect().width)"
    )
    assert len(boxes) >= 4
    assert min(boxes) > 2
    assert colours(watched.page.screenshot()) > 8
    assert [asked for asked in watched.asked if not asked.endswith("/favicon.ico")] == [charts[visit] + options]
    assert watched.complaints == []


def test_a_chart_is_an_image(watched: Watched, demo: Any, charts: list[str]) -> None:
    """In <img>, where nothing runs and nothing else is fetched, a chart is drawn at its own size."""
    watched.show(f"{demo.address}/embedding", f'<img src="{charts[2]}" alt="body chart">')
    image = watched.page.locator("img")
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") == 800
    assert colours(image.screenshot()) > 8
    assert watched.stayed_on(demo.address)
    assert watched.complaints == []


def test_charts_stand_inline_beside_each_other(
    browser: Browser, watched: Watched, demo: Any, charts: list[str]
) -> None:
    """Put into a page's own markup, two charts are drawn as they are alone."""
    drawn = [urllib.request.urlopen(address).read().decode() for address in charts[1:]]
    watched.show(f"{demo.address}/embedding", "<!doctype html><meta charset=utf-8>" + "".join(drawn))
    pictures = watched.page.locator("body > svg")
    assert pictures.count() == 2
    for place, address in enumerate(charts[1:]):
        inline = Image.open(io.BytesIO(pictures.nth(place).screenshot())).convert("RGB").resize((100, 100))
        alone = browser.new_page(viewport={"width": 1200, "height": 1600})
        alone.goto(address)
        single = Image.open(io.BytesIO(alone.locator("svg").first.screenshot())).convert("RGB").resize((100, 100))
        alone.close()
        differing = sum(abs(a - b) > 40 for a, b in zip(inline.tobytes(), single.tobytes(), strict=True))
        assert differing < 0.01 * 100 * 100 * 3
    assert watched.stayed_on(demo.address)
    assert watched.complaints == []


@pytest.mark.parametrize("options", ["lang=en", "theme=patient&lang=de", "width=440&lang=fr", "theme=print&lang=es"])
def test_what_changed_is_drawn_wherever_it_stands(watched: Watched, demo: Any, options: str) -> None:
    """Compared visits and the key are drawn inline, as an image and as an object, each text within its picture."""
    [compared] = [word for line in demo.welcome for word in line.split() if "compare.svg" in word]
    for address in (f"{compared}&{options}", f"{demo.address}/v1/charts/legend.svg?{options}"):
        inline = urllib.request.urlopen(f"{address}&id_prefix=a-").read().decode()
        # A frame that was never in sight is not painted at once: it comes first, and is looked at until it is there.
        html = f'<!doctype html><meta charset=utf-8><object data="{address}"></object><img src="{address}">{inline}'
        watched.show(f"{demo.address}/embedding", html)
        watched.page.locator("img").evaluate("image => image.decode()")
        outside = watched.page.evaluate(
            """() => { const svg = document.querySelector('body > svg'), page = svg.getBoundingClientRect();
                return [...svg.querySelectorAll('text')].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.left < page.left - 1 || box.right > page.right + 1 || box.bottom > page.bottom + 1;
                }).map(text => text.textContent); }"""
        )
        assert outside == []
        for place in ("object", "img", "body > svg"):
            looks = (colours(watched.page.locator(place).screenshot()) for _ in range(20))
            assert any(seen >= 5 for seen in looks), (address, place)
        assert watched.stayed_on(demo.address)
        assert watched.complaints == []
