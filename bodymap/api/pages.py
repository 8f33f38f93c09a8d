"""What the service says of itself: that it is alive, that it can serve, and how it is used."""

from datetime import timedelta
from logging import getLogger
from pathlib import Path
from typing import Any, Literal

import msgspec

from bodymap import __version__
from bodymap.api.http.negotiation import etag_of
from bodymap.api.metrics import MEDIA_TYPE
from bodymap.api.operation import HTML, Answer, Call
from bodymap.errors import StorageUnavailable, UnknownAddress
from bodymap.storage import pulse
from bodymap.storage.transaction import Transaction

# Swagger UI sets style attributes and shows its icons as data addresses; it needs nothing from elsewhere.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>bodymap: reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<noscript><p>This page needs JavaScript. The same is in <a href="openapi.json">openapi.json</a>.</p></noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """window.addEventListener("load", () => {
  // The list of servers has a label that does not say that it is one.
  const onComplete = () => document.querySelector("#servers")?.setAttribute("aria-label", "Server");
  SwaggerUIBundle({ url: "openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null, onComplete });
});
"""
# Swagger UI as its makers publish it, put here by `make swagger-ui`.
_SWAGGER_UI = Path(__file__).with_name("swagger_ui")
_FILES = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}

CLOCK_SLACK = timedelta(seconds=60)

_log = getLogger("bodymap.api")


class Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That the process answers, and which release it is. `notes` say what should be mended while it serves."""

    status: Literal["ok"]
    version: str
    notes: tuple[str, ...] = ()


def get_health(call: Call, _: Any) -> Answer:
    """Alive: nothing else is looked at."""
    return _health()


def get_readiness(call: Call, tx: Transaction) -> Answer:
    """Ready: the database kept something just now, and nothing of it was found damaged since the start.

    What the last `bodymap audit verify` found, and a clock that went backwards, are noted only: versions are ordered by
    their numbers, and no time of a record goes back.
    """
    if call.backend.database.damage is not None:
        raise StorageUnavailable(call.backend.database.damage)
    now = call.backend.now()
    pulse.beat(tx, now)
    notes = []
    look = call.backend.looks.last(tx)
    if look is not None and look.found:
        what = f"{look.found} thing{' is' if look.found == 1 else 's are'} not as written"
        notes.append(f"On {look.at:%Y-%m-%d at %H:%M} UTC `bodymap audit verify` found that {what}.")
    newest = pulse.newest(tx)
    if newest is not None and newest - now >= CLOCK_SLACK:
        behind = (newest - now).total_seconds()
        notes.append(f"The clock is {behind:.0f} s behind the newest answer on record: set it right.")
    for note in notes:
        _log.warning(note)
    return _health(*notes)


def get_metrics(call: Call, _: Any) -> Answer:
    """The figures of this process."""
    return Answer(body=call.backend.metrics.text, media_type=MEDIA_TYPE)


def get_openapi(call: Call, _: Any) -> Answer:
    """The OpenAPI document."""
    return Answer(body=call.backend.openapi, headers=(("ETag", etag_of(call.backend.openapi)),))


def get_docs(call: Call, _: Any) -> Answer:
    """The reference page; it works without a network."""
    return Answer(body=_PAGE.encode(), media_type=HTML, headers=(("Content-Security-Policy", DOCS_POLICY),))


def get_docs_file(call: Call, _: Any) -> Answer:
    """One file of the reference page."""
    name = call.path["file"]
    if name == "start.js":
        return Answer(body=_START.encode(), media_type="text/javascript; charset=utf-8")
    if name not in _FILES:
        raise UnknownAddress("The reference page has no such file.")
    path = _SWAGGER_UI / name
    written = path.stat()
    etag = etag_of(name, written.st_size, written.st_mtime_ns)
    return Answer(body=path.read_bytes, media_type=_FILES[name], headers=(("ETag", etag),))


def _health(*notes: str) -> Answer:
    return Answer(body=msgspec.json.encode(Health(status="ok", version=__version__, notes=notes)))
