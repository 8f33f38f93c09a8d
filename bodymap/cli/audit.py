"""`bodymap audit`: whether the audit is what was written, and the head that proves it later."""

from collections.abc import Iterator, Sequence
from typing import IO

import click
import msgspec

from bodymap.cli.program import database, settings_of
from bodymap.errors import Unavailable
from bodymap.storage.audit import Head, heads
from bodymap.storage.audit_verification import Verdict


@click.group()
def audit() -> None:
    """Verify the audit, and export the head that a later look is held against."""


@audit.command()
@database
@click.option("--tenant", help="Only that tenant's. Without, a line for each.")
def head(db: str | None, tenant: str | None) -> None:
    """Write the last entry of each tenant, sealed: one line of JSON each.

    Keep it where those who could change the database cannot: `verify --head` then finds whatever was cut off since.
    """
    from bodymap.cli.open_database import opened

    with opened(settings_of(db)) as (kept, _):
        for each in kept.read_now(lambda tx: heads(tx, tenant)):
            click.echo(msgspec.json.encode(each).decode())


@audit.command()
@database
@click.option("--tenant", help="Only that tenant's. Without, all of them.")
@click.option("--head", "exported", type=click.File("rb"), help="What `audit head` wrote earlier; - is standard input.")
@click.option("--chain", "chain_alone", is_flag=True, help="The entries alone, without the record that they tell of.")
def verify(db: str | None, tenant: str | None, exported: IO[bytes] | None, chain_alone: bool) -> None:
    """Look at every entry, every version of the record, and all that is looked up by it; name what is not as it was
    written.

    Exit code 1 where there is any. Nothing is stopped by it, but `/readyz` says what was found until the record was
    looked at again.
    """
    from bodymap.cli.audit_entries import act
    from bodymap.cli.open_database import opened
    from bodymap.service.audit import chain_of
    from bodymap.service.verification import entry_of, entry_of_steps, verify_all
    from bodymap.storage.audit import append
    from bodymap.storage.audit_verification import verify as verified
    from bodymap.storage.transaction import Transaction

    known = {each.tenant: each for each in _heads(exported)} if exported is not None else {}
    with opened(settings_of(db)) as (kept, secret):
        chain = chain_of(secret)
        if tenant is not None:
            verdicts = [kept.read_now(lambda tx: verified(tx, chain, tenant, known.get(tenant), chain_alone))]
        else:
            verdicts = kept.read_now(lambda tx: verify_all(tx, chain, known, chain_alone))
        # A look at a part that finds nothing says nothing of the whole.
        if (tenant is None and not chain_alone) or any(verdict.found for verdict in verdicts):
            look = act("", "", "read")

            def record(tx: Transaction) -> None:
                steps = entry_of_steps(tx, look)
                append(tx, chain, [entry_of(look, verdicts), *([steps] if steps is not None else [])])

            try:
                kept.write_now(record)
            except Unavailable as error:
                click.echo(f"This look is not on record: {error.detail}", err=True)
    for line in lines_of(verdicts, chain_alone):
        click.echo(line)
    if any(verdict.found for verdict in verdicts):
        raise click.ClickException("The record is not what was written.")
    if not verdicts:
        click.echo("no entries")


def lines_of(verdicts: Sequence[Verdict], chain_alone: bool = False) -> Iterator[str]:
    """Verdicts as they are told to people."""
    for verdict in verdicts:
        whose = f"tenant {verdict.tenant}" if verdict.tenant else "the service itself"
        entries = f"{verdict.entries} entr{'y' if verdict.entries == 1 else 'ies'}"
        if not chain_alone:
            entries += f" and {verdict.versions} version{'' if verdict.versions == 1 else 's'} of sessions"
        yield f"{whose}: {entries}, {f'{verdict.found} wrong' if verdict.found else 'as they were written'}"
        for finding in verdict.findings:
            yield f"  {finding.detail}"
        if verdict.found > len(verdict.findings):
            yield f"  and {verdict.found - len(verdict.findings)} more"


def _heads(exported: IO[bytes]) -> list[Head]:
    try:
        return [msgspec.json.decode(line, type=Head) for line in exported if line.strip()]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise click.ClickException(f"This is not what `bodymap audit head` writes: {error}.") from error
