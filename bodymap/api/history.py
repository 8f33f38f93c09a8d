"""History over HTTP: the versions of a session, their differences, and their charts."""

import base64
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.api.charts import Chart, chart_of, stamp_of
from bodymap.api.http.negotiation import etag_of
from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import SVG, Answer, Call, Operation
from bodymap.api.paging import Limit
from bodymap.api.pictures import Row, answer, own_theme_of, pictures
from bodymap.api.session_answers import etag_of_session, session_answer
from bodymap.charting.answers import SessionAnswer
from bodymap.charting.history import HistoryEntry
from bodymap.errors import Missing
from bodymap.rendering.options import ChartOptions, PrintOptions, SessionChartOptions
from bodymap.rendering.output.stamp import stamped
from bodymap.service.versions import Differences, OldVersion
from bodymap.storage.transaction import Transaction
from bodymap.words import Language

STANDING = "Bodymap-Version-Standing"


class HistoryList(msgspec.Struct, frozen=True, kw_only=True):
    """Versions, oldest first, and the cursor of the later ones, or null."""

    items: tuple[HistoryEntry, ...]
    next: Annotated[
        str | None, Meta(description="The cursor of the next page, to be sent as `cursor`; null on the last page.")
    ]


class HistoryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Where in the history to begin, how many versions, and the language of the changes."""

    limit: Limit = 500
    lang: Annotated[Language, Meta(description="The language of the sentences.")] = "en"
    cursor: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,8}\Z", description="`next` of the previous page.")] | None = (
        None
    )


VersionNumber = Annotated[int, Meta(ge=1, lt=10**9, description="The number of a version.")]


class DifferencesQuery(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """From which version, by default the first, to which, by default the current one, and the language of the
    changes."""

    from_: VersionNumber = 1
    to: VersionNumber | None = None
    lang: Annotated[Language, Meta(description="The language of the sentences.")] = "en"


class VersionChartQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the chart stored at signing is answered as a stamped copy if its version no longer holds. Without
    `stamp`, it is the stored bytes."""

    stamp: Annotated[bool, Meta(description="Whether a version that no longer holds says so on the picture.")] = False


def get_history(call: Call, tx: Transaction) -> Answer:
    """Every version: when, by whom, what kind of change, why, and what it changed in words."""
    use_cases, query = call.backend.use_cases, call.query
    session_id = call.path["session_id"]
    session = use_cases.sessions.get(tx, call.principal, session_id)
    first = int(query.cursor or 1)
    entries, further = use_cases.history.entries(tx, call.principal, session_id, first, query.limit, query.lang)
    history = HistoryList(items=entries, next=str(first + query.limit) if further else None)
    return Answer(body=msgspec.json.encode(history), headers=(etag_of_session(session),))


def get_differences(call: Call, tx: Transaction) -> Answer:
    """What changed between two versions, in words."""
    session_id, query = call.path["session_id"], call.query
    differences = call.backend.use_cases.history.between(
        tx, call.principal, session_id, query.from_, query.to, query.lang
    )
    tag = ("ETag", etag_of("differences", session_id, differences.from_, differences.to, differences.differences))
    return Answer(body=msgspec.json.encode(differences), headers=(tag,), version=differences.to)


def get_version(call: Call, tx: Transaction) -> Answer:
    """A session as it was in a version."""
    old = _old(call, tx)
    return session_answer(call, old.session, headers=_standing(old))


def get_version_chart(call: Call, tx: Transaction) -> Answer:
    """The chart stored when the version was signed, byte for byte; of other versions one drawn now, stamped."""
    old = _old(call, tx)
    stamp = stamp_of(call, old.session, ChartOptions(), old.standing, old.latest)
    if old.chart is None:
        return answer(chart_of(call, old.session, ChartOptions(), stamp, _standing(old)), "svg")
    content, digest = old.chart.content, old.chart.digest
    headers = _standing(old)
    if call.query.stamp and stamp is not None:
        tag = ("ETag", etag_of("stamped", digest, stamp))
        return Answer(
            body=stamped(content, stamp), media_type=SVG, headers=(tag, *headers), version=old.session.version
        )
    named = base64.b64encode(bytes.fromhex(digest)).decode()
    own = (("ETag", f'"{digest}"'), ("Repr-Digest", f"sha-256=:{named}:"))
    media_type, version = old.chart.media_type, old.session.version
    return Answer(body=content, media_type=media_type, headers=(*own, *headers), version=version)


def compose_version_chart(call: Call, tx: Transaction) -> Chart:
    """The chart of a version in a format that is not stored at signing, stamped if the version no longer holds."""
    own_theme_of(call)
    old = _old(call, tx)
    stamp = stamp_of(call, old.session, call.query, old.standing, old.latest)
    return chart_of(call, old.session, call.query, stamp, _standing(old))


def _old(call: Call, tx: Transaction) -> OldVersion:
    text = call.path["version"]
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Missing("A version is a number, such as 3.")
    return call.backend.use_cases.history.version(tx, call.principal, call.path["session_id"], int(text))


def _standing(old: OldVersion) -> tuple[tuple[str, str], ...]:
    latest = f'</v1/sessions/{old.session.id}/versions/{old.latest}>; rel="latest-version"'
    return (STANDING, old.standing), ("Link", latest)


_SESSION = "/v1/sessions/{session_id}"

OPERATIONS = (
    Operation(
        method="GET",
        path=_SESSION + "/history",
        id="getHistory",
        tag="Sessions",
        summary="Every version of a session: when, by whom, what kind of change, why, and what changed, in words",
        handler=get_history,
        scope="session:read",
        access="read",
        query=HistoryQuery,
        result=HistoryList,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/differences",
        id="getDifferences",
        tag="Sessions",
        summary="What changed between two versions, in words: of a plan, what was done otherwise",
        handler=get_differences,
        scope="session:read",
        access="read",
        query=DifferencesQuery,
        result=Differences,
    ),
    Operation(
        method="GET",
        path=_SESSION + "/versions/{version}",
        id="getVersion",
        tag="Sessions",
        summary="A session as it was in one of its versions",
        detail="`Bodymap-Version-Standing` says whether the version is `current`, `superseded` or `voided`.",
        handler=get_version,
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
            "signed is drawn now, and stamped if it no longer holds."
        ),
        handler=get_version_chart,
        linkable=True,
        scope="chart:read",
        access="read",
        query=VersionChartQuery,
        media_types=(SVG,),
    ),
)

_STAMPED = "Drawn now, and stamped if the version no longer holds; `Bodymap-Version-Standing` says it, too."

PICTURES = pictures(
    _SESSION + "/versions/{version}/chart",
    compose_version_chart,
    {
        "png": Row("getVersionChartAsPng", "The chart of a version as pixels", SessionChartOptions, _STAMPED),
        "pdf": Row("getVersionChartAsPdf", "The print sheet of a version", PrintOptions, _STAMPED),
        "txt": Row("getVersionChartAsText", "The chart of a version in words", SessionChartOptions, _STAMPED),
    },
    access="read",
    linkable=True,
)
