"""Which other origins may send requests from a browser (the CORS protocol of the Fetch standard)."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

_ACCEPTED = ("Authorization", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-Id", "traceparent")
_EXPOSED = (
    "Accept-Patch",
    "Accept-Post",
    "Allow",
    "Bodymap-Notice",
    "Bodymap-Version-Standing",
    "Content-Disposition",
    "ETag",
    "Link",
    "Location",
    "Repr-Digest",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
)


class Cors(CORSMiddleware):
    """ASGI middleware: lets pages of these origins send requests and read the answers. They send their key themselves:
    cookies and other credentials of the browser are never accepted.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=_ACCEPTED,
            expose_headers=_EXPOSED,
            max_age=7200,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a preflight request: what is allowed; nothing if the origin or its headers are not."""
        judged = super().preflight_response(request_headers)
        allowed = judged.status_code == 200
        headers = {
            name: value
            for name, value in judged.headers.items()
            if name == "vary" or (allowed and name.startswith("access-control-"))
        }
        return Response(status_code=204, headers=headers)
