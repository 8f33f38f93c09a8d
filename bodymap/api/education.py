"""Education texts over HTTP, beyond any session: what a patient should know about the needles, on whose word."""

from difflib import get_close_matches
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.api.atlas import cached
from bodymap.api.operation import Answer, Call, Operation
from bodymap.atlas import Atlas
from bodymap.charting.clinic import contact_of, own_texts_of
from bodymap.charting.place_flags import flags_of_region
from bodymap.education.locales import TOPICS, Topic
from bodymap.education.selection import TreatedPlace, possible_at
from bodymap.education.sources import GradedSource, sources_named
from bodymap.education.texts import Audience, EducationText, topics_of, worded
from bodymap.errors import Complaint, Invalid, UnknownRegion
from bodymap.storage import clinics
from bodymap.storage.transaction import Transaction
from bodymap.words import Language

TopicNames = Annotated[
    str, Meta(max_length=4096, description=f"Topics, such as `risk,warning`. There are {', '.join(TOPICS)}.")
]
RegionIds = Annotated[str, Meta(max_length=4096, description="Ids of the atlas's regions: `masseter,temporalis`.")]


class EducationQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which texts, in which language. With `regions`, of the dangers only those that needles there may be near are
    told. What is for clinicians, such as where sources differ, is told to `audience=clinician` only, with all that
    patients read."""

    topics: TopicNames | None = None
    regions: RegionIds | None = None
    lang: Annotated[Language, Meta(description="The language of the texts.")] = "en"
    audience: Annotated[Audience, Meta(description="For whom the texts are written.")] = "patient"


class EducationList(msgspec.Struct, frozen=True, kw_only=True):
    """Texts in the order in which they are read; `next` is null: they come in one page. `topics` has the headings in
    the language asked for, `sources` where each was read. No clinician has reviewed a text whose `review` does not say
    so."""

    items: tuple[EducationText, ...]
    topics: Annotated[dict[Topic, str], Meta(description="The heading of each topic, in the language asked for.")]
    sources: dict[str, GradedSource]
    next: Annotated[Literal[None], Meta(description="Always null: they come in one page.")] = None


def find_education(call: Call, tx: Transaction) -> Answer:
    """The texts that fit, with the clinic's numbers, and its own words where it has any."""
    query, atlas = call.query, call.backend.atlas
    complaints: list[Complaint] = []
    topics = _topics(query.topics, complaints)
    places = _places(query.regions, atlas, complaints)
    if complaints:
        raise Invalid(complaints)
    entries = [entry for entry in possible_at(places, atlas, query.audience) if entry.topic in topics]
    clinic = clinics.of_tenant(tx, call.principal.tenant)
    contact, own_texts = contact_of(clinic), own_texts_of(clinic)
    answer = EducationList(
        items=tuple(worded(entry, query.lang, contact, own_texts) for entry in entries),
        topics=topics_of(entries, query.lang),
        sources=sources_named((name for entry in entries for name in entry.sources), query.lang),
    )
    return cached(msgspec.json.encode(answer))


def _topics(stated: str | None, complaints: list[Complaint]) -> tuple[str, ...]:
    """The topics that are asked for, all where none is."""
    if stated is None:
        return TOPICS
    names = _names(stated)
    listed = ", ".join(f"`{topic}`" for topic in TOPICS)
    complaints += [
        Complaint(
            "?topics",
            "unknown-value",
            f"There is no topic {name!r}; there are {listed}.",
            suggestions=tuple(get_close_matches(name, TOPICS, 3)),
        )
        for name in names
        if name not in TOPICS
    ]
    return names


def _places(stated: str | None, atlas: Atlas, complaints: list[Complaint]) -> list[TreatedPlace]:
    """The regions as places, each with the flags that a needle anywhere in it may have."""
    places: list[TreatedPlace] = []
    for name in _names(stated) if stated is not None else ():
        try:
            region = atlas.region(name)
        except UnknownRegion as error:
            regions, near = tuple(error.facts["regions"]), tuple(error.facts["suggestions"])
            complaints.append(Complaint("?regions", "unknown-value", error.detail, regions=regions, suggestions=near))
            continue
        flags = frozenset(flag.code for flag in flags_of_region(atlas, region, "both"))
        places.append(TreatedPlace(kind="trigger_point", regions=(region.id,), flags=flags))
    return places


def _names(stated: str) -> tuple[str, ...]:
    """The members of a list in an address, each once."""
    return tuple(dict.fromkeys(name.strip() for name in stated.split(",")))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/education",
        id="findEducation",
        tag="Education",
        summary="What a patient should know about the needles, by topic and region, beyond any session",
        detail=(
            "Each text has its sources, its day, and whether a clinician has reviewed it. Where the clinic has stated "
            "no telephone number (`PUT /v1/tenant`), the texts say `your emergency number` and `your clinic`."
        ),
        handler=find_education,
        scope="atlas:read",
        access="read",
        query=EducationQuery,
        result=EducationList,
    ),
)
