"""The table of operations: one row each.

Routes, the OpenAPI document, the scope that is checked and the reference page are made from these rows and from
nothing else.
"""

from bodymap.api import sessions
from bodymap.api.atlas_operations import ATLAS
from bodymap.api.chart_operations import CHARTS
from bodymap.api.comparison_operations import COMPARISONS
from bodymap.api.course_operations import COURSES
from bodymap.api.http.queries import InLanguage
from bodymap.api.legend_operations import LEGENDS
from bodymap.api.lifecycle_operations import LIFE
from bodymap.api.link_operations import LINKS
from bodymap.api.operation import Operation
from bodymap.api.record_operations import RECORD
from bodymap.api.service_operations import SERVICE
from bodymap.charting.answers import PlacementAnswer, SessionAnswer
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import Header, SessionStatement

_SESSION = "/v1/sessions/{session_id}"
_PLACEMENT = _SESSION + "/placements/{placement_id}"

OPERATIONS: tuple[Operation, ...] = (
    *ATLAS,
    Operation(
        method="POST",
        path="/v1/sessions",
        id="createSession",
        tag="Sessions",
        summary="Record a session, with any number of placements",
        detail=(
            "With `copy_of`, the placements of another session are planned again, each with `continues`; subject, "
            "position and needle (less its lot) come along. What is stated beside `copy_of` stands."
        ),
        handler=sessions.create_session,
        prepare=sessions.prepare_session,
        scope="session:write",
        access="write",
        body=SessionStatement,
        query=InLanguage,
        result=SessionAnswer,
        status=201,
    ),
    Operation(
        method="GET",
        path="/v1/sessions",
        id="findSessions",
        tag="Sessions",
        summary="Sessions, newest first",
        detail="`region`, `muscle`, `group` and `side` are asked of one and the same placement.",
        handler=sessions.find_sessions,
        scope="session:read",
        access="read",
        query=sessions.SessionFilters,
        result=sessions.SessionList,
    ),
    Operation(
        method="GET",
        path=_SESSION,
        id="getSession",
        tag="Sessions",
        summary="One session, its placements and its summary",
        handler=sessions.get_session,
        scope="session:read",
        access="read",
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="PATCH",
        path=_SESSION,
        id="patchSession",
        tag="Sessions",
        summary="Change the header of a session (JSON Merge Patch)",
        detail="Placements are changed one by one, at their own addresses.",
        handler=sessions.patch_session,
        scope="session:write",
        access="write",
        body=Header,
        patch=True,
        versioned=True,
        query=InLanguage,
        result=SessionAnswer,
    ),
    Operation(
        method="POST",
        path=_SESSION + "/placements",
        id="addPlacement",
        tag="Placements",
        summary="Add a placement, which gets the next number",
        handler=sessions.add_placement,
        prepare=sessions.prepare_placement,
        scope="session:write",
        access="write",
        body=PlacementStatement,
        query=InLanguage,
        result=PlacementAnswer,
        status=201,
    ),
    Operation(
        method="GET",
        path=_PLACEMENT,
        id="getPlacement",
        tag="Placements",
        summary="One placement",
        handler=sessions.get_placement,
        scope="session:read",
        access="read",
        query=InLanguage,
        result=PlacementAnswer,
    ),
    Operation(
        method="PATCH",
        path=_PLACEMENT,
        id="patchPlacement",
        tag="Placements",
        summary="Change a placement (JSON Merge Patch); it keeps its number",
        handler=sessions.patch_placement,
        prepare=sessions.prepare_patched_placement,
        scope="session:write",
        access="write",
        body=PlacementStatement,
        patch=True,
        versioned=True,
        query=InLanguage,
        result=PlacementAnswer,
    ),
    Operation(
        method="DELETE",
        path=_PLACEMENT,
        id="deletePlacement",
        tag="Placements",
        summary="Take a placement out; its number is not used again",
        handler=sessions.delete_placement,
        scope="session:write",
        access="write",
        versioned=True,
        media_types=(),
        status=204,
    ),
    *LIFE,
    *RECORD,
    *CHARTS,
    *LINKS,
    *COMPARISONS,
    *LEGENDS,
    *COURSES,
    *SERVICE,
)
