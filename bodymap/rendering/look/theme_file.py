"""Themes are JSON files: those that ship, in `themes/`, and a clinic's own.

A theme that ships states every member of `Theme` that has no default; its `id` is the name of its file. A clinic's own
states a theme that it begins from and the members that differ:

    {"base": "clinical", "mark": "#40135e", "treated": "#b8621f"}

`id` and `for_patients` are decided by the base. Colours with too little contrast on the body are rejected as well as
misspelt members.
"""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from bodymap.errors import Complaint, Invalid, Misconfigured
from bodymap.rendering.look.contrast import least, too_faint
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import ThemeId

_DECIDED = ("id", "for_patients")
_SHIPPED: tuple[ThemeId, ...] = ("clinical", "print", "patient", "contrast", "dark")


def _shipped(id_: ThemeId) -> Theme:
    members = msgspec.json.decode((Path(__file__).with_name("themes") / f"{id_}.json").read_bytes())
    return msgspec.convert({**members, "id": id_}, Theme)


THEMES: dict[ThemeId, Theme] = {id_: _shipped(id_) for id_ in _SHIPPED}
"""The themes that ship. In `print` treated regions differ by pattern, black on white, and the body is only lines, so
that a copy of a copy can be read."""


def theme_of(theme: ThemeId, own: Theme | None = None) -> Theme:
    """The theme of an option; `own` is the clinic's; without one it is the clinical theme."""
    return THEMES.get(theme, own or THEMES["clinical"])


def read_theme(data: bytes) -> Theme:
    """The theme in the bytes of a file. Raises `Invalid` with every complaint: a pointer into the file, and what
    would be right."""
    try:
        stated = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise Invalid([Complaint("", "not-json", f"The theme file is not JSON: {error}.")]) from None
    if not isinstance(stated, dict):
        raise Invalid([Complaint("", "wrong-type", "A theme file is one JSON object.")])
    complaints: list[Complaint] = []
    base = _base(stated.pop("base", "clinical"), complaints)
    values: dict[str, Any] = {}
    fields = {field.name: field for field in structs.fields(Theme) if field.name not in _DECIDED}
    for name, value in stated.items():
        if name not in fields:
            near = tuple(get_close_matches(name, fields, 3))
            complaints.append(Complaint(f"/{name}", "unknown-field", f"A theme has no {name!r}.", suggestions=near))
            continue
        try:
            values[name] = msgspec.convert(value, fields[name].type)
        except msgspec.ValidationError as error:
            complaints.append(Complaint(f"/{name}", "out-of-range", f"{name} does not fit: {error}."))
    theme = structs.replace(base, id="own", **values)
    # With an unknown colour the contrast would be judged by colours that nobody chose.
    if not complaints:
        complaints = _faint(theme, values)
    if complaints:
        raise Invalid(complaints)
    return theme


def load_theme(path: str | Path) -> Theme:
    """The theme in a file. Raises `Misconfigured`, naming the file, with every complaint about it."""
    try:
        return read_theme(Path(path).read_bytes())
    except OSError as error:
        raise Misconfigured(f"The theme file {path} cannot be read: {error.strerror or error}.") from error
    except Invalid as error:
        problems = "; ".join(f"{complaint.pointer or 'the file'}: {complaint.detail}" for complaint in error.complaints)
        raise Misconfigured(f"The theme file {path} does not fit: {problems}") from error


def _base(stated: Any, complaints: list[Complaint]) -> Theme:
    if isinstance(stated, str) and stated in THEMES:
        return THEMES[stated]
    detail = f"base is one of {', '.join(_SHIPPED)}."
    complaints.append(Complaint("/base", "unknown-value", detail, suggestions=_SHIPPED))
    return THEMES["clinical"]


def _faint(theme: Theme, values: dict[str, Any]) -> list[Complaint]:
    """One complaint for each pair of colours that cannot be told apart, at the one of them that the file states."""
    worst: dict[tuple[str, str], Complaint] = {}
    for pair in sorted(too_faint(theme), key=lambda pair: pair.ratio):
        ground = pair.ground.split(",")[0].split("/")[0]
        named = [name for name in (pair.thing, ground) if name in values]
        detail = f"{pair.thing} on {pair.ground} has a contrast of {pair.ratio:.2f}; it needs {least(pair)}."
        worst.setdefault(
            (pair.thing, ground), Complaint(f"/{named[0] if named else ''}".rstrip("/"), "too-faint", detail)
        )
    return list(worst.values())
