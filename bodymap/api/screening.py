"""Screening over HTTP: what should be asked before needles, on whose word, and where sources differ."""

from typing import Literal

import msgspec

from bodymap.api.atlas import cached
from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import Answer, Call, Operation
from bodymap.education.sources import GradedSource, sources_named
from bodymap.screening.items import ScreeningItem, items, worded


class ScreeningItemList(msgspec.Struct, frozen=True, kw_only=True):
    """Every item in the order in which they are asked; `next` is null: they come in one page. `sources` has where each
    was read. That an item is not here says nothing."""

    items: tuple[ScreeningItem, ...]
    sources: dict[str, GradedSource]
    next: Literal[None] = None


def find_screening_items(call: Call, _: object) -> Answer:
    """Every item, in a language."""
    lang = call.query.lang
    answer = ScreeningItemList(
        items=tuple(worded(item, lang) for item in items()),
        sources=sources_named((name for item in items() for name in item.sources), lang),
    )
    return cached(msgspec.json.encode(answer))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/screening/items",
        id="findScreeningItems",
        tag="Education",
        summary="What should be asked before needles: questions, classes, places and sources, and where these differ",
        detail=(
            "Questions are in the language asked for where they are translated, else in English; each says which. No "
            "clinician has reviewed one whose `review` does not say so. Nothing is decided, and nothing here is advice "
            "on taking a medicine."
        ),
        handler=find_screening_items,
        scope="atlas:read",
        query=InLanguage,
        result=ScreeningItemList,
    ),
)
