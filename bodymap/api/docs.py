"""How the service is used: the OpenAPI document, and a page to read and try it."""

from pathlib import Path
from typing import Any

from bodymap.api.atlas import SHORT
from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import HTML, Answer, Call, Operation
from bodymap.errors import UnknownAddress

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
<noscript><p>This page needs JavaScript. Or read <a href="openapi.json">openapi.json</a>.</p></noscript>
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
# Swagger UI as published, put here by `make swagger-ui`.
_SWAGGER_UI = Path(__file__).with_name("swagger_ui")
_FILES = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}


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


OPERATIONS = (
    Operation(
        method="GET",
        path="/openapi.json",
        id="getOpenAPI",
        tag="Service",
        summary="This description",
        handler=get_openapi,
        quick=True,
        scope=None,
        result=dict[str, Any],
        cache=SHORT,
    ),
    Operation(
        method="GET",
        path="/docs",
        id="getDocs",
        tag="Service",
        summary="This description as a page to read and try",
        handler=get_docs,
        quick=True,
        scope=None,
        media_types=(HTML,),
        cache=SHORT,
    ),
    Operation(
        method="GET",
        path="/docs/{file}",
        id="getDocsFile",
        tag="Service",
        summary="A file of that page",
        handler=get_docs_file,
        scope=None,
        media_types=(),
        cache=SHORT,
        described=False,
    ),
)
