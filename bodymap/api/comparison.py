"""Visits compared, over HTTP: as values, and as pictures in every format."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import Answer, Call, Operation
from bodymap.api.pictures import Row, own_theme_of, pictures
from bodymap.atlas import Atlas
from bodymap.charting.comparison import Comparison
from bodymap.charting.session import Session
from bodymap.charting.statement_rules import canonical_id
from bodymap.rendering.comparison.formats import draw_comparison
from bodymap.rendering.comparison.options import ComparisonOptions
from bodymap.rendering.comparison.picture import ComparedVisits
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.output.formats import Format
from bodymap.service.comparison import Comparisons
from bodymap.storage.transaction import Transaction

SessionIds = Annotated[
    str, Meta(max_length=4096, description="The ids of two to twelve sessions of one subject, in any order: `a,b`.")
]


class ComparisonQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions."""

    sessions: SessionIds


class PictureQuery(ChartOptions, frozen=True, kw_only=True):
    """Which sessions, and how they are drawn. `view=auto` draws every view with something to compare."""

    sessions: SessionIds


class SheetQuery(ComparisonOptions, frozen=True, kw_only=True):
    """Which sessions, and how they are drawn on a PDF page."""

    sessions: SessionIds


def get_comparison(call: Call, tx: Transaction) -> Answer:
    """What is new, kept and gone, as values."""
    visits = _visits(call, tx)
    comparisons = call.backend.use_cases.comparisons
    headers = (("ETag", etag_of("comparison", *_named(visits))),)

    def compare() -> bytes:
        return msgspec.json.encode(comparisons.compare(visits))

    return Answer(body=compare, headers=headers, sessions=tuple(visit.id for visit in visits))


@dataclass(frozen=True)
class ComparisonPicture:
    """Visits to be compared on one body; comparing and drawing happen when asked for."""

    visits: tuple[Session, ...]
    atlas: Atlas
    digest: str
    comparisons: Comparisons
    options: ComparisonOptions
    own_theme: Theme | None
    name: str = "comparison"
    version: None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> tuple[object, ...]:
        """What the bytes depend on, for the entity tag."""
        return "compared", self.digest, _named(self.visits), self.options, self.own_theme

    @property
    def written(self) -> tuple[Session, ...]:
        """The records whose texts are printed on it."""
        return self.visits

    @property
    def sessions(self) -> tuple[str, ...]:
        """Its visits."""
        return tuple(visit.id for visit in self.visits)

    def draw(self, form: Format) -> bytes:
        """What is new, kept and gone, in a format."""
        comparison = self.comparisons.compare(self.visits)
        return draw_comparison(ComparedVisits(self.atlas, self.visits, comparison, self.options, self.own_theme), form)


def compose_comparison(call: Call, tx: Transaction) -> ComparisonPicture:
    """What is new, kept and gone between visits, on one body."""
    own_theme, backend = own_theme_of(call), call.backend
    visits = _visits(call, tx)
    atlas = backend.use_cases.atlases.of(visits[-1])
    return ComparisonPicture(
        visits=tuple(visits),
        atlas=atlas,
        digest=backend.atlases.edition(atlas.version).digest,
        comparisons=backend.use_cases.comparisons,
        options=msgspec.convert(call.query, ComparisonOptions, from_attributes=True),
        own_theme=own_theme,
    )


def _visits(call: Call, tx: Transaction) -> list[Session]:
    ids = [canonical_id(name.strip()) for name in call.query.sessions.split(",")]
    return call.backend.use_cases.comparisons.read(tx, call.principal, ids)


def _named(visits: Sequence[Session]) -> list[tuple[object, ...]]:
    """What a comparison depends on, for its entity tag. Continuations can change with a visit in between."""
    return [(visit.id, visit.version, *(placement.continues for placement in visit.placements)) for visit in visits]


_DETAIL = "Two to twelve sessions of one subject, none of them voided."
_COMPARE = "/v1/charts/compare"

OPERATIONS = (
    Operation(
        method="GET",
        path=_COMPARE + ".json",
        id="compareSessions",
        tag="Charts",
        summary="What is new, kept and gone between visits, with the pain before and after",
        detail=_DETAIL,
        handler=get_comparison,
        scope="session:read",
        access="read",
        query=ComparisonQuery,
        result=Comparison,
    ),
    *pictures(
        _COMPARE,
        compose_comparison,
        {
            "svg": Row(
                "drawComparison", "What is new, kept and gone between visits, on one body", PictureQuery, _DETAIL
            ),
            "png": Row(
                "drawComparisonAsPng",
                "What is new, kept and gone between visits, as pixels",
                PictureQuery,
                f"{_DETAIL} A `width` that would give too many pixels is rejected.",
            ),
            "pdf": Row(
                "printComparison",
                "What is new, kept and gone between visits, on paper, with a table of all places",
                SheetQuery,
                _DETAIL,
            ),
            "txt": Row(
                "tellComparison",
                "What is new, kept and gone between visits, in words, in reading order",
                PictureQuery,
                _DETAIL,
            ),
        },
        access="read",
    ),
)
