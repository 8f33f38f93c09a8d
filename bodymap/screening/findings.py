"""What answers mean for a visit: which items are met or may be, and which of its places they touch.

A finding informs. It refuses no needle and clears none; what is not known is said to be unknown, never left out.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.atlas import Atlas
from bodymap.screening.answers import AnsweredArea, AreaSide, ScreeningAnswer, ScreeningAnswers
from bodymap.screening.items import Item, ItemClass, Scope, items

# What the answer says: it is so; nobody knows; it may be so, from something else that was answered or was not.
State = Literal["present", "unknown", "possible"]
# What a finding is about in this visit: the person; places of it; none of its places; or places that are not stated.
Touches = Literal["person", "placements", "no-placement", "not-stated"]

_STATES: dict[str, State | None] = {"yes": "present", "unknown": "unknown", "no": None}
_CHILD_YEARS = 12
# Where the first third of pregnancy ends, sources differ by a week: before both it is the first, after both another,
# between them it may be either.
_FIRST_THIRD_WEEKS, _LATER_WEEKS = 12, 14
# Areas have no sharp borders: what is said of one may hold for a place in the next.
_NEIGHBOURS: tuple[frozenset[str], ...] = (
    frozenset({"head", "neck"}),
    frozenset({"neck", "shoulder", "upper-back", "chest"}),
    frozenset({"shoulder", "arm", "forearm", "hand"}),
    frozenset({"upper-back", "lower-back"}),
    frozenset({"chest", "abdomen"}),
    frozenset({"lower-back", "abdomen", "hip"}),
    frozenset({"hip", "thigh", "leg", "foot"}),
)


class VisitPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place of a visit. `regions` are those that it lies in or may lie in, none where that is not known. `side` is
    null where it is not known, and where the place does not lie on one side."""

    number: int
    regions: tuple[str, ...] = ()
    side: Literal["left", "right"] | None = None
    flags: frozenset[str] = frozenset()
    electrical: bool = False


class TouchedPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """A placement that a finding touches, by its number; `possible` where it is not known whether it does."""

    number: Annotated[int, Meta(description="The placement's number.")]
    certainty: Annotated[
        Literal["known", "possible"], Meta(description="Whether it is known that the finding touches it.")
    ]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is met, or may be. `state` is `present`, `unknown` (nobody could answer, or nobody asked) or
    `possible` (it follows from an answer that leaves it open).

    `touches` says whether it is about the person, `placements` of the visit, none of them (`no-placement`), or places
    that are not stated. It refuses nothing; an absolute one is to be acknowledged, with a reason, before signing.
    """

    item: Annotated[str, Meta(description="The id of the item.")]
    kind: Annotated[ItemClass, Meta(description="The guidelines' class of it.")] = msgspec.field(name="class")
    scope: Annotated[Scope, Meta(description="Whether it concerns the person, a limb, or a place.")]
    state: Annotated[State, Meta(description="Whether it is there, may be, or is not known.")]
    touches: Annotated[Touches, Meta(description="What of the visit it concerns.")]
    placements: tuple[TouchedPlacement, ...] = ()
    technique: Literal["electrical"] | None = None
    where: tuple[AnsweredArea, ...] = ()
    weeks: Annotated[int | None, Meta(description="Weeks of a pregnancy, where they were answered.")] = None
    medicines: Annotated[tuple[str, ...], Meta(description="Medicines that were answered.")] = ()


def findings(stated: ScreeningAnswers, places: Sequence[VisitPlace], year: int, atlas: Atlas) -> tuple[Finding, ...]:
    """Every item that is met or may be by these answers at these places, in the order in which items are asked; `year`
    is the visit's. An item that nobody answered is among `unanswered`, not here."""
    answers = {answer.item: answer for answer in stated.answers}
    return tuple(_findings(stated, answers, places, year, atlas))


def unanswered(stated: ScreeningAnswers) -> tuple[str, ...]:
    """The ids of the items that are asked and were not answered: none of them is taken as no."""
    answered = {answer.item for answer in stated.answers}
    return tuple(
        item.id
        for item in items()
        if (item.answer == "yes-no-unknown" and item.id not in answered)
        or (item.answer == "birth-year" and stated.birth_year is None)
    )


