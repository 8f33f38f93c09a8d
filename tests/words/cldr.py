"""What CLDR says of a locale, as a catalogue has it. `python -m tests.words.cldr pl` prints the table for a file."""

import json
import re
import sys

from babel import Locale

from bodymap.words.grammar import Cldr, Lists

_FIELDS = {"d": "{day}", "MMM": "{month}", "y": "{year}"}


def cldr(locale: str) -> Cldr:
    """The table of a locale, such as `en-001`, from Babel's data."""
    data = Locale.parse(locale, sep="-")
    tokens = re.findall(r"d+|M+|y+|[^dMy]+", data.datetime_skeletons["yMMMd"].pattern)
    lists = data.list_patterns["standard"]
    return Cldr(
        locale=locale,
        decimal=data.number_symbols["latn"]["decimal"],
        date="".join(_FIELDS.get(token, token) for token in tokens),
        months=tuple(data.months["format"]["abbreviated"][month] for month in range(1, 13)),
        list=Lists(two=lists["2"], start=lists["start"], middle=lists["middle"], end=lists["end"]),
        plurals=dict(data.plural_form.rules),
    )


def table(found: Cldr) -> str:
    """The table in TOML."""

    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [f"{name} = {text(getattr(found, name))}" for name in ("locale", "decimal", "date")]
    lines.append(f"months = [{', '.join(map(text, found.months))}]")
    lines += [f"list.{name} = {text(getattr(found.list, name))}" for name in ("two", "start", "middle", "end")]
    lines += [f"plurals.{name} = {text(rule)}" for name, rule in found.plurals.items()]
    return "\n".join(["[form.cldr]", *lines])


if __name__ == "__main__":
    print(table(cldr(sys.argv[1])))  # noqa: T201
