"""What a command does to a record leaves an entry in the audit, too."""

import getpass
import socket
from collections.abc import Callable
from typing import TypeVar

from msgspec import structs

from bodymap import ids
from bodymap.config import Settings
from bodymap.service.audit import chain_of, secret_for
from bodymap.service.bulk_import import Tell
from bodymap.service.principal import SCOPES, Principal
from bodymap.storage.audit import Action, Entry, Outcome, append
from bodymap.storage.database import Database
from bodymap.storage.transaction import Transaction, Work

T = TypeVar("T")

CLIENT = "command-line"


def done(settings: Settings, work: Work[T], entry_of: Callable[[T], Entry]) -> T:
    """Does work on a database, also while it is served. The entry that `entry_of` gives of its result is recorded."""
    with Database.open(settings.database, alone=False, create=False) as database:
        chain = chain_of(secret_for(database, settings.database, settings.secret))

        def recorded(tx: Transaction) -> T:
            result = work(tx)
            append(tx, chain, [entry_of(result)])
            return result

        return database.write_now(recorded)


def act(
    tenant: str,
    operation: str,
    action: Action = "write",
    sessions: tuple[str, ...] = (),
    version: int | None = None,
    about: str | None = None,
) -> Entry:
    """The entry of a command: done now, by the user of this machine who runs it."""
    return Entry(
        tenant=tenant,
        at=ids.now(),
        action=action,
        outcome="done",
        operation=operation,
        client=CLIENT,
        name=_user(),
        address=socket.gethostname(),
        sessions=sessions,
        about=about,
        version=version,
    )


def telling(tenant: str, operation: str) -> Tell:
    """Makes the entries of a command that does many things, each of which is one."""

    def tell(
        outcome: Outcome,
        sessions: tuple[str, ...],
        version: int | None = None,
        problem: str | None = None,
        about: str | None = None,
    ) -> Entry:
        entry = act(tenant, operation, sessions=sessions, about=about)
        return structs.replace(entry, outcome=outcome, version=version, problem=problem)

    return tell


def as_command(tenant: str) -> Principal:
    """The principal of a command: who can write the database's file may do everything."""
    return Principal(tenant, CLIENT, SCOPES, _user() or "")


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return None
