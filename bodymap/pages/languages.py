"""The languages that a page can be read in: those of the clinic's patients, or all of ours where it has named none."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.charting.clinic import Clinic
from bodymap.words import LANGUAGES, Language, catalogue


class OfferedLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """A language, as it calls itself."""

    lang: Annotated[Language, Meta(description="The value of `lang`.")]
    name: Annotated[str, Meta(description="What the language calls itself.")]


def languages_of(clinic: Clinic, shown: Language) -> tuple[OfferedLanguage, ...]:
    """The languages of a clinic's page in our order, with that in which it is shown."""
    offered = {*(clinic.languages or LANGUAGES), shown}
    return tuple(
        OfferedLanguage(lang=lang, name=catalogue(lang).pages.language) for lang in LANGUAGES if lang in offered
    )
