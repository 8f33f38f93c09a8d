"""Visits compared, over HTTP."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.api.negotiation import etag_of
from bodymap.api.operation import Answer, Call
from bodymap.charting.session import Session
from bodymap.storage.transaction import Transaction

SessionIds = Annotated[
    str, Meta(max_length=4096, description="The ids of two to twelve sessions of one subject, in any order: `a,b`.")
]


class ComparisonQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions."""

    sessions: SessionIds


def get_comparison(call: Call, tx: Transaction) -> Answer:
    """What is new, kept and gone, as values."""
    visits = _visits(call, tx)
    comparison = call.backend.use_cases.comparing.compare(visits)
    headers = (("ETag", etag_of("comparison", *_named(visits))),)
    return Answer(body=msgspec.json.encode(comparison), headers=headers, sessions=tuple(visit.id for visit in visits))


def _visits(call: Call, tx: Transaction) -> list[Session]:
    ids = [name.strip() for name in call.query.sessions.split(",")]
    return call.backend.use_cases.comparing.read(tx, call.principal, ids)


def _named(visits: Sequence[Session]) -> list[tuple[str, int]]:
    """What a comparison is made of: entity tags rest on it."""
    return [(visit.id, visit.version) for visit in visits]
