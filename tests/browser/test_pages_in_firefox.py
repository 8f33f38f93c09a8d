"""The pages in Firefox, driven by WebDriver BiDi: the system's own, without a driver beside it."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from bodymap.words import LANGUAGES
from tests.browser.test_pages_in_a_browser import OVERFLOWING, PAGES, html_of

pytestmark = pytest.mark.outside

SIZE = {"width": 1280, "height": 800}


class Firefox:
    """A tab of a running Firefox."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._sent = 0
        self._ask("session.new", capabilities={})
        self._tab = self._ask("browsingContext.create", type="tab")["context"]
        self._ask("browsingContext.setViewport", context=self._tab, viewport=SIZE)

    def show(self, file: Path) -> None:
        """Opens a file and waits until it is there."""
        self._ask("browsingContext.navigate", context=self._tab, url=file.as_uri(), wait="complete")

    def evaluate(self, expression: str) -> Any:
        """What an expression is, as JSON."""
        answer = self._ask(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._tab},
            awaitPromise=False,
        )
        return json.loads(answer["result"]["value"])

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._sent += 1
        self._connection.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv(timeout=60))
            if answer.get("id") == self._sent:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result


@pytest.fixture(scope="module")
def firefox(require_tool: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox for the module, with a profile of its own."""
    program = require_tool("firefox-esr", how="apt-get install firefox-esr")
    profile = tmp_path_factory.mktemp("firefox")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert process.stderr
        listening = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
        address = next(match[1] for line in process.stderr if (match := listening.search(line)))
        with connect(f"{address}/session", max_size=None) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_in_firefox_either(firefox: Firefox, tmp_path: Path, name: str) -> None:
    """At the size of a laptop, in every language, everything is as wide as the window at most, and the screen turns."""
    for lang in LANGUAGES:
        file = tmp_path / f"{name}-{lang}.html"
        file.write_text(html_of(name, lang), "utf-8")
        firefox.show(file)
        assert firefox.evaluate("[innerWidth, document.documentElement.lang]") == [SIZE["width"], lang]
        assert firefox.evaluate(f"({OVERFLOWING})()") == []
    moving = firefox.evaluate("document.getAnimations().filter(each => each.playState === 'running').length")
    assert (moving > 0) == (name == "screen")
