"""The command line. Exit codes: 0 well, 1 refused or failed with a message on standard error, 2 wrong usage.

Settings come from the environment (`BODYMAP_DATABASE`, ...); flags win. What only one command needs is imported when
that command runs, so that `--help` is quick and the artwork tools are not needed to serve.
"""

import errno
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
import msgspec
from msgspec import structs

from bodymap import __version__
from bodymap.api.queries import choices_of
from bodymap.config import Settings
from bodymap.errors import BodymapError, Complaint, Invalid
from bodymap.rendering.options import PrintOptions, check_options

_Command = TypeVar("_Command", bound=Callable[..., Any])

_DEMO_DATABASE = "sqlite:///bodymap-demo.db"
_GRACE_S = 10


class _Told(click.Group):
    """Turns what goes wrong on purpose, or in the file system, into a message and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Invalid as error:
            raise click.ClickException("\n".join([error.detail, *_listed(error.complaints)])) from error
        except BodymapError as error:
            raise click.ClickException(error.detail) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            where = f": {error.filename}" if error.filename else ""
            raise click.ClickException(f"{error.strerror or error}{where}") from error


def _listed(complaints: Iterable[Complaint]) -> list[str]:
    return [f"  {complaint.pointer or '(the whole)'}: {complaint.detail}" for complaint in complaints]


@click.group(cls=_Told, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bodymap")
def main() -> None:
    """A body-chart server for dry needling: record where needles went, on real anatomy, and draw the chart."""


_database = click.option(
    "--db",
    metavar="DB",
    help="A file, or an address such as sqlite:///bodymap.db. Wins over BODYMAP_DATABASE.",
)


def _settings(db: str | None, default: str | None = None) -> Settings:
    """The environment's settings with the flags laid over them."""
    stated = dict(os.environ)
    if db is not None:
        stated["BODYMAP_DATABASE"] = db if "://" in db else f"sqlite:///{db}"
    elif default is not None:
        stated.setdefault("BODYMAP_DATABASE", default)
    return Settings.read(stated)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that serve.")
@click.option("--demo", is_flag=True, help="Load a fictional patient; by default into bodymap-demo.db, not bodymap.db.")
@_database
def serve(host: str, port: int, workers: int, demo: bool, db: str | None) -> None:
    """Serve the record and its charts over HTTP until stopped."""
    import uvicorn

    from bodymap.app import create_app

    settings = _settings(db, _DEMO_DATABASE if demo else None)
    if workers > 1:
        raise click.ClickException("One process owns the writer of an SQLite database: serve it with --workers 1.")
    if not _is_loopback(host):
        raise click.ClickException(
            f"There are no keys yet: whoever reaches {host} could read and change every record. Serve on 127.0.0.1."
        )
    with _listening(host, port) as listening:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        charts = [f"{address}/v1/sessions/{session}/chart.svg" for session in _prepared(settings, demo)]
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings),
                log_level="warning",
                access_log=False,  # An address can name a patient.
                server_header=False,
                lifespan="on",
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        click.echo(_welcome(settings, address, charts))
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            return
    if not server.started:
        raise click.ClickException("The server did not start.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        hint = " Another server is there: choose another with --port." if error.errno == errno.EADDRINUSE else ""
        raise click.ClickException(
            f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}.{hint}"
        ) from error


def _prepared(settings: Settings, demo: bool) -> tuple[str, ...]:
    """Makes and migrates the database, so that what is wrong with it is told plainly before anything is served.

    Returns the ids of the demonstration's sessions, none without `demo`.
    """
    from bodymap.api.auth import LOCAL
    from bodymap.atlas import load_atlases
    from bodymap.demo import load
    from bodymap.service import UseCases
    from bodymap.storage.database import Database

    use_cases = UseCases(load_atlases(settings.atlas_path, settings.atlas_version))
    with Database.open(settings.database) as database:
        return load(database, use_cases, LOCAL) if demo else ()


