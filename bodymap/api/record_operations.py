"""The operations on the record as a whole."""

from bodymap.api import audit
from bodymap.api.operation import Operation

RECORD: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/v1/audit",
        id="findAuditEntries",
        tag="Record",
        summary="Who read, wrote or was refused what, newest first",
        detail=(
            "The entries of the tenant, for its administrators. A write and its entry are one transaction; that of "
            "a read is written a moment after its answer. `sessions` are ids; nothing in an entry is of a patient."
        ),
        handler=audit.find_entries,
        scope="admin",
        access="read",
        query=audit.AuditFilters,
        result=audit.AuditList,
    ),
)
