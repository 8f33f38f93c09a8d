"""Routes from the table of operations: one for each address, whatever its methods."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from bodymap.api.auth.credentials import Gate
from bodymap.api.endpoint import Endpoint
from bodymap.api.http.problems import FHIR_ROOT
from bodymap.api.operation import Operation
from bodymap.errors import UnknownAddress


def routes(
    operations: Sequence[Operation], gate: Gate, max_body_bytes: int, max_fhir_body_bytes: int = 16 << 20
) -> list[Route]:
    """One route an address, with the limit of bodies there. Those without a parameter stand first, so that a parameter
    never takes their place."""
    by_path: dict[str, list[Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, []).append(operation)
    paths = sorted(by_path, key=lambda path: path.count("{"))
    limits = {path: max_fhir_body_bytes if path.startswith(FHIR_ROOT) else max_body_bytes for path in paths}
    return [Route(path, Endpoint(by_path[path], gate, limits[path])) for path in paths]


class UnknownAddresses:
    """The answer at unknown addresses: suggests the address that could be meant, if one is close.

    That is the address with single slashes and none at the end, or what stands in it from `/v1` on, or what it is below
    `/v1`.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"{UnknownAddress.title}."
        path = "/".join(["", *(part for part in scope["path"].split("/") if part)]) or "/"
        _, version, below = path.partition("/v1/")
        for address in (path, version + below, f"/v1{path}"):
            if any(route.matches({**scope, "path": address})[0] is not Match.NONE for route in self._routes):
                public_address = scope["bodymap.prefix"] + address
                raise UnknownAddress(f"{detail} Did you mean {public_address}?", suggestions=[public_address])
        raise UnknownAddress(detail)
