"""Who asks."""

import msgspec


class Principal(msgspec.Struct, frozen=True):
    """Who asks: the tenant whose records they see, the client they call from, and what they may do."""

    tenant: str
    client: str
    scopes: frozenset[str]
