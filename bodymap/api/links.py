"""Links over HTTP: addresses of one chart or page for `<img>` and `<iframe>`, which cannot send a key."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

import msgspec
from msgspec import Meta
from starlette.routing import compile_path

from bodymap import ids
from bodymap.api.auth.credentials import authorise
from bodymap.api.http.forwarded import local_address
from bodymap.api.http.queries import read_query
from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.paging import Limit
from bodymap.charting.statement_rules import canonical_id
from bodymap.errors import Complaint, Gone, Invalid, Missing
from bodymap.service import links as service
from bodymap.storage import links
from bodymap.storage.links import Link
from bodymap.storage.transaction import Transaction

HOUR_S = 3600
LONGEST_S = 30 * 86400


class LinkStatement(msgspec.Struct, frozen=True, kw_only=True):
    """The address to open, that of a session's chart with its options, as it is requested with a key; and for how long,
    from a minute to 30 days.
    """

    address: Annotated[
        str, Meta(description="The address to open, with its query, from `/v1/` on.", min_length=1, max_length=2048)
    ]
    expires_in_s: Annotated[
        int, Meta(description="Seconds until it expires, 60 to 2,592,000 (30 days).", ge=60, le=LONGEST_S)
    ] = HOUR_S


class NewLink(Link, frozen=True, kw_only=True):
    """A new link. `href`, an absolute address, opens the chart for everybody who has it; it is shown only once."""

    href: Annotated[str, Meta(description="The absolute address that opens without a key; shown only in this answer.")]


class LinkList(msgspec.Struct, frozen=True, kw_only=True):
    """Links, newest first, and the cursor of the older ones, or null."""

    items: tuple[Link, ...]
    next: Annotated[
        str | None, Meta(description="The cursor of the next page, to be sent as `cursor`; null on the last page.")
    ]


class LinkFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Which links: all of the tenant's, or those of a session."""

    session: (
        Annotated[
            str, Meta(description="Only links to pictures of this session, by its id.", min_length=1, max_length=64)
        ]
        | None
    ) = None
    limit: Limit = 100
    cursor: Annotated[str, Meta(max_length=64, description="`next` of the previous page.")] | None = None


def create_link(call: Call, tx: Transaction) -> Answer:
    """A new link. An address that it could not open is rejected now, with the error that opening it would give."""
    statement: LinkStatement = call.body.value
    complaints = list(call.body.complaints)
    if not complaints:
        try:
            session_id, address, bound = _opened(call, tx, local_address(statement.address, call.public_url))
            lasts = timedelta(seconds=statement.expires_in_s)
            made = service.create(tx, call.principal, session_id, address, ids.new_id(), call.backend.now(), lasts)
        except Invalid as error:
            complaints += [Complaint("/address", each.code, each.detail) for each in error.complaints]
        except (Missing, Gone) as error:
            complaints.append(Complaint("/address", error.code, error.detail))
    if complaints:
        raise Invalid(complaints)
    key = call.backend.secret.key(service.PURPOSE)
    members = msgspec.structs.asdict(made)
    link = NewLink(**members, href=call.public_url + service.signed(key, call.principal.tenant, made, bound))
    return Answer(
        status=201,
        body=msgspec.json.encode(link),
        headers=(("Location", f"/v1/links/{made.id}"),),
        sessions=(session_id,),
        about=made.id,
    )


def find_links(call: Call, tx: Transaction) -> Answer:
    """The tenant's links, a page at a time."""
    query: LinkFilters = call.query
    session = canonical_id(query.session) if query.session is not None else None
    page = links.listed(tx, call.principal.tenant, session, query.cursor, query.limit + 1)
    items = page[: query.limit]
    further = items[-1].id if len(page) > query.limit else None
    return Answer(body=msgspec.json.encode(LinkList(items=items, next=further)))


def get_link(call: Call, tx: Transaction) -> Answer:
    """One link, without its secret part."""
    link = service.get(tx, call.principal, call.path["link_id"])
    return Answer(body=msgspec.json.encode(link), sessions=(link.session,), about=link.id)


def revoke_link(call: Call, tx: Transaction) -> Answer:
    """A link, revoked."""
    link = service.revoke(tx, call.principal, call.path["link_id"], call.backend.now())
    return Answer(status=204, sessions=(link.session,), about=link.id)


def _opened(call: Call, tx: Transaction, address: str) -> tuple[str, str, str]:
    """The session that an address shows, the address with its options in order, and what of it a link is bound to.
    Raises what requesting the address would raise.
    """
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), errors="strict")
    except ValueError as error:
        raise Invalid([Complaint("/address", "out-of-range", "This is not an address.")]) from error
    here = not (parts.scheme or parts.netloc or parts.fragment)
    for operation in call.backend.linkable if here else ():
        match = compile_path(operation.path)[0].fullmatch(parts.path)
        if match is not None:
            authorise(call.principal, operation.scope)
            path = {name: canonical_id(value) for name, value in match.groupdict().items()}
            query = read_query(pairs, operation.query) if operation.query else None
            asked = msgspec.structs.replace(
                call, path=path, query=query, body=None, media_type=operation.media_types[0]
            )
            operation.handler(asked, tx)
            bound = service.bound_address(parts.path, pairs, operation.unbound)
            return path["session_id"], service.address_of(parts.path, pairs), bound
    paths = ", ".join(operation.path for operation in call.backend.linkable)
    detail = f"A link opens the address of a session's chart, beginning with a slash and with its options: {paths}."
    raise Invalid([Complaint("/address", "not-here", detail)])


def linkable_of(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """The operations that a link can open."""
    return tuple(operation for operation in operations if operation.linkable)


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/links",
        id="createLink",
        tag="Links",
        summary="Create a link: an address of one chart that opens without a key, for an hour or as long as stated",
        detail=(
            "For `<img>` and `<iframe>`, which cannot send a key. `href` is signed: with any option changed it opens "
            "nothing; only a page can be read in another language (`lang`). "
            "It answers 410 once it has expired, was revoked, or its session was voided. "
            "`BODYMAP_FRAME_ANCESTORS` says which pages may frame it."
        ),
        handler=create_link,
        scope="chart:read",
        access="write",
        body=LinkStatement,
        result=NewLink,
        status=201,
    ),
    Operation(
        method="GET",
        path="/v1/links",
        id="findLinks",
        tag="Links",
        summary="Links, newest first, without their secret part",
        handler=find_links,
        scope="chart:read",
        access="read",
        query=LinkFilters,
        result=LinkList,
    ),
    Operation(
        method="GET",
        path="/v1/links/{link_id}",
        id="getLink",
        tag="Links",
        summary="One link, without its secret part",
        handler=get_link,
        scope="chart:read",
        access="read",
        result=Link,
    ),
    Operation(
        method="DELETE",
        path="/v1/links/{link_id}",
        id="revokeLink",
        tag="Links",
        summary="Revoke a link",
        handler=revoke_link,
        scope="chart:read",
        access="write",
        media_types=(),
        status=204,
    ),
)
