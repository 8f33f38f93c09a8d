"""What the server's errors mean: to a caller, and for the command that met them."""

import psycopg

from bodymap.errors import BodymapError, Damaged, StorageUnavailable, Unavailable

# By SQLSTATE, or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_MEANINGS = {
    "08": "cannot be reached",
    "25006": "is read-only here",
    "28": "refuses this user",
    "3D": "does not exist: make it with createdb",
    "3F": "has no schema to make tables in",
    "42501": "may not be used by this user",
    "53100": "cannot grow: the disk is full",
    "53200": "cannot be used: the server's memory ran out",
    "53300": "takes no more connections",
    "55P03": "is busy: another command holds what this one needs",
    "57014": "took too long to answer",
    "57P": "is stopping or starting",
    "58": "cannot be read or written: the server reports an error of its disk",
}
_CROWDED = ("40001", "40P01", "23505")
_GONE = ("08", "57P")


def meaning(error: psycopg.Error, name: str = "The database") -> BodymapError | None:
    """What an error means to a caller, or None if neither the database nor a conflict caused it."""
    state = error.sqlstate or ("08" if _without_answer(error) else "")
    if state in ("40001", "40P01"):
        return Unavailable("Too many commands change the same records at once. Try again later.")
    if state in ("XX001", "XX002"):
        return Damaged(f"{name} is damaged: restore it from a backup ({_first_line(error)}).")
    for length in (5, 3, 2):
        if (cause := _MEANINGS.get(state[:length])) is not None:
            return StorageUnavailable(f"{name} {cause} ({_first_line(error)}).")
    return None


def may_run_again(error: psycopg.Error) -> bool:
    """Whether a command that met this before its commit may be run again, because it was undone and may well succeed.

    It met a conflicting command, or the connection was lost. A violated unique constraint counts as a conflict: a
    command says ON CONFLICT where it expects that, so that elsewhere another one came in between; a mistake in the code
    shows again.
    """
    return (error.sqlstate or "").startswith(_CROWDED) or gone(error)


def gone(error: psycopg.Error) -> bool:
    """Whether the connection is lost."""
    return _without_answer(error) or (error.sqlstate or "").startswith(_GONE)


def undone(error: psycopg.Error) -> bool:
    """Whether a commit that failed with this has certainly changed nothing; after any other error that is unknown."""
    state = error.sqlstate or ""
    return state.startswith(("23", "40")) and state != "40003"


def _without_answer(error: psycopg.Error) -> bool:
    return error.sqlstate is None and isinstance(error, psycopg.OperationalError)


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
