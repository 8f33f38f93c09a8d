"""Authentication and authorisation: the only place where credentials are read.

Only what the table of operations declares open is open. A credential comes in the header `Authorization`, which no log
records; a link, which has to be in an address, opens one picture and expires.
"""

import time
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request

from bodymap.api.auth.tokens import Tokens
from bodymap.api.http.hosts import is_loopback
from bodymap.api.http.rate_limits import Rates
from bodymap.api.http.security_headers import BY_LINK
from bodymap.api.operation import Backend, Operation
from bodymap.errors import Forbidden, Misdirected, Unauthenticated
from bodymap.service import SCOPES, Principal, Scope, links
from bodymap.service import keys as key_service
from bodymap.storage import keys
from bodymap.storage.database import Database
from bodymap.storage.keys import ApiKey

REALM = 'Bearer realm="bodymap"'
KEYS_KEPT_S = 2.0
_KEYS_KEPT = 4096

# The client of open operations, and the client of a service that is open to everybody.
ANYBODY = Principal(tenant="", client="anybody", scopes=frozenset())
LOCAL = Principal(tenant="local", client="local", scopes=SCOPES, name="this machine")


class KeyRing:
    """API keys from the database, each read at most every two seconds: a key that another process revoked may be
    accepted for that long.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, ApiKey]] = {}

    async def find(self, database: Database, key_id: str) -> ApiKey | None:
        """The key with an id, or None; None is never cached."""
        cached = self._kept.get(key_id)
        now = time.monotonic()
        if cached is not None and cached[0] > now:
            return cached[1]
        key = await database.read(lambda tx: keys.find(tx, key_id), key_id)
        if len(self._kept) >= _KEYS_KEPT:
            self._kept.clear()
        if key is None:
            self._kept.pop(key_id, None)
        else:
            self._kept[key_id] = (now + KEYS_KEPT_S, key)
        return key


class Gate:
    """Identifies the client of a request by its credential.

    `open_to_all`: a request without a credential comes from `LOCAL`, who may do everything. This is for demonstrations
    on the machine itself, so the request must also name this machine as its host: a page elsewhere can make a browser
    send requests here under its own host name (DNS rebinding). A credential, if there is one, is checked nevertheless.
    """

    def __init__(self, tokens: Tokens | None = None, rates: Rates | None = None, *, open_to_all: bool = False) -> None:
        self._tokens = tokens
        self._rates = rates
        self._open_to_all = open_to_all
        self._keys = KeyRing()

    async def authenticate(self, request: Request, operation: Operation, backend: Backend) -> Principal:
        """The client that a request comes from; `ANYBODY` where the operation is open to everybody,
        or to those without a credential as well.

        Raises Unauthenticated for a missing, invalid or expired credential; Gone for an expired link; TooManyRequests.
        """
        if operation.scope is None:
            return ANYBODY
        if self._open_to_all:
            _check_host(request)
        elif operation.anonymous and not _shows_credential(request, operation):
            return msgspec.structs.replace(ANYBODY, scopes=_scopes_of(operation))
        if operation.linkable and links.PARAMETER in request.query_params:
            principal = await self._holder_of_link(request, operation, backend)
        else:
            principal = await self._asking(request, backend)
        if self._rates is not None:
            self._rates.count(principal)
        return principal

    async def _asking(self, request: Request, backend: Backend) -> Principal:
        headers = request.headers.getlist("authorization")
        if not headers:
            if self._open_to_all:
                return LOCAL
            error = Unauthenticated("Authenticate with Authorization: Bearer and a key of this service or a token.")
            raise _challenged(error, REALM)
        try:
            return await self._holder_of(_bearer(headers), backend)
        except Unauthenticated as error:
            raise _challenged(error, f'{REALM}, error="invalid_token", error_description="{error.detail}"') from error

    async def _holder_of(self, token: str, backend: Backend) -> Principal:
        key_id = key_service.id_in(token)
        if key_id is None:
            if self._tokens is None:
                raise Unauthenticated("This is not a key of this service.")
            return await self._tokens.holder_of(token, backend.database)
        key = await self._keys.find(backend.database, key_id)
        return key_service.recognised(key, token, backend.now())

    async def _holder_of_link(self, request: Request, operation: Operation, backend: Backend) -> Principal:
        key = backend.secret.key(links.PURPOSE)
        address = links.bound_address(request.url.path, options_of(request, operation), operation.unbound)
        parameters = request.query_params.getlist(links.PARAMETER)
        ticket = links.ticket_in(key, ".".join(parameters), address, backend.now())
        principal = Principal(
            tenant=ticket.tenant,
            client=f"link:{ticket.id}",
            scopes=_scopes_of(operation),
            name="a link",
        )
        # Set before the check, so that the audit names the link even if it has expired.
        request.scope["bodymap.principal"] = principal
        request.scope[BY_LINK] = True
        await backend.database.read(lambda tx: links.check_holds(tx, ticket), principal.client)
        return principal


def authorise(principal: Principal, needed: Scope | None) -> None:
    """Raises Forbidden if the principal lacks the scope; an operation without a scope is open to everybody."""
    if needed is not None and needed not in principal.scopes:
        challenge = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{needed}"'}
        raise Forbidden(f"This needs the scope {needed}.", scope=needed, headers=challenge)


def options_of(request: Request, operation: Operation) -> list[tuple[str, str]]:
    """The options in an address: its query, less what a link adds to it."""
    pairs = request.query_params.multi_items()
    return [pair for pair in pairs if pair[0] != links.PARAMETER] if operation.linkable else pairs


def _shows_credential(request: Request, operation: Operation) -> bool:
    return "authorization" in request.headers or (operation.linkable and links.PARAMETER in request.query_params)


def _scopes_of(operation: Operation) -> frozenset[Scope]:
    return frozenset({operation.scope} if operation.scope else ())


def _bearer(headers: list[str]) -> str:
    scheme, _, token = headers[0].partition(" ")
    if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send exactly one credential, as Authorization: Bearer.")
    return token.strip()


def _challenged(error: Unauthenticated, challenge: str) -> Unauthenticated:
    error.facts["headers"] = {"WWW-Authenticate": challenge}
    return error


def _check_host(request: Request) -> None:
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        host = ""
    if not is_loopback(host):
        raise Misdirected("This service is open to this machine only: address it as 127.0.0.1 or localhost.")
