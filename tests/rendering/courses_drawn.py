"""Courses of visits to draw, made by the same rules as real ones."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from bodymap.atlas import Atlas
from bodymap.charting.course import Course, course_of
from bodymap.charting.session import Session
from tests.rendering.visits_drawn import START, point, recorded, session_of

PLACES = ((398, 275), (302, 275), (412, 318), (470, 372), (304, 724), (396, 722), (245, 785), (345, 500), (440, 400))


def visit_of(atlas: Atlas, number: int, statements: Sequence[dict[str, Any]], **header: Any) -> Session:
    """One visit, a week after the one before it."""
    started = header.pop("started_at", START + timedelta(days=7 * number))
    members = {"started_at": started, "ended_at": None, "needles_in": None, "needles_out": None, **header}
    status = members.pop("status", "completed")
    session = session_of(recorded(atlas, statements), **members)
    placements = tuple(
        msgspec.structs.replace(placement, id=f"v{number}p{placement.number}") for placement in session.placements
    )
    return msgspec.structs.replace(session, id=f"v{number:03}", status=status, placements=placements)


def many_visits(atlas: Atlas, count: int, seed: int, each: int = 6) -> list[Session]:
    """Visits at random places that are treated again and again, with falling pain."""
    dice = random.Random(seed)
    visits: list[Session] = []
    for number in range(count):
        points: list[dict[str, Any]] = []
        while len(points) < each:
            x, y = dice.choice(PLACES)
            x, y = round(dice.gauss(x, 14), 1), round(dice.gauss(y, 14), 1)
            if atlas.at("posterior", x, y) is not None:
                points.append(point("posterior", x, y, count=dice.choice([1, 1, 2])))
        before = max(1, 8 - number * 6 // count)
        visits.append(visit_of(atlas, number, points, pain_before=before, pain_after=max(0, before - 2)))
    return visits


def course(sessions: Sequence[Session], **period: Any) -> Course:
    """The course of the patient of these visits."""
    return course_of("Patient/123", sessions, **period)
