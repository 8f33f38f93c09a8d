"""Headers of every answer: a request id, and security headers for browsers and caches.

Plain ASGI, around everything else.
"""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bodymap.api.http import negotiation, problems
from bodymap.logs import REQUEST_ID

PRIVATE = "private, no-store"
NO_CONTENT_ALLOWED = "default-src 'none'; frame-ancestors 'none'"
# Only what a picture needs: its own styles. Opened by itself it runs in a sandbox.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PICTURES = frozenset({"image/svg+xml", "image/png", "application/pdf", "text/plain"})
# Set in the scope of a request to the media type of what it asks for, for answers that do not say one (304).
MEDIA_TYPE = "bodymap.media_type"
# Set in the scope of a request that a link let in.
BY_LINK = "bodymap.by_link"

_DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": NO_CONTENT_ALLOWED,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": PRIVATE,
}


class Envelope:
    """ASGI middleware: gives each request an id, and sets the headers that an answer did not set itself. Every media
    type of pictures gets the policy of pictures.

    A picture may be shown by any page that can request it: it accepts no clicks, and no browser sends a key by itself.
    What a link opens may be framed by the `frame_ancestors`, sources of a Content Security Policy; nothing else may be
    framed.
    """

    def __init__(self, app: ASGIApp, new_id: Callable[[], str], frame_ancestors: str = "'self'") -> None:
        self.app = app
        self.new_id = new_id
        self.frame_ancestors = frame_ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Never the client's: request ids must be unique.
        request_id = scope["bodymap.request_id"] = self.new_id()
        REQUEST_ID.set(request_id)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                media_type = headers.get("Content-Type") or str(scope.get(MEDIA_TYPE, ""))
                if negotiation.essence(media_type) in PICTURES:
                    headers["Content-Security-Policy"] = PICTURE_POLICY
                for name, value in _DEFAULTS.items():
                    headers.setdefault(name, value)
                self._close(scope, headers, media_type)
            await send(message)

        await self.app(scope, receive, sealed)

    def _close(self, scope: Scope, headers: MutableHeaders, media_type: str) -> None:
        if scope.get(BY_LINK):
            policy = headers["Content-Security-Policy"].replace("; frame-ancestors 'none'", "")
            headers["Content-Security-Policy"] = f"{policy}; frame-ancestors {self.frame_ancestors}"
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        elif media_type.startswith("image/"):
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        else:
            headers["X-Frame-Options"] = "DENY"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000"


class Mishaps:
    """ASGI middleware: turns unexpected errors into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except ClientDisconnect:
            return  # the client has gone
        except Exception as error:
            if scope["type"] != "http":
                raise
            response = problems.respond(Request(scope), error)
            if not begun:
                await response(scope, receive, noted)
