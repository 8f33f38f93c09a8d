"""Who asks, and whether they may: the one place where credentials are read.

Nothing is open but what the table of operations says is. A credential comes in the header `Authorization`, where no log
keeps it; a link, which an address must hold, opens one picture and ends.
"""

import time
from urllib.parse import urlsplit

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

# Who asks for what is open to everybody, and who asks where everything is open.
ANYBODY = Principal(tenant="", client="anybody", scopes=frozenset())
LOCAL = Principal(tenant="local", client="local", scopes=SCOPES, name="this machine")


class KeyRing:
    """Keys as the database has them, each looked up at most every two seconds: so long may one that was revoked by
    another process still be taken.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, ApiKey]] = {}

    async def find(self, database: Database, key_id: str) -> ApiKey | None:
        """The key of an id, None where there is none; that there is none is never kept."""
        kept = self._kept.get(key_id)
        now = time.monotonic()
        if kept is not None and kept[0] > now:
            return kept[1]
        key = await database.read(lambda tx: keys.find(tx, key_id), key_id)
        if len(self._kept) >= _KEYS_KEPT:
            self._kept.clear()
        if key is None:
            self._kept.pop(key_id, None)
        else:
            self._kept[key_id] = (now + KEYS_KEPT_S, key)
        return key


class Gate:
    """Tells who asks, from what their request shows.

    `open_to_all`: who shows nothing is taken for `LOCAL`, who may do everything. That is for a demonstration on the
    machine itself, so a request must then also have been meant for this machine: a page elsewhere can make a browser
    ask here under its own host's name (DNS rebinding). What is shown is judged all the same.
    """

    def __init__(
        self, backend: Backend, tokens: Tokens | None = None, rates: Rates | None = None, *, open_to_all: bool = False
    ) -> None:
        self._backend = backend
        self._tokens = tokens
        self._rates = rates
        self._open_to_all = open_to_all
        self._keys = KeyRing()

    async def authenticate(self, request: Request, operation: Operation) -> Principal:
        """The client that a request comes from; `ANYBODY` where the operation is open to everybody.

        Raises Unauthenticated for none, and for one that is not taken or not taken any more; Gone for a link that is
        over; TooManyRequests.
        """
        if operation.scope is None:
            return ANYBODY
        if self._open_to_all:
            _check_host(request)
        if operation.linkable and links.PARAMETER in request.query_params:
            principal = await self._holder_of_link(request, operation)
        else:
            principal = await self._asking(request)
        if self._rates is not None:
            self._rates.count(principal)
        return principal

    async def _asking(self, request: Request) -> Principal:
        shown = request.headers.getlist("authorization")
        if not shown:
            if self._open_to_all:
                return LOCAL
            error = Unauthenticated("Show who asks: Authorization: Bearer, with a key of this service or a token.")
            raise _challenged(error, REALM)
        try:
            return await self._holder_of(_bearer(shown))
        except Unauthenticated as error:
            raise _challenged(error, f'{REALM}, error="invalid_token", error_description="{error.detail}"') from error

    async def _holder_of(self, token: str) -> Principal:
        key_id = key_service.id_in(token)
        if key_id is None:
            if self._tokens is None:
                raise Unauthenticated("This is no key of this service.")
            return await self._tokens.holder_of(token, self._backend.database)
        key = await self._keys.find(self._backend.database, key_id)
        return key_service.recognised(key, token, self._backend.now())

    async def _holder_of_link(self, request: Request, operation: Operation) -> Principal:
        key = self._backend.secret.key(links.PURPOSE)
        address = links.address_of(request.url.path, options_of(request, operation))
        shown = request.query_params.getlist(links.PARAMETER)
        ticket = links.ticket_in(key, ".".join(shown), address, self._backend.now())
        principal = Principal(
            tenant=ticket.tenant,
            client=f"link:{ticket.id}",
            scopes=frozenset({operation.scope} if operation.scope else ()),
            name="a link",
        )
        # Known from here on, so that the audit can say whose link it was that is over.
        request.scope["bodymap.principal"] = principal
        request.scope[BY_LINK] = True
        await self._backend.database.read(lambda tx: links.check_holds(tx, ticket), principal.client)
        return principal


def authorise(principal: Principal, needed: Scope | None) -> None:
    """Forbidden where the principal lacks the scope; an operation without one is open to everybody."""
    if needed is not None and needed not in principal.scopes:
        challenge = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{needed}"'}
        raise Forbidden(f"This needs the scope {needed}.", scope=needed, headers=challenge)


def options_of(request: Request, operation: Operation) -> list[tuple[str, str]]:
    """The options in an address: its query, less what a link adds to it."""
    pairs = request.query_params.multi_items()
    return [pair for pair in pairs if pair[0] != links.PARAMETER] if operation.linkable else pairs


def _bearer(shown: list[str]) -> str:
    scheme, _, token = shown[0].partition(" ")
    if len(shown) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("A credential is shown once, as Authorization: Bearer.")
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
        raise Misdirected("This service is open to this machine alone: ask for it at 127.0.0.1 or localhost.")
