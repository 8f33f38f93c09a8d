"""Finding regions by what people type: ids, names in five languages, aliases, codes and the names of muscle groups.

Tolerates case, accents, hyphens and blanks; typing errors only if nothing matches exactly.
"""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from bodymap.atlas.labels import Label
from bodymap.atlas.manifest import Muscle, Region

# Similarity of two words, of 100: for a typing error one letter in five may differ, for a suggestion three in ten.
_SLIP, _SUGGESTED = 80, 70
_SAME = 100.0
# Shorter words differ from each other by one letter already; what has digits is a code.
_LEAST_LETTERS = 4
_MOST_SUGGESTED = 5
_EVERY_MUSCLE = frozenset({"m", "musculus", "musculi", "muscle", "muscles", "musculo", "musculos", "muskel", "muskeln"})
_COMPOUND = "muskel"
# A word of a muscle's name that much else is called by.
_NO_MUSCLE = frozenset({"fascia"})
# No name has more words, and comparing words takes time.
_MOST_TYPED, _MOST_WORDS, _MOST_LETTERS = 200, 8, 40
# Of what one word names several parts of, the part that is treated most comes first: the lumbar multifidus is the one
# that the guidance and the studies of needling are about (AOPT, https://aoptseminars.org/blog/
# if-we-target-the-lumbar-muiltifidi-where-do-our-needles-actually-end-up).
_FIRST = frozenset({"multifidus-lumborum"})

# Regions by their place in the atlas's order, each with how it matched, the best first, and whether by a shared name.
_Ranked = dict[int, tuple[float, bool]]


