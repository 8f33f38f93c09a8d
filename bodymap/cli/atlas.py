"""`bodymap atlas`: for maintainers, who make and check the artwork."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@click.group()
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
    from bodymap.atlas.editions import RELEASED, released_in

    if out.resolve().name in released_in(out.resolve().parent):
        known = f"{RELEASED} says that atlas {out.resolve().name} was released: it never changes."
        raise click.ClickException(f"{known} Build a newer version, or the same elsewhere, to compare.")
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
@click.option(
    "--ways",
    type=click.IntRange(min=0),
    default=2500,
    show_default=True,
    help="How many random needles are held against the flags, after what these cover; 0 leaves both out.",
)
def check(folder: Path | None, meshes: Path | None, terminology: Path | None, ways: int) -> None:
    """Check the atlas in FOLDER, by default the newest one shipped: whole, on the right sides, within its budgets; and
    its flags: how much of each plate and region they cover, and whether a needle meets something without one."""
    with _artwork_installed():
        from bodymap.artwork.check import check as check_atlas
    from bodymap.atlas import atlas_versions
    from bodymap.resources import asset_folder

    chosen = folder or asset_folder() / atlas_versions()[-1]
    report = check_atlas(chosen, meshes.resolve() if meshes else None, terminology)
    click.echo(report.table)
    wrong = [f"{finding.where}: {finding.what}" for finding in report.findings]
    if ways and report.table:
        wrong += _flags_of(chosen, ways)
    if wrong:
        raise click.ClickException("\n".join([f"{chosen} is not well", *(f"  {line}" for line in wrong)]))


def _flags_of(folder: Path, ways: int) -> list[str]:
    """Prints what the flags of an atlas cover, and what random ways meet; the ways that meet something without one."""
    from bodymap.atlas.loading import read_atlas
    from bodymap.charting.flag_coverage import coverage_lines, follow_ways, way_lines

    atlas = read_atlas(folder)
    click.echo("")
    for line in coverage_lines(atlas):
        click.echo(line)
    followed = follow_ways(atlas, ways)
    click.echo("")
    for line in way_lines(followed):
        click.echo(line)
    return [f"no flag on the way: {way}" for way in followed.missed]


@atlas.command()
@click.argument("folder", type=_folder)
def release(folder: Path) -> None:
    """Release the atlas in FOLDER, if the check finds it well: from then on it never changes."""
    with _artwork_installed():
        from bodymap.artwork.check import check as check_atlas
        from bodymap.artwork.releasing import release as release_atlas
    report = check_atlas(folder.resolve())
    if report.findings:
        raise click.ClickException(f"{folder} is not well; bodymap atlas check says why.")
    edition = release_atlas(folder.resolve())
    click.echo(f"atlas {edition.version} is released as {edition.digest}")


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
