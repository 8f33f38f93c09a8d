"""Checks that an exported version can have been made by the service: its members, its lifecycle, and its predecessor.

An administrator restores, and the signer cannot be asked again. But a version that no service would have stored is
refused: signed without a signature, voided by nobody, a chart that is not a chart.
"""

import re
from collections.abc import Iterator
from typing import Literal

from bodymap.charting.session import Session
from bodymap.errors import Complaint
from bodymap.service.exchange import ExportedSession
from bodymap.storage import signed_charts

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_Doubt = tuple[bool, str, Literal["out-of-range", "digest", "life"], str]


def doubts(line: ExportedSession) -> list[Complaint]:
    """What is wrong with an exported version beyond its types; pointers are into the line."""
    checks = (*_shape(line), *_signed(line), *_voided(line), *_changed(line))
    return [Complaint(pointer, code, detail) for fits, pointer, code, detail in checks if not fits]


def doubts_of_next(before: Session, after: Session) -> list[Complaint]:
    """What is wrong with a version as the successor of another one of its session."""
    follows = {"signed": ("signed", "voided"), "voided": ()}.get(before.status)
    checks: list[_Doubt] = [
        (
            follows is None or after.status in follows,
            "/status",
            "life",
            f"A session that is {before.status} does not become {after.status}.",
        ),
        (
            after.created_at == before.created_at,
            "/created_at",
            "life",
            "`created_at` is that of the first version in all versions.",
        ),
        (
            after.last_number >= before.last_number,
            "/last_number",
            "life",
            "`last_number` never goes back: numbers are never reused.",
        ),
        (
            after.events[: len(before.events)] == before.events,
            "/events",
            "life",
            "Events are added and never changed.",
        ),
        (
            before.signature is None or after.signature is not None,
            "/signature",
            "life",
            "What was signed stays signed.",
        ),
    ]
    return [Complaint(pointer, code, detail) for fits, pointer, code, detail in checks if not fits]


def _shape(line: ExportedSession) -> Iterator[_Doubt]:
    numbers = [placement.number for placement in line.placements]
    ascending = numbers == sorted(set(numbers)) and all(1 <= number <= line.last_number for number in numbers)
    yield _ID.fullmatch(line.id) is not None, "/id", "out-of-range", "`id` is a UUID in lower case."
    yield 1 <= line.version < 1 << 31, "/version", "out-of-range", "`version` is a number from 1."
    yield ascending, "/placements", "out-of-range", "Placements have numbers up to `last_number`, in order."
    yield line.created_at <= line.updated_at, "/updated_at", "life", "`updated_at` is not before `created_at`."


def _signed(line: ExportedSession) -> Iterator[_Doubt]:
    signature, chart = line.signature, line.chart
    until_voided = line.voided.status if line.voided is not None else line.status
    detail = "A session is `signed`, or was until it was voided, with a `signature`, and has none otherwise."
    yield (until_voided == "signed") == (signature is not None), "/signature", "life", detail
    if signature is not None:
        yield (
            _names(signature.by, signature.display),
            "/signature",
            "life",
            "A signature says who signed: `by`, `display`.",
        )
        fits = 1 <= signature.version <= line.version and signature.at <= line.updated_at
        yield fits, "/signature", "life", "A signature is of this version or an earlier one."
    if chart is not None:
        signed = signature is not None and signature.version == line.version
        yield signed, "/chart", "out-of-range", "A chart comes with the version that was signed."
        yield chart.is_whole(), "/chart", "digest", "The chart does not match its digest."
        drawn = chart.media_type == signed_charts.MEDIA_TYPE
        yield drawn, "/chart/media_type", "out-of-range", f"A chart is kept as {signed_charts.MEDIA_TYPE}."


def _voided(line: ExportedSession) -> Iterator[_Doubt]:
    voided = line.voided
    detail = "A session is `voided` with who voided it, when and why, and `voided` is absent otherwise."
    yield (line.status == "voided") == (voided is not None), "/voided", "life", detail
    if voided is not None:
        yield _names(voided.by, voided.display, voided.reason), "/voided", "life", "`voided` says who and why."
        yield voided.status != "voided", "/voided/status", "life", "What is voided is not voided again."
        yield voided.at <= line.updated_at, "/voided/at", "life", "It was voided in this version or before."


def _changed(line: ExportedSession) -> Iterator[_Doubt]:
    """Whether the change that made the version agrees with its content."""
    change, signature = line.change, line.signature
    here = signature is not None and signature.version == line.version
    if change.kind in ("signed", "amended"):
        yield (
            here and line.status == "signed",
            "/change",
            "life",
            "What was signed or amended is signed in this version.",
        )
    if change.kind == "voided":
        yield line.status == "voided", "/change", "life", "What was voided is `voided`."
    if change.kind in ("signed", "amended", "voided"):
        reasons = [change.by or "", change.display or "", *([] if change.kind == "signed" else [change.reason or ""])]
        yield _names(*reasons), "/change", "life", f"What was {change.kind} says who did it, and why."
    else:
        yield not here, "/change", "life", "A version is signed by being signed or amended."
    if change.kind in ("created", "copied"):
        yield line.version == 1, "/change", "life", "Only the first version is one that was created."


def _names(*words: str) -> bool:
    return all(word.strip() for word in words)
