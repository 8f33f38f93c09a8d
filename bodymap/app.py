"""Wiring: makes an application from settings."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from bodymap import __version__, ids
from bodymap.api import openapi, refusals
from bodymap.api.auth.credentials import Gate
from bodymap.api.auth.issuers import load_issuers
from bodymap.api.auth.tokens import Tokens
from bodymap.api.http import problems
from bodymap.api.http.access_log import Observed
from bodymap.api.http.cors import Cors
from bodymap.api.http.forwarded import Forwarded, proxies_of
from bodymap.api.http.rate_limits import Rates
from bodymap.api.http.security_headers import Envelope, Mishaps
from bodymap.api.links import linkable_of
from bodymap.api.metrics import Metrics
from bodymap.api.operation import Backend, Operation
from bodymap.api.operations import OPERATIONS
from bodymap.api.routing import UnknownAddresses, routes
from bodymap.api.turns import Turns
from bodymap.atlas import load_atlases
from bodymap.config import Settings
from bodymap.errors import BodymapError
from bodymap.rendering.faces import add_fonts
from bodymap.rendering.look.theme_file import load_theme
from bodymap.service import UseCases
from bodymap.service.audit import Recorder, chain_of, secret_for
from bodymap.service.housekeeping import keep_house
from bodymap.service.verification import Looks
from bodymap.storage.atlas_digests import check
from bodymap.storage.audit import check_heads
from bodymap.storage.database import Database

_log = getLogger("bodymap")


def create_app(settings: Settings, *, open_to_all: bool = False, showcase: Sequence[tuple[str, str]] = ()) -> Starlette:
    """The service as an ASGI application. Its database is opened when it starts and closed when it ends.

    `open_to_all` lets everybody on this machine do everything, for demonstrations. No setting does that, so that none
    can be left on by mistake. `showcase` are charts that the start page links to: name and path.
    """
    _prepare_types(msgspec.Struct)
    atlases = load_atlases(settings.atlas_path, settings.atlas_version)
    use_cases = UseCases.on(atlases, new_id=ids.new_id, now=ids.now)
    if settings.fonts:
        add_fonts(Path(settings.fonts))
    own_theme = load_theme(settings.theme_file) if settings.theme_file else None
    document = openapi.document(OPERATIONS)
    metrics = Metrics()
    tokens = Tokens(load_issuers(Path(settings.issuers_file)), ids.now) if settings.issuers_file else None
    rates = Rates(settings.rate_limit) if settings.rate_limit else None
    gate = Gate(tokens, rates, open_to_all=open_to_all)
    proxies = proxies_of(settings.proxies or "")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with Database.open(
            settings.database, replica=settings.database_replica, connections=settings.database_connections
        ) as database:
            database.read_now(lambda tx: check(tx, atlases.digests))
            secret = secret_for(database, settings.database, settings.secret)
            chain = chain_of(secret)
            database.read_now(lambda tx: check_heads(tx, chain))
            database.watched_by(metrics)
            metrics.measure(database.waiting, database.size_bytes)
            backend = Backend(
                atlases=atlases,
                use_cases=use_cases,
                now=ids.now,
                openapi=document,
                licensed=settings.snomed_licence,
                own_theme=own_theme,
                max_body_bytes=settings.max_body_bytes,
                linkable=linkable_of(OPERATIONS),
                showcase=tuple(showcase),
                metrics=metrics,
                looks=Looks(),
                turns=Turns(),
                database=database,
                secret=secret,
                recorder=Recorder(database, chain),
            )
            app.state.backend = backend
            house = asyncio.create_task(keep_house(database, ids.now))
            _log.info("started", extra={"version": __version__})
            try:
                yield
            finally:
                house.cancel()
                await asyncio.wait([house])
                await run_in_threadpool(backend.turns.close)
                await run_in_threadpool(backend.recorder.close)
        _log.info("stopped")

    app = Starlette(
        routes=routes(_opened(settings), gate, settings.max_body_bytes, settings.max_fhir_body_bytes),
        middleware=[
            Middleware(Forwarded, public_url=settings.public_url, proxies=proxies),
            Middleware(Observed, metrics=metrics),
            Middleware(Envelope, new_id=ids.new_id, frame_ancestors=settings.frame_ancestors),
            *([Middleware(Cors, origins=settings.cors_origins.split())] if settings.cors_origins else []),
            Middleware(Mishaps),
        ],
        exception_handlers={HTTPException: problems.handle, BodymapError: refusals.handle},
        lifespan=lifespan,
    )
    # An address with an extra slash is unknown: answered with a suggestion, not redirected.
    app.router.redirect_slashes = False
    app.router.default = UnknownAddresses(app.routes)
    return app


def _prepare_types(kind: type[msgspec.Struct]) -> None:
    """Has msgspec gather what it must know to decode into a struct, and into those derived from it.

    It does so when a struct is first decoded into, and where two threads do that at once the process can end with a
    segmentation fault (msgspec 0.22).
    """
    for derived in kind.__subclasses__():
        if derived.__module__.startswith("bodymap."):
            with suppress(TypeError):  # one that is never decoded into, as it holds a function
                msgspec.json.Decoder(derived)
        _prepare_types(derived)


def _opened(settings: Settings) -> tuple[Operation, ...]:
    """The table of operations, the figures without their scope where the settings open them to everybody."""
    if settings.metrics != "open":
        return OPERATIONS
    return tuple(msgspec.structs.replace(row, scope=None) if row.id == "getMetrics" else row for row in OPERATIONS)
