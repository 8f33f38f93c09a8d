"""What a language's file holds: every text in it with its review, and the words around them."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from bodymap.words import Language

Topic = Literal[
    "summary",
    "what",
    "how",
    "visit",
    "feel",
    "after",
    "aftercare",
    "risk",
    "warning",
    "candidacy",
    "training",
    "acupuncture",
    "insurance",
    "chart",
]
TOPICS: tuple[Topic, ...] = get_args(Topic)

_FOLDER = Path(__file__).with_name("locales")


class TextReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a clinician has reviewed a text as it stands; to be shown wherever the text is.

    A `confirmed` one names who did and on which day. `machine_made` is a translation that no translator has read.
    """

    state: Annotated[
        Literal["not-reviewed", "confirmed"],
        Meta(description="Whether a clinician has reviewed the text as it stands."),
    ]
    machine_made: Annotated[bool, Meta(description="Whether it is a translation that no translator has read.")] = False
    by: Annotated[str | None, Meta(description="Who reviewed it.")] = None
    on: Annotated[date | None, Meta(description="The day of the review.")] = None

    def __post_init__(self) -> None:
        if len({self.state == "confirmed", self.by is not None, self.on is not None}) > 1:
            raise ValueError("a review that is confirmed says by whom and on which day, and no other does")


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text in one language; `as_of` is the day for which it holds."""

    text: str
    as_of: date
    review: TextReview


class NumberWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in a text for a telephone number, with the number and without one."""

    stated: str
    unstated: str

    def said(self, number: str | None) -> str:
        """The words with a number, or those without."""
        return self.stated.format(number=number) if number else self.unstated


class Locale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language. `sources` are titles of those that have none of their own."""

    emergency: NumberWords
    clinic: NumberWords
    sources: dict[str, str]
    topics: dict[Topic, str]
    texts: dict[str, Wording]


@cache
def locale(lang: Language) -> Locale:
    """A language's file. Raises `msgspec.ValidationError` where it does not fit."""
    return msgspec.toml.decode((_FOLDER / f"{lang}.toml").read_bytes(), type=Locale)


@cache
def offered(lang: Language) -> Language:
    """The language where it has a file, else English."""
    return lang if (_FOLDER / f"{lang}.toml").is_file() else "en"
