"""Charts over HTTP: of a stored session, and of one that is only posted."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import structs

from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.pictures import Row, answer, own_theme_of, pictures
from bodymap.charting.session import Session, SessionStatement
from bodymap.decoding import Draft
from bodymap.errors import Complaint
from bodymap.rendering.audience import audience_of
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.look.theme_file import theme_of
from bodymap.rendering.options import ChartOptions, PrintedHeader, PrintOptions, SessionChartOptions, check_theme
from bodymap.rendering.output.formats import FORMATS, Format
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.wording.stamp import Kind
from bodymap.storage.transaction import Transaction


class ChartRequest(SessionStatement, frozen=True, kw_only=True):
    """A session to be drawn and not stored. `header` is printed on the chart."""

    header: PrintedHeader | None = None


@dataclass(frozen=True)
class Chart:
    """The chart of a session, not drawn yet. `digest` is that of the atlas that it is drawn on."""

    drawing: Drawing
    digest: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What its file is called."""
        session = self.drawing.session
        return f"chart-{session.id}-v{session.version}" if self.drawing.stored else "chart"

    @property
    def facts(self) -> tuple[object, ...]:
        """What its bytes depend on; empty for a posted session, which has no entity tag."""
        drawing = self.drawing
        if not drawing.stored:
            return ()
        session = (drawing.session.id, drawing.session.version)
        return "chart", self.digest, *session, drawing.options, drawing.own_theme, drawing.stamp

    @property
    def written(self) -> tuple[msgspec.Struct | None, ...]:
        """The records whose texts are printed on it."""
        return self.drawing.session, self.drawing.header

    @property
    def sessions(self) -> tuple[str, ...]:
        """The stored session; empty if it was posted."""
        return (self.drawing.session.id,) if self.drawing.stored else ()

    @property
    def version(self) -> int | None:
        """The version of the stored session; None if it was posted."""
        return self.drawing.session.version if self.drawing.stored else None

    def draw(self, form: Format) -> bytes:
        """The chart in a format."""
        return draw(self.drawing, form)


def compose_chart(call: Call, tx: Transaction) -> Chart:
    """The chart of a stored session."""
    own_theme_of(call)
    session = call.backend.use_cases.sessions.get(tx, call.principal, call.path["session_id"])
    return chart_of(call, session, call.query, stamp_of(call, session, call.query))


def chart_of(
    call: Call,
    session: Session,
    options: ChartOptions,
    stamp: Stamp | None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Chart:
    """The chart of a version of a stored session."""
    atlas = call.backend.use_cases.atlases.of(session)
    own_theme = call.backend.own_theme if options.theme == "own" else None
    printed = msgspec.convert(options, PrintOptions, from_attributes=True)
    drawing = Drawing(atlas, session, printed, own_theme=own_theme, stamp=stamp)
    return Chart(drawing, call.backend.atlases.edition(session.atlas).digest, headers)


def stamp_of(
    call: Call, session: Session, options: ChartOptions, standing: str = "current", latest: int = 0
) -> Stamp | None:
    """The stamp on a chart of a version that no longer holds, in the chart's language; None for a current version.

    `standing` is how the version stands in the record, whose newest version is `latest`.
    """
    gone = session.voided
    kind: Kind = "voided" if gone is not None or standing == "voided" else "superseded"
    if kind == "superseded" and standing != "superseded":
        return None
    audience = audience_of(theme_of(options.theme, call.backend.own_theme))
    voided_at = gone.at if gone is not None else None
    return audience.stamp(kind, session.version, options.lang, latest=latest, voided_at=voided_at)


def draw_chart(call: Call, _: Any) -> Answer:
    """The chart of the session in the body. Complaints about options and body come together."""
    draft: Draft[ChartRequest] = call.body
    form = next(form for form, media_type in FORMATS.items() if media_type == call.media_type)
    complaints = check_theme(call.query.theme, call.backend.own_theme is not None)
    if call.query.page is not None and form != "pdf":
        complaints.append(Complaint("?page", "not-here", "Only a PDF has pages: Accept: application/pdf."))
    if draft.value.copy_of is not None:
        complaints.append(Complaint("/copy_of", "not-here", "A chart is drawn from what is posted, not from a record."))
    members = structs.asdict(draft.value)
    header = members.pop("header")
    statement = Draft(SessionStatement(**members), [*complaints, *draft.complaints], draft.unusable)
    session = call.backend.use_cases.sessions.draft(statement)
    edition, own_theme = call.backend.atlases.edition(session.atlas), call.backend.own_theme
    drawing = Drawing(edition.atlas, session, call.query, header, own_theme, stored=False)
    return answer(Chart(drawing, edition.digest), form)


OPERATIONS = pictures(
    "/v1/sessions/{session_id}/chart",
    compose_chart,
    {
        "svg": Row("getChart", "The chart of a session", SessionChartOptions),
        "png": Row(
            "getChartAsPng",
            "The chart of a session as pixels",
            SessionChartOptions,
            "A `width` that would give too many pixels is rejected.",
        ),
        "pdf": Row(
            "getChartAsPdf",
            "The print sheet of a session: chart, table of placements, flags with their reasons",
            PrintOptions,
        ),
        "txt": Row("getChartAsText", "The chart of a session in words, in reading order", SessionChartOptions),
    },
    access="read",
    linkable=True,
)

OF_WHAT_IS_POSTED = (
    Operation(
        method="POST",
        path="/v1/charts",
        id="drawChart",
        tag="Charts",
        summary="Draw a session without saving it",
        detail="`Accept` asks for the format, the query for the rest. Nothing of it is stored; `header` is "
        "printed on the chart.",
        handler=draw_chart,
        scope="chart:read",
        body=ChartRequest,
        query=PrintOptions,
        media_types=tuple(FORMATS.values()),
    ),
)
