"""`bodymap audit`: whether the audit is what was written, and the head that proves it later."""

from typing import IO

import click
import msgspec

from bodymap.cli.program import database, settings_of
from bodymap.storage.audit import Head, heads


@click.group()
def audit() -> None:
    """Verify the audit, and export the head that a later look is held against."""


@audit.command()
@database
@click.option("--tenant", help="That tenant's alone. Without, a line for each.")
def head(db: str | None, tenant: str | None) -> None:
    """Write the last entry of each tenant, sealed: one line of JSON each.

    Keep it where those who could change the database cannot: `verify --head` then finds whatever was cut off since.
    """
    from bodymap.cli.existing import opened

    with opened(settings_of(db)) as (kept, _):
        for each in kept.read_now(lambda tx: heads(tx, tenant)):
            click.echo(msgspec.json.encode(each).decode())


@audit.command()
@database
@click.option("--tenant", help="That tenant's alone. Without, all of them.")
@click.option("--head", "exported", type=click.File("rb"), help="What `audit head` wrote earlier; - is standard input.")
@click.option("--chain", "chain_alone", is_flag=True, help="The entries alone, without the record that they tell of.")
def verify(db: str | None, tenant: str | None, exported: IO[bytes] | None, chain_alone: bool) -> None:
    """Look at every entry, and at every version of the record; name those that are not what was written.

    Exit code 1 where there are any.
    """
    from bodymap.cli.existing import opened
    from bodymap.service.audit import chain_of
    from bodymap.storage.audit_verification import Verdict, tenants
    from bodymap.storage.audit_verification import verify as verified
    from bodymap.storage.transaction import Transaction

    known = {each.tenant: each for each in _heads(exported)} if exported is not None else {}
    with opened(settings_of(db)) as (kept, secret):
        chain = chain_of(secret)

        def work(tx: Transaction) -> list[Verdict]:
            whose = [tenant] if tenant is not None else sorted({*tenants(tx), *known})
            return [verified(tx, chain, each, known.get(each), chain_alone) for each in whose]

        verdicts = kept.read_now(work)
    for verdict in verdicts:
        whose = f"tenant {verdict.tenant}" if verdict.tenant else "the service itself"
        entries = f"{verdict.entries} entr{'y' if verdict.entries == 1 else 'ies'}"
        if not chain_alone:
            entries += f" and {verdict.versions} version{'' if verdict.versions == 1 else 's'} of sessions"
        click.echo(f"{whose}: {entries}, {f'{verdict.found} wrong' if verdict.found else 'as they were written'}")
        for finding in verdict.findings:
            click.echo(f"  {finding.detail}")
        if verdict.found > len(verdict.findings):
            click.echo(f"  and {verdict.found - len(verdict.findings)} more")
    if any(verdict.found for verdict in verdicts):
        raise click.ClickException("The audit is not what was written.")
    if not verdicts:
        click.echo("no entries")


def _heads(exported: IO[bytes]) -> list[Head]:
    try:
        return [msgspec.json.decode(line, type=Head) for line in exported if line.strip()]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise click.ClickException(f"This is not what `bodymap audit head` writes: {error}.") from error
