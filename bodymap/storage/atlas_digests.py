"""The digests of the atlases that the sessions of a database were resolved on. Work for `Database`.

A record names the version of its atlas. Another atlas under the same number would put its needles into other muscles,
so the digest of each version is kept when the first session is resolved on it, and nothing is served or recorded with
another.
"""

from collections.abc import Mapping

from bodymap.errors import OtherAtlas
from bodymap.storage.transaction import Transaction, Value


def used(tx: Transaction, tenant: str) -> dict[str, str]:
    """The digest of each version that a tenant's sessions were resolved on, in hexadecimal; empty if it was not kept,
    as before atlas 1 was released.
    """
    return dict(tx.execute("SELECT version, digest FROM atlas_digest WHERE tenant = :tenant", {"tenant": tenant}))


def use(tx: Transaction, tenant: str, version: str, digest: str) -> None:
    """Keeps the digest of a version with its first use. Raises `OtherAtlas` if it was used with another."""
    names: dict[str, Value] = {"tenant": tenant, "version": version}
    rows = tx.execute("SELECT digest FROM atlas_digest WHERE tenant = :tenant AND version = :version", names)
    # Another process may use the version for the first time as well: this waits for it, and gives what it kept.
    rows = rows or tx.execute(
        "INSERT INTO atlas_digest (tenant, version, digest) VALUES (:tenant, :version, :digest) "
        "ON CONFLICT (tenant, version) DO UPDATE SET digest = atlas_digest.digest RETURNING digest",
        {**names, "digest": digest},
    )
    if rows != [(digest,)]:
        _refuse(version)


def check(tx: Transaction, available: Mapping[str, str]) -> None:
    """Raises `OtherAtlas` if any tenant used a version with another digest than the `available` one."""
    for version, digest in tx.execute("SELECT DISTINCT version, digest FROM atlas_digest ORDER BY version"):
        if available.get(version, digest) != digest:
            _refuse(version)


def _refuse(version: str) -> None:
    raise OtherAtlas(
        f"The sessions of this database were resolved on another atlas {version} than the one of this release. "
        "`bodymap export` and `bodymap backup` still read it. To go on, export each tenant and `bodymap import` it "
        f"into a new database: sessions are resolved anew on this atlas {version}, signed ones are refused and named."
    )
