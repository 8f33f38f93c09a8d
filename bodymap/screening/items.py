"""The items of screening: what is asked of whom, what it concerns, on whose word, and how it is put in a language.

Which items there are stands in `items.toml`, their words in `locales/`. Nothing is decided here: the class is the
guidelines', and where a source says otherwise the item says so. Nothing here is advice on taking a medicine.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.education.locales import TextReview
from bodymap.education.sources import sources_named
from bodymap.words import Language

# `technique` concerns one technique only.
ItemClass = Literal["absolute", "relative", "precaution", "technique"]
Scope = Literal["person", "limb", "site"]
# What else is asked where the answer is yes.
Further = Literal["where", "medicines", "weeks"]

_FOLDER = Path(__file__).parent


class ConcernedArea(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The places of the body that an item concerns: regions and groups of the atlas, and places with these flags."""

    regions: Annotated[tuple[str, ...], Meta(description="Ids of regions.")] = ()
    groups: Annotated[tuple[str, ...], Meta(description="Areas of the body.")] = ()
    flags: Annotated[tuple[str, ...], Meta(description="Codes of flags.")] = ()


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an item is in every language. One that nobody is asked follows from its `area` or from other items.

    `seed` is what the clinic's article that the list began with says: avoid, or be careful.
    """

    id: str
    kind: ItemClass = msgspec.field(name="class")
    scope: Scope
    seed: Literal["avoid", "careful"] | None = None
    asked_of: Literal["patient", "clinician"] | None = None
    answer: Literal["yes-no-unknown", "birth-year"] | None = None
    further: Further | None = None
    follows_from: tuple[str, ...] = ()
    area: ConcernedArea | None = None
    technique: Literal["electrical"] | None = None
    sources: tuple[str, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """How an item is asked. `lang` is the language that it is in: English where the one asked for has no such text."""

    text: Annotated[str, Meta(description="The question.")]
    lang: Annotated[Language, Meta(description="The language that the texts are in.")]
    review: TextReview


class ScreeningItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something to ask or to know before needles. `class` is the guidelines': `absolute`, `relative`, `precaution`, or
    of one `technique` only. `scope` says whether it concerns the person, a limb, or a place; `area` where on the body.

    `question` is null where nobody is asked: the item then follows from the place or from the answers to
    `follows_from`. An answer of unknown is never no. `seed` is what the clinic's article that the list began with says.
    `label`, `detail` and `disagreement` are for clinicians, in the language `lang`; `grades` are those of the sources,
    best first.
    """

    id: Annotated[str, Meta(description="The item's id.")]
    kind: Annotated[ItemClass, Meta(description="The guidelines' class of it.")] = msgspec.field(name="class")
    scope: Annotated[Scope, Meta(description="Whether it concerns the person, a limb, or a place.")]
    seed: Annotated[
        Literal["avoid", "careful"] | None, Meta(description="What the clinic's article that the list began with says.")
    ]
    asked_of: Annotated[Literal["patient", "clinician"] | None, Meta(description="Who is asked; null where nobody is.")]
    answer: Annotated[Literal["yes-no-unknown", "birth-year"] | None, Meta(description="The form of the answer.")]
    further: Annotated[Further | None, Meta(description="What is asked next where the answer is yes.")]
    follows_from: Annotated[tuple[str, ...], Meta(description="Ids of items whose answers decide it.")]
    area: ConcernedArea | None
    technique: Annotated[
        Literal["electrical"] | None, Meta(description="The technique that it is about; null where it is about any.")
    ]
    question: Question | None
    label: Annotated[str, Meta(description="What it is, in a few words, for clinicians.")]
    detail: Annotated[str, Meta(description="What it is about, for clinicians.")]
    disagreement: Annotated[str, Meta(description="Where sources differ; may be empty.")]
    lang: Annotated[Language, Meta(description="The language that the texts are in.")]
    review: TextReview
    grades: Annotated[str, Meta(description="The grades of its sources, best first.")]
    sources: Annotated[tuple[str, ...], Meta(description="Keys of `sources`: where it was read.")]


class _Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    label: str = ""
    question: str = ""
    detail: str = ""
    disagreement: str = ""
    review: TextReview


class _Locale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: dict[str, _Words]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: tuple[Item, ...]


@cache
def items() -> tuple[Item, ...]:
    """Every item, in the order in which they are asked."""
    return msgspec.toml.decode((_FOLDER / "items.toml").read_bytes(), type=_Data).items


def worded(item: Item, lang: Language) -> ScreeningItem:
    """An item in the words of a language where there are any, else of English."""
    spoken: Language = lang if words_in(lang).get(item.id, _NOTHING).label else "en"
    words, sources = words_in(spoken)[item.id], sources_named(item.sources, lang).values()
    return ScreeningItem(
        **{name: getattr(item, name) for name in item.__struct_fields__},
        question=_question(item, lang),
        label=words.label,
        detail=words.detail,
        disagreement=words.disagreement,
        lang=spoken,
        review=words.review,
        grades="".join(sorted({source.grade for source in sources if source.grade})),
    )


def _question(item: Item, lang: Language) -> Question | None:
    if item.asked_of is None:
        return None
    spoken: Language = lang if words_in(lang).get(item.id, _NOTHING).question else "en"
    words = words_in(spoken)[item.id]
    return Question(text=words.question, lang=spoken, review=words.review)


_NOTHING = _Words(review=TextReview(state="not-reviewed"))


@cache
def words_in(lang: Language) -> dict[str, _Words]:
    """What a language's file says of each item; nothing where it has none."""
    path = _FOLDER / "locales" / f"{lang}.toml"
    return msgspec.toml.decode(path.read_bytes(), type=_Locale).items if path.is_file() else {}
