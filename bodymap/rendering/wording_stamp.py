"""What a stamp says: how the picture stands to the record; to patients, whether it still holds."""

from datetime import datetime
from typing import Literal

from bodymap.rendering.output.stamp import Stamp
from bodymap.words import Language, catalogue

Kind = Literal["voided", "superseded"]


def stamp_in_words(
    kind: Kind,
    version: int,
    *,
    latest: int = 0,
    voided_at: datetime | None = None,
    lang: Language = "en",
    for_patients: bool = False,
) -> Stamp:
    """The stamp of a version that does not hold any more: voided, or behind version `latest` of its record."""
    spoken = catalogue(lang)
    words = spoken.patient.stamp if for_patients else spoken.stamp
    word, why = (words.voided, words.voided_why) if kind == "voided" else (words.superseded, words.superseded_why)
    day = ""
    if kind == "voided" and voided_at is not None and words.voided_why_on:
        why, day = words.voided_why_on, spoken.form.day(voided_at)
    return Stamp(kind.upper(), word, why.format(version=version, latest=latest, day=day))
