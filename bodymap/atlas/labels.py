"""What clinicians call regions, muscles, groups of muscles, and what the atlas does not show, in four languages.

`labels.tsv` is the terminology's table as it stands. Its labels and search terms are machine-made and unreviewed, as
its first line says. Charts and lists show them; a record keeps ids.
"""

from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

LabelLanguage = Literal["en", "de", "es", "fr"]
LabelKind = Literal["region", "muscle", "group", "absent"]

_FILE = Path(__file__).with_name("labels.tsv")


class Label(msgspec.Struct, frozen=True):
    """One row: `members` are the regions of a muscle or group; a region is its own, what is `absent` has none.

    `names` has the label in each language, `terms` everything that is said and typed for it.
    """

    id: str
    kind: LabelKind
    members: tuple[str, ...]
    names: dict[LabelLanguage, str]
    terms: tuple[str, ...]

    def name(self, lang: str) -> str:
        """The label in a language; the English one in a language that the table does not have."""
        return next((name for known, name in self.names.items() if known == lang), self.names["en"])


@cache
def labels() -> tuple[Label, ...]:
    """The rows, in the table's order."""
    head, *rows = [
        line.split("\t") for line in _FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    return tuple(_label(dict(zip(head, row, strict=False))) for row in rows)


@cache
def _by_id() -> dict[str, Label]:
    return {label.id: label for label in labels()}


def label_of(thing_id: str) -> Label | None:
    """The row of a region, muscle, group or absent part; `None` if the table has none."""
    return _by_id().get(thing_id)


def _label(row: dict[str, str]) -> Label:
    names: dict[LabelLanguage, str] = {lang: row[lang] for lang in get_args(LabelLanguage)}
    searched = (term for lang in names for term in row.get(f"search_{lang}", "").split("|") if term)
    return Label(
        id=row["id"],
        kind=msgspec.convert(row["kind"], LabelKind),
        members=tuple(filter(None, row["members"].split("|"))),
        names=names,
        terms=tuple(dict.fromkeys([*names.values(), *searched])),
    )
