"""A clinic's limits for the flags of a session: stored with each version, so that a record says what was set then."""

from msgspec import structs

from bodymap.charting.flags import limits_beside
from bodymap.charting.session import Session, flags_raised
from bodymap.storage import limits
from bodymap.storage.transaction import Transaction


def with_limits(tx: Transaction, tenant: str, session: Session) -> Session:
    """The session with its clinic's current limits for the flags that are raised in it."""
    raised = flags_raised(session)
    current = limits_beside(raised, limits.of_tenant(tx, tenant).values()) if raised else ()
    return session if current == session.limits else structs.replace(session, limits=current)
