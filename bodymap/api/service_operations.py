"""The rows of the table of operations in which the service speaks of itself."""

from typing import Any

import msgspec

from bodymap.api import pages, start
from bodymap.api.atlas import SHORT
from bodymap.api.metrics import MEDIA_TYPE as METRICS
from bodymap.api.operation import HTML, JSON, Operation

_START = Operation(
    method="GET",
    path="/",
    id="getStart",
    tag="Service",
    summary="What this is, and where to go from here",
    handler=start.get_start,
    scope=None,
    media_types=(JSON, HTML),
    result=start.Start,
)

SERVICE: tuple[Operation, ...] = (
    _START,
    msgspec.structs.replace(_START, path="/v1", id="getStartOfV1", described=False),
    msgspec.structs.replace(_START, path="/v1/", id="getStartBelowV1", handler=start.get_start_below, described=False),
    Operation(
        method="GET",
        path="/healthz",
        id="getHealth",
        tag="Service",
        summary="Whether the process is alive",
        handler=pages.get_health,
        quick=True,
        scope=None,
        result=pages.Health,
    ),
    Operation(
        method="GET",
        path="/readyz",
        id="getReadiness",
        tag="Service",
        summary="Whether the service can serve: its database keeps what it is given",
        detail="Something is written and kept to find out. `notes` say what should be mended while it serves.",
        handler=pages.get_readiness,
        scope=None,
        access="write",
        result=pages.Health,
    ),
    Operation(
        method="GET",
        path="/metrics",
        id="getMetrics",
        tag="Service",
        summary="Figures of the service, for Prometheus",
        detail="By operation, never by address; nothing of any patient. `BODYMAP_METRICS=open` takes the scope away.",
        handler=pages.get_metrics,
        quick=True,
        scope="admin",
        media_types=(METRICS,),
    ),
    Operation(
        method="GET",
        path="/openapi.json",
        id="getOpenAPI",
        tag="Service",
        summary="This description",
        handler=pages.get_openapi,
        quick=True,
        scope=None,
        result=dict[str, Any],
        cache=SHORT,
    ),
    Operation(
        method="GET",
        path="/docs",
        id="getDocs",
        tag="Service",
        summary="This description as a page to read and try",
        handler=pages.get_docs,
        quick=True,
        scope=None,
        media_types=(HTML,),
        cache=SHORT,
    ),
    Operation(
        method="GET",
        path="/docs/{file}",
        id="getDocsFile",
        tag="Service",
        summary="What that page is made of",
        handler=pages.get_docs_file,
        scope=None,
        media_types=(),
        cache=SHORT,
        described=False,
    ),
)
