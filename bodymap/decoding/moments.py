"""Times as RFC 3339 writes them, made ready for a parser that knows no leap seconds and rounds what is too fine."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

_TIME = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:)(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_BLANK_FOR_PLUS = re.compile(r"(?<=[:.\d]\d) (?=\d\d:\d\d\Z)", re.ASCII)


def parsable(text: str) -> str:
    """The time with its digits cut after the sixth, and a leap second as the last microsecond before it.

    A leap second stands at the end of a month in UTC (ITU-R TF.460-6) and nowhere else; text that is not a time comes
    back unchanged.
    """
    time = _TIME.fullmatch(text)
    if time is None:
        return text
    minute, second, fraction, offset = time.groups("")
    if second == "60" and offset and _ends_a_month(f"{minute}59{offset.upper()}"):
        return f"{minute}59.999999{offset}"
    return f"{minute}{second}{'.' if fraction else ''}{fraction[:6]}{offset}"


def with_plus(text: str) -> str:
    """A time out of an address, where a `+` that was not encoded arrives as a blank."""
    return _BLANK_FOR_PLUS.sub("+", text)


def _ends_a_month(text: str) -> bool:
    try:
        last = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return last.day == monthrange(last.year, last.month)[1] and timedelta(hours=last.hour, minutes=last.minute) == (
        timedelta(hours=23, minutes=59)
    )
