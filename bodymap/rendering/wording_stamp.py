"""What a stamp says, in every language: how the picture stands to the record; to patients, whether it still holds.

Spanish, German and French are our own and were reviewed by no translator.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bodymap.atlas import Atlas
from bodymap.rendering.options import Language
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.wording import Wording

Kind = Literal["voided", "superseded"]


@dataclass(frozen=True)
class _Words:
    """One language: each kind's word, what explains it, and the same to a patient."""

    voided: tuple[str, str]
    voided_on: str
    superseded: tuple[str, str]
    plain_voided: tuple[str, str]
    plain_superseded: tuple[str, str]


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        voided=("VOIDED", "the record was voided; this is version {version}"),
        voided_on="the record was voided on {day} (UTC); this is version {version}",
        superseded=("SUPERSEDED", "this is version {version}; the record is at version {latest}"),
        plain_voided=("NOT VALID", "this picture does not count any more"),
        plain_superseded=("OLD PICTURE", "there is a newer one"),
    ),
    "es": _Words(
        voided=("ANULADO", "el registro fue anulado; esta es la versión {version}"),
        voided_on="el registro fue anulado el {day} (UTC); esta es la versión {version}",
        superseded=("SUSTITUIDO", "esta es la versión {version}; el registro está en la versión {latest}"),
        plain_voided=("NO VÁLIDO", "este dibujo ya no cuenta"),
        plain_superseded=("DIBUJO ANTIGUO", "hay uno más nuevo"),
    ),
    "de": _Words(
        voided=("UNGÜLTIG", "der Eintrag wurde für ungültig erklärt; dies ist Version {version}"),
        voided_on="der Eintrag wurde am {day} (UTC) für ungültig erklärt; dies ist Version {version}",
        superseded=("ÜBERHOLT", "dies ist Version {version}; der Eintrag steht bei Version {latest}"),
        plain_voided=("UNGÜLTIG", "dieses Bild gilt nicht mehr"),
        plain_superseded=("ALTES BILD", "es gibt ein neueres"),
    ),
    "fr": _Words(
        voided=("ANNULÉ", "le dossier a été annulé ; ceci est la version {version}"),
        voided_on="le dossier a été annulé le {day} (UTC) ; ceci est la version {version}",
        superseded=("REMPLACÉ", "ceci est la version {version} ; le dossier en est à la version {latest}"),
        plain_voided=("NON VALABLE", "ce dessin ne compte plus"),
        plain_superseded=("ANCIEN DESSIN", "il y en a un plus récent"),
    ),
}


def stamp_in_words(
    atlas: Atlas,
    kind: Kind,
    version: int,
    *,
    latest: int = 0,
    voided_at: datetime | None = None,
    lang: Language = "en",
    for_patients: bool = False,
) -> Stamp:
    """The stamp of a version that does not hold any more: voided, or behind version `latest` of its record."""
    words = _WORDS[lang]
    if for_patients:
        return Stamp(kind.upper(), *(words.plain_voided if kind == "voided" else words.plain_superseded))
    word, said = words.voided if kind == "voided" else words.superseded
    day = ""
    if kind == "voided" and voided_at is not None:
        said, day = words.voided_on, Wording(atlas, lang).day(voided_at)
    return Stamp(kind.upper(), word, said.format(version=version, latest=latest, day=day))