def _welcome(settings: Settings, address: str, charts: list[str]) -> str:
    lines = [f"bodymap {__version__} on {address}, open to everyone on this machine"]
    lines += [f"  visit {number}   {chart}" for number, chart in enumerate(charts, start=1)]
    lines += [f"  docs      {address}/docs", f"  database  {settings.database}"]
    if charts:
        lines.append("  The patient is fictional. Do not keep real ones here.")
    return "\n".join([*lines, "Stop with Ctrl-C."])


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


@main.command()
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
    settings = _settings(None)
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


@main.command()
@_database
@click.option("--dry-run", is_flag=True, help="Name the steps that would be taken, and change nothing.")
def migrate(db: str | None, dry_run: bool) -> None:
    """Bring a database up to this release, or make a new one."""
    from bodymap.storage import migrations

    taken = migrations.migrate(_settings(db).database, dry_run)
    for name in taken:
        click.echo(f"{'would take' if dry_run else 'took'} {name}")
    if not taken:
        click.echo("up to date")


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where a file is not as it would be written.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("schemas"), show_default=True)
def schemas(check: bool, out: Path) -> None:
    """Write the JSON Schemas and the OpenAPI document into a folder."""
    from bodymap.api.schemas import generate

    wanted = generate()
    there = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.json")}
    differing = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if check and differing:
        raise click.ClickException(f"not as `bodymap schemas` writes them: {', '.join(differing)}")
    for name in differing:
        path = out / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[name])
        else:
            path.unlink()
        click.echo(path)


@main.group()
def atlas() -> None:
    """For maintainers: make an atlas from meshes, and check one. Needs the extra bodymap[artwork]."""


_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@atlas.command()
@click.option("--meshes", type=_folder, required=True, help="The folder of meshes with its manifest.csv.")
@click.option(
    "--terminology", type=_folder, help="The folder of names and codes.  [default: beside the meshes' folder]"
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="assets/svg/VERSION")
def build(meshes: Path, terminology: Path | None, out: Path) -> None:
    """Project meshes into plates, silhouettes, maps and a manifest. The same input gives the same bytes."""
    with _artwork_installed():
        from bodymap.artwork.build import build as build_atlas
    words = terminology or meshes.resolve().parent.parent / "terminology"
    version = out.resolve().name
    with _progress() as progress:
        manifest = build_atlas(meshes, out, words, version, progress)
    click.echo(f"atlas {manifest.version}: {len(manifest.regions)} regions, {len(manifest.plates)} plates in {out}")


@atlas.command()
@click.argument("folder", type=_folder, required=False)
@click.option(
    "--meshes", type=_folder, help="Compare with these meshes, too: every needle's way through the triangles."
)
@click.option("--terminology", type=_folder, help="And with these names and codes.")
def check(folder: Path | None, meshes: Path | None, terminology: Path | None) -> None:
    """Check the atlas in FOLDER, by default the newest one shipped: whole, on the right sides, within its budgets."""
    with _artwork_installed():
        from bodymap.artwork.check import check as check_atlas
    from bodymap.atlas import atlas_versions
    from bodymap.resources import asset_folder

    chosen = folder or asset_folder() / atlas_versions()[-1]
    report = check_atlas(chosen, meshes.resolve() if meshes else None, terminology)
    click.echo(report.table)
    if report.findings:
        lines = (f"  {finding.where}: {finding.what}" for finding in report.findings)
        raise click.ClickException("\n".join([f"{chosen} is not well", *lines]))


@contextmanager
def _artwork_installed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("bodymap"):
            raise
        raise click.ClickException(f"{error.name} is missing: pip install 'bodymap[artwork]'") from error


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error that says which step was done."""
    with click.progressbar(length=1, file=sys.stderr, item_show_func=lambda item: item or "") as bar:
        done_before = 0

        def report(what: str, done: int, of: int) -> None:
            nonlocal done_before
            bar.length = of
            bar.update(done - done_before, what)
            done_before = done

        yield report
