"""What tests of several folders share: hypothesis profiles, system programs, the service as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

from bodymap.storage.database import migrate
from tests.command_line import bodymap
from tests.engines import new_url, pytest_generate_tests, server
from tests.shared import SHARED
from tests.spelling import unknown_to
from tests.tools import installed

__all__ = ("new_url", "pytest_generate_tests", "server", "unknown_to")

# Many tests start a Python, which without byte code would compile everything anew: most of the time that they take.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A property is tried in breadth by `make soak`; between two edits a few examples find what was broken.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long what can go on for ever goes on, and whether golden charts are kept anew."""
    parser.addoption("--kills", type=int, default=3, help="how often the service is killed under load")
    parser.addoption(
        "--contract-seconds",
        type=int,
        default=0,
        help="how long every operation is tried by its description; 0: with a few examples",
    )
    parser.addoption("--refresh-golden", action="store_true", help="keep the golden charts as drawn now, and fail")


# What a test asks for or calls that is served or is a process of its own. `make check` leaves such tests out, and those
# that are marked `outside`.
_OUTSIDE = {
    *("address", "demo", "elsewhere", "house", "require_tool", "serve", "serve_app", "server"),
    *("Popen", "publishing", "served", "serving"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks `outside` what needs a browser, a server, PostgreSQL or a process of its own."""
    # Modules of few tests that take long come first, then those of whole programs, which are beside this one: processes
    # that share the tests then end together.
    items.sort(key=lambda item: (item.get_closest_marker("outside") is None, item.path.parent != HERE))
    for item in items:
        if isinstance(item, pytest.Function):
            parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
            names = {*item.fixturenames, *item.function.__code__.co_names}
            if _OUTSIDE & names or "postgresql" in parameters:
                item.add_marker("outside")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips, with one line for all, what needs meshes and tables where they are not."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("the meshes and tables of ../shared are not there")


RequireTool = Callable[..., str]


class Served(NamedTuple):
    """A running service: its address, what it said when it started, and its process."""

    address: str
    welcome: tuple[str, ...]
    process: subprocess.Popen[str]


Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def require_tool() -> RequireTool:
    """The path of a system program. Without it the test is skipped, but fails in CI, where it must be there."""
    return installed


HERE = Path(__file__).parent
EVERY_SCOPE = ("atlas:read", "session:read", "session:write", "chart:read", "admin")
BODYMAP: tuple[str | Path, ...] = (sys.executable, "-m", "bodymap")


@contextmanager
def served(
    arguments: Sequence[str],
    folder: Path,
    program: Sequence[str | Path] = BODYMAP,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """`bodymap serve` on a free port, in `folder`, until the end of the block; `settings` by their variables."""
    command = [*program, "serve", "--port", "0", *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BODYMAP_")}
    clean |= settings or {}
    with (folder / "serve.err").open("w+") as said:
        process = subprocess.Popen(command, cwd=folder, env=clean, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            assert process.stdout
            welcome = []
            for line in process.stdout:
                welcome.append(line.rstrip("\n"))
                if line.startswith("Stop with"):
                    break
            else:
                said.seek(0)
                pytest.fail(f"the service did not start: {said.read()}")
            address = next(word.rstrip(",") for word in welcome[0].split() if word.startswith("http://"))
            yield Served(address, tuple(welcome), process)
        finally:
            process.terminate()
            process.communicate(timeout=120)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts the service with the given flags, in the test's own folder; `program` for another than this one."""
    with ExitStack() as running:

        def start(
            *arguments: str, program: Sequence[str | Path] = BODYMAP, settings: Mapping[str, str] | None = None
        ) -> Served:
            return running.enter_context(served(arguments, tmp_path, program, settings))

        yield start


def key_in(
    folder: Path,
    *flags: str,
    tenant: str = "clinic",
    scopes: Sequence[str] = EVERY_SCOPE,
    settings: Mapping[str, str] | None = None,
) -> str:
    """A key made by `bodymap keys create` in a folder, by default one that may do everything; the database is made
    where there is none.
    """
    named = flags[flags.index("--db") + 1] if "--db" in flags else (settings or {}).get("BODYMAP_DATABASE")
    name = named or "bodymap.db"
    url = name if "://" in name else f"sqlite:///{folder / name}"
    if migrate(url, dry_run=True):
        migrate(url)
    stated = [word for scope in scopes for word in ("--scope", scope)]
    done = bodymap("keys", "create", "--tenant", tenant, *stated, *flags, folder=folder, settings=settings)
    done.check_returncode()
    return done.stdout.decode().splitlines()[-1]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service with its demonstration, one for all tests that only read from it."""
    with served(["--demo"], tmp_path_factory.mktemp("demo")) as running:
        yield running
