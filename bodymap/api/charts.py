"""Charts over HTTP: of a kept session, and of one that is only posted."""

from functools import partial
from typing import Any

from msgspec import structs

from bodymap.api.atlas import SVG_POLICY
from bodymap.api.negotiation import etag_of
from bodymap.api.operation import SVG, Answer, Call
from bodymap.atlas import Atlas
from bodymap.charting.session import Session, SessionStatement
from bodymap.decoding import Draft
from bodymap.errors import Complaint, Invalid
from bodymap.rendering.chart import RENDERER_VERSION, render_chart
from bodymap.rendering.options import ChartOptions, PrintedHeader, check_options
from bodymap.rendering.stamp import stamped
from bodymap.storage.transaction import Transaction

Stamp = tuple[str, str]


class ChartRequest(SessionStatement, frozen=True, kw_only=True):
    """A session as it is posted, to be drawn and forgotten. `header` is printed on the chart."""

    header: PrintedHeader | None = None


def get_chart(call: Call, tx: Transaction) -> Answer:
    """The chart of a kept session, drawn when the client does not have it already."""
    complaints = check_options(call.query, call.backend.own_theme is not None)
    if complaints:
        raise Invalid(complaints)
    use_cases = call.backend.use_cases
    session = use_cases.get_session(tx, call.principal, call.path["session_id"])
    return drawn_chart(call, session, call.query, stamp_of(session))


def drawn_chart(call: Call, session: Session, options: ChartOptions, stamp: Stamp | None) -> Answer:
    """The chart of a version of a kept session, drawn when the client does not have it already."""
    atlas = call.backend.use_cases.atlas_of(session)
    digest = call.backend.atlases.edition(session.atlas).digest
    own_theme = call.backend.own_theme if options.theme == "own" else None
    facts = ("chart", RENDERER_VERSION, digest, session.id, session.version, options, own_theme, stamp)

    def draw() -> bytes:
        chart = render_chart(atlas, session, options, own_theme=own_theme)
        return chart if stamp is None else stamped(chart, *stamp)

    headers = (("ETag", etag_of(*facts)), ("Content-Security-Policy", SVG_POLICY))
    return Answer(body=draw, media_type=SVG, headers=headers)


def stamp_of(session: Session, standing: str = "current", latest: int = 0) -> Stamp | None:
    """What is stamped on a chart of a version that does not hold any more; None where it does.

    `standing` is how the version stands in the record, whose newest version is `latest`.
    """
    if session.voided is not None or standing == "voided":
        when = f" on {session.voided.at:%Y-%m-%d} (UTC)" if session.voided is not None else ""
        return "VOIDED", f"the record was voided{when}; this is version {session.version}"
    if standing == "superseded":
        return "SUPERSEDED", f"this is version {session.version}; the record is at version {latest}"
    return None


def draw_chart(call: Call, _: Any) -> Answer:
    """The chart of the session in the body. Complaints about options and body come together."""
    draft: Draft[ChartRequest] = call.body
    complaints = check_options(call.query, call.backend.own_theme is not None)
    if draft.value.copy_of is not None:
        complaints.append(Complaint("/copy_of", "not-here", "A chart is drawn from what is posted, not from a record."))
    members = structs.asdict(draft.value)
    header = members.pop("header")
    statement = Draft(SessionStatement(**members), [*complaints, *draft.complaints], draft.unusable)
    session = call.backend.use_cases.draft_session(statement)
    return _drawn(call, call.backend.atlases.get(session.atlas), session, header, ())


def _drawn(
    call: Call, atlas: Atlas, session: Session, header: PrintedHeader | None, headers: tuple[tuple[str, str], ...]
) -> Answer:
    draw = partial(render_chart, atlas, session, call.query, header, call.backend.own_theme)
    return Answer(body=draw, media_type=SVG, headers=(("Content-Security-Policy", SVG_POLICY), *headers))
