"""Names in five languages: Latin and English from the tables, the rest from `translations.tsv` beside this file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from bodymap.artwork.referral import vocabulary
from bodymap.atlas.landmarks import Landmark
from bodymap.atlas.manifest import Muscle, Region
from bodymap.atlas.names import TRANSLATED, Kind, Name, NameFile

Row = Mapping[str, str]

TRANSLATIONS = Path(__file__).with_name("translations.tsv")
_OURS = "bodymap translators, not reviewed"
_SOURCE: dict[str, str] = {
    "la": "Terminologia Anatomica (1998), as the terminology tables have it",
    "en": "terminology tables; of landmarks and referral areas bodymap's own",
    **dict.fromkeys(TRANSLATED, _OURS),
}


def names(regions: Iterable[Region], muscles: Iterable[Muscle], landmarks: Iterable[Landmark]) -> tuple[Name, ...]:
    """The names of everything that has one. Raises `ValueError` where a translation is missing, or of nothing."""
    rows = _rows()
    things: dict[tuple[Kind, str], tuple[str, str]] = {}
    for region in regions:
        things["region", region.id] = region.names.en, region.names.la
    for muscle in muscles:
        things["muscle", muscle.id] = muscle.names.en, muscle.names.la
    for landmark in landmarks:
        things["landmark", landmark.id] = landmark.names.en, landmark.names.la
    for area in vocabulary():
        things["area", area.id] = area.name, ""
    entries: list[Name] = []
    for (kind, thing), (en, la) in things.items():
        # A muscle that is one region has that region's names.
        row = rows.get((kind, thing)) or (rows.get(("region", thing)) if kind == "muscle" else None)
        if row is None or not all(row[language] for language in TRANSLATED):
            raise ValueError(f"translations.tsv lacks a name of the {kind} {thing}")
        entries.append(_name(kind, thing, en, la, row))
    strangers = rows.keys() - things.keys()
    if strangers:
        raise ValueError(f"translations.tsv names what the atlas does not have: {sorted(strangers)}")
    return tuple(entries)


def encode(entries: Sequence[Name]) -> bytes:
    """The bytes of the atlas's `names.json`; equal entries give equal bytes."""
    encoded = msgspec.json.encode(NameFile(_SOURCE, tuple(entries)), order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def _name(kind: Kind, thing: str, en: str, la: str, row: Row) -> Name:
    translated: dict[str, str] = {language: row[language] for language in TRANSLATED}
    aliases: dict[str, tuple[str, ...]] = {
        language: tuple(filter(None, row[f"{language}_aliases"].split("|"))) for language in TRANSLATED
    }
    of: dict[str, str] = {language: row[f"{language}_of"] for language in TRANSLATED if row[f"{language}_of"]}
    if kind == "landmark" and len(of) != len(TRANSLATED):
        raise ValueError(f"translations.tsv does not say how {thing} stands after a distance")
    return Name(kind, thing, {"la": la, "en": en, **translated}, aliases, of)


def _rows() -> dict[tuple[str, str], Row]:
    with TRANSLATIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    by_key: dict[tuple[str, str], Row] = {(row["kind"], row["id"]): row for row in rows}
    if len(by_key) != len(rows):
        raise ValueError("translations.tsv: something is named twice")
    return by_key
