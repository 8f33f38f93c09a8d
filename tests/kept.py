"""What a record must hold after many clients wrote to it and something broke."""

from bodymap.storage import sessions
from bodymap.storage.transaction import Transaction
from tests.load import Exchange

TENANT = "clinic"


def check_kept(tx: Transaction, exchanges: list[Exchange]) -> None:
    """Every answer is on record, every record has an answer, and nothing is there by half."""
    for exchange in exchanges:
        if exchange.kept:
            found = tx.execute(
                "SELECT status FROM receipt WHERE tenant = :tenant AND key = :key",
                {"tenant": TENANT, "key": exchange.headers["Idempotency-Key"]},
            )
            # What was answered of a version is made again from it: that is shown by asking again.
            assert found == [(exchange.status,)]
    [(versions,)] = tx.execute("SELECT count(*) FROM session_version")
    assert tx.execute("SELECT count(*) FROM receipt") == [(versions,)]
    written = "SELECT count(*) FROM audit_entry WHERE tenant = :tenant AND action = 'write' AND outcome = 'done'"
    assert tx.execute(f"{written} AND sessions != '[]'", {"tenant": TENANT}) == [(versions,)]
    heads = tx.execute("SELECT id, version FROM session")
    assert sum(version for _, version in heads) == versions, "a version is missing between others"
    assert tx.execute("SELECT count(*) FROM session_identifier") == [(len(heads),)]
    for session_id, version in heads:
        session = sessions.get(tx, TENANT, session_id)
        assert [placement.number for placement in session.placements] == list(range(1, session.last_number + 1))
        if session.status == "signed":
            signed = "SELECT count(*) FROM signed_chart WHERE session = :id AND version = :version"
            assert tx.execute(signed, {"id": session_id, "version": version}) == [(1,)]
