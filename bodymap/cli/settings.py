"""`bodymap settings`: what can be set, and what is set here."""

import os

import click

from bodymap.cli.program import settings_of
from bodymap.config import Setting, described


@click.command()
@click.option("--markdown", is_flag=True, help="As the table of the reference, whatever is set here.")
def settings(markdown: bool) -> None:
    """List every setting: its variable, whether it is set here, its default, and what it is for.

    Fails, as every command does, where one that is set is unknown or invalid. Values are not shown: one may be
    a secret.
    """
    if markdown:
        click.echo(table(), nl=False)
        return
    settings_of(None)
    for row in described():
        click.echo(f"{row.variable}{' (set)' if row.variable in os.environ else ''}")
        click.echo(f"    {row.meaning.replace('`', '')}")
        click.echo(f"    {row.values}; {f'{row.default} by default' if row.default else 'not set by default'}")


def table() -> str:
    """Every setting as a table in Markdown."""
    lines = ["| Variable | Values | Default | |", "| --- | --- | --- | --- |"]
    lines += [_line(row) for row in described()]
    return "".join(f"{line}\n" for line in lines)


def _line(row: Setting) -> str:
    default = f"`{row.default}`" if row.default else ""
    return f"| `{row.variable}` | {row.values} | {default} | {row.meaning} |"
