"""The command line. Exit codes: 0 well, 1 refused or failed with a message on standard error, 2 wrong usage.

What only one command needs is imported when that command runs, so that `--help` is quick and the artwork tools are not
needed to serve.
"""

import click

from bodymap import __version__
from bodymap.cli.atlas import atlas
from bodymap.cli.audit import audit
from bodymap.cli.backups import backup, restore
from bodymap.cli.bulk import export, import_
from bodymap.cli.charts import render
from bodymap.cli.comparison import compare
from bodymap.cli.courses import heatmap, timeline
from bodymap.cli.keys import keys
from bodymap.cli.moving import move
from bodymap.cli.program import Program
from bodymap.cli.record import migrate
from bodymap.cli.schemas import schemas
from bodymap.cli.serving import serve
from bodymap.cli.settings import settings


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bodymap")
def main() -> None:
    """A body-chart server for dry needling: record where needles went, on real anatomy, and draw the chart."""


for _command in (
    serve,
    render,
    compare,
    timeline,
    heatmap,
    migrate,
    move,
    import_,
    export,
    backup,
    restore,
    keys,
    audit,
    settings,
    schemas,
    atlas,
):
    main.add_command(_command)
