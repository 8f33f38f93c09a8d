"""Whole muscles and named groups of muscles: what a place is stated by where nobody says which part.

A group, such as the rotator cuff, is one of `labels.tsv`. It is there only if the atlas has every one of its members.
"""

from collections.abc import Collection, Iterable, Sequence

from bodymap.atlas.labels import Label
from bodymap.atlas.manifest import Muscle, Names


class Muscles:
    """The muscles of one atlas version, then the named groups, read-only. `of_region` has the muscle of each region."""

    def __init__(self, muscles: Iterable[Muscle], regions: Collection[str], labels: Iterable[Label]) -> None:
        """`regions` are the ids of all regions of the atlas."""
        self._of = {muscle.id: muscle for muscle in muscles}
        self.of_region = {region: muscle.id for muscle in self._of.values() for region in muscle.regions}
        whole = frozenset(self._of)
        for label in labels:
            if label.kind in ("muscle", "group") and label.id not in whole and set(label.members) <= set(regions):
                names = Names(en=label.names["en"], la="", ta2="")
                self._of[label.id] = Muscle(id=label.id, names=names, regions=label.members)
        self.all: tuple[Muscle, ...] = tuple(self._of.values())
        self.groups: frozenset[str] = frozenset(self._of) - whole

    def get(self, muscle_id: str) -> Muscle | None:
        """The muscle or named group of this id; `None` if there is none."""
        return self._of.get(muscle_id)

    def sharing(self, regions: Sequence[str]) -> tuple[Muscle, ...]:
        """The muscles and groups that have one of these regions."""
        return tuple(muscle for muscle in self.all if not set(regions).isdisjoint(muscle.regions))
