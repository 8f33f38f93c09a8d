"""`bodymap render`: a chart without a server."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
import msgspec
from msgspec import structs

from bodymap.api.queries import choices_of
from bodymap.cli.program import settings_of
from bodymap.errors import Invalid
from bodymap.rendering.options import PrintOptions, check_options

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _chart_options(command: _Command) -> _Command:
    """The options of a chart, as flags: the same names and words as in the query of an address."""
    for field in reversed(structs.fields(PrintOptions)):
        flag = f"--{field.encode_name.replace('_', '-')}"
        choices = choices_of(field.type)
        if field.type is bool:
            command = click.option(f"{flag}/--no-{flag[2:]}", field.name, default=None)(command)
        else:
            kind = click.Choice(choices) if choices else None
            command = click.option(flag, field.name, type=kind, metavar=None if kind else "VALUE")(command)
    return command


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="- is stdout.")
@click.option(
    "--theme-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A theme of your own, as JSON; drawn with unless --theme says another. Wins over BODYMAP_THEME_FILE.",
)
@_chart_options
def render(file: BinaryIO, output: Path, theme_file: Path | None, **stated: Any) -> None:
    """Draw the chart of the session in FILE, as POST /v1/charts would. - is standard input.

    The ending of the output says the format: .svg, .png, .pdf or .txt; standard output is SVG.
    """
    from bodymap.api.charts import ChartRequest
    from bodymap.atlas import load_atlases
    from bodymap.charting.session import SessionStatement
    from bodymap.decoding import Draft, decode
    from bodymap.rendering.faces import add_fonts
    from bodymap.rendering.formats import FORMATS, Drawing, draw, lacking
    from bodymap.rendering.theme_file import load_theme
    from bodymap.service import UseCases

    ending = "svg" if str(output) == "-" else output.suffix.lower().removeprefix(".")
    form = next((known for known in FORMATS if known == ending), None)
    if form is None:
        raise click.UsageError(f"{output} ends with none of {', '.join(f'.{known}' for known in FORMATS)}.")
    settings = settings_of(None)
    if settings.fonts:
        add_fonts(Path(settings.fonts))
    chosen = theme_file or settings.theme_file
    own_theme = load_theme(chosen) if chosen else None
    if theme_file is not None and stated.get("theme") is None:
        stated["theme"] = "own"
    options = _options(stated, own_theme is not None)
    draft = decode(file.read(), ChartRequest)
    members = structs.asdict(draft.value)
    header = members.pop("header")
    atlases = load_atlases(settings.atlas_path, settings.atlas_version)
    session = UseCases(atlases).draft_session(Draft(SessionStatement(**members), draft.complaints, draft.unusable))
    if options.page is not None and form != "pdf":
        raise click.UsageError("Only a PDF has pages.")
    chart = draw(Drawing(atlases.default, session, options, header, own_theme, kept=False), form)
    if form in ("png", "pdf") and (notice := lacking(session, header)):
        click.echo(notice, err=True)
    if str(output) == "-":
        sys.stdout.buffer.write(chart)
    else:
        output.write_bytes(chart)


def _options(stated: dict[str, Any], has_own_theme: bool) -> PrintOptions:
    try:
        options = msgspec.convert({k: v for k, v in stated.items() if v is not None}, PrintOptions, strict=False)
    except msgspec.ValidationError as error:
        raise click.UsageError(f"{error}.") from None
    if complaints := check_options(options, has_own_theme):
        raise Invalid(complaints)
    return options
