"""A real browser, and pages in it with everything that they asked for and complained of."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Watched:
    """A page, with everything that it asked for and everything that it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )

    def show(self, address: str, html: str) -> None:
        """Opens a page of ours that the service would be asked for at `address`."""
        self.page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self.page.goto(address)

    def stayed_on(self, address: str) -> bool:
        return all(asked.startswith((f"{address}/", "data:", "blob:")) for asked in self.asked)


# Of a module: while Playwright runs, no other test of the process can run an event loop of its own.
@pytest.fixture(scope="module")
def browser(require_tool: Any) -> Iterator[Browser]:
    program = require_tool("chromium", how="apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1200, "height": 1600})
    yield Watched(page)
    page.close()


@pytest.fixture(scope="module")
def charts(demo: Any) -> list[str]:
    """The addresses of the demonstration's charts."""
    return [word for line in demo.welcome for word in line.split() if word.endswith("/chart.svg")]
