"""Clients that nobody here wrote, generated from the OpenAPI document, and checkers of that document."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import address
from tests.tools import installed, unavailable

pytestmark = pytest.mark.outside

__all__ = ("address",)

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "schemas" / "openapi.json"


def readme_session() -> str:
    """The session of the README."""
    text = (HERE.parents[1] / "README.md").read_text("utf-8")
    found = re.search(r"<<'EOF'\n(.*?)\nEOF", text, re.S)
    assert found
    return found[1]


def run(command: Sequence[str | Path], folder: Path, **settings: str) -> str:
    """What a program says that ends well."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | settings, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `package.json` names, from npm."""
    npm = installed("npm", "install Node.js")
    folder = tmp_path_factory.mktemp("npm")
    shutil.copy(HERE / "package.json", folder)
    done = subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        unavailable(f"npm cannot install {HERE.name}/package.json: {(done.stdout + done.stderr).strip()[:200]}")
    return folder


def test_openapi_python_client(address: str, tmp_path: Path) -> None:
    """openapi-python-client makes a client of every operation, with which a visit is posted, changed, found and
    drawn."""
    generator = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        "--config",
        HERE / "openapi-python-client.yaml",
    ]
    said = run([*generator, "--path", DOCUMENT, "--output-path", tmp_path / "made"], tmp_path)
    assert "WARNING" not in said, said
    said = run(
        [sys.executable, HERE / "visit.py", address, readme_session()], tmp_path, PYTHONPATH=str(tmp_path / "made")
    )
    assert int(said) >= 1


def test_openapi_typescript(address: str, modules: Path) -> None:
    """openapi-typescript makes types with which the compiler accepts a visit; openapi-fetch posts it, changes, finds
    and draws it."""
    tools = modules / "node_modules" / ".bin"
    run([tools / "openapi-typescript", DOCUMENT, "--output", modules / "bodymap.d.ts"], modules)
    shutil.copy(HERE / "visit.ts", modules)
    options = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2023,dom"]
    run([tools / "tsc", *options, "--types", "node", "visit.ts"], modules)
    assert int(run(["node", "visit.js", address, readme_session()], modules)) >= 2


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["redocly", "lint", "--extends=recommended", "--max-problems=20"], id="Redocly"),
        pytest.param(
            ["spectral", "lint", "--fail-severity=hint", f"--ruleset={HERE / 'spectral.yaml'}"], id="Spectral"
        ),
    ],
)
def test_the_document_is_clean(command: Any, modules: Path) -> None:
    """Redocly and Spectral complain of nothing in the document, but for what is wrong in OpenAPI 3.1."""
    tool, *flags = command
    said = run([modules / "node_modules" / ".bin" / tool, *flags, DOCUMENT], modules, REDOCLY_TELEMETRY="off")
    assert "warning" not in said.lower().replace("deprecation warning", ""), said
