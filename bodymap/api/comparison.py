"""Visits compared, over HTTP: as values, and as pictures in every format."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta, structs

from bodymap.api.atlas import SVG_POLICY
from bodymap.api.http.negotiation import etag_of
from bodymap.api.operation import Answer, Call
from bodymap.charting.session import Session
from bodymap.charting.statement_rules import canonical_id
from bodymap.errors import Invalid
from bodymap.rendering.chart.formats import FORMATS, Format, lacking, made_by
from bodymap.rendering.comparison.formats import draw_comparison
from bodymap.rendering.comparison.options import ComparisonOptions
from bodymap.rendering.comparison.picture import ComparedVisits
from bodymap.rendering.options import ChartOptions, check_options
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
    """The same on paper."""

    sessions: SessionIds


def get_comparison(call: Call, tx: Transaction) -> Answer:
    """What is new, kept and gone, as values."""
    visits = _visits(call, tx)
    comparing = call.backend.use_cases.comparing
    headers = (("ETag", etag_of("comparison", *_named(visits))),)

    def compare() -> bytes:
        return msgspec.json.encode(comparing.compare(visits))

    return Answer(body=compare, headers=headers, sessions=tuple(visit.id for visit in visits))


def get_picture(call: Call, tx: Transaction, form: Format = "svg") -> Answer:
    """What is new, kept and gone on the body, drawn when the client does not have it already."""
    backend = call.backend
    complaints = check_options(call.query, backend.own_theme is not None)
    if complaints:
        raise Invalid(complaints)
    visits = _visits(call, tx)
    atlas = backend.use_cases.atlas_of(visits[-1])
    digest = backend.atlases.edition(visits[-1].atlas).digest
    own_theme = backend.own_theme if call.query.theme == "own" else None
    stated = {name: value for name, value in structs.asdict(call.query).items() if name != "sessions"}
    options = ComparisonOptions(**stated)
    headers = [("ETag", etag_of("compared", made_by(form), digest, _named(visits), options, own_theme))]
    if form == "svg":
        headers.append(("Content-Security-Policy", SVG_POLICY))
    else:
        headers.append(("Content-Disposition", f'inline; filename="comparison.{form}"'))
    if form in ("png", "pdf") and (said := lacking(*visits)):
        headers.append(("Bodymap-Notice", said))

    def draw() -> bytes:
        comparison = backend.use_cases.comparing.compare(visits)
        return draw_comparison(ComparedVisits(atlas, tuple(visits), comparison, options, own_theme), form)

    told = tuple(visit.id for visit in visits)
    return Answer(body=draw, media_type=FORMATS[form], headers=tuple(headers), drawn=form != "txt", sessions=told)


get_png = partial(get_picture, form="png")
get_pdf = partial(get_picture, form="pdf")
get_text = partial(get_picture, form="txt")


def _visits(call: Call, tx: Transaction) -> list[Session]:
    ids = [canonical_id(name.strip()) for name in call.query.sessions.split(",")]
    return call.backend.use_cases.comparing.read(tx, call.principal, ids)


def _named(visits: Sequence[Session]) -> list[tuple[object, ...]]:
    """What a comparison is made of: entity tags rest on it. What continues what can change with a visit between."""
    return [(visit.id, visit.version, *(placement.continues for placement in visit.placements)) for visit in visits]
