"""The visits of one subject, read together."""

from datetime import datetime

from bodymap.charting.course import Course, course_of
from bodymap.charting.session import Session
from bodymap.errors import Complaint, Invalid
from bodymap.service.principal import Principal
from bodymap.storage import sessions
from bodymap.storage.queries import SessionQuery
from bodymap.storage.transaction import Transaction

MOST_VISITS = 1000
"""The maximum for one picture: a visit a week for nineteen years."""

_PAGE = 200


def read_course(
    tx: Transaction, principal: Principal, subject: str, from_: datetime | None, to: datetime | None
) -> Course:
    """The course of a subject in a period; without visits if the record holds none.

    Raises Invalid if the period ends before it begins, or holds more than `MOST_VISITS` sessions.
    """
    if from_ is not None and to is not None and to <= from_:
        detail = "The period ends before it begins: `to` is a moment after `from`."
        raise Invalid([Complaint("?to", "out-of-range", detail)])
    visits: list[Session] = []
    query = SessionQuery(subject=subject, from_=from_, to=to, limit=_PAGE)
    while True:
        page = sessions.search(tx, principal.tenant, query)
        visits += page.items
        if page.next is None:
            return course_of(subject, visits, from_, to)
        if len(visits) >= MOST_VISITS:
            detail = f"The period holds more than {MOST_VISITS:,} sessions: choose a shorter one."
            raise Invalid([Complaint("?from", "too-many", detail)])
        query = SessionQuery(subject=subject, from_=from_, to=to, limit=_PAGE, cursor=page.next)
