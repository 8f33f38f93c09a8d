"""What is said to a name that no region, or no muscle, of the atlas has: what could be meant, and how to state it."""

from collections.abc import Iterable, Sequence

from bodymap.atlas.labels import Label
from bodymap.atlas.manifest import Region
from bodymap.errors import UnknownRegion

_MOST = 5


def several_regions(name: str, regions: list[str], *, as_muscle: bool) -> UnknownRegion:
    """A region was asked for, and this is a whole muscle, a group of muscles, or a part of the body."""
    way = f" Or state `muscle` {name!r} in place of a region." if as_muscle else ""
    detail = f"{name!r} is several regions, not one. Say which: {', '.join(regions)}.{way}"
    return UnknownRegion(detail, regions=regions, suggestions=[])


def unknown_region(name: str, near: list[str], absent: Sequence[Label]) -> UnknownRegion:
    """No region has this name; `near` are ids that could be meant, `absent` parts of the body that no plate shows."""
    detail = f"The atlas has no region {name!r}.{_could_mean(near, absent)}"
    return UnknownRegion(detail, regions=[], suggestions=near)


def only_a_region(region: Region) -> UnknownRegion:
    """A whole muscle was asked for, and this is a part of one."""
    detail = f"{region.id!r} is a region, a part of {region.muscle}: state it as `region`."
    return UnknownRegion(detail, regions=[], suggestions=[region.muscle])


def unknown_muscle(name: str, near: Iterable[str], absent: Sequence[Label]) -> UnknownRegion:
    """No muscle and no group has this name."""
    ids = list(dict.fromkeys(near))[:_MOST]
    detail = f"The atlas has no muscle {name!r}.{_could_mean(ids, absent)}"
    return UnknownRegion(detail, regions=[], suggestions=ids)


def _could_mean(near: Sequence[str], absent: Sequence[Label]) -> str:
    if near:
        return f" Did you mean {', '.join(near)}?"
    if absent:
        names = ", ".join(label.names["en"] for label in absent)
        return f" No plate shows it ({names}): state it in words, as `site`, with a side."
    return ""
