"""The flags of a whole session in one line: by how certain they are, each once with the placements that have it."""

from collections.abc import Sequence
from typing import get_args

from bodymap.charting.placement import Flag
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import Certainty
from bodymap.words import Language, catalogue


def flag_line(session: Session, lang: Language) -> str:
    """As in "Flags on the reference figure: under the point: over lung field 1, 3 (3 behind the shoulder blade);
    possible: near midline 2."; empty where none is raised. The absence of a flag is said nowhere to be a clearance.
    """
    words = catalogue(lang).chart
    raised: dict[Certainty, dict[str, list[tuple[int | None, Flag]]]] = {level: {} for level in get_args(Certainty)}
    for flag in session.flags:
        raised[flag.certainty].setdefault(flag.code, []).append((None, flag))
    for placement in sorted(session.placements, key=lambda placement: placement.number):
        for flag in placement.flags:
            raised[flag.certainty].setdefault(flag.code, []).append((placement.number, flag))
    levels = [
        words.flagged.format(
            certainty=words.certainties[certainty],
            listed=", ".join(_named(code, own, lang) for code, own in by_code.items()),
        )
        for certainty, by_code in raised.items()
        if by_code
    ]
    return words.flag_line.format(listed="; ".join(levels)) if levels else ""


def bone_in_front(bone: str, lang: Language) -> str:
    """As in "behind the shoulder blade"; of a bone that has no words of its own, as of any."""
    behind = catalogue(lang).chart.behind
    kind, _, number = bone.rpartition("-")
    return behind.get(kind if number[-1:].isdigit() else bone) or behind["bone"]


def flag_name(code: str, lang: Language) -> str:
    """A flag in words; one that this release does not know by its code."""
    return catalogue(lang).chart.flags.get(code) or code.replace("-", " ")


def _named(code: str, raised: Sequence[tuple[int | None, Flag]], lang: Language) -> str:
    numbers = [str(number) for number, _ in raised if number is not None]
    behind: dict[str, list[str]] = {}
    for number, flag in raised:
        if flag.behind and number is not None:
            behind.setdefault(bone_in_front(flag.behind, lang), []).append(str(number))
    bones = [bone if own == numbers else f"{', '.join(own)} {bone}" for bone, own in behind.items()]
    parts = (flag_name(code, lang), ", ".join(numbers), f"({'; '.join(bones)})" if bones else "")
    return " ".join(part for part in parts if part)
