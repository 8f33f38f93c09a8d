"""The page of /docs in a real browser, opened once for all that is asked of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Watched
from tests.browser.test_access import violations


@pytest.fixture(scope="module")
def documentation(browser: Browser, demo: Any) -> Iterator[Watched]:
    """The page, with everything on it."""
    page = browser.new_page(viewport={"width": 1200, "height": 1600})
    opened = Watched(page)
    page.goto(f"{demo.address}/docs")
    page.locator(".opblock").first.wait_for()
    page.locator("#servers[aria-label]").wait_for(state="attached")
    yield opened
    page.close()


def test_the_documentation_works_without_the_internet(documentation: Watched, demo: Any) -> None:
    """It names the operations, and everything that it is made of comes from the service itself."""
    text = documentation.page.locator("body").inner_text()
    for path in ("/v1/sessions", "/v1/charts", "/v1/atlas/regions"):
        assert path in text
    assert documentation.stayed_on(demo.address)
    assert documentation.complaints == []


def test_axe_finds_nothing_of_ours_in_the_documentation(documentation: Watched) -> None:
    """As it opens it breaks no rule but those that Swagger UI's own lines break."""
    found = violations(documentation.page)
    theirs = {"color-contrast", "heading-order", "nested-interactive", "region"}
    assert {rule for rule, _ in found} <= theirs, found
