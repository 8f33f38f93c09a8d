"""`bodymap render`: a chart without a server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, TypeVar

import click
import msgspec
from msgspec import structs

from bodymap.api.http.queries import choices_of, is_yes_or_no
from bodymap.cli.program import settings_of
from bodymap.errors import Invalid
from bodymap.rendering.course.options import CourseOptions
from bodymap.rendering.options import ChartOptions, PrintOptions, check_theme

if TYPE_CHECKING:
    from bodymap.atlas import Atlases
    from bodymap.rendering.look.theme import Theme
    from bodymap.rendering.output.formats import Format

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Options = TypeVar("_Options", bound=ChartOptions | CourseOptions)


def _flags(command: _Command, kind: type[msgspec.Struct]) -> _Command:
    """The options of a picture, as flags: the same names and words as in the query of an address."""
    for field in reversed(structs.fields(kind)):
        flag = f"--{field.encode_name.replace('_', '-')}"
        choices = choices_of(field.type)
        if is_yes_or_no(field.type):
            command = click.option(f"{flag}/--no-{flag[2:]}", field.name, default=None)(command)
        else:
            choice = click.Choice(choices) if choices else None
            command = click.option(flag, field.name, type=choice, metavar=None if choice else "VALUE")(command)
    return command


def drawing_options(command: _Command, kind: type[msgspec.Struct] = PrintOptions) -> _Command:
    """Where a picture goes, in which theme, and how it is drawn: the members of `kind`."""
    output = click.option(
        "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="- is stdout."
    )
    theme_file = click.option(
        "--theme-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A theme of your own, as JSON; drawn with unless --theme says another. Wins over BODYMAP_THEME_FILE.",
    )
    return output(theme_file(_flags(command, kind)))


@dataclass(frozen=True)
class Asked(Generic[_Options]):
    """What the flags of a picture come to."""

    form: Format
    options: _Options
    own_theme: Theme | None
    atlases: Atlases


def asked(
    output: Path, theme_file: Path | None, stated: dict[str, Any], kind: type[_Options], forms: Collection[str] = ()
) -> Asked[_Options]:
    """The flags, read; further fonts are there from now on. Raises UsageError for an output of none of `forms`."""
    from bodymap.atlas import load_atlases
    from bodymap.rendering.faces import add_fonts
    from bodymap.rendering.look.theme_file import load_theme
    from bodymap.rendering.output.formats import FORMATS

    ending = "svg" if str(output) == "-" else output.suffix.lower().removeprefix(".")
    form = next((known for known in FORMATS if known == ending and known in (forms or FORMATS)), None)
    if form is None:
        raise click.UsageError(f"{output} ends with none of {', '.join(f'.{known}' for known in forms or FORMATS)}.")
    settings = settings_of(None)
    if settings.fonts:
        add_fonts(Path(settings.fonts))
    chosen = theme_file or settings.theme_file
    own_theme = load_theme(chosen) if chosen else None
    if theme_file is not None and stated.get("theme") is None:
        stated["theme"] = "own"
    options = _options(stated, kind, own_theme is not None)
    if isinstance(options, PrintOptions) and options.page is not None and form != "pdf":
        raise click.UsageError("Only a PDF has pages.")
    return Asked(form, options, own_theme, load_atlases(settings.atlas_path, settings.atlas_version))


def written(output: Path, form: Format, picture: bytes, *written_of: msgspec.Struct | None) -> None:
    """The picture where it was asked for; on standard error which letters of what it tells no font has."""
    from bodymap.rendering.output.formats import lacking

    if form in ("png", "pdf") and (notice := lacking(*written_of)):
        click.echo(notice, err=True)
    if str(output) == "-":
        sys.stdout.buffer.write(picture)
    else:
        output.write_bytes(picture)


@click.command()
@click.argument("file", type=click.File("rb"))
@drawing_options
def render(file: BinaryIO, output: Path, theme_file: Path | None, **stated: Any) -> None:
    """Draw the chart of the session in FILE, as POST /v1/charts would. - is standard input.

    The ending of the output says the format: .svg, .png, .pdf or .txt; standard output is SVG.
    """
    from bodymap.api.charts import ChartRequest
    from bodymap.charting.session import SessionStatement
    from bodymap.decoding import Draft, decode
    from bodymap.rendering.chart.formats import Drawing, draw
    from bodymap.service import UseCases

    how = asked(output, theme_file, stated, PrintOptions)
    draft = decode(file.read(), ChartRequest)
    members = structs.asdict(draft.value)
    header = members.pop("header")
    statement = Draft(SessionStatement(**members), draft.complaints, draft.unusable)
    session = UseCases.on(how.atlases).sessions.draft(statement)
    drawing = Drawing(how.atlases.default, session, how.options, header, how.own_theme, stored=False)
    written(output, how.form, draw(drawing, how.form), session, header)


def _options(stated: dict[str, Any], kind: type[_Options], has_own_theme: bool) -> _Options:
    try:
        options = msgspec.convert({k: v for k, v in stated.items() if v is not None}, kind, strict=False)
    except msgspec.ValidationError as error:
        raise click.UsageError(f"{error}.") from None
    if complaints := check_theme(options.theme, has_own_theme):
        raise Invalid(complaints)
    return options
