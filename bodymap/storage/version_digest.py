"""The digest of a version of a session: the audit stores it, so that no alteration stays unnoticed."""

import hashlib

import msgspec

from bodymap.storage.transaction import Transaction, Value

_encoder = msgspec.json.Encoder()


def digests(tx: Transaction, tenant: str, session_id: str, first: int, last: int) -> dict[int, str]:
    """The SHA-256 in hexadecimal of each version from `first` to `last`, both included, by its number.

    It covers what is on disk: the header, what made the version, its placements, and the chart that was stored with it.
    """
    names: dict[str, Value] = {"tenant": tenant, "session": session_id, "first": first, "last": last}
    heads = tx.execute(
        "SELECT version, document, change FROM session_version "
        "WHERE tenant = :tenant AND session = :session AND version BETWEEN :first AND :last ORDER BY version",
        names,
    )
    held = tx.execute(
        "SELECT version, superseded, number, id, document FROM placement "
        "WHERE tenant = :tenant AND session = :session "
        "AND version <= :last AND (superseded IS NULL OR superseded > :first) ORDER BY number, version",
        names,
    )
    charts: dict[int, bytes] = dict(
        tx.execute(
            "SELECT version, compressed FROM signed_chart "
            "WHERE tenant = :tenant AND session = :session AND version BETWEEN :first AND :last",
            names,
        )
    )
    by_version = {}
    for version, document, change in heads:
        placements = [row[2:] for row in held if row[0] <= version and (row[1] is None or row[1] > version)]
        whole = hashlib.sha256(_encoder.encode((document, change, placements)))
        whole.update(bytes(charts.get(version, b"")))
        by_version[version] = whole.hexdigest()
    return by_version
