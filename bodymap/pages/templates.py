"""The templates of pages: Jinja's, which escape every value, and the style sheets beside them."""

from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

_FOLDER = Path(__file__).with_name("templates")


@cache
def template(name: str) -> jinja2.Template:
    """A template by its file name. Raises `jinja2.TemplateNotFound`."""
    return _environment().get_template(name)


@cache
def style(name: str) -> Markup:
    """The style sheet of a page: that of all pages, and its own."""
    return Markup("".join((_FOLDER / f"{sheet}.css").read_text("utf-8") for sheet in ("page", name)))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
