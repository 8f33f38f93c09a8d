"""A fifth language is one file: nothing else of the product knows which languages there are."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import bodymap
from bodymap.words.languages import LOCALES
from tests.rendering.checks import says
from tests.words.texts import texts

PACKAGE = Path(bodymap.__file__).resolve().parent
PICTURES = ("clinical", "patient", "compare", "timeline", "heatmap")
# Run in a process of its own, whose package has a fifth catalogue.
TRIED = """
import json, sys
from pathlib import Path
from click.testing import CliRunner
from bodymap.api.operations import OPERATIONS
from bodymap.api.openapi import document
from bodymap.atlas.wording import relation
from bodymap.cli import main
from bodymap.words import LANGUAGES

def run(*arguments):
    ran = CliRunner().invoke(main, [*map(str, arguments), "--lang", "xx"])
    assert ran.exit_code == 0, (arguments, ran.output, ran.exception)

demo, folder = Path(sys.argv[1]), Path(sys.argv[2])
one, two = demo / "visit-1.json", demo / "visit-2.json"
for theme in ("clinical", "patient"):
    for form in ("svg", "txt"):
        run("render", two, "--theme", theme, "--output", folder / f"{theme}.{form}")
run("compare", one, two, "--output", folder / "compare.svg")
run("timeline", one, two, "--output", folder / "timeline.svg")
run("heatmap", one, two, "--output", folder / "heatmap.svg")
print(json.dumps([LANGUAGES, b'"xx"' in document(OPERATIONS)]))
"""


def without_letters(value: Any) -> Any:
    """A catalogue's texts with an x for every letter that is not of a value put in."""
    if isinstance(value, dict):
        return {name: without_letters(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_letters(inner) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\{\w*\}|[^\W\d_]", lambda found: found[0] if found[0].startswith("{") else "x", value)
    return value


def lines(value: Any, name: str = "") -> list[str]:
    """A catalogue in TOML, a dotted key a line."""
    if isinstance(value, dict):
        return [line for key, part in value.items() for line in lines(part, f'{name}."{key}"'.lstrip("."))]
    return [f"{name} = {json.dumps(value)}"]


def test_a_fifth_language_is_one_file(tmp_path: Path) -> None:
    """With one more catalogue its language is offered, and charts, sheets, comparisons and courses are in its words."""
    package = tmp_path / "bodymap"
    (package / "words" / "locales").mkdir(parents=True)
    for folder in (PACKAGE, LOCALES.parent, LOCALES):
        inner = package / folder.relative_to(PACKAGE)
        for entry in folder.iterdir():
            if not (inner / entry.name).exists():
                (inner / entry.name).symlink_to(entry)
    english = tomllib.loads((LOCALES / "en.toml").read_text("utf-8"))
    foreign = {
        **without_letters(english),
        "form": {**without_letters(english["form"]), "cldr": english["form"]["cldr"]},
    }
    (package / "words/locales/xx.toml").write_text("\n".join(lines(foreign)), "utf-8")
    command = [sys.executable, "-c", TRIED, str(PACKAGE / "demo"), str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads(ran.stdout) == [["en", "de", "es", "fr", "xx"], True]
    own = (PACKAGE / "demo" / "visit-2.json").read_text("utf-8")
    phrases = [
        text for text in texts(english).values() if "{" not in text and len(text.split()) > 1 and text not in own
    ]
    drawn = [(tmp_path / f"{name}.svg").read_text("utf-8") for name in PICTURES]
    assert all('lang="xx"' in picture for picture in drawn)
    for read in (*drawn, *((tmp_path / f"{theme}.txt").read_text("utf-8") for theme in ("clinical", "patient"))):
        text = " ".join(read.split())
        assert [phrase for phrase in phrases if says(text, phrase)] == []
