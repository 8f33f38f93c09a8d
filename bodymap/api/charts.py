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
from bodymap.rendering.options import PrintedHeader, check_options
from bodymap.storage.transaction import Transaction


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
    atlas = use_cases.atlas_of(session)
    digest = call.backend.atlases.edition(session.atlas).digest
    facts = ("chart", RENDERER_VERSION, digest, session.id, session.version, call.query, call.backend.own_theme)
    return _drawn(call, atlas, session, None, (("ETag", etag_of(*facts)),))


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
