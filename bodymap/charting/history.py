"""What changed between two versions of a session, in words."""

from collections.abc import Callable, Iterator
from math import dist
from typing import Any

import msgspec

from bodymap.charting.placement import PlacementStatement, RecordedPlacement, stated
from bodymap.charting.session import Header, Session, header_of
from bodymap.charting.signatures import Change, Signature
from bodymap.charting.vocabulary import Moment, SessionStatus

Named = Callable[[str], str]

_MOST = 80
# A place is said as a move in millimetres, not member by member.
_PLACE = ("view", "at", "ring", "outline")
# Words of ours, said as one says them; everything else is shown as it was written.
_SPOKEN = frozenset({"status", "kind", "technique"})
_MEMBERS = {
    "started_at": ("start", ""),
    "ended_at": ("end", ""),
    "region": ("stated region", ""),
    "side": ("stated side", ""),
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


def differences(before: Session | None, after: Session, named: Named = str) -> tuple[str, ...]:
    """What changed from one version to another, a sentence for each thing; nothing where nothing did.

    Without `before`, what the first version holds. `named` gives the name of a region or structure for its id.
    """
    return tuple(_sentence(said) for said in _differences(before or _blank(after), after, named))


def _sentence(said: str) -> str:
    return f"{said[0].upper()}{said[1:]}" + ("" if said.endswith(('."', '…"')) else ".")


def _differences(before: Session, after: Session, named: Named) -> Iterator[str]:
    was, now = header_of(before), header_of(after)
    yield from _members(msgspec.to_builtins(was), msgspec.to_builtins(now), Header.__struct_fields__)
    if before.atlas != after.atlas:
        yield f"atlas changed from version {before.atlas} to {after.atlas}"
    held = {placement.number: placement for placement in before.placements}
    new = {placement.number: placement for placement in after.placements}
    for number in sorted(held.keys() | new.keys()):
        old, current = held.get(number), new.get(number)
        if old is None and current is not None:
            yield f"placement {number} added: {_whole_place(current, named)}"
        elif current is None and old is not None:
            yield f"placement {number} taken out: {_whole_place(old, named)}"
        elif old is not None and current is not None and old != current:
            yield f"{_called(current, named)}: {'; '.join(_placement(old, current, named))}"
    for event in after.events[len(before.events) :]:
        said = f"adverse event added: {event.event}, {event.severity}"
        at = [placement for placement in after.placements if placement.id == event.placement]
        yield said + (f", at {_called(at[0], named)}" if at else "")
    if after.signature is not None and after.signature != before.signature:
        again = "amended and signed again" if before.signature is not None else "signed"
        yield f"{again} by {after.signature.display}"
    if after.voided is not None and before.voided is None:
        yield f"voided by {after.voided.display}"


def _placement(old: RecordedPlacement, new: RecordedPlacement, named: Named) -> list[str]:
    was, now = _plain(stated(old)), _plain(stated(new))
    places = _place(old, named), _place(new, named)
    elsewhere = places[0] != places[1]
    said = list(_members(was, now, ("kind",)))
    said += _moved(old, new, places)
    # Where it is now and where it was is said already; what was stated of it is said where that does not show it.
    own = [name for name in ("side", "region") if not (elsewhere and was.get(name) and now.get(name))]
    said += _members(was, now, own)
    said += _members(was, now, [name for name in {**was, **now} if name not in ("kind", "side", "region", *_PLACE)])
    for name in _PLACE:
        if name in ("ring", "outline") and was.get(name) != now.get(name):
            said += _shape(name, was.get(name), now.get(name))
    for word, flags in (("no longer flagged", _codes(old) - _codes(new)), ("now flagged", _codes(new) - _codes(old))):
        said += [f"{word} {code}" for code in sorted(flags)]
    return said or ["resolved anew"]


def _plain(statement: PlacementStatement) -> dict[str, Any]:
    """All members of a statement as plain values, also those that are at their defaults."""
    members = {name: msgspec.to_builtins(getattr(statement, name)) for name in statement.__struct_fields__}
    return {"kind": statement.__struct_config__.tag, **members}


def _moved(old: RecordedPlacement, new: RecordedPlacement, places: tuple[str, str]) -> list[str]:
    a, b = old.resolved, new.resolved
    between = f"from {places[0] or 'no place'} to {places[1] or 'no place'}" if places[0] != places[1] else ""
    if (a.view, a.at) == (b.view, b.at):
        return [f"place changed {between}"] if between else []
    if a.at is None or b.at is None or a.view != b.view:
        spots = f"point changed from {_spot(old)} to {_spot(new)}"
        return [spots, f"place changed {between}"] if between else [spots]
    distance = dist(a.at, b.at)
    far = _number(max(0.1, round(distance, 1) if distance < 10 else round(distance)))
    return [f"moved {far} mm {between}".rstrip()]


def _spot(placement: RecordedPlacement) -> str:
    found = placement.resolved
    if found.at is None:
        return "none"
    return f"[{_number(found.at[0])}, {_number(found.at[1])}] on the {found.view} view"


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
            yield f"{word} set to {_shown(new, name)}{unit}"
        elif new in (None, [], ()):
            yield f"{word} removed, it was {_shown(old, name)}{unit}"
        else:
            yield f"{word} changed from {_shown(old, name)} to {_shown(new, name)}{unit}"


def _shown(value: Any, name: str = "") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dict):
        members = ((_MEMBERS.get(each, (each.replace("_", " "), "")), each, inner) for each, inner in value.items())
        return ", ".join(f"{word} {_shown(inner, each)}{unit}" for (word, unit), each, inner in members)
    if isinstance(value, list | tuple):
        return "; ".join(_shown(inner) for inner in value)
    if name in _SPOKEN:
        return str(value).replace("-", " ").replace("_", " ")
    text = str(value)
    if not text or not text[-1].isalnum() or any(letter.isspace() for letter in text):
        text = f'"{text}"' if len(text) <= _MOST else f'"{text[: _MOST - 1]}…"'
    return text


def _number(value: float) -> str:
    return f"{value:g}"


def _called(placement: RecordedPlacement, named: Named) -> str:
    place = _place(placement, named)
    return f"placement {placement.number}" + (f" ({place})" if place else "")


def _whole_place(placement: RecordedPlacement, named: Named) -> str:
    at = "" if placement.resolved.at is None else f"at {_spot(placement)}"
    return ", ".join(word for word in (_place(placement, named), at) if word)


def _place(placement: RecordedPlacement, named: Named) -> str:
    """Which muscle and which side."""
    found = placement.resolved
    known = found.region or found.structure or placement.region
    where = named(known) if known else getattr(getattr(placement, "site", None), "text", "")
    side = found.side or placement.side
    if side in ("left", "right"):
        return f"{side} {where}".rstrip()
    return ", ".join(word for word in (where, "both sides" if side == "both" else side) if word)


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
