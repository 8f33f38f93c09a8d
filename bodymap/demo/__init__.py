"""The demonstration: three visits of a fictional patient over six weeks, as session statements.

Nobody is behind them. The points lie where trigger points of these muscles are described; the scores are invented.
"""

from collections.abc import Callable
from importlib import resources

from bodymap.charting.session import SessionStatement
from bodymap.decoding import Draft, decode
from bodymap.errors import Conflict, IdentifierTaken
from bodymap.service import Principal
from bodymap.service.sessions import Sessions
from bodymap.storage.database import Database
from bodymap.storage.queries import SessionQuery
from bodymap.storage.transaction import Transaction

Made = Callable[[Transaction, str], None]

VISITS = ("visit-1", "visit-2", "visit-3")
SUBJECT = "Patient/demo-1"


def _unseen(tx: Transaction, session_id: str) -> None:
    pass


def visit(name: str) -> bytes:
    """One of `VISITS` as it would be posted: the JSON of a session statement."""
    return (resources.files(__name__) / f"{name}.json").read_bytes()


def load(database: Database, sessions: Sessions, principal: Principal, made: Made = _unseen) -> tuple[str, ...]:
    """The ids of the three sessions, oldest first; they are made only where the database does not have them yet.

    `made` is called with each that was made, in the transaction that keeps it.

    Raises Conflict where there are other sessions and no demonstration: a fictional patient does not belong there.
    """
    drafts = [decode(visit(name), SessionStatement) for name in VISITS]

    def strange(tx: Transaction) -> bool:
        [identifier] = drafts[0].value.identifier
        ours = SessionQuery(identifier=f"{identifier.system}|{identifier.value}", limit=1)
        return bool(
            sessions.find(tx, principal, SessionQuery(limit=1)).items and not sessions.find(tx, principal, ours).items
        )

    if database.read_now(strange):
        raise Conflict("The database holds a record already; the demonstration needs one of its own. Name another.")
    return tuple(_made(database, sessions, principal, draft, made) for draft in drafts)


def _made(
    database: Database, sessions: Sessions, principal: Principal, draft: Draft[SessionStatement], made: Made
) -> str:
    session = sessions.draft(draft)

    def work(tx: Transaction) -> str:
        sessions.create(tx, principal, session)
        made(tx, session.id)
        return session.id

    try:
        return database.write_now(work)
    except IdentifierTaken as error:
        return str(error.facts["session"])
