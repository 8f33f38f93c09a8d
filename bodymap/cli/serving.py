"""`bodymap serve`: the service, until it is stopped."""

import contextlib
import errno
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial

import click

from bodymap import __version__
from bodymap.cli.audit_entries import act
from bodymap.cli.exposure import any_key, refuse_open
from bodymap.cli.program import database, settings_of
from bodymap.config import Settings
from bodymap.demo import SUBJECT
from bodymap.logs import configuration

_DEMO_DATABASE = "sqlite:///bodymap-demo.db"
_COURSE = (("timeline", "timeline"), ("heat map", "heatmap"))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that serve.")
@click.option(
    "--demo",
    is_flag=True,
    help="Load a fictional patient, and let everybody on this machine in; by default into bodymap-demo.db.",
)
@database
def serve(host: str, port: int, workers: int, demo: bool, db: str | None) -> None:
    """Serve the record and its charts over HTTP until stopped.

    Clients show a key, which `bodymap keys create` makes. With --demo nobody needs one, on this machine only.
    """
    from bodymap.storage.engine import one_process_only

    settings = settings_of(db, _DEMO_DATABASE if demo else None)
    if workers > 1 and one_process_only(settings.database):
        raise click.ClickException("One process owns the writer of an SQLite database: serve it with --workers 1.")
    refuse_open(settings, host, demo)
    with _listening(host, port) as listening:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        visits = _prepared(settings, demo)
        charts = _charts(visits)
        run = _ready_to_run(settings, workers, demo, charts, listening)
        click.echo(_welcome(settings, address, charts, demo))
        started = run()
    if not started:
        raise click.ClickException("The server did not start.")


def _ready_to_run(
    settings: Settings, workers: int, demo: bool, charts: Sequence[tuple[str, str]], listening: socket.socket
) -> Callable[[], bool]:
    """Serves, when called, until it is stopped; gives whether it could start. Of several processes one that dies is
    started anew.
    """
    import uvicorn
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    from bodymap.api.http.request_limits import BoundedRequests
    from bodymap.api.metrics import TOGETHER
    from bodymap.app import create_app

    configured = partial(
        uvicorn.Config,
        log_config=configuration(settings.log_level, _by_line(settings)),
        access_log=False,  # An address can name a patient; `bodymap.request` says what may be said.
        server_header=False,
        lifespan="on",
        http=BoundedRequests,
        ws="none",
        proxy_headers=False,  # the application judges them itself: api/http/forwarded.py
        timeout_keep_alive=settings.idle_seconds,
        timeout_graceful_shutdown=settings.stop_seconds,
    )
    if workers > 1:
        each = partial(create_app, settings, open_to_all=demo, showcase=charts)
        processes = Multiprocess(configured(each, factory=True, workers=workers), sockets=[listening])

        def together() -> bool:
            with tempfile.TemporaryDirectory(prefix="bodymap-metrics-") as figures:
                os.environ[TOGETHER] = figures
                processes.run()
            return all(process.exitcode != STARTUP_FAILURE for process in processes.processes)

        return together
    server = uvicorn.Server(configured(create_app(settings, open_to_all=demo, showcase=charts)))

    def single() -> bool:
        with contextlib.suppress(KeyboardInterrupt, SystemExit):  # the server exits by itself where it cannot start
            server.run(sockets=[listening])
        return server.started

    return single


def _by_line(settings: Settings) -> bool:
    """Whether each line of the log is a JSON object."""
    return settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        # make tells what it runs that it does: there the port is a variable.
        flag = "PORT=, such as make run PORT=8123" if os.environ.get("MAKELEVEL") else "--port"
        hint = f" Another server is there: choose another with {flag}." if error.errno == errno.EADDRINUSE else ""
        raise click.ClickException(
            f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}.{hint}"
        ) from error


def _prepared(settings: Settings, demo: bool) -> tuple[str, ...]:
    """Makes and migrates the database, so that what is wrong with it is told plainly before anything is served.

    Returns the ids of the demonstration's sessions, none without `demo`.
    """
    from bodymap.api.auth.credentials import LOCAL
    from bodymap.atlas import load_atlases
    from bodymap.demo import load
    from bodymap.errors import OtherAtlas
    from bodymap.service import UseCases
    from bodymap.service.audit import chain_of, secret_for
    from bodymap.storage.atlas_digests import check
    from bodymap.storage.audit import append, check_heads
    from bodymap.storage.database import Database
    from bodymap.storage.transaction import Transaction

    atlases = load_atlases(settings.atlas_path, settings.atlas_version)
    with Database.open(settings.database, replica=settings.database_replica) as database:
        try:
            database.read_now(lambda tx: check(tx, atlases.digests))
        except OtherAtlas as error:
            hint = " Or delete it, if it holds only the demonstration." if demo else ""
            raise click.ClickException(error.detail + hint) from error
        chain = chain_of(secret_for(database, settings.database, settings.secret))
        database.read_now(lambda tx: check_heads(tx, chain))

        def made(tx: Transaction, session_id: str) -> None:
            append(tx, chain, [act(LOCAL.tenant, "demo", sessions=(session_id,), version=1)])

        return load(database, UseCases.on(atlases).sessions, LOCAL, made) if demo else ()


def _charts(visits: Sequence[str]) -> list[tuple[str, str]]:
    """The demonstration's charts, by name and path; none without visits."""
    charts = [(f"visit {number}", f"/v1/sessions/{visit}/chart.svg") for number, visit in enumerate(visits, start=1)]
    if charts:
        charts.append(("compared", f"/v1/charts/compare.svg?sessions={','.join(visits)}"))
        charts += [(name, f"/v1/charts/{file}.svg?subject={SUBJECT}") for name, file in _COURSE]
    return charts


def _welcome(settings: Settings, address: str, charts: Sequence[tuple[str, str]], demo: bool) -> str:
    from bodymap.storage.engine import shown

    who = "open to everyone on this machine" if demo else "for clients with a key"
    lines = [f"bodymap {__version__} on {address}, {who}"]
    lines += [f"  {name:<9} {address}{path}" for name, path in charts]
    lines += [f"  docs      {address}/docs", f"  database  {shown(settings.database)}"]
    if demo:
        lines.append("  The patient is fictional. Do not keep real ones here.")
        if settings.cors_origins == "*":
            lines.append(
                "  Warning: with BODYMAP_CORS_ORIGINS=* every page that is open in a browser on this machine can read "
                "and change this record. Name the origins that may."
            )
    elif settings.issuers_file is None and not any_key(settings):
        lines.append("  There is no key yet: bodymap keys create --help says how to make one.")
    return "\n".join([*lines, "Stop with Ctrl-C."])
