"""Which texts a visit calls for, by what was done and where, and by what is known of the person.

What is not known is never taken as safe: a place that nothing is known of calls for the signs of a collapsed lung and
of a bleed at the spine, an unknown age for the note on children, an unanswered question for the one on pregnancy.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from bodymap.atlas import Atlas
from bodymap.atlas.labels import labels
from bodymap.atlas.search import plain
from bodymap.education.texts import Audience, Entry, Occasion, entries

# Flags of a place by which a needle there may be near lung or spine, whatever its region.
_LUNG_FLAGS = frozenset({"over-lung-field"})
_SPINE_FLAGS = frozenset({"near-midline", "suboccipital"})
_ADULT_AGE = 18


class TreatedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where needles went or shall go. `regions` are all those that it lies in or may lie in, none where that is not
    known of each of its needles; `words` those that were given for what the plates do not show; `flags` the codes of
    its flags."""

    kind: Literal["trigger_point", "perimeter"]
    regions: tuple[str, ...] = ()
    words: str = ""
    flags: frozenset[str] = frozenset()


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a visit and of whom it is of. `pregnant` is what the person answered, `country` (ISO 3166) where
    the clinic is."""

    places: tuple[TreatedPlace, ...]
    planned: bool = False
    age_years: int | None = None
    pregnant: Literal["yes", "no", "unknown"] = "unknown"
    country: str | None = None


def called_for(visit: Visit, atlas: Atlas, audience: Audience = "patient") -> tuple[Entry, ...]:
    """The texts for a visit, in the order in which they are read; for clinicians those for patients as well.

    Raises `UnknownRegion`.
    """
    kinds = {place.kind for place in visit.places}
    met: dict[Occasion, bool] = {
        "always": True,
        "trigger-point": "trigger_point" in kinds,
        "perimeter": "perimeter" in kinds,
        "child": visit.age_years is None or visit.age_years < _ADULT_AGE,
        "pregnancy": visit.pregnant != "no",
        "planned": visit.planned,
        **_dangers(visit.places, atlas),
    }
    return tuple(
        entry
        for entry in read_by(audience)
        if met[entry.show] and (entry.country is None or entry.country == visit.country)
    )


def possible_at(places: Iterable[TreatedPlace], atlas: Atlas, audience: Audience = "patient") -> tuple[Entry, ...]:
    """The texts that needles at these places can call for, whoever the person is and whatever else was done: all but
    those on dangers that no such place is near. Raises `UnknownRegion`."""
    met = _dangers(tuple(places), atlas)
    return tuple(entry for entry in read_by(audience) if met.get(entry.show, True))


def read_by(audience: Audience) -> tuple[Entry, ...]:
    """The texts that somebody is shown: patients theirs only, clinicians all."""
    return tuple(entry for entry in entries() if audience == "clinician" or entry.audience == "patient")


def _dangers(places: tuple[TreatedPlace, ...], atlas: Atlas) -> dict[Occasion, bool]:
    """Whether needles may be near lung and spine; where no place is known at all, they may."""
    return {
        "near-lung": not places or any(_near_lung(place, atlas) for place in places),
        "near-spine": not places or any(_near_spine(place) for place in places),
    }


def _near_lung(place: TreatedPlace, atlas: Atlas) -> bool:
    if place.flags & _LUNG_FLAGS:
        return True
    if place.regions:
        return any(atlas.region(region).group not in _known().away.groups for region in place.regions)
    return not _said_away(place.words)


def _near_spine(place: TreatedPlace) -> bool:
    if place.flags & _SPINE_FLAGS:
        return True
    if place.regions:
        return not _known().beside_the_spine.regions.isdisjoint(place.regions)
    return not _said_away(place.words)


def _said_away(words: str) -> bool:
    """Whether words name a part of leg, forearm or hand, and nothing else than that and which part of it."""
    away, beside = _patterns()
    rest, named = away.subn(" ", plain(words))
    return named > 0 and not set(rest.split()) - beside


class _Away(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    groups: frozenset[str]
    labels: frozenset[str]
    unclear: tuple[str, ...]
    beside: tuple[str, ...]


class _BesideTheSpine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    regions: frozenset[str]


class _Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    away: _Away
    beside_the_spine: _BesideTheSpine


@cache
def _known() -> _Known:
    return msgspec.toml.decode(Path(__file__).with_name("places.toml").read_bytes(), type=_Known)


@cache
def _patterns() -> tuple[re.Pattern[str], frozenset[str]]:
    """What matches the names of places that are away, the longest first, and the words that may stand beside them."""
    away = _known().away
    names = {plain(term) for label in labels() if label.id in away.labels for term in label.terms}
    longest = sorted(names - set(map(plain, away.unclear)), key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b"), frozenset(map(plain, away.beside))
