"""How a language writes numbers, plurals, lists and dates, by Unicode's CLDR."""

import re
from collections.abc import Sequence
from datetime import date
from functools import reduce

import msgspec

_RELATION = re.compile(r"([a-z])(?: mod (\d+))?( not)? in ([\d.,]+)")


class Plural(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A noun with its number `{n}`, by CLDR's categories. `other` replaces those that are left out."""

    zero: str = ""
    one: str = ""
    two: str = ""
    few: str = ""
    many: str = ""
    other: str


CATEGORIES = ("zero", "one", "two", "few", "many")
UNSAID = Plural(other="")


class Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How two things are listed, and how the first, the middle and the last of more are joined to the others."""

    two: str
    start: str
    middle: str
    end: str


class Cldr(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CLDR's data of a locale. `plurals` are its rules for cardinals by category; a number that fits none is
    `other`."""

    locale: str
    decimal: str
    date: str
    months: tuple[str, ...]
    list: Lists
    plurals: dict[str, str]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a language writes. `clock` stands after a time of day; `lowered` says that a heading begins small within a
    sentence; `numerals` count needles in sentences, none first."""

    clock: str
    lowered: bool
    numerals: tuple[str, ...]
    more_listed: str
    cldr: Cldr

    def number(self, text: str) -> str:
        """A number that is written with a point, with the decimal sign of the language."""
        return text.replace(".", self.cldr.decimal)

    def category(self, count: int) -> str:
        """CLDR's plural category of a number, such as `few`."""
        fits = (category for category, rule in self.cldr.plurals.items() if _applies(rule, count))
        return next(fits, "other")

    def plural(self, count: int, noun: Plural) -> str:
        """The form of a noun that goes with a number, before the number is put in."""
        return getattr(noun, self.category(count)) or noun.other

    def counted(self, count: int, noun: Plural) -> str:
        """As in "3 needles"."""
        return self.plural(count, noun).format(n=count)

    def spelled(self, count: int, noun: Plural) -> str:
        """As in "three needles", for sentences."""
        return self.plural(count, noun).format(n=self.numerals[count] if count < len(self.numerals) else count)

    def listed(self, items: Sequence[str]) -> str:
        """As in "3, 5 and 9"."""
        lists = self.cldr.list
        if len(items) < 3:
            return lists.two.format(*items) if len(items) == 2 else "".join(items)
        *first, last = items
        return lists.end.format(self.run(first), last)

    def run(self, items: Sequence[str]) -> str:
        """As in "3, 5, 9": the beginning of a list that goes on."""
        lists = self.cldr.list
        head = lists.start.format(*items[:2]) if len(items) > 1 else "".join(items)
        return reduce(lists.middle.format, items[2:], head)

    def day(self, moment: date) -> str:
        """As in "23 Nov 2026"."""
        cldr = self.cldr
        return cldr.date.format(day=moment.day, month=cldr.months[moment.month - 1], year=moment.year)

    def within(self, heading: str) -> str:
        """A heading as it stands within a sentence."""
        return heading[:1].lower() + heading[1:] if self.lowered else heading


def _applies(rule: str, count: int) -> bool:
    """Whether a whole number fits a plural rule in the syntax of UTS #35: of its operands `n` and `i` are the number,
    and the others, which are of decimals and exponents, are 0."""
    return any(all(_holds(relation, count) for relation in part.split(" and ")) for part in rule.split(" or "))


def _holds(relation: str, count: int) -> bool:
    read = _RELATION.fullmatch(relation)
    if read is None:
        raise ValueError(f"{relation!r} is no relation of a plural rule.")
    operand, modulus, negated, ranges = read.groups()
    value = count if operand in "ni" else 0
    value = value % int(modulus) if modulus else value
    spans = (span.split("..") for span in ranges.split(","))
    return any(int(span[0]) <= value <= int(span[-1]) for span in spans) != bool(negated)
