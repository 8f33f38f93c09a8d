"""Charts over HTTP: of a kept session, and of one that is only posted."""

from functools import partial
from typing import Any

from msgspec import structs

from bodymap.api.atlas import SVG_POLICY
from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import Answer, Call
from bodymap.charting.session import Session, SessionStatement
from bodymap.decoding import Draft
from bodymap.errors import Complaint, Invalid
from bodymap.rendering.chart.formats import FORMATS, Drawing, Format, draw, lacking, made_by
from bodymap.rendering.look.themes import theme_of
from bodymap.rendering.options import ChartOptions, PrintedHeader, PrintOptions, check_options
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.wording_stamp import Kind, stamp_in_words
from bodymap.storage.transaction import Transaction


class ChartRequest(SessionStatement, frozen=True, kw_only=True):
    """A session as it is posted, to be drawn and forgotten. `header` is printed on the chart."""

    header: PrintedHeader | None = None


def get_chart(call: Call, tx: Transaction, form: Format = "svg") -> Answer:
    """The chart of a kept session, drawn when the client does not have it already."""
    complaints = check_options(call.query, call.backend.own_theme is not None)
    if complaints:
        raise Invalid(complaints)
    use_cases = call.backend.use_cases
    session = use_cases.get_session(tx, call.principal, call.path["session_id"])
    return drawn_chart(call, session, call.query, stamp_of(call, session, call.query), form)


get_png = partial(get_chart, form="png")
get_pdf = partial(get_chart, form="pdf")
get_text = partial(get_chart, form="txt")


def drawn_chart(
    call: Call, session: Session, options: ChartOptions, stamp: Stamp | None, form: Format = "svg"
) -> Answer:
    """The chart of a version of a kept session, drawn when the client does not have it already."""
    atlas = call.backend.use_cases.atlas_of(session)
    digest = call.backend.atlases.edition(session.atlas).digest
    own_theme = call.backend.own_theme if options.theme == "own" else None
    drawing = Drawing(atlas, session, _to_print(options), own_theme=own_theme, stamp=stamp)
    facts = ("chart", made_by(form), digest, session.id, session.version, drawing.options, own_theme, stamp)
    answer = _drawn(drawing, form, f"chart-{session.id}-v{session.version}", (("ETag", etag_of(*facts)),))
    return structs.replace(answer, sessions=(session.id,), version=session.version)


def stamp_of(
    call: Call, session: Session, options: ChartOptions, standing: str = "current", latest: int = 0
) -> Stamp | None:
    """What is stamped on a chart of a version that does not hold any more, in the chart's words; None where it does.

    `standing` is how the version stands in the record, whose newest version is `latest`.
    """
    gone = session.voided
    kind: Kind = "voided" if gone is not None or standing == "voided" else "superseded"
    if kind == "superseded" and standing != "superseded":
        return None
    theme = theme_of(options.theme, call.backend.own_theme)
    return stamp_in_words(
        kind,
        session.version,
        latest=latest,
        voided_at=gone.at if gone is not None else None,
        lang=options.lang,
        for_patients=theme.for_patients,
    )


def draw_chart(call: Call, _: Any) -> Answer:
    """The chart of the session in the body. Complaints about options and body come together."""
    draft: Draft[ChartRequest] = call.body
    form = next(form for form, media_type in FORMATS.items() if media_type == call.media_type)
    complaints = check_options(call.query, call.backend.own_theme is not None)
    if call.query.page is not None and form != "pdf":
        complaints.append(Complaint("?page", "not-here", "Only a PDF has pages: Accept: application/pdf."))
    if draft.value.copy_of is not None:
        complaints.append(Complaint("/copy_of", "not-here", "A chart is drawn from what is posted, not from a record."))
    members = structs.asdict(draft.value)
    header = members.pop("header")
    statement = Draft(SessionStatement(**members), [*complaints, *draft.complaints], draft.unusable)
    session = call.backend.use_cases.draft_session(statement)
    atlas, own_theme = call.backend.atlases.get(session.atlas), call.backend.own_theme
    return _drawn(Drawing(atlas, session, call.query, header, own_theme, kept=False), form, "chart", ())


def _to_print(options: ChartOptions) -> PrintOptions:
    return options if isinstance(options, PrintOptions) else PrintOptions(**structs.asdict(options))


def _drawn(drawing: Drawing, form: Format, name: str, headers: tuple[tuple[str, str], ...]) -> Answer:
    told = [("Content-Security-Policy", SVG_POLICY)]
    if form != "svg":
        told.append(("Content-Disposition", f'inline; filename="{name}.{form}"'))
    if form in ("png", "pdf") and (said := lacking(drawing.session, drawing.header)):
        told.append(("Bodymap-Notice", said))
    return Answer(
        body=partial(draw, drawing, form), media_type=FORMATS[form], headers=(*told, *headers), drawn=form != "txt"
    )
