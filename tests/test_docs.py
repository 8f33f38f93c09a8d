"""The documentation, held against the code: generated pages, the picture of imports, links, the tutorial's commands."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bodymap.api.auth.issuers import load_issuers
from tests.layers import LAYERS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_reference_pages_are_what_the_code_says() -> None:
    """Settings, commands and errors stand in the reference as the code has them."""
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "reference", "--check"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_the_picture_of_imports_is_the_one_that_is_enforced() -> None:
    """The architecture page shows the layers that every import is tested against."""
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")
    [picture] = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    shown = tuple(frozenset(line.split()) for line in reversed(picture.splitlines()))
    assert shown == tuple(layer - {""} for layer in LAYERS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    """Every link of a page to a file of the project is to one that is there."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_is_in_the_index() -> None:
    """No page of the documentation is reachable only by those who know of it."""
    folder = ROOT / "docs"
    linked = {
        (folder / link).resolve() for link in re.findall(r"\]\(([^)#]+)", (folder / "index.md").read_text("utf-8"))
    }
    assert set(folder.rglob("*.md")) - linked == {folder / "index.md"}


def test_the_tutorial_works_as_written(serve: Any, require_tool: Any, tmp_path: Path) -> None:
    """Its commands, typed one after the other into one fresh shell, record, draw, refuse and sign as it says."""
    require_tool("curl", how="apt-get install curl")
    running = serve("--demo")
    text = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    start, *blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert start == "make run\n"
    script = "".join(blocks).replace("http://127.0.0.1:8000", running.address)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert '"code":"side-disagrees"' in done.stdout
    assert '"status":"signed"' in done.stdout
    assert (tmp_path / "chart.svg").read_bytes().count(b"data-placement") >= 1
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")


def test_the_issuer_that_is_shown_is_accepted(tmp_path: Path) -> None:
    """Without its comments the example of an issuer is one that starts a service."""
    text = (ROOT / "docs" / "how-to" / "keys-and-tokens.md").read_text("utf-8")
    [example] = re.findall(r"^```jsonc\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    path = tmp_path / "issuers.json"
    path.write_text(re.sub(r" //.*", "", example))
    [issuer] = load_issuers(path)
    assert (issuer.tenant, issuer.algorithms) == ("clinic", ("RS384", "ES384"))
