"""What the members of a newly stated session must meet, beyond their JSON types: subjects, times, addresses, pain."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bodymap.decoding.member_rules import Doubt, MemberRule
from bodymap.decoding.text_rules import doubt_of_name

RESOURCE_TYPES = frozenset(Path(__file__).with_name("resource_types.txt").read_text("utf-8").split())
"""The resource types of FHIR R4 (http://hl7.org/fhir/R4/valueset-resource-types.html)."""

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_EASTERNMOST, _WESTERNMOST = timedelta(hours=14), timedelta(hours=-12)

# A scheme, and only what may stand in a URI (RFC 3986, sections 2 and 3.1).
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
# HTTP's own need a host (RFC 9110, section 4.2).
_NO_HOST = re.compile(r"https?:(?!//[^/?#:])", re.IGNORECASE)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# `Patient/123`, `https://ehr.example/fhir/Patient/123/_history/2`: the type that a FHIR reference names.
_REFERENCE = re.compile(r"(?:https?://.+/)?([A-Z][A-Za-z]+)/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]{1,64})?")


def canonical_id(text: str) -> str:
    """An identifier as this service makes them: a UUID in lower case (RFC 9562, section 4: taken in any case)."""
    return text.lower() if _UUID.fullmatch(text) else text


def _doubt_of_subject(text: str) -> Doubt | None:
    reference = _REFERENCE.fullmatch(text)
    if reference is not None and reference[1] in RESOURCE_TYPES and reference[1] != "Patient":
        detail = f"The subject is a patient: Patient/…, not {reference[1]}/…; or a text that names no type."
        return Doubt("not-a-patient", detail)
    return doubt_of_name(text)


def _doubt_of_uri(text: str) -> Doubt | None:
    if _URI.fullmatch(text) and not _NO_HOST.match(text):
        return None
    return Doubt(
        "not-a-uri", "It is a URI with its scheme, such as `https://clinic.example/session` or `urn:oid:2.16.840.1`."
    )


def _doubt_of_moment(moment: datetime) -> Doubt | None:
    if moment < EARLIEST:
        return Doubt("out-of-range", f"This is the year {moment.year}: no time before 1900 is recorded.")
    offset = moment.utcoffset() or timedelta()
    if not _WESTERNMOST <= offset <= _EASTERNMOST:
        return Doubt("out-of-range", "Nowhere on earth has this offset: offsets are from -12:00 to +14:00.")
    return None


def _doubt_of_day(day: date) -> Doubt | None:
    if day < EARLIEST.date():
        return Doubt("out-of-range", f"This is the year {day.year}: no time before 1900 is recorded.")
    return None


def _doubt_of_pain(pain: float) -> Doubt | None:
    # Tenths have no exact float; what is nearest to one is one.
    if pain != round(pain, 1):
        return Doubt("out-of-range", "Pain has at most one decimal, such as 6.5.")
    return None


def _whole(pain: float) -> float:
    return int(pain) if pain == int(pain) else pain


LANDMARK_NAME = MemberRule(doubt_of_name)
SUBJECT = MemberRule(_doubt_of_subject, empty_is_absent=True)
URI = MemberRule(_doubt_of_uri)
MOMENT = MemberRule(_doubt_of_moment)
DAY = MemberRule(_doubt_of_day)
PAIN = MemberRule(_doubt_of_pain, _whole)
RECORD_ID = MemberRule(settled=canonical_id)
