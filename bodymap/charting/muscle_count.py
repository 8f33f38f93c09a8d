"""Which muscles were treated, each once: by region, by whole muscle, or by a group that nobody took apart."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bodymap.atlas.muscles import Muscles
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, whole_muscle


class Named(NamedTuple):
    """A muscle or group and the regions that are meant by it: one, or all of its own where it is `whole`."""

    muscle: str
    regions: frozenset[str]
    whole: bool


def named_by(placement: RecordedPlacement, muscles: Muscles) -> list[Named]:
    """What a placement went into, without its further muscles."""
    whole = muscles.get(whole_muscle(placement) or "")
    if whole is not None:
        return [Named(whole.id, frozenset(whole.regions), whole=True)]
    if isinstance(placement, RecordedPerimeter) and placement.needles:
        return of_regions((needle.region for needle in placement.needles), muscles)
    return of_regions([placement.resolved.region], muscles)


def of_regions(regions: Iterable[str | None], muscles: Muscles) -> list[Named]:
    """The muscles of these regions, one each."""
    return [
        Named(muscles.of_region[region], frozenset({region}), whole=False)
        for region in regions
        if region is not None and region in muscles.of_region
    ]


def distinct(named: Sequence[Named], beside: Sequence[Named] = ()) -> tuple[str, ...]:
    """The ids of the muscles and groups to be counted, each once, in order.

    A member is not counted beside its group, and groups that share a member count as one, by the first that was named.
    What is in `beside` is counted elsewhere.
    """
    groups: dict[str, frozenset[str]] = {}
    for one in named:
        if one.whole:
            shared = [known for known, regions in groups.items() if not regions.isdisjoint(one.regions)]
            first = shared[0] if shared else one.muscle
            groups[first] = one.regions.union(*(groups.pop(known) for known in shared))
    covered = frozenset[str]().union(*groups.values())
    elsewhere = {one.muscle for one in beside}
    taken = frozenset[str]().union(*(one.regions for one in beside if one.whole))
    counted = dict.fromkeys(
        one.muscle
        for one in named
        if (one.muscle in groups if one.whole else not one.regions <= covered | taken) and one.muscle not in elsewhere
    )
    return tuple(counted)
