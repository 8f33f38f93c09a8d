"""PostgreSQL: many processes, many writers, a standby that takes over. Needs the extra `bodymap[postgresql]`.

Commands run at READ COMMITTED. Their guarantees do not rest on the level but on single statements: a version moves by
`UPDATE … WHERE version = :before`, identifiers and receipts are unique by constraint. SERIALIZABLE would guarantee the
same without that care, but each command of a tenant moves the head of its audit chain: one row that everybody changes.
There the first to commit would make all others begin again; at READ COMMITTED they wait for their turn.
`Transaction.lock` makes commands on the same session, or under the same Idempotency-Key, take turns from the start.

Reads run at REPEATABLE READ, READ ONLY: they see one state.

Nothing is held between transactions, so that a pooler in transaction mode may stand in between: no prepared statements,
no session settings, no session locks.
"""
