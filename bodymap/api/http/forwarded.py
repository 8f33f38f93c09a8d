"""Where clients reach the service: the address that the settings state, or that a named proxy forwards.

A proxy may pass the path on with its prefix or without: both lead to the same operation. Forwarding headers of anybody
else are ignored, since they can say anything.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bodymap.errors import Misconfigured

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
_PUBLIC = "bodymap.public_url"
_LINK_TARGET = re.compile(r"</(?!/)")


class Forwarded:
    """ASGI middleware, around all others: takes the prefix off the path, and puts it before the addresses in headers.

    `public_url` is where clients reach the service. `proxies` are addresses and networks whose `X-Forwarded-For`,
    `-Proto`, `-Host` and `-Prefix` count; the last two only where no `public_url` is stated.
    """

    def __init__(self, app: ASGIApp, public_url: str | None = None, proxies: Sequence[str] = ()) -> None:
        self._app = app
        self._proxied = ProxyHeadersMiddleware(self._from_client, list(proxies))  # type: ignore[arg-type]
        self._public_url = public_url.rstrip("/") if public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else None
        prefix = urlsplit(self._public_url).path if self._public_url else ""
        if self._public_url is None and peer in self._proxied.trusted_hosts:
            stated = headers.get("x-forwarded-prefix", "").rstrip("/")
            prefix = stated if _PREFIX.fullmatch(stated) else ""
            if _HOST.fullmatch(host := headers.get("x-forwarded-host", "")):
                MutableHeaders(scope=scope)["host"] = host
        scope["bodymap.prefix"] = prefix
        scope["bodymap.peer"] = peer
        await self._proxied(scope, receive, send)  # type: ignore[arg-type]

    async def _from_client(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request, its client and scheme as a named proxy forwards them."""
        try:
            ip_address(scope["client"][0])
        except (TypeError, ValueError):
            # A proxy forwarded something that is not an address.
            scope["client"] = (scope["bodymap.peer"], 0) if scope["bodymap.peer"] else None
        prefix: str = scope["bodymap.prefix"]
        scope[_PUBLIC] = self._public_url or f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}{prefix}"
        if prefix and scope["path"] == prefix:
            # Relative addresses of a page lead to the right place only from below the prefix.
            await RedirectResponse(f"{prefix}/", 308)(scope, receive, send)
            return
        if prefix and scope["path"].startswith(f"{prefix}/"):
            scope["path"] = scope["path"].removeprefix(prefix)
            scope["raw_path"] = scope["raw_path"].removeprefix(prefix.encode("ascii"))

        async def prefixed(message: Message) -> None:
            if prefix and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("location", "").startswith("/"):
                    headers["location"] = prefix + headers["location"]
                if "link" in headers:
                    headers["link"] = _LINK_TARGET.sub(f"<{prefix}/", headers["link"])
            await send(message)

        await self._app(scope, receive, prefixed)


def proxies_of(stated: str) -> tuple[str, ...]:
    """The proxies that a setting names, with spaces between. Raises Misconfigured for anything else than an address or
    network."""
    proxies = tuple(stated.split())
    for proxy in proxies:
        try:
            ip_network(proxy)
        except ValueError as error:
            raise Misconfigured(f"A proxy is named by its address or network, such as 10.0.0.0/8: {error}.") from None
    return proxies


def public_url(scope: Scope) -> str:
    """Where the client of a request reaches the service, without a slash at the end: `https://ehr.example/bodymap`."""
    return str(scope.get(_PUBLIC, ""))


def local_address(address: str, public_url: str) -> str:
    """An address as a client writes it, as the service knows it: from the slash after the public URL or its prefix."""
    prefix = urlsplit(public_url).path
    for beginning in (public_url, prefix):
        if beginning and address.startswith(f"{beginning}/"):
            return address.removeprefix(beginning)
    return address
