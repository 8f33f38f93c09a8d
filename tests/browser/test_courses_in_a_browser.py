"""Pictures of a course, and referral areas, in a real browser: opened directly, as an image, and inline."""

import urllib.request
from typing import Any

import pytest

from tests.browser.colours import colours
from tests.browser.conftest import Watched

OUTSIDE = """() => { const svg = document.querySelector('body > svg'), page = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].filter(text => {
        const box = text.getBoundingClientRect();
        return box.left < page.left - 1 || box.right > page.right + 1 || box.bottom > page.bottom + 1;
    }).map(text => text.textContent); }"""


@pytest.mark.parametrize("options", ["theme=patient&lang=de&width=440", "theme=print&lang=es"])
@pytest.mark.parametrize("picture", ["timeline.svg", "heatmap.svg", "chart.svg"])
def test_courses_and_areas_are_drawn_wherever_they_stand(
    watched: Watched, demo: Any, picture: str, options: str
) -> None:
    """Each is drawn by itself, as an image and inline, asks for nothing, and no text runs out of it."""
    found = next(word for line in demo.welcome for word in line.split() if picture in word)
    address = f"{found}&{options}" if "?" in found else f"{found}?referral=true&{options}"
    watched.page.goto(address)
    assert watched.page.evaluate("document.documentElement.localName") == "svg"
    least = 2 if "print" in options else 5  # In print there is black and there is white.
    assert colours(watched.page.screenshot()) >= least
    assert [asked for asked in watched.asked if not asked.endswith("/favicon.ico")] == [address]
    inline = urllib.request.urlopen(f"{address}&id_prefix=a-").read().decode()
    page = f'<!doctype html><meta charset=utf-8><img src="{address.replace("&", "&amp;")}">{inline}'
    watched.show(f"{demo.address}/embedding", page)
    watched.page.locator("img").evaluate("image => image.decode()")
    assert watched.page.evaluate(OUTSIDE) == []
    for place in ("img", "body > svg"):
        assert colours(watched.page.locator(place).screenshot()) >= least, place
    assert watched.stayed_on(demo.address)
    assert watched.complaints == []
