"""What regions, muscles, landmarks and referral areas are called in Latin, English, Spanish, German and French.

Latin and English are the terminology tables'. The other three are this project's own translations, not reviewed by a
translator or a clinician; `source` says so and goes with them wherever they are shown.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import msgspec

from bodymap.errors import Corrupt

Language = Literal["la", "en", "es", "de", "fr"]
Kind = Literal["region", "muscle", "landmark", "area"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
TRANSLATED: tuple[Language, ...] = ("es", "de", "fr")


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing's names by language; `la` is empty where no source gave one.

    `aliases` are other names in use. `of` holds, for a landmark, its name as it stands after a distance: "del
    acromion".
    """

    kind: Kind
    id: str
    names: dict[str, str]
    aliases: dict[str, tuple[str, ...]]
    of: dict[str, str]


class NameFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`names.json` of an atlas. `source` is by language."""

    source: dict[str, str]
    entries: tuple[Name, ...]


class NameBook:
    """The names of one atlas version, read-only. Made by `read_names`."""

    def __init__(self, source: Mapping[str, str], entries: Iterable[Name]) -> None:
        """Raises `Corrupt` if a thing is named twice, or lacks a name in a modern language."""
        self.source: Mapping[str, str] = source
        self.all: tuple[Name, ...] = tuple(entries)
        self._of = {(entry.kind, entry.id): entry for entry in self.all}
        if len(self._of) != len(self.all):
            raise Corrupt("The atlas names something twice.")
        for entry in self.all:
            if not all(entry.names.get(language) for language in ("en", *TRANSLATED)):
                raise Corrupt(f"The {entry.kind} {entry.id} lacks a name.")

    def entry(self, kind: Kind, thing_id: str) -> Name:
        """All names of a thing. Raises `KeyError` if the atlas has none."""
        return self._of[kind, thing_id]

    def name(self, kind: Kind, thing_id: str, language: str) -> str:
        """Its name in a language; in Latin perhaps "". Raises `KeyError` if the atlas has none."""
        return self._of[kind, thing_id].names[language]

    def phrase(self, landmark_id: str, language: str) -> str:
        """A landmark as it stands after a distance in Spanish, German or French, for `wording.relation`.

        Raises `KeyError`.
        """
        return self._of["landmark", landmark_id].of[language]

    def terms(self, region_id: str, muscle_id: str) -> tuple[str, ...]:
        """Everything that a region is called in a translated language, its muscle's names included, for searching."""
        names: list[str] = []
        for entry in (self._of.get(("region", region_id)), self._of.get(("muscle", muscle_id))):
            if entry is not None:
                for language in TRANSLATED:
                    names += [entry.names[language], *entry.aliases.get(language, ())]
        return tuple(dict.fromkeys(names))


def read_names(data: bytes) -> NameBook:
    """The names in the bytes of a `names.json`. Raises `Corrupt`."""
    try:
        read = msgspec.json.decode(data, type=NameFile)
    except msgspec.DecodeError as error:
        raise Corrupt(f"The names of the atlas cannot be read: {error}.") from error
    return NameBook(read.source, read.entries)
