"""What a stamp says: how the picture stands to the record; to patients, whether it still holds."""

from datetime import datetime
from typing import Literal

from bodymap.rendering.output.stamp import Stamp
from bodymap.words import Language, catalogue
from bodymap.words.charts import StampWords

Kind = Literal["voided", "superseded"]


def stamp_in_words(
    words: StampWords, lang: Language, kind: Kind, version: int, *, latest: int = 0, voided_at: datetime | None = None
) -> Stamp:
    """The stamp of a version that does not hold any more: voided, or behind version `latest` of its record. `words` are
    those of its readers in their language."""
    word, why = (words.voided, words.voided_why) if kind == "voided" else (words.superseded, words.superseded_why)
    day = ""
    if kind == "voided" and voided_at is not None and words.voided_why_on:
        why, day = words.voided_why_on, catalogue(lang).form.day(voided_at)
    return Stamp(kind.upper(), word, why.format(version=version, latest=latest, day=day))
