"""The command line. Exit codes: 0 well, 1 refused or failed with a message on standard error, 2 wrong usage.

A command's module is imported when the command is named, and what only its run needs when it runs: `--version` is
quick, and the artwork tools are not needed to serve.
"""

import click

from bodymap import __version__
from bodymap.cli.program import Program

# Where each command is; its function has the command's name, an underscore at the end where Python has a word for it.
_MODULES = {
    "serve": "serving",
    "render": "charts",
    "compare": "comparison",
    "timeline": "courses",
    "heatmap": "courses",
    "migrate": "migrate",
    "move": "moving",
    "import": "bulk",
    "export": "bulk",
    "backup": "backups",
    "restore": "backups",
    "keys": "keys",
    "audit": "audit",
    "settings": "settings",
    "schemas": "schemas",
    "atlas": "atlas",
}


@click.group(
    cls=Program, modules=_MODULES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="bodymap")
def main() -> None:
    """A body-chart server for dry needling: record where needles went, on real anatomy, and draw the chart."""
