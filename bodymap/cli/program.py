"""What every command shares: how refusals are told, the option of the database, and the settings.

Settings come from the environment (`BODYMAP_DATABASE`, ...); flags win.
"""

import errno
import os
from collections.abc import Iterable
from typing import Any

import click

from bodymap.config import Settings
from bodymap.errors import BodymapError, Complaint, Invalid


class Program(click.Group):
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
