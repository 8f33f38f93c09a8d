"""What a clinic says of itself: its name and numbers, its presets, and its own texts for patients.

A tenant is one clinic, or what is one to its patients. None of it is needed to record anything.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Literal
from zoneinfo import available_timezones

import msgspec
from msgspec import Meta

from bodymap.charting.placement import Needle
from bodymap.charting.vocabulary import Label, Name, Text
from bodymap.decoding import pointer
from bodymap.education.texts import Contact, OwnText, OwnTexts, entries
from bodymap.errors import Complaint
from bodymap.words import Language

# Each muscle once, or each side of it: sources disagree on what counts for the code (domain notes, section 7).
CountSides = Literal["once", "each"]
MAX_TEXTS = 200
# Digits only are dialled, so that a letter would be lost without a word.
_DIALLED = re.compile(r"\(?\+?[0-9]?(?:[ ()./-]*[0-9])+\)?")


class Phones(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """Telephone numbers as patients dial them: of the clinic, and the one to call in an emergency where it is. Texts
    say `your clinic` and `your emergency number` where there is none."""

    phone: Annotated[Label | None, Meta(description="The clinic's number, as patients dial it.")] = None
    emergency: Annotated[Label | None, Meta(description="The number to call in an emergency.")] = None


class ClinicText(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """The clinic's own words in place of a text of ours, shown as they stand. Shown as reviewed only with who did, and
    on which day."""

    text: Annotated[Text, Meta(description="The text, shown as it stands.")]
    reviewed_by: Annotated[Name | None, Meta(description="The clinician who reviewed it.")] = None
    reviewed_on: Annotated[date | None, Meta(description="The day of the review.")] = None


class Clinic(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """What a clinic says of itself. `organization` is a FHIR reference or a name; `time_zone` one of IANA's.

    `count_sides` says whether a muscle that was treated on both sides counts once for the suggested code, or each side.
    `languages` are those its patients are offered, `needles` its presets, `theme` that of its pictures. `texts` are its
    own words for patients, by the id of the text that they replace and the language.
    """

    name: Annotated[Name | None, Meta(description="The clinic's name, as patients know it.")] = None
    organization: Annotated[Label | None, Meta(description="A FHIR reference, or a name.")] = None
    contact: Annotated[Phones | None, Meta(description="Telephone numbers for patients.")] = None
    time_zone: Annotated[str, Meta(max_length=64, description="A time zone such as `Europe/Berlin`.")] | None = None
    count_sides: Annotated[CountSides | None, Meta(description="How both sides of a muscle count.")] = None
    languages: Annotated[tuple[Language, ...], Meta(max_length=32, description="Languages for patients.")] = ()
    needles: Annotated[tuple[Needle, ...], Meta(max_length=32, description="Presets, without lots.")] = ()
    theme: Annotated[str, Meta(max_length=40, description="A theme, such as `clinical`.")] | None = None
    texts: Annotated[
        dict[str, dict[Language, ClinicText]],
        Meta(max_length=MAX_TEXTS, description="Texts by the id of the text that they replace, and the language."),
    ] = {}


def contact_of(clinic: Clinic) -> Contact:
    """The numbers that texts for patients name."""
    stated = clinic.contact or Phones()
    return Contact(phone=stated.phone, emergency=stated.emergency)


def own_texts_of(clinic: Clinic) -> OwnTexts:
    """The clinic's own texts for patients."""
    return {
        name: {lang: OwnText(**msgspec.structs.asdict(text)) for lang, text in texts.items()}
        for name, texts in clinic.texts.items()
    }


class RecordedClinic(Clinic, frozen=True, kw_only=True):
    """A clinic as it last described itself; version 0 where it never did."""

    version: Annotated[int, Meta(description="Its version; 0 where the tenant never said anything.")]


def check_clinic(clinic: Clinic, complain: Callable[[Complaint], None]) -> None:
    """Complain of a time zone and of texts that do not exist, of presets with a lot, of reviews by nobody."""
    if clinic.time_zone is not None and clinic.time_zone not in available_timezones():
        detail = f"There is no time zone {clinic.time_zone!r}: one of IANA's, such as `Europe/Berlin`."
        complain(Complaint("/time_zone", "unknown-value", detail))
    for name in ("phone", "emergency"):
        number = getattr(clinic.contact, name) if clinic.contact is not None else None
        if number is not None and not _DIALLED.fullmatch(number):
            detail = "A number as it is dialled: digits, which a plus may lead, with blanks and ( ) - . / between them."
            complain(Complaint(f"/contact/{name}", "not-a-number", detail))
    for index, lang in enumerate(clinic.languages):
        if lang in clinic.languages[:index]:
            complain(Complaint(f"/languages/{index}", "repeated", f"`{lang}` is stated already."))
    for index, needle in enumerate(clinic.needles):
        if needle.lot is not None:
            detail = "A lot is that of one packet: state it with the session."
            complain(Complaint(f"/needles/{index}/lot", "not-here", detail))
    for complaint in _doubts_of_texts(clinic):
        complain(complaint)


def _doubts_of_texts(clinic: Clinic) -> Iterator[Complaint]:
    known = {entry.id for entry in entries()}
    for name, texts in clinic.texts.items():
        if name not in known:
            detail = f"There is no text {name!r}; GET /v1/education lists them."
            yield Complaint(pointer("/texts", name), "unknown-value", detail)
        for lang, text in texts.items():
            if (text.reviewed_by is None) != (text.reviewed_on is None):
                detail = "A review has both: `reviewed_by` and `reviewed_on`."
                yield Complaint(pointer(pointer("/texts", name), lang), "missing-field", detail)
