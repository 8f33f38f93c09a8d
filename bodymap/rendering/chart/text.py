"""A chart as text: for those who hear it, and for pasting into a note."""

import unicodedata
from collections.abc import Iterable

from bodymap.rendering.chart.report import Report
from bodymap.rendering.output.stamp import Stamp
from bodymap.words import catalogue

WIDTH = 78


def write_text(report: Report, stamp: Stamp | None = None) -> bytes:
    """The report in UTF-8, in lines of at most 78 columns, in reading order. Equal reports give equal bytes."""
    words = report.words
    parts: list[list[str]] = [filled(stamp.said) if stamp is not None else [], _title(report)]
    head = [filled(f"{label}: {text}" if label else text) for label, text in report.facts]
    parts.append([line for lines in head for line in lines] + filled(" · ".join(report.identity)))
    parts.append([line for view in report.views for line in filled(view)] + filled(report.left_out))
    parts.append([line for entry in _placements(report) for line in entry])
    if report.counts:
        parts.append(_section(words.needles, [" · ".join(report.counts)]))
    if not report.for_patients:
        parts.append(_flags(report))
    parts.append(_section(catalogue(report.lang).referral.key, report.referral))
    parts.append(_section(words.events, report.events))
    parts.append(_section(words.remarks, (f"{label}: {text}" for label, text in report.remarks)))
    parts.append([line for act in report.acts for line in filled(act)])
    parts.append([line for text in (report.sides, report.credit) for line in filled(text)])
    return ("\n\n".join("\n".join(part) for part in parts if part) + "\n").encode("utf-8")


def columns(text: str) -> int:
    """How many columns a text takes on a screen of fixed pitch."""
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf"
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def _title(report: Report) -> list[str]:
    lines = filled(report.title)
    return [*lines, "=" * max(map(columns, lines)), *filled(report.date), *filled(" · ".join(report.person))]


def _placements(report: Report) -> list[list[str]]:
    entries: list[list[str]] = []
    if report.lines:
        title = report.words.placements if not report.for_patients else ""
        entries.append([title, "-" * columns(title)] if title else [])
    for line in report.lines:
        number = f"{line.number}. "
        if report.for_patients:
            entries.append(filled(number + " ".join(line.facts), len(number)))
            continue
        needles = f"{report.columns[4]}: {line.needles}"
        first = ", ".join(part for part in (line.place, line.side) if part)
        facts = "; ".join([line.kind, needles, *line.facts])
        entries.append([*filled(number + first, len(number)), *filled(" " * len(number) + facts, len(number))])
    return entries


def _flags(report: Report) -> list[str]:
    words = report.words
    lines = [words.flags, "-" * columns(words.flags), *filled(words.flags_note)]
    if not report.flags:
        return [*lines, *filled(words.no_flags)]
    for flag in report.flags:
        lines += filled(f"- {flag.name}: {flag.placements}", 2)
        lines += filled(f"  {flag.reason}", 2) if flag.reason else []
        lines += filled(f"  [{flag.sources}]", 2) if flag.sources else []
        lines += filled(f"  {flag.limit}", 2) if flag.limit else []
    return [*lines, *(line for source in report.sources for line in filled(f"  {source}", 4))]


def _section(title: str, texts: Iterable[str]) -> list[str]:
    lines = [line for text in texts for line in filled(f"- {text}", 2)]
    return [title, "-" * columns(title), *lines] if lines else []


def filled(text: str, indent: int = 0) -> list[str]:
    """Text in lines, those after the first indented. Words longer than a line are broken."""
    lead = text[: len(text) - len(text.lstrip(" "))]
    lines: list[str] = []
    line, begun = lead, False
    for word in text.replace("\u00a0", " ").split():
        rest = word
        if begun and columns(line) + 1 + columns(rest) > WIDTH:
            lines.append(line)
            line, begun = " " * indent, False
        while columns(line) + columns(rest) + begun > WIDTH:
            cut = len(rest)
            while cut > 1 and columns(line) + columns(rest[:cut]) > WIDTH:
                cut -= 1
            lines.append(line + rest[:cut])
            line, begun, rest = " " * indent, False, rest[cut:]
        line = f"{line} {rest}" if begun else line + rest
        begun = True
    if begun:
        lines.append(line)
    return lines
