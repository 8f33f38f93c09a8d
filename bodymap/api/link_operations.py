"""The operations on links."""

from bodymap.api import links
from bodymap.api.operation import Operation
from bodymap.storage.links import Link

LINKS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/v1/links",
        id="createLink",
        tag="Links",
        summary="An address of one chart that opens without a key, for an hour or as long as is said",
        detail=(
            "For `<img>` and `<iframe>`, which can show no key. `href` is signed: with any option changed it opens "
            "nothing. It answers 410 once it has ended, was revoked, or its session was voided. In which pages it may "
            "be framed, `BODYMAP_FRAME_ANCESTORS` says."
        ),
        handler=links.create_link,
        scope="chart:read",
        access="write",
        body=links.LinkStatement,
        result=links.NewLink,
        status=201,
    ),
    Operation(
        method="GET",
        path="/v1/links",
        id="findLinks",
        tag="Links",
        summary="Links that were made, newest first, without what opens them",
        handler=links.find_links,
        scope="chart:read",
        access="read",
        query=links.LinkFilters,
        result=links.LinkList,
    ),
    Operation(
        method="GET",
        path="/v1/links/{link_id}",
        id="getLink",
        tag="Links",
        summary="One link, without what opens it",
        handler=links.get_link,
        scope="chart:read",
        access="read",
        result=Link,
    ),
    Operation(
        method="DELETE",
        path="/v1/links/{link_id}",
        id="revokeLink",
        tag="Links",
        summary="Take a link back: it opens nothing any more",
        handler=links.revoke_link,
        scope="chart:read",
        access="write",
        media_types=(),
        status=204,
    ),
)
