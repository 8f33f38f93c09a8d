"""`bodymap keys`: who may use the service."""

import re
from datetime import UTC, datetime, timedelta

import click

from bodymap.cli.program import database, settings_of
from bodymap.service.principal import SCOPES, TENANT_PATTERN

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Duration(click.ParamType[timedelta]):
    """A number with m, h or d for minutes, hours or days."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([0-9]{1,6})([mhd])", str(value))
        if match is None:
            self.fail(f"{value!r} is no duration, such as 90d, 12h or 30m.", param, ctx)
        return timedelta(**{_UNITS[match[2]]: int(match[1])})


class Moment(click.ParamType[datetime]):
    """A date (its beginning, in UTC), a date with time and offset, or a duration from now."""

    name = "when"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        text, now = str(value), datetime.now(UTC)
        try:
            moment = now + Duration().convert(text, param, ctx) if text[-1:] in _UNITS else datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is neither a date, such as 2027-01-31, nor a duration, such as 90d.", param, ctx)
        if moment.tzinfo is None:
            if len(text) > len("2027-01-31"):
                self.fail(f"{text!r} needs an offset, such as 2027-01-31T12:00:00+01:00.", param, ctx)
            moment = moment.replace(tzinfo=UTC)
        if moment <= now:
            self.fail(f"{text!r} is over.", param, ctx)
        return moment


class Tenant(click.ParamType[str]):
    """The name of a tenant, as it stands in every record."""

    name = "tenant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(TENANT_PATTERN, str(value)):
            self.fail(f"{value!r} is no name of a tenant: letters, digits, . _ : / and -, up to 128.", param, ctx)
        return str(value)


class Name(click.ParamType[str]):
    """What a person calls a client."""

    name = "name"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if len(str(value)) > 100 or not str(value).isprintable():
            self.fail("A name has up to 100 printable characters.", param, ctx)
        return str(value)


@click.group()
def keys() -> None:
    """Make and take back the keys that clients show."""


@keys.command()
@click.option("--tenant", type=Tenant(), required=True, help="Whose records the key opens.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(sorted(SCOPES)),
    multiple=True,
    required=True,
    help="What its holder may do; as often as needed.",
)
@click.option("--name", type=Name(), default="", help="What a person calls the client.")
@click.option("--expires", type=Moment(), help="2027-01-31, or 90d from now.  [default: never]")
@database
def create(tenant: str, scopes: tuple[str, ...], name: str, expires: datetime | None, db: str | None) -> None:
    """Make a key. It is the last line of standard output, and is never shown again."""
    from bodymap import ids
    from bodymap.cli.audit_entries import act, done
    from bodymap.service import keys as service

    key, token = done(
        settings_of(db),
        lambda tx: service.create(tx, tenant, scopes, name, ids.now(), expires),
        lambda made: act(tenant, "keys create", about=made[0].id),
    )
    until = f"until {key.expires_at:%Y-%m-%d %H:%M} UTC" if key.expires_at else "until it is revoked"
    click.echo(f"key {key.id} of {tenant}, {until}, for {', '.join(key.scopes)}; it is shown once:", err=True)
    click.echo(token)


@keys.command("list")
@click.option("--tenant", type=Tenant(), help="Those of one tenant.")
@database
def list_keys(tenant: str | None, db: str | None) -> None:
    """List the keys, never the secrets: id, tenant, state, dates, scopes, name; a tab between."""
    from bodymap import ids
    from bodymap.service import keys as service
    from bodymap.storage import keys as storage
    from bodymap.storage.database import Database

    with Database.open(settings_of(db).database, alone=False, create=False) as opened:
        of_tenant = opened.read_now(lambda tx: storage.listed(tx, tenant))
    for key in of_tenant:
        dates = f"{key.created_at:%Y-%m-%d}", f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "never"
        state = service.state_of(key, ids.now())
        click.echo("\t".join([key.id, key.tenant, state, *dates, " ".join(key.scopes), key.name]))


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option("--grace", type=Duration(), default="0m", help="How long the old one is still taken, such as 24h.")
@click.option("--expires", type=Moment(), help="A new end.  [default: as it was]")
@database
def rotate(key_id: str, grace: timedelta, expires: datetime | None, db: str | None) -> None:
    """Give the client of a key another one: the last line of standard output."""
    from bodymap import ids
    from bodymap.cli.audit_entries import act, done
    from bodymap.service import keys as service

    old_until = ids.now() + grace
    key, token = done(
        settings_of(db),
        lambda tx: service.rotate(tx, key_id, old_until, expires),
        lambda made: act(made[0].tenant, "keys rotate", about=made[0].id),
    )
    click.echo(f"key {key.id} of {key.tenant}, rotated; it is shown once:", err=True)
    click.echo(token)


@keys.command()
@click.argument("key_id", metavar="ID")
@database
def revoke(key_id: str, db: str | None) -> None:
    """Take a key back, for good. A running service stops taking it within seconds."""
    from bodymap import ids
    from bodymap.cli.audit_entries import act, done
    from bodymap.service import keys as service

    key = done(
        settings_of(db),
        lambda tx: service.revoke(tx, key_id, ids.now()),
        lambda gone: act(gone.tenant, "keys revoke", about=gone.id),
    )
    click.echo(f"key {key.id} of {key.tenant} revoked")
