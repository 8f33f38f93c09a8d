"""The patient's page: where the needles went, what to expect and to do, and when to call; for a screen, a phone, paper.

What may appear on it is what the value below holds, and nothing else: of the record the place of each spot in plain
words (of free text only `site.text`), the day and whether it was planned or done; the clinic's name and numbers; and
the education texts that the visit calls for.
"""

import re
from collections.abc import Iterable
from typing import Annotated

import msgspec
from markupsafe import Markup
from msgspec import Meta

from bodymap.atlas import Atlas
from bodymap.atlas.muscles import Muscles
from bodymap.charting.clinic import Clinic, Phones, contact_of, own_texts_of
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.charting.screening import Screening, visit_place
from bodymap.charting.session import Session, occurred_at
from bodymap.education.locales import Topic
from bodymap.education.selection import TreatedPlace, Visit, called_for
from bodymap.education.sources import GradedSource, sources_named
from bodymap.education.texts import EducationText, topics_of, worded
from bodymap.pages.languages import OfferedLanguage, languages_of
from bodymap.pages.templates import style, template
from bodymap.rendering.chart.formats import Drawing, draw, reported
from bodymap.rendering.options import PrintOptions
from bodymap.words import Language, catalogue

_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) (?=[^\W\d_a-zà-ÿ]|[¿¡])")
# Letters that a sheet holds in large type, and places that it holds in more than a line each.
_LITTLE = 1400
_MANY_PLACES = 8
# What stands in a part of its own; every other topic follows below, to be opened.
_UNSURE, _DO, _DO_NOT, _PICTURE = "call-us", "do-move", "do-not-strain", "about-the-picture"
_OWN_PARTS: frozenset[Topic] = frozenset({"after", "aftercare", "warning", "chart"})


class TopicTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The texts on one topic, with its heading."""

    topic: Annotated[Topic, Meta(description="The topic.")]
    heading: Annotated[str, Meta(description="Its heading in the page's language.")]
    texts: Annotated[tuple[EducationText, ...], Meta(description="What is said of it.")]


class ShownPlace(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of places of one kind, with the numbers that they have on the picture."""

    numbers: Annotated[tuple[int, ...], Meta(description="The numbers of their marks on the picture.")]
    text: Annotated[str, Meta(description="Where needles went or shall go, in a sentence or two.")]


class PatientPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a patient is shown of one visit. `treated` are its places in their numbers, `expect`, `do` and `do_not` what
    comes afterwards, `call` when to call at once, `unsure` whom to ask; `more` are further texts by topic. No clinician
    has reviewed a text whose `review` does not say so; `not_reviewed` says that there are such texts here."""

    lang: Annotated[Language, Meta(description="The language of the page.")]
    languages: Annotated[tuple[OfferedLanguage, ...], Meta(description="The languages that it can be read in.")]
    clinic: Annotated[str | None, Meta(description="The clinic's name; null where it has stated none.")]
    heading: Annotated[str, Meta(description="The page's heading.")]
    when: Annotated[str, Meta(description="The day of the visit, in words.")]
    treated: Annotated[tuple[ShownPlace, ...], Meta(description="Where the needles went or shall go, place by place.")]
    left_out: Annotated[str | None, Meta(description="What is said where no place is; null where there are places.")]
    expect: Annotated[tuple[EducationText, ...], Meta(description="What to expect afterwards.")]
    do: Annotated[tuple[EducationText, ...], Meta(description="What may be done.")]
    do_not: Annotated[tuple[EducationText, ...], Meta(description="What should be left.")]
    call: Annotated[tuple[EducationText, ...], Meta(description="When to call at once.")]
    unsure: Annotated[tuple[EducationText, ...], Meta(description="Whom to ask.")]
    more: Annotated[tuple[TopicTexts, ...], Meta(description="Further texts by topic.")]
    picture_note: Annotated[tuple[EducationText, ...], Meta(description="What the picture shows.")]
    emergency: Annotated[str | None, Meta(description="The emergency number; null where none is stated.")]
    phone: Annotated[str | None, Meta(description="The clinic's number; null where none is stated.")]
    not_reviewed: Annotated[bool, Meta(description="Whether any of the texts was reviewed by no clinician.")]
    credit: Annotated[str, Meta(description="The credit of the atlas.")]
    sources: Annotated[dict[str, GradedSource], Meta(description="Where the texts were read.")]


def patient_page(atlas: Atlas, session: Session, clinic: Clinic, lang: Language) -> PatientPage:
    """What the patient of a session is shown, in a language."""
    entries = called_for(_visit(session, atlas.muscles), atlas)
    contact, own_texts = contact_of(clinic), own_texts_of(clinic)
    texts = {entry.id: worded(entry, lang, contact, own_texts) for entry in entries}
    headings = topics_of(entries, lang)
    report = reported(Drawing(atlas, session, _options(lang)))
    words = catalogue(lang).pages.patient
    planned = session.status == "planned"
    phones = clinic.contact or Phones()

    def of(*topics: Topic, but: Iterable[str] = ()) -> tuple[EducationText, ...]:
        return tuple(text for text in texts.values() if text.topic in topics and text.id not in but)

    def named(text: str) -> tuple[EducationText, ...]:
        return (texts[text],) if text in texts else ()

    treated = tuple(ShownPlace(numbers=line.numbers, text=" ".join(line.facts)) for line in report.table.lines)
    return PatientPage(
        lang=lang,
        languages=languages_of(clinic, lang),
        clinic=clinic.name,
        heading=words.planned if planned else words.done,
        when=report.date,
        treated=treated,
        left_out=None if treated else report.left_out or None,
        expect=of("after"),
        do=named(_DO),
        do_not=named(_DO_NOT),
        call=of("warning", but=(_UNSURE,)) or named(_UNSURE),
        unsure=named(_UNSURE) if of("warning", but=(_UNSURE,)) else (),
        more=tuple(
            TopicTexts(topic=topic, heading=heading, texts=of(topic))
            for topic, heading in headings.items()
            if topic not in _OWN_PARTS
        ),
        picture_note=named(_PICTURE),
        emergency=phones.emergency,
        phone=phones.phone,
        not_reviewed=any(text.review.state == "not-reviewed" for text in texts.values()),
        credit=report.credit,
        sources=sources_named((name for text in texts.values() for name in text.sources), lang),
    )


def patient_html(page: PatientPage, atlas: Atlas, session: Session, link: str = "") -> bytes:
    """The page as one HTML document without scripts: its style and its picture stand in it. `link` is what a link adds
    to the address."""
    picture = draw(Drawing(atlas, session, _options(page.lang)), "svg").decode()
    pages = catalogue(page.lang).pages

    def in_its_language(text: EducationText) -> Markup:
        return Markup("") if text.lang == page.lang else Markup(' lang="{}"').format(text.lang)

    return (
        template("patient.html")
        .render(
            page=page,
            words=pages.patient,
            pages=pages,
            picture=Markup(picture.partition("?>")[2] or picture),
            style=style("patient"),
            spoken=in_its_language,
            dialled=dialled,
            sentences_of=sentences_of,
            link=link,
            amount=_amount(page),
        )
        .encode()
    )


def sentences_of(text: str) -> list[str]:
    """A text, sentence by sentence."""
    return _BETWEEN_SENTENCES.split(text)


def dialled(number: str) -> str:
    """The address that dials a number: its digits, with a plus before them where it has one."""
    return "tel:" + ("+" if number.lstrip().startswith("+") else "") + "".join(filter(str.isdigit, number))


def _amount(page: PatientPage) -> str:
    """Whether little or much is printed, so that its type is as large as one sheet lets it be."""
    if len(page.treated) > _MANY_PLACES:
        return "many"
    texts = (*page.expect, *page.do, *page.do_not, *page.call, *page.unsure)
    little = sum(len(text.text) for text in texts) + sum(len(place.text) for place in page.treated)
    return "little" if little <= _LITTLE else ""


def _options(lang: Language) -> PrintOptions:
    return PrintOptions(theme="patient", lang=lang, width=480, legend=False)


def _visit(session: Session, muscles: Muscles) -> Visit:
    places = [placement for placement in session.placements if placement.status != "not-done"]
    screening = session.screening or Screening()
    pregnant = [each.answer for each in screening.answers if each.item == "pregnancy_t1"]
    born = screening.birth_year
    return Visit(
        places=tuple(_place(placement, muscles) for placement in places),
        planned=session.status == "planned",
        # The youngest that the person can be, as nothing says whether this year's birthday has passed.
        age_years=None if born is None else max(0, occurred_at(session).year - born - 1),
        pregnant=pregnant[0] if pregnant else "unknown",
    )


def _place(placement: RecordedPlacement, muscles: Muscles) -> TreatedPlace:
    seen = visit_place(placement, muscles)
    if isinstance(placement, RecordedPerimeter):
        return TreatedPlace(kind="perimeter", regions=seen.regions, flags=seen.flags)
    words = placement.site.text if placement.site is not None else ""
    return TreatedPlace(kind="trigger_point", regions=seen.regions, words=words, flags=seen.flags)
