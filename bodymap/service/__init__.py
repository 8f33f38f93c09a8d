"""The use cases: what a caller can have done. Each takes the transaction that it is done in, and by whom.

Nothing here knows how a request came or how an answer leaves. A refused command raises and has written nothing.
"""

from bodymap.service.principal import SCOPES, Principal, Scope
from bodymap.service.sessions import UseCases

__all__ = ("SCOPES", "Principal", "Scope", "UseCases")
