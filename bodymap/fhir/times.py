"""When something was done, as R4's `performed[x]` and `effective[x]`, both ways."""

from collections.abc import Mapping
from typing import Any

from bodymap.fhir.issues import Issue, Report
from bodymap.fhir.references import UNKNOWN


def period_of(session: Mapping[str, Any]) -> dict[str, Any] | None:
    """The session's period as stated; a start that is a date where only the day is known. None without times."""
    start, end = session.get("started_at") or session.get("started_on"), session.get("ended_at")
    period = {**({"start": start} if start else {}), **({"end": end} if end else {})}
    return period or None


def performed(session: Mapping[str, Any], status: str) -> dict[str, Any]:
    """`performed[x]` of the session or of a placement with this Procedure status. It is never missing where US Core
    (us-core-7) and IPS want one: then it says that the time is not known."""
    period = period_of(session)
    if period:
        return {"performedPeriod": period}
    return {"_performedDateTime": UNKNOWN} if status in ("completed", "in-progress") else {}


def stated_times(procedure: Mapping[str, Any], at: str, report: Report) -> dict[str, Any]:
    """The times that a session's Procedure states."""
    if "performedDateTime" in procedure:
        return _start(procedure["performedDateTime"], f"{at}.performed", report)
    period = procedure.get("performedPeriod")
    if not isinstance(period, Mapping):
        return {}
    stated = _start(period["start"], f"{at}.performed.start", report) if "start" in period else {}
    end = period.get("end")
    if isinstance(end, str):
        if "T" in end:
            stated["ended_at"] = end
        else:
            report(Issue(f"{at}.performed.end", "business-rule", "An end is a time with its offset, not a date."))
    return stated


def _start(start: Any, at: str, report: Report) -> dict[str, Any]:
    if not isinstance(start, str) or len(start) < len("2026-11-23"):
        report(Issue(at, "business-rule", "A start is a time or a day; a year or a month alone is not enough."))
        return {}
    return {"started_at": start} if "T" in start else {"started_on": start}
