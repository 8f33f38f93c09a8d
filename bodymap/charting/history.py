"""What changed between two versions of a session, in words."""

from collections.abc import Callable, Iterator
from math import dist
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bodymap.charting.events import event_in_words
from bodymap.charting.placement import PlacementStatement, RecordedPlacement, stated
from bodymap.charting.session import Header, Session, header_of
from bodymap.charting.signatures import Change, Signature
from bodymap.charting.vocabulary import Moment, SessionStatus
from bodymap.words import Language, catalogue

Named = Callable[[str, Language], str]

_MOST = 80
# A place is said as a move in millimetres, not member by member.
_PLACE = ("view", "at", "ring", "outline")
_NAMED = ("side", "region", "muscle")


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a session: when it was recorded, what made it, and what it changed, in words.

    `superseded` says that a later version holds other content; an event added since does not make it so. `signature` is
    there where the version was signed by it, and then `chart_digest` is the SHA-256 of the chart stored with it.
    """

    version: Annotated[int, Meta(description="The version's number, from 1.")]
    at: Moment
    change: Change
    status: Annotated[SessionStatus, Meta(description="The session's status in it.")]
    superseded: Annotated[bool, Meta(description="Whether a later version holds other content.")]
    signature: Signature | None
    chart_digest: Annotated[
        str | None, Meta(description="The SHA-256 of the chart stored at its signing, in hexadecimal.")
    ]
    differences: Annotated[tuple[str, ...], Meta(description="What it changed, in sentences.")]


def differences(
    before: Session | None, after: Session, named: Named = lambda known, _: known, lang: Language = "en"
) -> tuple[str, ...]:
    """What changed from one version to another, a sentence for each thing; nothing where nothing did.

    Without `before`, what the first version holds. `named` gives the name of a region or structure for its id, in the
    language.
    """
    return _Teller(lang, named).sentences(before or _blank(after), after)


class _Teller:
    """Says in one language what changed."""

    def __init__(self, lang: Language, named: Named) -> None:
        self.lang, self.named = lang, named
        self.catalogue = catalogue(lang)
        self.words = self.catalogue.history
        chart = self.catalogue.chart
        # By member, the words of its values; what has none is shown as it was written.
        self.values = {
            **dict.fromkeys(("status", "kind"), self.words.values),
            "direction": chart.directions,
            "state": chart.states,
            "side": chart.sides,
        }

    def sentences(self, before: Session, after: Session) -> tuple[str, ...]:
        return tuple(_sentence(change) for change in self.changes(before, after))

    def changes(self, before: Session, after: Session) -> Iterator[str]:
        words, was, now = self.words, header_of(before), header_of(after)
        yield from self.members(msgspec.to_builtins(was), msgspec.to_builtins(now), Header.__struct_fields__)
        if before.atlas != after.atlas:
            yield words.atlas.format(old=before.atlas, new=after.atlas)
        held = {placement.number: placement for placement in before.placements}
        new = {placement.number: placement for placement in after.placements}
        for number in sorted(held.keys() | new.keys()):
            yield from self.placement(number, held.get(number), new.get(number))
        for event in after.events[len(before.events) :]:
            name = event_in_words(event, self.catalogue.chart.events)
            facts = {"event": name, "severity": self.catalogue.sheet.severities[event.severity]}
            at = [placement for placement in after.placements if placement.id == event.placement]
            yield words.event_at.format(placement=self.called(at[0]), **facts) if at else words.event.format(**facts)
        if after.signature is not None and after.signature != before.signature:
            signed = words.signed_again if before.signature is not None else words.signed
            yield signed.format(name=after.signature.display)
        if after.voided is not None and before.voided is None:
            yield words.voided.format(name=after.voided.display)

    def placement(self, number: int, old: RecordedPlacement | None, new: RecordedPlacement | None) -> Iterator[str]:
        words, plain = self.words, self.words.placement.format(number=number)
        if old is None and new is not None:
            yield words.added.format(placement=plain, place=self.whole_place(new))
        elif new is None and old is not None:
            yield words.taken_out.format(placement=plain, place=self.whole_place(old))
        elif old is not None and new is not None and old != new:
            yield words.change.format(placement=self.called(new), changes="; ".join(self.inside(old, new)))

    def inside(self, old: RecordedPlacement, new: RecordedPlacement) -> list[str]:
        was, now = _plain(stated(old)), _plain(stated(new))
        places = self.place(old), self.place(new)
        elsewhere = places[0] != places[1]
        changes = [*self.members(was, now, ("kind",)), *self.moved(old, new, places)]
        # Where it is now and where it was is said already; what was stated of it is said where that does not show it.
        unshown = [name for name in _NAMED if not (elsewhere and was.get(name) and now.get(name))]
        changes += self.members(was, now, unshown)
        changes += self.members(was, now, [n for n in {**was, **now} if n not in ("kind", *_NAMED, *_PLACE)])
        for name in ("ring", "outline"):
            if was.get(name) != now.get(name):
                changes += self.shape(name, was.get(name), now.get(name))
        changes += self.flags(self.words.no_longer_flagged, _codes(old) - _codes(new))
        changes += self.flags(self.words.now_flagged, _codes(new) - _codes(old))
        return changes or [self.words.resolved]

    def flags(self, text: str, codes: set[str]) -> list[str]:
        names = self.catalogue.chart.flags
        return [text.format(flag=names.get(code) or code.replace("-", " ")) for code in sorted(codes)]

    def moved(self, old: RecordedPlacement, new: RecordedPlacement, places: tuple[str, str]) -> list[str]:
        words, a, b = self.words, old.resolved, new.resolved
        between = {"old": places[0] or words.no_place, "new": places[1] or words.no_place}
        place = [words.place_changed.format(**between)] if places[0] != places[1] else []
        if (a.view, a.at) == (b.view, b.at):
            return place
        if a.at is None or b.at is None or a.view != b.view:
            return [words.point_changed.format(old=self.spot(old), new=self.spot(new)), *place]
        distance = dist(a.at, b.at)
        far = self.number(max(0.1, round(distance, 1) if distance < 10 else round(distance)))
        return [words.moved_between.format(mm=far, **between) if place else words.moved.format(mm=far)]

    def spot(self, placement: RecordedPlacement) -> str:
        resolved = placement.resolved
        if resolved.at is None or resolved.view is None:
            return self.words.no_point
        view = self.catalogue.form.within(self.catalogue.chart.views[resolved.view])
        return self.words.spot.format(x=self.number(resolved.at[0]), y=self.number(resolved.at[1]), view=view)

    def shape(self, name: str, old: Any, new: Any) -> Iterator[str]:
        words = self.words
        if name == "ring" and old and new:
            yield from self.members({**old, "center": 0}, {**new, "center": 0}, ("radius_mm", "needles"))
        else:
            text = words.shape_changed if old and new else words.shape_added if new else words.shape_removed
            yield text.format(member=self.member(name))

    def members(self, was: dict[str, Any], now: dict[str, Any], names: Any) -> Iterator[str]:
        words = self.words
        for name in names:
            old, new = was.get(name), now.get(name)
            if old == new:
                continue
            member = self.member(name)
            if isinstance(old, dict) and isinstance(new, dict):
                inner = self.members(old, new, {**old, **new})
                yield from (words.inner.format(outer=member, inner=change) for change in inner)
            elif old in (None, [], ()):
                yield words.set_to.format(member=member, value=self.value(new, name))
            elif new in (None, [], ()):
                yield words.removed.format(member=member, value=self.value(old, name))
            else:
                shown = self.value(old, name, unit=False), self.value(new, name)
                yield words.changed.format(member=member, old=shown[0], new=shown[1])

    def member(self, name: str) -> str:
        """A member in words; one that has none by its name."""
        return self.words.members.get(name) or name.replace("_", " ")

    def value(self, value: Any, name: str = "", unit: bool = True) -> str:
        """A value as it is read; a text as it was written, in quotation marks where it would run into the sentence."""
        if isinstance(value, bool):
            return self.words.yes if value else self.words.no
        if isinstance(value, int | float):
            return self.number(value) + (self.words.units.get(name, "") if unit else "")
        if isinstance(value, dict):
            return ", ".join(f"{self.member(each)} {self.value(inner, each)}" for each, inner in value.items())
        if isinstance(value, list | tuple):
            return "; ".join(self.value(inner) for inner in value)
        text = str(value)
        if text in self.values.get(name, {}):
            return self.values[name][text]
        if not text or not text[-1].isalnum() or any(letter.isspace() for letter in text):
            text = f'"{text}"' if len(text) <= _MOST else f'"{text[: _MOST - 1]}…"'
        return text

    def number(self, value: float) -> str:
        return self.catalogue.form.number(f"{value:g}")

    def called(self, placement: RecordedPlacement) -> str:
        place = self.place(placement)
        if not place:
            return self.words.placement.format(number=placement.number)
        return self.words.placement_at.format(number=placement.number, place=place)

    def whole_place(self, placement: RecordedPlacement) -> str:
        at = "" if placement.resolved.at is None else self.words.spot_at.format(spot=self.spot(placement))
        return ", ".join(word for word in (self.place(placement), at) if word)

    def place(self, placement: RecordedPlacement) -> str:
        """Which muscle and which side."""
        chart, resolved = self.catalogue.chart, placement.resolved
        known = resolved.region or resolved.structure or placement.region or resolved.muscle
        where = self.named(known, self.lang) if known else getattr(getattr(placement, "site", None), "text", "")
        side = resolved.side or placement.side
        if side in ("left", "right") and where:
            return chart.heard_side.format(side=chart.sides[side], name=where)
        return ", ".join(word for word in (where, chart.sides[side] if side else "") if word)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}" + ("" if text.endswith(('."', '…"')) else ".")


def _plain(statement: PlacementStatement) -> dict[str, Any]:
    """All members of a statement as plain values, also those that are at their defaults."""
    members = {name: msgspec.to_builtins(getattr(statement, name)) for name in statement.__struct_fields__}
    return {"kind": statement.__struct_config__.tag, **members}


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
