"""Finding regions by what people type: ids, names, aliases and codes, forgiving of case, accents and hyphens."""

import unicodedata
from collections.abc import Sequence

from bodymap.atlas.manifest import Muscle, Region


def plain(text: str) -> str:
    """Lower case, without accents, every run of anything but letters and digits one space."""
    letters = (c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


class Index:
    """What every region answers to, made plain once."""

    def __init__(self, regions: Sequence[Region], muscles: Sequence[Muscle]) -> None:
        of = {muscle.id: muscle for muscle in muscles}
        self._regions = tuple(regions)
        self._words = [_words(region, of[region.muscle]) for region in regions]
        self._codes = [_codes(region) for region in regions]

    def search(self, query: str) -> list[Region]:
        """The regions that match, best first: the whole, its beginning, its words, anything within."""
        wanted = plain(query)
        if not wanted:
            return list(self._regions)
        # "rhomboids", "scalenes": what is said of several, if nothing is called so.
        return self._ranked(wanted) or self._ranked(" ".join(word.removesuffix("s") for word in wanted.split()))

    def _ranked(self, wanted: str) -> list[Region]:
        ranked = [
            (rank, place)
            for place, (terms, codes) in enumerate(zip(self._words, self._codes, strict=True))
            if (rank := _rank(wanted, terms, codes)) is not None
        ]
        return [self._regions[place] for _, place in sorted(ranked)]


def _words(region: Region, muscle: Muscle) -> tuple[str, ...]:
    names = (region.names.en, region.names.la, region.names.ta2, muscle.names.en, muscle.names.la)
    return tuple(filter(None, dict.fromkeys(map(plain, (region.id, region.muscle, *names, *region.aliases)))))


def _codes(region: Region) -> frozenset[str]:
    """Codes as they stand, and with the name of their system before them, as FMA's often are."""
    codes = set[str]()
    for code in region.codes:
        system = plain(code.system).split()[-1]
        codes |= {plain(code.code), system + plain(code.code), f"{system} {plain(code.code)}"}
    return frozenset(codes)


def _rank(wanted: str, terms: Sequence[str], codes: frozenset[str]) -> int | None:
    if wanted in terms or wanted in codes:
        return 0
    if any(term.startswith(wanted) for term in terms):
        return 1
    words = wanted.split()
    if any(_begin(words, term) for term in terms):
        return 2
    if _begin(words, " ".join(terms)):
        return 3
    if any(wanted in term for term in terms):
        return 4
    return None


def _begin(words: Sequence[str], term: str) -> bool:
    """Whether every word is the beginning of a word of the term."""
    return all(any(word.startswith(wanted) for word in term.split()) for wanted in words)
