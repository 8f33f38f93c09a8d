"""What is not ours: elements that the record has no home for, taken out of a resource and given back."""

from collections.abc import Mapping
from typing import Any

# Ours to make, whatever came in.
_OURS = ("resourceType", "id", "meta", "text")


def foreign_of(came: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """What a resource that came in has beyond the one that is made of the record: to be kept as it came.

    Narrative that is not generated is kept, and of `meta` profile, security and tag.
    """
    rest = _beyond({name: value for name, value in came.items() if name not in _OURS}, ours)
    meta = came.get("meta") or {}
    kept = {name: meta[name] for name in ("profile", "security", "tag") if name in meta}
    text = came.get("text") or {}
    told = {"text": text} if text.get("status") not in (None, "generated") else {}
    return {**rest, **({"meta": kept} if kept else {}), **told}


def with_foreign(ours: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """A resource of ours with what was kept of the one that came in."""
    text = {"text": kept["text"]} if "text" in kept else {}
    return {**_merged(dict(ours), kept), **text}


def _beyond(came: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    rest: dict[str, Any] = {}
    for name, value in came.items():
        mine = ours.get(name)
        if mine is None:
            rest[name] = value
        elif isinstance(value, dict) and isinstance(mine, dict):
            if inner := _beyond(value, mine):
                rest[name] = inner
        elif isinstance(value, list) and isinstance(mine, list) and (more := _beyond_list(value, mine)):
            rest[name] = more
    return rest


def _beyond_list(came: list[Any], ours: list[Any]) -> list[Any]:
    if any(_identity(each) for each in ours):
        known = {_identity(each): each for each in ours}
        more = [_beyond_item(each, known.get(_identity(each))) for each in came]
        return [each for each in more if each is not None]
    more = [_beyond_place(each, mine) for each, mine in zip(came, ours, strict=False)]
    return [*more, *came[len(ours) :]] if len(came) > len(ours) or any(more) else []


def _beyond_item(each: Any, mine: Any) -> Any:
    """What an item with an identity has beyond ours, with its identity; all of it where ours is not there. Extensions
    of ours are wholly ours."""
    if mine is None or not isinstance(each, dict):
        return each
    inner = {} if "url" in each else _beyond(each, mine)
    return {**inner, **{name: each[name] for name in _named_by(each)}} if inner else None


def _beyond_place(each: Any, mine: Any) -> dict[str, Any]:
    return _beyond(each, mine) if isinstance(each, dict) and isinstance(mine, dict) else {}


def _merged(ours: dict[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(ours)
    for name, value in kept.items():
        mine = whole.get(name)
        if mine is None:
            whole[name] = value
        elif isinstance(value, dict) and isinstance(mine, dict):
            whole[name] = _merged(mine, value)
        elif isinstance(value, list) and isinstance(mine, list):
            whole[name] = _merged_list(mine, value)
    return whole


def _merged_list(ours: list[Any], kept: list[Any]) -> list[Any]:
    whole = list(ours)
    named = any(_identity(each) for each in ours)
    places = {_identity(each): index for index, each in enumerate(ours)}
    for index, each in enumerate(kept):
        place = places.get(_identity(each)) if named else index if index < len(ours) else None
        if place is None:
            whole.append(each)
        elif isinstance(each, dict) and isinstance(whole[place], dict):
            whole[place] = _merged(whole[place], each)
    return whole


def _named_by(each: Any) -> tuple[str, ...]:
    """The members by which an item of a list is known again."""
    if isinstance(each, dict):
        for names in (("url",), ("system", "code"), ("system", "value"), ("reference",)):
            if all(isinstance(each.get(name), str) for name in names):
                return names
    return ()


def _identity(each: Any) -> tuple[str, ...]:
    return tuple(each[name] for name in _named_by(each))