def plain(text: str) -> str:
    """Lower case, without accents, every run of anything but letters and digits one space."""
    letters = (c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


class Index:
    """The names of every region in plain form, for searching."""

    def __init__(
        self,
        regions: Sequence[Region],
        muscles: Sequence[Muscle],
        translated: Callable[[Region], Sequence[str]],
        labels: Sequence[Label] = (),
    ) -> None:
        """`translated` gives further names of a region; `labels` what clinicians call it and the muscles and groups
        that it belongs to."""
        of = {muscle.id: muscle for muscle in muscles}
        self._regions = tuple(regions)
        names_of = [_names(region, of[region.muscle], translated(region)) for region in regions]
        place_of = {region.id: place for place, region in enumerate(regions)}
        shared: list[set[str]] = [set() for _ in regions]
        for label in labels:
            for place in (place_of[member] for member in label.members if member in place_of):
                into = names_of if label.kind == "region" else shared
                into[place].update(map(plain, label.terms))
        self._codes: dict[str, dict[int, bool]] = defaultdict(dict)
        whole: dict[str, dict[int, bool]] = defaultdict(dict)
        self._words: dict[str, set[int]] = defaultdict(set)
        for place in range(len(regions)):
            for code in _codes(regions[place]):
                self._codes[code][place] = False
            for names, is_shared in ((shared[place], True), (names_of[place], False)):
                for name in names:
                    whole[name][place] = is_shared
            for word in " ".join(names_of[place]).split():
                self._words[word].add(place)
        self._names = _Sorted(whole)
        self._squeezed = _Sorted({name.replace(" ", ""): places for name, places in sorted(whole.items())})
        self._of_words: dict[str, set[str]] = defaultdict(set)
        for name in whole:
            for word in name.split():
                self._of_words[word].add(name)
        self._all_words = _Sorted({word: {} for word in self._of_words})
        self._comparable = {word: _stem(word) for word in self._all_words.keys if _comparable(word)}
        self._absent = [(label, tuple(map(plain, label.terms))) for label in labels if label.kind == "absent"]
        self._wholes = [
            (label.id, (plain(label.id), *map(plain, label.terms)))
            for label in labels
            if label.kind in ("muscle", "group")
        ]

    def search(self, query: str) -> list[Region]:
        """The regions that match, best first: the whole, its beginning, its words, anything within."""
        wanted = _typed(query)
        if not wanted:
            return [] if query.strip() else list(self._regions)
        if wanted not in self._names.of and self._absent_called(wanted):
            # "quads" is no beginning of quadratus lumborum.
            return []
        # "rhomboids", "scalenes": the plural, if nothing has this name.
        singular = " ".join(word.removesuffix("s") for word in wanted.split())
        distinct = _distinct(wanted)
        ranked = (
            self._ranked(wanted)
            or self._ranked(singular)
            or self._ranked(distinct)
            or self._squeezed_together(distinct)
            or ({} if self.absent(query) else self._slipped(wanted))
        )
        return [self._regions[place] for place in sorted(ranked, key=lambda place: (ranked[place], self._usual(place)))]

    def suggest(self, query: str) -> list[str]:
        """Up to five ids that could be meant, best first: what matches, else what is alike; empty where nothing is."""
        wanted = _typed(query)
        if not wanted:
            return []
        ids = [region.id for region in self.search(query)]
        return (ids or ([] if self.absent(query) else self._alike(wanted)))[:_MOST_SUGGESTED]

    def wholes(self, query: str) -> list[str]:
        """The ids of the muscles of several regions and of the groups with this name, else those whose name begins
        so."""
        wanted = _typed(query)
        if not wanted:
            return []
        forms = {wanted, _distinct(wanted)} - {""}
        called = [one for one, terms in self._wholes if not forms.isdisjoint(terms)]
        if called or len(wanted) < _LEAST_LETTERS:
            return called
        return [one for one, terms in self._wholes if any(term.startswith(wanted) for term in terms)]

    def absent(self, query: str) -> list[Label]:
        """Parts of the body with this name that the atlas does not show; if no region's name begins so, those of which
        a name has these words, or words that begin so."""
        wanted = _typed(query)
        if not wanted:
            return []
        called = self._absent_called(wanted)
        if called or len(wanted) < _LEAST_LETTERS or self._ranked(wanted):
            return called
        words = set(wanted.split())
        exactly = [label for label, terms in self._absent if any(words <= set(term.split()) for term in terms)]
        return exactly or [label for label, terms in self._absent if any(_begins(words, term) for term in terms)]

    def _absent_called(self, wanted: str) -> list[Label]:
        singular = wanted.removesuffix("s")
        return [label for label, terms in self._absent if wanted in terms or singular in terms]

    def _usual(self, place: int) -> tuple[bool, int]:
        return self._regions[place].id not in _FIRST, place

    def _ranked(self, wanted: str) -> _Ranked:
        ranked: _Ranked = {}

        def take(rank: int, names: Iterable[str]) -> None:
            for name in names:
                for place, is_shared in {**self._names.of.get(name, {}), **self._codes.get(name, {})}.items():
                    ranked[place] = min(ranked.get(place, (9, True)), (rank, is_shared))

        if not wanted:
            return {}
        take(0, [wanted])
        take(1, self._names.beginning(wanted))
        words = wanted.split()
        take(2, set[str].intersection(*(self._named_by(word) for word in words)))
        for place in set[int].intersection(*(self._with_word(word) for word in words)):
            ranked.setdefault(place, (3, False))
        if len(wanted) >= _LEAST_LETTERS:
            take(4, (name for name in self._names.keys if wanted in name))
        return ranked

    def _named_by(self, word: str) -> set[str]:
        """The names with a word that begins so."""
        return set[str]().union(*(self._of_words[known] for known in self._all_words.beginning(word)))

    def _with_word(self, word: str) -> set[int]:
        """The regions of which a name has a word that begins so."""
        return set[int]().union(*(self._words.get(known, ()) for known in self._all_words.beginning(word)))

    def _squeezed_together(self, wanted: str) -> _Ranked:
        """The regions with this name, wherever the blanks are: "infra spinatus", "levatorscapulae"."""
        squeezed = wanted.replace(" ", "")
        if len(squeezed) < _LEAST_LETTERS:
            return {}
        ranked: _Ranked = {}
        for name in self._squeezed.beginning(squeezed):
            for place, is_shared in self._squeezed.of[name].items():
                ranked[place] = min(ranked.get(place, (9, True)), (int(name != squeezed), is_shared))
        return ranked

    def _slipped(self, wanted: str) -> _Ranked:
        """The regions of which every word matches exactly or nearly, the best first."""
        near = [self._near(word, _SLIP) for word in _bounded(wanted)]
        everywhere = set(near[0]).intersection(*near[1:]) if near else set()
        return {place: (-sum(alike[place] for alike in near), False) for place in everywhere}

    def _alike(self, wanted: str) -> list[str]:
        """The ids of the regions that have most in common with what was typed: a word as it stands, or more than half
        of the words nearly."""
        words = [word for word in _bounded(wanted) if _comparable(word)]
        alike: dict[int, list[float]] = defaultdict(list)
        for word in words:
            for place, score in ({} if word in _NO_MUSCLE else self._near(word, _SUGGESTED)).items():
                alike[place].append(score)
        scores = {p: sum(each) for p, each in alike.items() if 2 * len(each) > len(words) or max(each) == _SAME}
        return [self._regions[place].id for place in sorted(scores, key=lambda place: (-scores[place], place))]

    def _near(self, word: str, least: int) -> dict[int, float]:
        """The regions with a word that this one begins, or that it is at least so much like; and how much, of 100."""
        alike = dict.fromkeys(self._all_words.beginning(word), _SAME)
        if _comparable(word):
            alike |= {
                known: score
                for _, score, known in process.extract(
                    _stem(word), self._comparable, scorer=fuzz.ratio, score_cutoff=least, limit=None
                )
                if known not in alike
            }
        near: dict[int, float] = {}
        for known, score in alike.items():
            for place in self._words.get(known, ()):
                near[place] = max(near.get(place, 0.0), score)
        return near


class _Sorted:
    """Names in order, so that those with one beginning stand together; `of` are the regions of each."""

    def __init__(self, of: dict[str, dict[int, bool]]) -> None:
        self.of = of
        self.keys = sorted(of)

    def beginning(self, start: str) -> Iterator[str]:
        """The names that begin so."""
        for place in range(bisect_left(self.keys, start), len(self.keys)):
            if not self.keys[place].startswith(start):
                return
            yield self.keys[place]


def _typed(query: str) -> str:
    """What was typed, made plain; nothing where it is longer than any name."""
    return plain(query) if len(query) <= _MOST_TYPED else ""


def _begins(words: set[str], term: str) -> bool:
    """Whether each word is the beginning of a word of the term."""
    return all(any(known.startswith(word) for known in term.split()) for word in words)


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


def _names(region: Region, muscle: Muscle, translated: Sequence[str]) -> set[str]:
    names = (region.names.en, region.names.la, region.names.ta2, muscle.names.en, muscle.names.la, *translated)
    return set(filter(None, map(plain, (region.id, region.muscle, *names, *region.aliases))))


def _codes(region: Region) -> set[str]:
    """Codes as they stand, and with the name of their system before them, as FMA's often are."""
    codes = set[str]()
    for code in region.codes:
        system = plain(code.system).split()[-1]
        codes |= {plain(code.code), system + plain(code.code), f"{system} {plain(code.code)}"}
    return codes
