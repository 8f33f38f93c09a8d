"""A real server on a free port, in a thread, with a database of its own; and a client that talks to it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bodymap.api.http.request_limits import BoundedRequests
from bodymap.app import create_app
from bodymap.config import Settings
from tests.engines import NewUrl


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The application on a free port until the end of the block; gives its address."""
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            port=0,
            log_level="error",
            lifespan="on",
            http=BoundedRequests,
            proxy_headers=False,
            # On a slow machine a client asks again just when five idle seconds are over.
            timeout_keep_alive=120,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(120)


def settings_in(folder: Path, **others: Any) -> Settings:
    """Settings with a database in a folder."""
    return Settings(database=f"sqlite:///{folder / 'api.db'}", **others)


@pytest.fixture(scope="module")
def address(new_url: NewUrl) -> Iterator[str]:
    """One server for the tests of a module; open, as most tests are not about who asks."""
    settings = Settings(database=new_url(), secret="a secret of the tests")  # noqa: S106
    with serving(create_app(settings, open_to_all=True)) as found:
        yield found


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=address, timeout=120) as made:
        yield made


@pytest.fixture
def new_session(client: httpx.Client) -> Callable[..., dict[str, Any]]:
    """Records a session and gives the answer's body."""

    def make(**members: Any) -> dict[str, Any]:
        answer = client.post("/v1/sessions", json=members)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return make


@pytest.fixture(scope="module")
def serve_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., httpx.Client]]:
    """Serves an application of the tests' own and gives a client of it; settings by name."""
    with ExitStack() as running:

        def start(
            change: Callable[[Starlette], None] | None = None, open_to_all: bool = True, **others: Any
        ) -> httpx.Client:
            app = create_app(settings_in(tmp_path_factory.mktemp("app"), **others), open_to_all=open_to_all)
            if change is not None:
                change(app)
            address = running.enter_context(serving(app))
            return running.enter_context(httpx.Client(base_url=address, timeout=120))

        yield start
