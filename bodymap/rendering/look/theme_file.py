"""A clinic's own theme: a JSON file with a theme that it begins from and the members that differ.

    {"base": "clinical", "mark": "#40135e", "treated": "#e6b566"}

Members are those of `Theme`, except `id` and `for_patients`, which the base decides. Colours with too little contrast
on the body are rejected as well as misspelt members.
"""

from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import structs

from bodymap.errors import Complaint, Invalid, Misconfigured
from bodymap.rendering.look.contrast import SHAPES, TEXT, too_faint
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.themes import THEMES
from bodymap.rendering.options import ThemeId

_DECIDED = ("id", "for_patients")


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
    names = tuple(name for name in get_args(ThemeId) if name in THEMES)
    complaints.append(Complaint("/base", "unknown-value", f"base is one of {', '.join(names)}.", suggestions=names))
    return THEMES["clinical"]


def _faint(theme: Theme, values: dict[str, Any]) -> list[Complaint]:
    """One complaint for each pair of colours that cannot be told apart, at the one of them that the file states."""
    worst: dict[tuple[str, str], Complaint] = {}
    for pair in sorted(too_faint(theme), key=lambda pair: pair.ratio):
        ground = pair.ground.split(",")[0].split("/")[0]
        named = [name for name in (pair.thing, ground) if name in values]
        least = TEXT if pair.text else SHAPES
        detail = f"{pair.thing} on {pair.ground} has a contrast of {pair.ratio:.2f}; it needs {least}."
        worst.setdefault(
            (pair.thing, ground), Complaint(f"/{named[0] if named else ''}".rstrip("/"), "too-faint", detail)
        )
    return list(worst.values())
