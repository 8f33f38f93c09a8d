"""The education screen, which a clinic can leave running: the topics in turn, a thought each, nothing of a patient.

What may appear on it is what the value below holds: the education texts for patients, the words around them, and the
clinic's name and numbers where the screen is opened for a clinic. It turns by itself, with style only, and can be held.
"""

from collections.abc import Iterator
from itertools import accumulate
from typing import Annotated, Literal

import msgspec
from markupsafe import Markup
from msgspec import Meta

from bodymap.charting.clinic import Clinic, contact_of, own_texts_of
from bodymap.education.sources import GradedSource, sources_named
from bodymap.education.texts import EducationText, entries, topics_of, worded
from bodymap.pages.languages import OfferedLanguage, languages_of
from bodymap.pages.templates import style, template
from bodymap.rendering.text_metrics import text_width
from bodymap.words import Language, catalogue
from bodymap.words.pages import ScreenWords

Picture = Literal["spot", "needle", "ring"]
Heading = Literal["spot", "into", "around", "decide"]

# A picture moves for this long, and then anew; every thought stands for a whole number of times that, so that its
# picture always begins with it.
TURN_S = 16
# A slow reader's characters a second, from across a room.
_READ_PER_S = 12
_FADE_S = 0.8
_LABEL_SIZE = 34


class _Plan(msgspec.Struct, frozen=True):
    """A thought: its texts, a heading where the topic's own does not say it, and its moving picture."""

    texts: tuple[str, ...]
    heading: Heading | None = None
    picture: Picture | None = None


# What holds in one country, for one visit or of one chart is for the patient's page.
_PLAN = (
    _Plan(("what-it-is",)),
    _Plan(("trigger-point",), "spot", "spot"),
    _Plan(("into-the-spot", "feel-twitch"), "into", "needle"),
    _Plan(("around-the-spot",), "around", "ring"),
    _Plan(("how-it-may-work",)),
    _Plan(("session-length", "session-count")),
    _Plan(("feel-needle", "feel-during")),
    _Plan(("after-sore", "after-bruise")),
    _Plan(("do-move", "do-not-strain")),
    _Plan(("risk-minor",)),
    _Plan(("risk-lung",)),
    _Plan(("call-now",)),
    _Plan(("tell-us-first",)),
    _Plan(("medicines", "pregnancy")),
    _Plan(("training",)),
    _Plan(("acupuncture",)),
    _Plan(("you-decide",), "decide"),
)


class Thought(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the screen at a time, for `seconds`: a heading, texts, and which picture moves beside them."""

    heading: Annotated[str, Meta(description="Its heading in the screen's language.")]
    texts: Annotated[tuple[EducationText, ...], Meta(description="What is said.")]
    picture: Annotated[Picture | None, Meta(description="The moving picture beside it; null where there is none.")]
    seconds: Annotated[int, Meta(description="For how long it stands.")]


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """The thoughts in their turn. No clinician has reviewed a text whose `review` does not say so; `not_reviewed` says
    that there are such texts here."""

    lang: Annotated[Language, Meta(description="The language of the screen.")]
    languages: Annotated[tuple[OfferedLanguage, ...], Meta(description="The languages that it can be read in.")]
    clinic: Annotated[str | None, Meta(description="The clinic's name; null where it is opened for no clinic.")]
    title: Annotated[str, Meta(description="What it is about.")]
    thoughts: Annotated[tuple[Thought, ...], Meta(description="What it shows, in turn.")]
    not_reviewed: Annotated[bool, Meta(description="Whether any of the texts was reviewed by no clinician.")]
    sources: Annotated[dict[str, GradedSource], Meta(description="Where the texts were read.")]


def screen(clinic: Clinic, lang: Language) -> Screen:
    """The screen of a clinic, or of none, in a language."""
    words = catalogue(lang).pages.screen
    thoughts = tuple(_thought(plan, clinic, lang, words) for plan in _PLAN)
    texts = [text for thought in thoughts for text in thought.texts]
    return Screen(
        lang=lang,
        languages=languages_of(clinic, lang),
        clinic=clinic.name,
        title=words.title,
        thoughts=thoughts,
        not_reviewed=any(text.review.state == "not-reviewed" for text in texts),
        sources=sources_named((name for text in texts for name in text.sources), lang),
    )


def screen_html(screen: Screen, link: str = "") -> bytes:
    """The screen as one HTML document without scripts. `link` is what a link adds to the address."""
    pages = catalogue(screen.lang).pages
    return (
        template("screen.html")
        .render(
            screen=screen,
            words=pages.screen,
            pages=pages,
            style=style("screen"),
            turning=Markup("\n".join(_turning(screen.thoughts))),
            link=link,
            size_of=_size_of,
            width_of=_width_of,
        )
        .encode()
    )


def _thought(plan: _Plan, clinic: Clinic, lang: Language, words: ScreenWords) -> Thought:
    chosen = {entry.id: entry for entry in entries() if entry.id in plan.texts}
    contact, own_texts = contact_of(clinic), own_texts_of(clinic)
    texts = tuple(worded(chosen[text], lang, contact, own_texts) for text in plan.texts)
    [heading, *_] = topics_of(chosen.values(), lang).values()
    return Thought(
        heading=getattr(words, plan.heading) if plan.heading else heading,
        texts=texts,
        picture=plan.picture,
        seconds=TURN_S * -(-_length(texts) // (TURN_S * _READ_PER_S)),
    )


def _length(texts: tuple[EducationText, ...]) -> int:
    return sum(len(text.text) for text in texts)


def _size_of(thought: Thought) -> str:
    """The class of a thought by the size in which its texts fit; a clinic's own can be long."""
    length = _length(thought.texts)
    return "" if length <= 420 else "long" if length <= 1000 else "longest"


def _width_of(words: str) -> int:
    """How wide the label of a part of a picture is."""
    return round(text_width(words, _LABEL_SIZE)) + 2 * _LABEL_SIZE


def _turning(thoughts: tuple[Thought, ...]) -> Iterator[str]:
    """The style that shows each thought in its time, and fills its bar; with less motion it cuts between them."""
    ends = list(accumulate(thought.seconds for thought in thoughts))
    whole = ends[-1]

    def at(second: float) -> str:
        return f"{100 * second / whole:.4f}%"

    yield f":root{{--whole:{whole}s;--turn:{TURN_S}s}}"
    cuts = []
    for index, (thought, end) in enumerate(zip(thoughts, ends, strict=True)):
        begin = end - thought.seconds
        fades_in = f"{at(begin)}{{opacity:0}}{at(begin + _FADE_S)}{{opacity:1}}" if begin else "0%{opacity:1}"
        yield (
            f"@keyframes thought-{index}{{0%{{opacity:0}}{fades_in}{at(end - _FADE_S)}{{opacity:1}}"
            f"{at(end)},100%{{opacity:0}}}}"
            f"@keyframes bar-{index}{{0%,{at(begin)}{{transform:scaleX(0)}}{at(end - 0.001)}{{transform:scaleX(1)}}"
            f"{at(end)},100%{{transform:scaleX(0)}}}}"
        )
        cuts.append(
            f"@keyframes thought-{index}{{0%{{opacity:{0 if begin else 1}}}{at(begin)}{{opacity:1}}"
            f"{at(end)},100%{{opacity:0}}}}"
            f"@keyframes bar-{index}{{0%{{transform:scaleX({0 if begin else 1})}}{at(begin)}{{transform:none}}"
            f"{at(end)},100%{{transform:scaleX(0)}}}}"
        )
    yield "@media (prefers-reduced-motion:reduce){" + "".join(cuts) + "}"
