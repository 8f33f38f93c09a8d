"""The texts of a timeline."""

from collections.abc import Sequence

from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.session import Session, occurred_at
from bodymap.rendering.course.curve import Series, has_pain, measure_series
from bodymap.rendering.course.sheet import CourseSheet, sentence
from bodymap.rendering.course.visit_tiles import Tile

_MOST_HEARD = 12
_TELLING = ("in-progress", "stopped")


def day_of(sheet: CourseSheet, tile: Tile) -> str:
    """The day of a visit; in brackets the day when it was recorded, if its own day is unknown."""
    day = sheet.wording.day(occurred_at(tile.visit))
    return day if tile.visit.started_at or tile.visit.started_on else f"({day})"


def caption(sheet: CourseSheet, tile: Tile) -> tuple[str, list[str]]:
    """The visit's number and day; its most important facts."""
    return f"{sheet.words.visit.format(n=tile.number)} · {day_of(sheet, tile)}", _facts(sheet, tile)


def _facts(sheet: CourseSheet, tile: Tile) -> list[str]:
    visit, wording, words = tile.visit, sheet.wording, sheet.words
    placements = wording.counted(len(visit.placements), words.placements)
    facts = [
        _pain(sheet, visit),
        placements,
        wording.counted(tile.hidden, words.hidden) if tile.hidden else "",
        wording.counted(len(visit.events), words.events) if visit.events else "",
        wording.session_status(visit.status) if visit.status in _TELLING else "",
    ]
    return [fact for fact in facts if fact]


def listed(sheet: CourseSheet, tile: Tile, most: int) -> list[tuple[str, str]]:
    """The numbers of a visit, with muscle and side. Beyond `most`, the rest is counted."""
    entries = [(str(placement.number), _place(sheet, tile, placement)) for placement in tile.placements]
    if len(entries) > most:
        more = len(entries) - most + 1
        entries = [*entries[: most - 1], ("", sheet.wording.counted(more, sheet.words.further_placements))]
    return entries


def omissions(sheet: CourseSheet, tiles: Sequence[Tile]) -> list[str]:
    """What the picture leaves out, counted."""
    words, course = sheet.words, sheet.course
    if not course.visits:
        return [words.no_visits, *sheet.visits_left_out()]
    texts: list[str] = []
    if len(tiles) < len(course.visits):
        texts.append(words.visits_drawn.format(shown=len(tiles), n=len(course.visits)))
        if words.curve_all and sheet.form.header and has_pain(course.visits):
            texts[0] = f"{texts[0]}. {words.curve_all.format(n=len(course.visits))}"
    if words.no_pain and not has_pain(course.visits):
        texts.append(words.no_pain)
    return [*texts, *sheet.visits_left_out()]


def description(sheet: CourseSheet, tiles: Sequence[Tile]) -> list[str]:
    """The content of the picture in sentences; a limited number of visits is described."""
    words, wording = sheet.words, sheet.wording
    texts = [sentence(words.timeline)]
    if tiles:
        texts.append(sentence(sheet.counted_visits()))
    for tile in tiles[-_MOST_HEARD:]:
        first, facts = caption(sheet, tile)
        places = "; ".join(dict.fromkeys(_place(sheet, tile, placement) for placement in tile.placements))
        texts.append(sentence(f"{first}: {', '.join(facts)}" + (f": {places}" if places else "")))
    if len(tiles) > _MOST_HEARD:
        texts.append(sentence(wording.counted(len(tiles) - _MOST_HEARD, words.earlier)))
    return [*texts, *(sentence(text) for text in omissions(sheet, tiles))]


def sections(sheet: CourseSheet, tiles: Sequence[Tile]) -> list[tuple[str, list[str]]]:
    """The picture as text: the scores of every visit, then what was done at those that are drawn."""
    words = sheet.words
    scores = [
        f"{number} · {sheet.wording.day(occurred_at(visit))}: {_pain(sheet, visit)}"
        for number, visit in enumerate(sheet.course.visits, 1)
        if _pain(sheet, visit)
    ]
    parts: list[tuple[str, list[str]]] = [
        ("", [sentence(text) for text in omissions(sheet, tiles)]),
        (words.curve, scores if words.curve else []),
    ]
    parts += [(series.heading, _values(sheet, series)) for series in measure_series(sheet)]
    for tile in tiles:
        first, facts = caption(sheet, tile)
        wording = sheet.audience.wording(tile.atlas, sheet.options.lang)
        entries = [sentence(", ".join(facts))] if facts else []
        parts.append((first, [*entries, *(wording.sentence(placement) for placement in tile.placements)]))
    return parts


def _values(sheet: CourseSheet, series: Series) -> list[str]:
    """What was measured at each visit, before and after."""
    words, numbered = sheet.words, enumerate(zip(sheet.course.visits, series.before, series.after, strict=True), 1)
    texts: list[str] = []
    for number, (visit, before, after) in numbered:
        values = ((words.curve_before, before), (words.curve_after, after))
        stated = [f"{label} {sheet.wording.number(value)}" for label, value in values if value is not None]
        if stated:
            texts.append(f"{number} · {sheet.wording.day(occurred_at(visit))}: {', '.join(stated)}")
    return texts


def _pain(sheet: CourseSheet, visit: Session) -> str:
    return sheet.wording.pain(visit.pain_before, visit.pain_after)


def _place(sheet: CourseSheet, tile: Tile, placement: RecordedPlacement) -> str:
    """Muscle and side, with a remark if it was not done."""
    wording = sheet.audience.wording(tile.atlas, sheet.options.lang)
    facts = wording.short_facts(placement, None)[:1] if placement.status != "done" else []
    parts = (wording.place_name(placement), wording.side_name(placement), *facts)
    return ", ".join(part for part in parts if part)
