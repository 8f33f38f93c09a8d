"""The demonstration: three visits of a fictional patient over six weeks, as session statements.

Nobody is behind them. The points lie where trigger points of these muscles are described; the scores are invented.
"""

from importlib import resources

from bodymap.charting.session import SessionStatement
from bodymap.decoding import decode
from bodymap.errors import IdentifierTaken
from bodymap.service import Principal, UseCases
from bodymap.storage.database import Database

VISITS = ("visit-1", "visit-2", "visit-3")


def visit(name: str) -> bytes:
    """One of `VISITS` as it would be posted: the JSON of a session statement."""
    return (resources.files(__name__) / f"{name}.json").read_bytes()


def load(database: Database, use_cases: UseCases, principal: Principal) -> tuple[str, ...]:
    """The ids of the three sessions, oldest first; they are made only where the database does not have them yet."""
    return tuple(_load(database, use_cases, principal, name) for name in VISITS)


def _load(database: Database, use_cases: UseCases, principal: Principal, name: str) -> str:
    draft = decode(visit(name), SessionStatement)
    try:
        return database.write_now(lambda tx: use_cases.create_session(tx, principal, draft)).id
    except IdentifierTaken as error:
        return str(error.facts["session"])
