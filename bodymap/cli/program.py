"""What every command shares: how refusals are told, the option of the database, and the settings.

Settings come from the environment (`BODYMAP_DATABASE`, ...); flags win.
"""

import errno
import keyword
import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

import click

from bodymap.config import Settings
from bodymap.errors import BodymapError, Complaint, Invalid


class Program(click.Group):
    """Commands that are imported when they are named. Turns what goes wrong on purpose, or in the file system, into a
    message and exit code 1.
    """

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **settings: Any) -> None:
        """`modules` says in which module of `bodymap.cli` each command is, in the order of the help."""
        super().__init__(*arguments, **settings)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._modules:
            return None
        module = import_module(f"bodymap.cli.{self._modules[cmd_name]}")
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(module, name)
        return command

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


database = click.option(
    "--db",
    metavar="DB",
    help="A file, or an address such as sqlite:///bodymap.db. Wins over BODYMAP_DATABASE.",
)


def settings_of(db: str | None, default: str | None = None) -> Settings:
    """The environment's settings with the flags laid over them."""
    stated = dict(os.environ)
    if db is not None:
        stated["BODYMAP_DATABASE"] = db if "://" in db else f"sqlite:///{db}"
    elif default is not None:
        stated.setdefault("BODYMAP_DATABASE", default)
    return Settings.read(stated)
