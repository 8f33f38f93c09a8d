"""Finding regions by what people type: ids, names in five languages, aliases and codes.

Forgiving of case, accents and hyphens; of slips of the typing hand only where nothing is called so as it stands.
"""

import difflib
import unicodedata
from collections.abc import Callable, Sequence

from bodymap.atlas.manifest import Muscle, Region

# How alike two words are: of a slip one letter in five may be off, of a suggestion two.
_SLIP, _SUGGESTED = 0.8, 0.6
# Shorter words differ from each other by a slip already; what has digits is a code.
_LEAST_LETTERS = 4
_MOST_SUGGESTED = 5
_EVERY_MUSCLE = frozenset({"m", "musculus", "musculi", "muscle", "muscles", "musculo", "musculos", "muskel", "muskeln"})
_COMPOUND = "muskel"
# Nothing is called by more, and comparing words takes time.
_MOST_WORDS, _MOST_LETTERS = 8, 40


def plain(text: str) -> str:
    """Lower case, without accents, every run of anything but letters and digits one space."""
    letters = (c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


class Index:
    """What every region answers to, made plain once."""

    def __init__(
        self, regions: Sequence[Region], muscles: Sequence[Muscle], translated: Callable[[Region], Sequence[str]]
    ) -> None:
        """`translated` gives what a region is called beside what it says itself."""
        of = {muscle.id: muscle for muscle in muscles}
        self._regions = tuple(regions)
        self._words = [_words(region, of[region.muscle], translated(region)) for region in regions]
        self._codes = [_codes(region) for region in regions]
        self._single = [frozenset(" ".join(terms).split()) for terms in self._words]
        self._vocabulary = sorted({word for words in self._single for word in words if _comparable(word)})

    def search(self, query: str) -> list[Region]:
        """The regions that match, best first: the whole, its beginning, its words, anything within."""
        wanted = plain(query)
        if not wanted:
            return [] if query.strip() else list(self._regions)
        # "rhomboids", "scalenes": what is said of several, if nothing is called so.
        singular = " ".join(word.removesuffix("s") for word in wanted.split())
        return (
            self._ranked(wanted) or self._ranked(singular) or self._ranked(_distinct(wanted)) or self._slipped(wanted)
        )

    def suggest(self, query: str) -> list[str]:
        """Up to five ids that could be meant, best first: what matches, else what is alike; empty where nothing is."""
        wanted = plain(query)
        if not wanted:
            return []
        found = [region.id for region in self.search(query)]
        return (found or self._alike(wanted))[:_MOST_SUGGESTED]

    def _ranked(self, wanted: str) -> list[Region]:
        ranked = [
            (rank, place)
            for place, (terms, codes) in enumerate(zip(self._words, self._codes, strict=True))
            if (rank := _rank(wanted, terms, codes)) is not None
        ]
        return [self._regions[place] for _, place in sorted(ranked)]

    def _slipped(self, wanted: str) -> list[Region]:
        """The regions of which every word is either said or nearly said, the nearest first."""
        near = [self._near(word, _SLIP) for word in _bounded(wanted)]
        if not near or not all(near):
            return []
        scored: list[tuple[float, int]] = []
        for place, words in enumerate(self._single):
            best = [max((alike.get(word, 0.0) for word in words), default=0.0) for alike in near]
            if all(best):
                scored.append((-sum(best), place))
        return [self._regions[place] for _, place in sorted(scored)]

    def _alike(self, wanted: str) -> list[str]:
        """The ids of the regions that have most in common with what was typed, word by word."""
        near = [self._near(word, _SUGGESTED) for word in _bounded(wanted) if _comparable(word)]
        scored = [
            (-sum(max((alike.get(word, 0.0) for word in words), default=0.0) for alike in near), place)
            for place, words in enumerate(self._single)
        ]
        return [self._regions[place].id for score, place in sorted(scored) if score < 0]

    def _near(self, word: str, least: float) -> dict[str, float]:
        """The words of the atlas that this one begins, or that it is at least so much like."""
        near = {known: 1.0 for words in self._single for known in words if known.startswith(word)}
        if _comparable(word):
            matcher = difflib.SequenceMatcher(autojunk=False)
            matcher.set_seq2(_stem(word))
            for known in self._vocabulary:
                matcher.set_seq1(_stem(known))
                if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
                    ratio = matcher.ratio()
                    if ratio >= least:
                        near[known] = max(ratio, near.get(known, 0.0))
        return near


def _stem(word: str) -> str:
    """A word without what German compounds of it share, which would make any two of them alike."""
    stem = word.removesuffix(_COMPOUND)
    return stem if len(stem) >= _LEAST_LETTERS else word


def _distinct(wanted: str) -> str:
    """What was typed without the words that every muscle could be called by; nothing where that was all."""
    return " ".join(_stem(word) for word in wanted.split() if word not in _EVERY_MUSCLE)


def _comparable(word: str) -> bool:
    return len(word) >= _LEAST_LETTERS and word.isalpha()


def _bounded(wanted: str) -> list[str]:
    return [word[:_MOST_LETTERS] for word in wanted.split()[:_MOST_WORDS]]


def _words(region: Region, muscle: Muscle, translated: Sequence[str]) -> tuple[str, ...]:
    names = (region.names.en, region.names.la, region.names.ta2, muscle.names.en, muscle.names.la, *translated)
    return tuple(filter(None, dict.fromkeys(map(plain, (region.id, region.muscle, *names, *region.aliases)))))


def _codes(region: Region) -> frozenset[str]:
    """Codes as they stand, and with the name of their system before them, as FMA's often are."""
    codes = set[str]()
    for code in region.codes:
        system = plain(code.system).split()[-1]
        codes |= {plain(code.code), system + plain(code.code), f"{system} {plain(code.code)}"}
    return frozenset(codes)


def _rank(wanted: str, terms: Sequence[str], codes: frozenset[str]) -> int | None:
    if not wanted:
        return None
    if wanted in terms or wanted in codes:
        return 0
    if any(term.startswith(wanted) for term in terms):
        return 1
    words = wanted.split()
    if any(_begin(words, term) for term in terms):
        return 2
    if _begin(words, " ".join(terms)):
        return 3
    if len(wanted) >= _LEAST_LETTERS and any(wanted in term for term in terms):
        return 4
    return None


def _begin(words: Sequence[str], term: str) -> bool:
    """Whether every word is the beginning of a word of the term."""
    return all(any(word.startswith(wanted) for word in term.split()) for wanted in words)
