"""`bodymap import` and `bodymap export`: a tenant's record as lines of JSON."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import click

from bodymap.cli.program import database, settings_of
from bodymap.service.exchange import Line, LineAnswer, LineReader

_tenant = click.option("--tenant", required=True, help="Whose record it is.")


@click.command("import")
@click.argument("file", type=click.File("rb"))
@_tenant
@click.option("--key", help="What this file is called: sent again, its lines without an identifier are known by it.")
@database
def import_(file: IO[bytes], tenant: str, key: str | None, db: str | None) -> None:
    """Record what is in FILE, a session a line, as `export` writes it or as one would post it; - is standard input.

    Lines that were refused are told, and all others are kept. What is there already is left as it is, so that a file
    can be given again. A new database is made where there is none. Exit code 1 where anything was refused.
    """
    import asyncio

    from bodymap.atlas import load_atlases
    from bodymap.cli.audit_entries import as_command, telling
    from bodymap.service import UseCases
    from bodymap.service.audit import Recorder, chain_of, secret_for
    from bodymap.service.bulk_import import AT_ONCE, Import
    from bodymap.storage.atlas_digests import check
    from bodymap.storage.database import Database
    from bodymap.threads import Threads

    settings = settings_of(db)
    counts: Counter[str] = Counter()
    atlases = load_atlases(settings.atlas_path, settings.atlas_version)
    with Database.open(settings.database, alone=False) as opened, closing(Threads(1, "lines")) as preparing:
        opened.read_now(lambda tx: check(tx, atlases.digests))
        recorder = Recorder(opened, chain_of(secret_for(opened, settings.database, settings.secret)))
        principal = as_command(tenant)
        tell = telling(tenant, "import")
        use_cases = UseCases.on(atlases)
        taking = Import(opened, use_cases, recorder, principal, tell, key, settings.max_body_bytes, preparing)

        async def take() -> None:
            reader = LineReader()
            while packet := file.read(1 << 16):
                await say(list(reader.feed(packet)))
            await say(list(reader.end()))

        async def say(lines: list[Line]) -> None:
            for first in range(0, len(lines), AT_ONCE):
                for answer in await taking.take(lines[first : first + AT_ONCE]):
                    counts[answer.status] += 1
                    _tell(answer)

        try:
            asyncio.run(take())
        finally:
            taking.close()
            recorder.close()
    click.echo(", ".join(f"{counts[status]} {status}" for status in ("created", "existing", "refused", "failed")))
    if counts["refused"] or counts["failed"]:
        raise click.ClickException("Not everything was taken.")


@click.command()
@_tenant
@click.option("--subject", help="Only of that subject, such as Patient/123.")
@click.option("--versions", type=click.Choice(["current", "all"]), default="current", show_default=True)
@click.option("--audit", is_flag=True, help="Also the entries of the audit that tell of these sessions.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="A file; else standard output.")
@database
def export(tenant: str, subject: str | None, versions: str, audit: bool, output: Path | None, db: str | None) -> None:
    """Write a tenant's record, a session a line. Everything of a person: --subject S --versions all --audit."""
    from bodymap.cli.audit_entries import act
    from bodymap.cli.open_database import opened
    from bodymap.service.audit import chain_of
    from bodymap.service.bulk_export import Export
    from bodymap.storage.audit import append
    from bodymap.storage.queries import SessionQuery

    exporting = Export(tenant, SessionQuery(subject=subject), versions == "all", audit, subject is None)
    with opened(settings_of(db)) as (kept, secret), _written(output) as file:
        chain = chain_of(secret)

        def recorded(sessions: tuple[str, ...]) -> None:
            entry = act(tenant, "export", "read", sessions)
            kept.write_now(lambda tx: append(tx, chain, [entry]))

        # Also where nothing is found, somebody asked.
        recorded(())
        while (portion := kept.read_now(exporting.next)) is not None:
            if portion.sessions:
                recorded(portion.sessions)
            file.write(portion.lines)


def _tell(answer: LineAnswer) -> None:
    if answer.problem is None:
        if answer.status == "refused":
            click.echo(f"line {answer.line}: refused", err=True)
        return
    click.echo(f"line {answer.line}: {answer.status}: {answer.problem.detail}", err=True)
    for complaint in answer.problem.errors:
        click.echo(f"  {complaint.pointer or '(the whole)'}: {complaint.detail}", err=True)


@contextmanager
def _written(output: Path | None) -> Iterator[IO[bytes]]:
    """The file, there under its name only once it is whole; only its owner can read it, as it is of patients."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    draft = output.with_name(output.name + ".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    draft.replace(output)
