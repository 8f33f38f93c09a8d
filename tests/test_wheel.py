"""What a user installs: a wheel, in an environment with nothing but the service's locked libraries."""

import os
import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bodymap.demo import visit

pytestmark = pytest.mark.outside

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("numpy", "scipy", "skimage", "shapely", "trimesh", "networkx", "PIL", "lxml", "pytest")


def run(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BODYMAP_", "PYTHON"))}
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, timeout=300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    assert done.returncode == 0, done.stderr.decode()
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that has the wheel and what requirements.lock names."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile"]
    for what in (["--require-hashes", "--requirement", ROOT / "requirements.lock"], ["--no-deps", wheel]):
        done = run(*install, *what, folder=folder)
        assert done.returncode == 0, done.stderr.decode()
    return python.parent


def test_the_wheel_carries_what_the_service_reads(wheel: Path) -> None:
    """The atlas, its licence, the demonstration and the database's steps are in the wheel, byte for byte."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        atlas = [path for path in (ROOT / "assets" / "svg").rglob("*") if path.is_file() and path.suffix != ".svg"]
        atlas += (ROOT / "assets" / "svg").glob("*/*.svg")
        assert len(atlas) > 20
        for path in atlas:
            assert archive.read(f"bodymap/{path.relative_to(ROOT)}") == path.read_bytes()
        data = [path for path in (ROOT / "bodymap").rglob("*") if path.suffix not in (".py", ".pyc") and path.is_file()]
        assert {str(path.relative_to(ROOT)) for path in data} <= names
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        assert "License-Expression: Apache-2.0 AND CC-BY-SA-4.0" in archive.read(metadata).decode()
    assert {name.split("/")[0] for name in names} == {"bodymap", metadata.split("/")[0]}


def test_the_wheel_probes_its_atlas(installed: Path, tmp_path: Path) -> None:
    """Installed elsewhere, the atlas loads, its digests hold, and what lies under a point and on a way is found."""
    code = """
from bodymap.atlas import load_atlases
from bodymap.atlas.needle_entry_point import entry_at
from bodymap.atlas.needle_path import trace
[edition] = load_atlases().editions
atlas = edition.atlas
entry = entry_at(atlas, "posterior", 292.5, 292.5)
print(edition.state, [layered.structure.id for layered in atlas.beneath("posterior", 290, 385)][:3])
print([crossing.structure.id for crossing in trace(atlas, entry.skin, entry.normal, 30).crossings])
"""
    done = run(installed / "python", "-c", code, folder=tmp_path)
    assert done.stdout.decode().splitlines() == [
        "released ['trapezius-ascending', 'rhomboid-major', 'longissimus-thoracis']",
        "['trapezius-transverse', 'levator-scapulae', 'serratus-posterior-superior']",
    ], done.stderr.decode()


def test_the_depth_data_are_small(wheel: Path) -> None:
    """What probes and needle paths are answered from has less than four million bytes in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        data = [info for info in archive.infolist() if info.filename.endswith(("columns.bin", "surface.bin"))]
    assert len(data) == 2
    assert sum(info.file_size for info in data) < 5_500_000


def test_the_wheel_draws_a_chart_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    """Installed elsewhere, with nothing of the checkout near it, it draws the same bytes as the checkout."""
    statement = tmp_path / "session.json"
    statement.write_bytes(visit("visit-3"))
    done = run(installed / "bodymap", "render", "session.json", "-o", "chart.svg", folder=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    here = run(sys.executable, "-m", "bodymap", "render", statement, "-o", "-", folder=ROOT)
    same = (tmp_path / "chart.svg").read_bytes() == here.stdout
    assert same
    assert here.stdout.count(b"data-placement=") > 5


def test_the_wheel_serves_its_demonstration_and_documentation(installed: Path, serve: Any) -> None:
    """The installed program serves charts, and every file that the page of /docs is made of."""
    running = serve("--demo", program=[installed / "bodymap"])
    addresses = [word for line in running.welcome[1:] for word in line.split() if word.startswith("http")]
    for address in addresses:
        with urllib.request.urlopen(address, timeout=120) as answer:
            page = answer.read().decode()
    assert address.endswith("/docs")
    for file in re.findall(r'(?:src|href)="(docs/[^"]+)"', page):
        with urllib.request.urlopen(f"{running.address}/{file}", timeout=120) as answer:
            assert answer.read()


def test_the_service_needs_no_heavy_library(installed: Path, tmp_path: Path) -> None:
    """None of the artwork tool's or the tests' libraries is there, and the tool says which extra brings them."""
    code = f"import importlib.util as u; print([n for n in {HEAVY} if u.find_spec(n)])"
    assert run(installed / "python", "-c", code, folder=tmp_path).stdout == b"[]\n"
    (tmp_path / "meshes").mkdir()
    arguments = ["--meshes", "meshes", "--terminology", "meshes", "--out", "out"]
    done = run(installed / "bodymap", "atlas", "build", *arguments, folder=tmp_path)
    assert done.returncode == 1
    assert b"bodymap[artwork]" in done.stderr


def test_the_locks_agree_and_name_no_place() -> None:
    """The service's lock is part of the development lock, each pin has hashes, and neither names an index or a path."""
    pins = {}
    for name in ("requirements.lock", "requirements-build.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert not re.search(r"://|^-|(?<!sha256:)/", text, re.MULTILINE)
        pins[name] = set(re.findall(r"^([a-z0-9-]+==\S+)[^\n]*\\\n +--hash=", text, re.MULTILINE))
        assert len(pins[name]) == len(re.findall(r"^\S", text, re.MULTILINE))
    assert pins["requirements.lock"] < pins["requirements-dev.lock"]
    assert pins["requirements-build.lock"] < pins["requirements-dev.lock"]
