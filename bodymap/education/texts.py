"""The texts: what is said of each in every language, and how it reads in one of them for one clinic.

Which texts there are stands in `texts.toml`, how they read in `locales/`, and on whose word in `sources.toml`. Where
sources contradict each other, patients are told what none of them contradicts, and clinicians what each says.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.education.locales import TextReview, Topic, locale, offered
from bodymap.words import Language

Audience = Literal["patient", "clinician"]
# When a text is called for; the rules stand in selection.py.
Occasion = Literal["always", "trigger-point", "perimeter", "near-lung", "near-spine", "child", "pregnancy", "planned"]

_FOLDER = Path(__file__).parent


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a text is in every language. With a `country` (ISO 3166) it holds there only."""

    id: str
    audience: Audience
    topic: Topic
    sources: tuple[str, ...]
    show: Occasion = "always"
    country: str | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A clinic's telephone number, and the one to call in an emergency where it is."""

    phone: str | None = None
    emergency: str | None = None


NOT_STATED = Contact()


class OwnText(msgspec.Struct, frozen=True, kw_only=True):
    """A clinic's words in place of a text of ours, and its review of them, where somebody did."""

    text: str
    reviewed_by: str | None = None
    reviewed_on: date | None = None


OwnTexts = Mapping[str, Mapping[Language, OwnText]]
"""By the id of the text that they replace, and the language."""


class EducationText(msgspec.Struct, frozen=True, kw_only=True):
    """A text to be shown, with its topic, sources and review. `lang` is the language that it is in: English where it
    is not there in the one asked for. It holds for the day `as_of`, and with a `country` (ISO 3166) there only. A
    clinic's own text is `own`, and has neither sources nor a day of ours."""

    id: Annotated[str, Meta(description="The text's id.")]
    audience: Annotated[Audience, Meta(description="For whom it is written.")]
    topic: Annotated[Topic, Meta(description="What it is about.")]
    text: Annotated[str, Meta(description="The text.")]
    lang: Annotated[Language, Meta(description="The language that the texts are in.")]
    as_of: Annotated[date | None, Meta(description="The day for which it holds; null of a clinic's own text.")]
    country: Annotated[
        str | None, Meta(description="The country (ISO 3166) for which it holds; null where it holds everywhere.")
    ]
    review: TextReview
    sources: Annotated[tuple[str, ...], Meta(description="Keys of `sources`: where it was read.")]
    own: Annotated[bool, Meta(description="Whether it is the clinic's own text.")] = False


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    texts: tuple[Entry, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """Every text there is, in the order in which they are read."""
    return msgspec.toml.decode((_FOLDER / "texts.toml").read_bytes(), type=_Data).texts


def worded(
    entry: Entry, lang: Language, contact: Contact = NOT_STATED, own_texts: OwnTexts = MappingProxyType({})
) -> EducationText:
    """A text in a language: the clinic's own as it stands, else ours with the clinic's numbers, or words in their place
    where it has stated none."""
    if (own := own_texts.get(entry.id, {}).get(lang)) is not None:
        return _in_own_words(entry, lang, own)
    spoken = offered(lang)
    if entry.id not in locale(spoken).texts:
        spoken = "en"
    words = locale(spoken)
    wording = words.texts[entry.id]
    text = wording.text.format(
        emergency=words.emergency.said(contact.emergency), clinic=words.clinic.said(contact.phone)
    )
    return EducationText(
        id=entry.id,
        audience=entry.audience,
        topic=entry.topic,
        text=text,
        lang=spoken,
        as_of=wording.as_of,
        country=entry.country,
        review=wording.review,
        sources=entry.sources,
    )


def _in_own_words(entry: Entry, lang: Language, own: OwnText) -> EducationText:
    reviewed = own.reviewed_by is not None and own.reviewed_on is not None
    review = (
        TextReview(state="confirmed", by=own.reviewed_by, on=own.reviewed_on)
        if reviewed
        else TextReview(state="not-reviewed")
    )
    return EducationText(
        id=entry.id,
        audience=entry.audience,
        topic=entry.topic,
        text=own.text,
        lang=lang,
        as_of=None,
        country=entry.country,
        review=review,
        sources=(),
        own=True,
    )


def topics_of(entries: Iterable[Entry], lang: Language) -> dict[Topic, str]:
    """The topics of texts, each with its heading in the language, in the order in which they come first."""
    headings = locale(offered(lang)).topics
    return {entry.topic: headings[entry.topic] for entry in entries}
