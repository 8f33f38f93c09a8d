"""The operations on the life of a session: what persons do to it as a whole, and what it was before."""

from bodymap.api import history, lifecycle, re_resolution
from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import SVG, Operation
from bodymap.charting.answers import SessionAnswer
from bodymap.charting.events import EventStatement, RecordedEvent
from bodymap.charting.re_resolution import ReResolution, ReResolvedSession
from bodymap.charting.signatures import Amendment, Signing, Voiding
from bodymap.service.versions import Differences

_SESSION = "/v1/sessions/{session_id}"

LIFE: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path=_SESSION + "/sign",
        id="signSession",
        tag="Sessions",
        summary="Sign a completed or stopped session",
        detail=(
            "Its default chart is stored with the signature. From then on the session changes by amendment alone. No "
            "placement may still be planned, and the needles charted, in and out must be equal where they are stated, "
            "unless `count_note` says why not; pointers of such complaints are into the session."
        ),
        handler=lifecycle.sign,
        prepare=lifecycle.prepare_signature,
        scope="session:write",
        access="write",
        body=Signing,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/amendments",
        id="amendSession",
        tag="Sessions",
        summary="Amend a signed session, which signs it anew",
        detail=(
            "`patch` is a merge patch of the header, with `placements` (by id a merge patch, or null to take it out) "
            "and `add` (further placements). All of it is one new version; the earlier ones stay readable."
        ),
        handler=lifecycle.amend,
        prepare=lifecycle.prepare_amendment,
        scope="session:write",
        access="write",
        body=Amendment,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
        status=201,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/void",
        id="voidSession",
        tag="Sessions",
        summary="Void a session: it stays readable, marked",
        detail="For what should not have been recorded. It cannot be taken back; any session can be voided, once.",
        handler=lifecycle.void,
        scope="session:write",
        access="write",
        body=Voiding,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/events",
        id="addEvent",
        tag="Sessions",
        summary="Add an adverse event, also to a signed session",
        detail=(
            "Events are never changed or taken out. One makes a new version of the session, and leaves what was "
            "signed, its signature and its chart as they are."
        ),
        handler=lifecycle.add_event,
        scope="session:write",
        access="write",
        body=EventStatement,
        result=RecordedEvent,
        status=201,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/events",
        id="findEvents",
        tag="Sessions",
        summary="The adverse events of a session",
        handler=lifecycle.find_events,
        scope="session:read",
        access="read",
        result=lifecycle.EventList,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/events/{event_id}",
        id="getEvent",
        tag="Sessions",
        summary="One adverse event",
        handler=lifecycle.get_event,
        scope="session:read",
        access="read",
        result=RecordedEvent,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/re-resolve",
        id="reResolveSession",
        tag="Sessions",
        summary="Resolve an open session anew, on a newer version of the atlas",
        detail=(
            "What was stated is carried over by the crosswalk and resolved on `atlas`, by default the version that new "
            "sessions take. What the crosswalk cannot map is complained of, placement by placement, and is decided by "
            "`placements`. The version before keeps the old answer; `previously` repeats it. A signed session stays."
        ),
        handler=re_resolution.re_resolve,
        prepare=re_resolution.prepare_re_resolution,
        scope="session:write",
        access="write",
        body=ReResolution,
        versioned=True,
        query=InLanguage,
        result=ReResolvedSession,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/history",
        id="getHistory",
        tag="Sessions",
        summary="Every version of a session: when, by whom, what kind of change, why, and what changed, in words",
        handler=history.get_history,
        scope="session:read",
        access="read",
        query=history.HistoryQuery,
        result=history.HistoryList,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/differences",
        id="getDifferences",
        tag="Sessions",
        summary="What changed between two versions, in words: of a plan, what was done otherwise",
        handler=history.get_differences,
        scope="session:read",
        access="read",
        query=history.DifferencesQuery,
        result=Differences,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/versions/{version}",
        id="getVersion",
        tag="Sessions",
        summary="A session as it was in one of its versions",
        detail="`Bodymap-Version-Standing` says whether the version is `current`, `superseded` or `voided`.",
        handler=history.get_version,
        scope="session:read",
        access="read",
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/versions/{version}/chart.svg",
        id="getVersionChart",
        tag="Charts",
        summary="The chart of a version: of a signed one the bytes stored at signing",
        detail=(
            "The entity tag of a stored chart is the SHA-256 of its bytes in hexadecimal; `Repr-Digest` says the same. "
            "`Bodymap-Version-Standing` says whether the version is `current`, `superseded` or `voided`; "
            "with `stamp=true` a stored chart is sent as a copy that says so, too. The chart of a version that was not "
            "signed is drawn now, and stamped where it does not hold any more."
        ),
        handler=history.get_version_chart,
        linkable=True,
        scope="chart:read",
        access="read",
        query=history.VersionChartQuery,
        media_types=(SVG,),
    ),
)
