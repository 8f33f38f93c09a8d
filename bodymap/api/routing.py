"""Routes from the table of operations: one for each address, whatever its methods."""

from collections.abc import Sequence

from starlette.routing import Route

from bodymap.api.auth.credentials import Gate
from bodymap.api.endpoint import Endpoint
from bodymap.api.operation import Backend, Operation


def routes(operations: Sequence[Operation], backend: Backend, gate: Gate, max_body_bytes: int) -> list[Route]:
    """One route an address. Those without a parameter stand first, so that a parameter never takes their place."""
    by_path: dict[str, list[Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, []).append(operation)
    paths = sorted(by_path, key=lambda path: path.count("{"))
    return [Route(path, Endpoint(by_path[path], backend, gate, max_body_bytes)) for path in paths]
