"""What was answered to the items of screening: stated before or in a visit, and kept with it as it was given.

A question that was not asked, or answered with unknown, is never taken as no.
"""

from collections.abc import Callable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.decoding.text_rules import NAME, TEXT
from bodymap.errors import Complaint
from bodymap.screening.items import Item, items

# The groups of the atlas's regions, and the parts of limbs that its plates do not show.
BodyArea = Literal[
    "head",
    "neck",
    "shoulder",
    "chest",
    "upper-back",
    "lower-back",
    "abdomen",
    "hip",
    "arm",
    "forearm",
    "hand",
    "thigh",
    "leg",
    "foot",
]
AreaSide = Literal["left", "right", "both"]
Medicine = Annotated[
    str, NAME, Meta(min_length=1, max_length=200, description="A medicine as the person gave it; never advised on.")
]
BirthYear = Annotated[int, Meta(ge=1850, le=2999, description="A year, such as 1961; not after this one.")]
_OLDEST_YEARS = 130


class AnsweredArea(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """A part of the body that an answer names: an `area`, or words where none fits. Without a `side`, it may be either.

    `arm` is the upper arm, `leg` the part below the knee.
    """

    area: Annotated[BodyArea | None, Meta(description="The part of the body.")] = None
    side: Annotated[AreaSide | None, Meta(description="The patient's side; without one it may be either.")] = None
    text: Annotated[str, TEXT, Meta(max_length=200, description="Where, in words.")] | None = None


class ScreeningAnswer(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """The answer to one item. `where`, `weeks` (of pregnancy, completed) and `medicines` belong to items that ask
    further, and to no answer of no."""

    item: Annotated[str, Meta(min_length=1, max_length=80, description="The id of an item that is asked.")]
    answer: Annotated[Literal["yes", "no", "unknown"], Meta(description="Unknown is never taken as no.")]
    where: Annotated[tuple[AnsweredArea, ...], Meta(max_length=32)] = ()
    weeks: Annotated[int, Meta(ge=0, le=45, description="Completed weeks of pregnancy.")] | None = None
    medicines: Annotated[tuple[Medicine, ...], Meta(max_length=64)] = ()
    note: Annotated[str, TEXT, Meta(max_length=4000, description="What else was said.")] | None = None


class ScreeningAnswers(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """What was answered: an answer an item, and the year of birth, which answers the item on children."""

    birth_year: BirthYear | None = None
    answers: Annotated[tuple[ScreeningAnswer, ...], Meta(max_length=100)] = ()


def check_answers(stated: ScreeningAnswers, root: str, today: date, complain: Callable[[Complaint], None]) -> None:
    """Complain of items that do not exist or are not asked, of answers that contradict each other or themselves, and of
    a year of birth that cannot be. `root` is the pointer of `stated`."""
    asked = {item.id: item for item in items() if item.answer == "yes-no-unknown"}
    first: dict[str, int] = {}
    for index, answer in enumerate(stated.answers):
        at = f"{root}/answers/{index}"
        item = asked.get(answer.item)
        if item is None:
            complain(_not_asked(answer.item, f"{at}/item", tuple(asked)))
            continue
        for complaint in _contradictions(answer, item, at):
            complain(complaint)
        if (before := first.setdefault(answer.item, index)) != index:
            detail = f"`{answer.item}` is answered in {root}/answers/{before} already: answer it once."
            complain(Complaint(f"{at}/item", "answered-twice", detail))
    if stated.birth_year is not None and not today.year - _OLDEST_YEARS <= stated.birth_year <= today.year:
        detail = (
            f"A person alive was born from {today.year - _OLDEST_YEARS} to {today.year}, not in {stated.birth_year}."
        )
        complain(Complaint(f"{root}/birth_year", "out-of-range", detail))


def _not_asked(name: str, at: str, asked: tuple[str, ...]) -> Complaint:
    for item in items():
        if item.id == name and item.answer == "birth-year":
            return Complaint(at, "not-asked", f"`{name}` follows from `birth_year`: state that.")
        if item.id == name:
            return Complaint(at, "not-asked", f"`{name}` is not asked: it follows from the place or other answers.")
    near = tuple(get_close_matches(name, asked, 3))
    return Complaint(
        at, "unknown-item", f"There is no item {name!r}; GET /v1/screening/items lists them.", suggestions=near
    )


def _contradictions(answer: ScreeningAnswer, item: Item, at: str) -> Iterator[Complaint]:
    """What an answer states further, where its item asks nothing further or the answer is no."""
    further = {"where": bool(answer.where), "weeks": answer.weeks is not None, "medicines": bool(answer.medicines)}
    for name, stated in further.items():
        if stated and item.further != name:
            yield Complaint(f"{at}/{name}", "not-here", f"`{item.id}` does not ask for `{name}`.")
        elif stated and answer.answer == "no":
            yield Complaint(
                f"{at}/{name}", "contradiction", f"The answer is no, and `{name}` says otherwise: which is it?"
            )
    for index, area in enumerate(answer.where):
        if area.area is None and area.text is None:
            yield Complaint(f"{at}/where/{index}", "missing-field", "State an `area`, or `text` where none fits.")
