"""What a person sees whose link opens nothing (any more): why, whom to ask, and when to call at once all the same.

It knows nothing of the visit or the clinic, so it gives all signs for which to call, without a number.
"""

from typing import Literal

from bodymap.education.texts import EducationText, entries, worded
from bodymap.pages.patient import sentences_of
from bodymap.pages.templates import style, template
from bodymap.words import Language, catalogue

Reason = Literal["ended", "altered"]

_CALL, _UNSURE = ("call-now", "call-now-spine"), ("call-us",)


def closed_link_html(reason: Reason, lang: Language) -> bytes:
    """The page as one HTML document without scripts."""
    pages = catalogue(lang).pages
    return (
        template("closed_link.html")
        .render(
            lang=lang,
            said=pages.link.ended if reason == "ended" else pages.link.altered,
            advice=pages.link.ask if reason == "ended" else pages.link.again,
            pages=pages,
            call=_texts(_CALL, lang),
            unsure=_texts(_UNSURE, lang),
            sentences_of=sentences_of,
            style=style("patient"),
        )
        .encode()
    )


def _texts(ids: tuple[str, ...], lang: Language) -> list[EducationText]:
    return [worded(entry, lang) for entry in entries() if entry.id in ids]
