"""The principal of a request: who sends it, and what they may do."""

from typing import Literal, get_args

import msgspec

Scope = Literal["atlas:read", "session:read", "session:write", "chart:read", "admin"]
SCOPES: frozenset[str] = frozenset(get_args(Scope))

TENANT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}\Z"


class Principal(msgspec.Struct, frozen=True):
    """Who sends a request: the tenant whose records they see, the client they call from, and what they may do.

    `client` stays the same for a client, whatever credential it sends: `key:<id>`, `<issuer>#<subject>`, `link:<id>`.
    `name` is what a person would call the client; it may be empty.
    """

    tenant: str
    client: str
    scopes: frozenset[str]
    name: str = ""
