"""The README, tried as a new user would: what it shows is what happens."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.command_line import bodymap

ROOT = Path(__file__).resolve().parent.parent
BLOCKS: list[tuple[str, str]] = re.findall(
    r"^```(\w+)\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def untrue(shown: Any, real: Any, at: str = "") -> list[str]:
    """Where a shortened answer shows something that the real one does not have."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [line for name in shown for line in untrue(shown[name], real.get(name, "absent"), f"{at}/{name}")]
    if isinstance(shown, list) and isinstance(real, list) and len(shown) == len(real):
        pairs = enumerate(zip(shown, real, strict=True))
        return [line for index, (one, other) in pairs for line in untrue(one, other, f"{at}/{index}")]
    if isinstance(shown, str) and UUID.fullmatch(shown):
        return [] if UUID.fullmatch(str(real)) else [f"{at}: {real}"]
    return [] if shown == real else [f"{at}: shown {shown}, really {real}"]


def test_the_curl_calls_give_what_is_shown(serve: Any, require_tool: Any, tmp_path: Path) -> None:
    """Every curl call of the README works on a fresh service, and each answer that is shown is the real one."""
    require_tool("curl", how="apt-get install curl")
    running = serve("--demo")
    session = ""
    compared = 0
    for index, (kind, text) in enumerate(BLOCKS):
        if kind != "sh" or "curl" not in text:
            continue
        script = UUID.sub(session, text.replace("http://127.0.0.1:8000", running.address))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            capture_output=True,
            timeout=60,
            check=True,
        )
        if BLOCKS[index + 1][0] == "json":
            real = json.loads(done.stdout)
            assert untrue(json.loads(BLOCKS[index + 1][1]), real) == []
            session = session or real.get("id", "")
            compared += 1
    assert compared == 1
    for name in ("chart.svg", "unkept.svg"):
        assert set(etree.parse(tmp_path / name).xpath("//@data-placement")) == {"1", "2", "3"}


def test_the_make_commands_are_there(require_tool: Any) -> None:
    """Every make command of the README is a target of the Makefile."""
    make = require_tool("make", how="apt-get install make")
    targets = [target for kind, text in BLOCKS if kind == "sh" for target in re.findall(r"^make (\w+)", text, re.M)]
    assert targets == ["run", "test", "setup"]
    for target in targets:
        done = subprocess.run([make, "--dry-run", target], cwd=ROOT, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()


PICTURES = {
    "readme-chart.svg": "render visit-2.json --layer superficial --detail shaded",
    "readme-print.svg": "render visit-1.json --theme print --no-legend --width 640",
    "readme-patient.svg": "render visit-1.json --theme patient --width 480",
    "readme-focus.svg": "render visit-3.json --theme dark --detail shaded --focus lower-back --no-legend",
    "readme-compare.svg": "compare visit-1.json visit-2.json --layer superficial --detail shaded --focus auto",
    "readme-timeline.svg": "timeline visit-1.json visit-2.json visit-3.json",
    "readme-heatmap.svg": "heatmap visit-1.json visit-2.json visit-3.json",
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_are_the_demonstration_s(tmp_path: Path, name: str) -> None:
    """Each picture is what this release draws of the demonstration's visits; `make readme` draws it anew, the same."""
    command = PICTURES[name].split()
    shown = " ".join((ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ").split())
    assert f"bodymap {PICTURES[name].replace('visit-', 'bodymap/demo/visit-')} --output assets/svg/{name}" in shown
    stated = [str(ROOT / "bodymap" / "demo" / word) if word.endswith(".json") else word for word in command]
    bodymap(*stated, "-o", name, folder=tmp_path).check_returncode()
    same = (tmp_path / name).read_bytes() == (ROOT / "assets" / "svg" / name).read_bytes()
    assert same, "the picture is of an older release: make readme"


def test_it_is_short() -> None:
    """A landing page and not a manual: at most 6 KB, with the rest in docs/."""
    assert len((ROOT / "README.md").read_bytes()) <= 6 * 1024
