"""What changed between two versions of a session, in words."""

from collections.abc import Iterator
from math import dist
from typing import Any

import msgspec

from bodymap.charting.acts import Change, Signature
from bodymap.charting.placement import PlacementStatement, RecordedPlacement, stated
from bodymap.charting.session import Header, Session, header_of
from bodymap.charting.terms import Moment, SessionStatus

_MOST = 80
# A place is said as a move in millimetres, not member by member.
_PLACE = ("view", "at", "ring", "outline")
_MEMBERS = {
    "depth_mm": ("depth", " mm"),
    "dwell_s": ("dwell", " s"),
    "angle_from_normal_deg": ("angle from the normal", "°"),
    "diameter_mm": ("diameter", " mm"),
    "length_mm": ("length", " mm"),
    "spacing_mm": ("spacing", " mm"),
    "hz": ("frequency", " Hz"),
    "radius_mm": ("radius", " mm"),
}


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a session: when it was recorded, what made it, and what it changed, in words.

    `superseded` says that a later version holds other content; an event added since does not make it so. `signature` is
    there where the version was signed by it, and then `chart_digest` is the SHA-256 of the chart stored with it.
    """

    version: int
    at: Moment
    change: Change
    status: SessionStatus
    superseded: bool
    signature: Signature | None
    chart_digest: str | None
    differences: tuple[str, ...]


def differences(before: Session | None, after: Session) -> tuple[str, ...]:
    """What changed from one version to another, a sentence for each thing; nothing where nothing did.

    Without `before`, what the first version holds.
    """
    return tuple(_differences(before or _blank(after), after))


def _differences(before: Session, after: Session) -> Iterator[str]:
    was, now = header_of(before), header_of(after)
    yield from _members(msgspec.to_builtins(was), msgspec.to_builtins(now), Header.__struct_fields__)
    if before.atlas != after.atlas:
        yield f"atlas {before.atlas} -> {after.atlas}"
    held = {placement.number: placement for placement in before.placements}
    new = {placement.number: placement for placement in after.placements}
    for number in sorted(held.keys() | new.keys()):
        old, current = held.get(number), new.get(number)
        if old is None and current is not None:
            yield f"placement {number} added: {_place(current)}"
        elif current is None and old is not None:
            yield f"placement {number} removed: {_place(old)}"
        elif old is not None and current is not None and old != current:
            yield f"placement {number}: {', '.join(_placement(old, current))}"
    for event in after.events[len(before.events) :]:
        said = f"event added: {event.event}, {event.severity}"
        numbers = [placement.number for placement in after.placements if placement.id == event.placement]
        yield said + (f", at placement {numbers[0]}" if numbers else "")
    if after.signature is not None and after.signature != before.signature:
        yield f"signed by {after.signature.display}"
    if after.voided is not None and before.voided is None:
        yield f"voided by {after.voided.display}"


def _placement(old: RecordedPlacement, new: RecordedPlacement) -> list[str]:
    was, now = _plain(stated(old)), _plain(stated(new))
    said = list(_members(was, now, ("kind", "side")))
    said += _moved(old, new)
    said += _members(was, now, [name for name in {**was, **now} if name not in ("kind", "side", *_PLACE)])
    for name in _PLACE:
        if name in ("ring", "outline") and was.get(name) != now.get(name):
            said += _shape(name, was.get(name), now.get(name))
    if old.resolved.region != new.resolved.region:
        found = (old.resolved.region or old.resolved.structure, new.resolved.region or new.resolved.structure)
        said.append(f"found {found[0] or 'nothing'} -> {found[1] or 'nothing'}")
    for word, flags in (("no longer", _codes(old) - _codes(new)), ("now", _codes(new) - _codes(old))):
        said += [f"{word} flagged {code}" for code in sorted(flags)]
    return said or ["resolved anew"]


def _plain(statement: PlacementStatement) -> dict[str, Any]:
    """All members of a statement as plain values, also those that are at their defaults."""
    members = {name: msgspec.to_builtins(getattr(statement, name)) for name in statement.__struct_fields__}
    return {"kind": statement.__struct_config__.tag, **members}


def _moved(old: RecordedPlacement, new: RecordedPlacement) -> list[str]:
    a, b = old.resolved, new.resolved
    if (a.view, a.at) == (b.view, b.at):
        return []
    if a.at is None or b.at is None or a.view != b.view:
        return [f"place {_spot(old)} -> {_spot(new)}"]
    distance = dist(a.at, b.at)
    return [f"moved {_number(max(0.1, round(distance, 1) if distance < 10 else round(distance)))} mm"]


def _spot(placement: RecordedPlacement) -> str:
    found = placement.resolved
    if found.at is None:
        return "without a point"
    return f"{found.view} [{_number(found.at[0])}, {_number(found.at[1])}]"


def _shape(name: str, old: Any, new: Any) -> Iterator[str]:
    if name == "ring" and old and new:
        yield from _members({**old, "center": 0}, {**new, "center": 0}, ("radius_mm", "needles"))
    else:
        yield f"{name} changed" if old and new else f"{name} {'added' if new else 'removed'}"


def _members(was: dict[str, Any], now: dict[str, Any], names: Any) -> Iterator[str]:
    for name in names:
        old, new = was.get(name), now.get(name)
        if old == new:
            continue
        word, unit = _MEMBERS.get(name, (name.replace("_", " "), ""))
        if isinstance(old, dict) and isinstance(new, dict):
            yield from (f"{word} {said}" for said in _members(old, new, {**old, **new}))
        elif old in (None, [], ()):
            yield f"{word} {_shown(new)}{unit} added"
        elif new in (None, [], ()):
            yield f"{word} {_shown(old)}{unit} removed"
        else:
            yield f"{word} {_shown(old)} -> {_shown(new)}{unit}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_shown(inner) for inner in value)
    text = str(value)
    if not text or any(letter.isspace() for letter in text):
        text = f'"{text}"' if len(text) <= _MOST else f'"{text[: _MOST - 1]}…"'
    return text


def _number(value: float) -> str:
    return f"{value:g}"


def _place(placement: RecordedPlacement) -> str:
    found = placement.resolved
    where = found.region or found.structure or placement.region or getattr(getattr(placement, "site", None), "text", "")
    side = found.side or placement.side
    return ", ".join(word for word in (where, side, "" if found.at is None else _spot(placement)) if word)


def _codes(placement: RecordedPlacement) -> set[str]:
    return {flag.code for flag in placement.flags}


def _blank(session: Session) -> Session:
    return msgspec.structs.replace(
        session,
        **{name: getattr(Header(), name) for name in Header.__struct_fields__},
        placements=(),
        events=(),
        signature=None,
        voided=None,
    )
