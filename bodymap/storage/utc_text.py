"""How values are written in columns."""

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """An aware moment as UTC text of one width, which sorts as time does: `2026-11-23T17:00:00.000000Z`.

    A moment that leaves the calendar on its way to UTC, in the years 1 and 9999, is held at the calendar's edge.
    """
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        utc = datetime.min if moment.year == 1 else datetime.max
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
