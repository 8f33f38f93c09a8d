"""The operations on the record as a whole."""

from bodymap.api import audit, bulk
from bodymap.api.operation import NDJSON, Operation
from bodymap.charting.session import SessionStatement
from bodymap.service.exchange import ExportedSession, LineAnswer

RECORD: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/v1/sessions:import",
        id="importSessions",
        tag="Record",
        summary="Record many sessions: a line of JSON each, answered by a line each",
        detail=(
            "A line is a session as `POST /v1/sessions` takes it, or one that was exported; of these, ids, versions, "
            "times, signatures and charts are restored, which needs the scope admin. Lines are answered in order, as "
            "they are kept, whatever became of others. What broke off is sent again from the start: a session with a "
            "known `identifier`, or an exported version that is here, is `existing`; one without an identifier is "
            "known by its line where the same Idempotency-Key comes again (kept 30 days), and is new without."
        ),
        stream=bulk.import_sessions,
        scope="session:write",
        access="write",
        body=SessionStatement,
        result=LineAnswer,
        media_types=(NDJSON,),
    ),
    Operation(
        method="GET",
        path="/v1/sessions:export",
        id="exportSessions",
        tag="Record",
        summary="Everything that fits, a line of JSON each, as the import takes it",
        detail=(
            "Sessions newest first, with their stored charts; with `versions=all` every version, oldest first. With "
            "`audit=true` the entries of the audit that tell of them follow, and all entries where nothing is asked of "
            "the sessions. An answer that breaks off is not whole: the connection then ends without its last chunk."
        ),
        stream=bulk.export_sessions,
        scope="session:read",
        access="read",
        query=bulk.ExportQuery,
        result=ExportedSession,
        media_types=(NDJSON,),
    ),
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
