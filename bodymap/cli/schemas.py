"""`bodymap schemas`: the public shapes, as files."""

from pathlib import Path

import click


@click.command()
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
