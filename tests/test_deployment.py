"""The examples of running it for good: as far as can be tried without an image or an init system, they are tried."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bodymap.config import PREFIX, Settings
from tests.conftest import BODYMAP, key_in

pytestmark = pytest.mark.outside

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "bodymap" / "deployment"
UNIT = FOLDER / "bodymap.service"


def unit() -> dict[str, list[str]]:
    """The unit's lines, by name."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text(), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def image() -> list[tuple[str, str]]:
    """The instructions of the image, each on one line."""
    text = re.sub(r"^#.*\n", "", (FOLDER / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def last(name: str) -> str:
    """What the last instruction of a name says."""
    return [rest for kind, rest in image() if kind == name][-1]


def run_on(port: int, command: list[str]) -> list[str]:
    """A command of the examples with this project's program and another port."""
    own = {"bodymap": BODYMAP, "python": (sys.executable,), "/opt/bodymap/bin/bodymap": BODYMAP}
    words = [*map(str, own[command[0]]), *command[1:]]
    return [re.sub(r"\b8000\b", str(port), word) for word in words]


def test_systemd_takes_the_unit(require_tool: Any, tmp_path: Path) -> None:
    """systemd knows every line of the unit, and finds little that the service could still do to its machine."""
    analyze = require_tool("systemd-analyze", how="apt-get install systemd")
    copied = tmp_path / "bodymap.service"
    copied.write_text(UNIT.read_text().replace("/opt/bodymap/bin/bodymap", sys.executable))
    verified = subprocess.run([analyze, "verify", copied], capture_output=True, text=True, timeout=60)
    complaints = [line for line in verified.stderr.splitlines() if "bodymap" in line]
    assert complaints == []
    rated = [analyze, "security", "--offline=true", "--threshold=25", "--no-pager", copied]
    done = subprocess.run(rated, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_the_settings_of_the_examples_are_settings() -> None:
    """Every variable that unit and image set is one that the service knows, with a value that it takes."""
    stated = dict(line.split("=", 1) for line in unit()["Environment"])
    settings = Settings.read(stated)
    assert settings.database == "sqlite:////var/lib/bodymap/clinic.db"
    assert int(unit()["TimeoutStopSec"][0]) > settings.stop_seconds
    assert unit()["WorkingDirectory"] == [f"/var/lib/{unit()['StateDirectory'][0]}"]
    packed = dict(word.split("=", 1) for word in shlex.split(last("ENV")))
    read = Settings.read({name: value for name, value in packed.items() if name.startswith(PREFIX)})
    assert read.database == "sqlite:////var/lib/bodymap/clinic.db"


def test_the_unit_starts_what_it_says(tmp_path: Path, serve: Any) -> None:
    """The unit's command, its port aside, is one that serves."""
    [command] = unit()["ExecStart"]
    words = run_on(0, shlex.split(command))
    assert words[len(BODYMAP)] == "serve"
    running = serve(*words[len(BODYMAP) + 1 :], "--db", "clinic.db")
    assert running.process.poll() is None


def test_the_image_is_made_of_what_is_there() -> None:
    """What the image copies is in the checkout or is the wheel; it does not run as root; commands are in exec form."""
    for kind, rest in image():
        if kind == "COPY" and not rest.startswith("--from="):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists() or source == "dist/bodymap-*.whl", source
    names = [kind for kind, _ in image()]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert last("USER").split(":")[0] not in ("root", "0")
    assert "--require-hashes" in " ".join(rest for kind, rest in image() if kind == "RUN")
    for kind in ("ENTRYPOINT", "CMD"):
        assert all(isinstance(word, str) for word in json.loads(last(kind)))


def test_the_image_is_served_once_there_is_a_key(tmp_path: Path, serve: Any) -> None:
    """The image's command is refused without a key, serves with one, and its health check sees both."""
    words = run_on(0, [*json.loads(last("ENTRYPOINT")), *json.loads(last("CMD"))])
    refused = subprocess.run([*words, "--db", "clinic.db"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert "key" in refused.stderr
    key_in(tmp_path, "--db", "clinic.db")
    running = serve(*words[len(BODYMAP) + 1 :], "--db", "clinic.db")
    port = int(running.address.rpartition(":")[2])
    [check] = re.findall(r"CMD (\[.*\])", last("HEALTHCHECK"))
    healthy = run_on(port, json.loads(check))
    assert subprocess.run(healthy, capture_output=True, timeout=60).returncode == 0
    running.process.kill()
    running.process.wait()
    assert subprocess.run(healthy, capture_output=True, timeout=60).returncode != 0


@pytest.mark.parametrize("name", ["bodymap.service", "Dockerfile"])
def test_the_examples_are_told_of(name: str) -> None:
    """The page on operating the service leads to both."""
    assert f"bodymap/deployment/{name}" in (ROOT / "docs" / "how-to" / "operate.md").read_text()