def _findings(
    stated: ScreeningAnswers,
    answers: dict[str, ScreeningAnswer],
    places: Sequence[VisitPlace],
    year: int,
    atlas: Atlas,
) -> Iterator[Finding]:
    for item in items():
        answer = answers.get(item.id)
        state = _state(item, answer, stated, answers, year)
        if state is None:
            continue
        touched = _touched(item, answer, places, atlas)
        from_place = item.asked_of is None and not item.follows_from
        if (from_place or (item.follows_from and places)) and not touched:
            # Nobody answered anything of it, and no place of this visit is such a one.
            continue
        yield Finding(
            item=item.id,
            kind=item.kind,
            scope=item.scope,
            state=state,
            touches=_touches(item, places, touched),
            placements=touched,
            technique=item.technique,
            where=answer.where if answer else (),
            weeks=answer.weeks if answer else None,
            medicines=answer.medicines if answer else (),
        )


def _state(
    item: Item, answer: ScreeningAnswer | None, stated: ScreeningAnswers, answers: dict[str, ScreeningAnswer], year: int
) -> State | None:
    """How an item stands; None where it is answered with no or was not asked."""
    if item.answer == "birth-year":
        return _state_of_age(stated.birth_year, year)
    if item.id == "pregnancy_t1" and answer is not None and answer.answer == "yes":
        return _state_of_pregnancy(answer.weeks, first=True)
    if item.id == "pregnancy_other":
        pregnancy = answers.get("pregnancy_t1")
        if pregnancy is not None and pregnancy.answer == "yes":
            return _state_of_pregnancy(pregnancy.weeks, first=False)
    if answer is not None:
        return _STATES[answer.answer]
    if item.follows_from:
        given = {answers[name].answer for name in item.follows_from if name in answers}
        return "present" if "yes" in given else "unknown" if "unknown" in given else None
    return "present" if item.asked_of is None else None


def _state_of_age(birth_year: int | None, year: int) -> State | None:
    """From the year alone, a person has had this year's birthday or not."""
    if birth_year is None:
        return None
    oldest = year - birth_year
    if oldest < _CHILD_YEARS:
        return "present"
    return "possible" if oldest == _CHILD_YEARS else None


def _state_of_pregnancy(weeks: int | None, *, first: bool) -> State | None:
    if weeks is None or _FIRST_THIRD_WEEKS < weeks < _LATER_WEEKS:
        return "possible"
    return "present" if (weeks <= _FIRST_THIRD_WEEKS) == first else None


def _touches(item: Item, places: Sequence[VisitPlace], touched: tuple[TouchedPlacement, ...]) -> Touches:
    if item.scope == "person" and item.technique is None:
        return "person"
    if not places:
        return "not-stated"
    return "placements" if touched else "no-placement"


def _touched(
    item: Item, answer: ScreeningAnswer | None, places: Sequence[VisitPlace], atlas: Atlas
) -> tuple[TouchedPlacement, ...]:
    if item.scope == "person" and item.technique is None:
        return ()
    found = ((place.number, _certainty(item, answer, place, atlas)) for place in places)
    return tuple(TouchedPlacement(number=number, certainty=certainty) for number, certainty in found if certainty)


def _certainty(
    item: Item, answer: ScreeningAnswer | None, place: VisitPlace, atlas: Atlas
) -> Literal["known", "possible"] | None:
    """Whether an item touches a place; None where it is known that it does not."""
    if item.technique is not None and item.area is None:
        return "known" if place.electrical else None
    if item.area is not None:
        if (item.technique is not None and place.electrical) or place.flags & set(item.area.flags):
            return "known"
        if not place.regions:
            return "possible"
        inside = {
            region in item.area.regions or atlas.region(region).group in item.area.groups for region in place.regions
        }
        return "known" if inside == {True} else "possible" if True in inside else None
    if answer is None or not answer.where:
        return "possible"
    ranks = [_certainty_of_area(area, place, atlas) for area in answer.where]
    return "known" if "known" in ranks else "possible" if "possible" in ranks else None


def _certainty_of_area(area: AnsweredArea, place: VisitPlace, atlas: Atlas) -> Literal["known", "possible"] | None:
    if area.area is None or not place.regions:
        return "possible" if _sides_meet(area.side, place.side) else None
    groups = {atlas.region(region).group for region in place.regions}
    near = {area.area}.union(*(areas for areas in _NEIGHBOURS if area.area in areas))
    if not _sides_meet(area.side, place.side) or groups.isdisjoint(near):
        return None
    sure = groups == {area.area} and (area.side == "both" or (area.side is not None and area.side == place.side))
    return "known" if sure else "possible"


def _sides_meet(stated: AreaSide | None, side: str | None) -> bool:
    return stated in (None, "both") or side is None or stated == side
