"""The use cases. Each is given the transaction in which it is done and the principal.

Nothing here knows of HTTP. A rejected command raises and has written nothing.
"""

from bodymap.service.principal import SCOPES, Principal, Scope
from bodymap.service.use_cases import UseCases

__all__ = ("SCOPES", "Principal", "Scope", "UseCases")
