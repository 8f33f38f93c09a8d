"""The audit over HTTP, for a tenant's own administrators."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.paging import Limit
from bodymap.api.sessions import Filter, Moment
from bodymap.charting.statement_rules import canonical_id
from bodymap.storage import audit
from bodymap.storage.audit import Action, AuditQuery, Outcome, RecordedEntry
from bodymap.storage.transaction import Transaction


class AuditList(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, newest first, and the cursor of the earlier ones, or null."""

    items: tuple[RecordedEntry, ...]
    next: Annotated[
        str | None, Meta(description="The cursor of the next page, to be sent as `cursor`; null on the last page.")
    ]


class AuditFilters(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Which entries: everything stated must hold. `from` is included and `to` is not.

    `outcome` is `done`, `replayed` (answered again for an idempotency key), `refused`, or `failed` (no fault of the
    request). `session` finds those that tell of the session, also among others.
    """

    from_: Annotated[Moment | None, Meta(description="Entries from this time on.")] = None
    to: Annotated[Moment | None, Meta(description="Entries before this time.")] = None
    client: Annotated[Filter | None, Meta(description="Only entries of this client, by its id.")] = None
    operation: Annotated[Filter | None, Meta(description="Only entries of this operation, by its `operationId`.")] = (
        None
    )
    action: Annotated[Action | None, Meta(description="Only reads, or only writes.")] = None
    outcome: Annotated[Outcome | None, Meta(description="Only entries with this outcome.")] = None
    session: Annotated[Filter | None, Meta(description="Only entries that tell of this session, by its id.")] = None
    limit: Limit = 100
    cursor: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,17}\Z", description="`next` of the previous page.")] | None = (
        None
    )


def find_entries(call: Call, tx: Transaction) -> Answer:
    """The tenant's entries that match, one page at a time."""
    filters: AuditFilters = call.query
    query = msgspec.structs.replace(
        msgspec.convert(filters, AuditQuery, from_attributes=True),
        session=canonical_id(filters.session) if filters.session is not None else None,
        before=int(filters.cursor) if filters.cursor is not None else None,
        limit=filters.limit + 1,
    )
    entries = audit.find(tx, call.principal.tenant, query)
    items = entries[: filters.limit]
    further = str(items[-1].number) if len(entries) > filters.limit else None
    return Answer(body=msgspec.json.encode(AuditList(items=items, next=further)))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/audit",
        id="findAuditEntries",
        tag="Record",
        summary="Who read, wrote or was refused what, newest first",
        detail=(
            "The tenant's entries, for its administrators. A write and its entry are one transaction; the entry of a "
            "read is written a moment after its answer. `sessions` are ids; an entry says nothing about a patient."
        ),
        handler=find_entries,
        scope="admin",
        access="read",
        query=AuditFilters,
        result=AuditList,
    ),
)
