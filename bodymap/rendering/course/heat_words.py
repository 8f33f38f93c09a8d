"""The texts of a heat map: its visits and needles, their muscles, and what is left out."""

from collections.abc import Sequence

from bodymap.charting.course import Tally
from bodymap.rendering.course.heat import Heat
from bodymap.rendering.course.sheet import CourseSheet, sentence

_MOST_HEARD = 8


def step_words(sheet: CourseSheet, step: float) -> str:
    """A density as it stands under the scale of colours."""
    return sheet.wording.number(step)


def made_of(sheet: CourseSheet, heat: Heat) -> str:
    """As in "34 needles of 3 visits"."""
    return sheet.words.made_of.format(needles=sheet.wording.needles(heat.shown), visits=sheet.counted_visits())


def omissions(sheet: CourseSheet, heat: Heat) -> list[str]:
    """What the picture leaves out, counted."""
    words, wording = sheet.words, sheet.wording
    counts = (
        (heat.apart.without_point, words.without_point),
        (heat.outside, words.other_views),
        (heat.apart.not_done, words.not_done),
        (heat.apart.planned, words.planned),
        (heat.in_midline, words.midline),
    )
    texts = [text for count, noun in counts if count and (text := wording.counted(count, noun))]
    if not sheet.course.visits:
        texts.insert(0, words.no_visits)
    elif not heat.shown and not heat.outside:
        texts.insert(0, words.nothing_to_show)
    return [*texts, *sheet.visits_left_out()]


def tally_words(sheet: CourseSheet, tally: Tally) -> str:
    """How many needles over how many visits, as far as needles are spoken of."""
    visits = sheet.wording.counted(tally.visits, sheet.words.visits)
    needles = sheet.wording.needles(tally.needles) if tally.needles or not tally.unstated else ""
    uncounted = sheet.wording.uncounted(tally.unstated) if tally.unstated else ""
    return ", ".join(part for part in (needles, uncounted, visits) if part)


def description(sheet: CourseSheet, heat: Heat, most: int = _MOST_HEARD) -> list[str]:
    """The content of the picture in sentences; at most `most` places are named."""
    words, wording = sheet.words, sheet.wording
    texts = [sentence(words.heatmap)]
    if heat.shown:
        texts.append(sentence(made_of(sheet, heat)))
        texts += [sentence(_view(sheet, wording.view_name(view.panel.view), view.count)) for view in heat.views]
    texts += [sentence(line) for line in _muscles(sheet, wording.tallied(heat.tallies), most)]
    if heat.shown:
        texts += [sentence(words.unit), words.kernel]
    return [*texts, *(sentence(text) for text in omissions(sheet, heat))]


def _view(sheet: CourseSheet, name: str, count: int) -> str:
    return ": ".join(part for part in (name, sheet.wording.needles(count)) if part)


def _muscles(sheet: CourseSheet, tallies: Sequence[Tally], most: int) -> list[str]:
    texts = [f"{sheet.wording.tally_place(tally)}: {tally_words(sheet, tally)}" for tally in tallies[:most]]
    if len(tallies) > most:
        texts.append(sheet.wording.counted(len(tallies) - most, sheet.words.further))
    return texts


def sections(sheet: CourseSheet, heat: Heat) -> list[tuple[str, list[str]]]:
    """The picture as text: how many needles on which view, the steps, every muscle, what is not in it."""
    words, wording = sheet.words, sheet.wording
    views = [_view(sheet, wording.view_name(view.panel.view), view.count) for view in heat.views] if heat.shown else []
    tallies = [f"{wording.tally_place(t)}: {tally_words(sheet, t)}" for t in wording.tallied(heat.tallies)]
    steps = ["; ".join(step_words(sheet, step) for step in heat.steps)] if words.unit and heat.shown else []
    return [
        ("", [sentence(made_of(sheet, heat)), *(sentence(view) for view in views)] if heat.shown else []),
        ("", [sentence(text) for text in omissions(sheet, heat)]),
        (words.muscles, tallies),
        (words.unit, [*steps, words.kernel] if steps else []),
    ]
