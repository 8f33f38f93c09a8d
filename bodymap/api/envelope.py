"""What every answer carries, whatever it holds: a request id, and headers that tell browsers and caches to be careful.

Plain ASGI, around everything else.
"""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bodymap.api import problems
from bodymap.logs import REQUEST_ID

PRIVATE = "private, no-store"
NO_CONTENT_ALLOWED = "default-src 'none'; frame-ancestors 'none'"

_DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": NO_CONTENT_ALLOWED,
    "Cache-Control": PRIVATE,
}


class Envelope:
    """ASGI middleware: gives each request an id, sets the headers that an answer did not set itself, and turns what
    nobody expected into a problem.
    """

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        self.app = app
        self.new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Never the client's: no two requests may share one, here or in the log.
        request_id = scope["bodymap.request_id"] = self.new_id()
        REQUEST_ID.set(request_id)
        begun = False

        async def sealed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _DEFAULTS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, sealed)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as error:
            response = problems.respond(Request(scope), error)
            if not begun:
                await response(scope, receive, sealed)
