"""Who asks, and whether they may: the one place where keys, tokens and links will be read.

This release runs open: every request comes from the same local client, which may do everything. What an operation
needs is a column of the table of operations and is checked here already.
"""

from typing import Literal, get_args

from starlette.requests import Request

from bodymap.errors import Forbidden
from bodymap.service import Principal

Scope = Literal["atlas:read", "session:read", "session:write", "chart:read", "admin"]
SCOPES: frozenset[str] = frozenset(get_args(Scope))

LOCAL = Principal(tenant="local", client="local", scopes=SCOPES)


def authenticate(request: Request) -> Principal:
    """The client that a request comes from."""
    return LOCAL


def authorise(principal: Principal, needed: Scope | None) -> None:
    """Forbidden where the principal lacks the scope; an operation without one is open to everybody."""
    if needed is not None and needed not in principal.scopes:
        raise Forbidden(f"This needs the scope {needed}.", scope=needed)
