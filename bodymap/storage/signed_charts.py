"""The charts that were stored with signatures. Work for `Database`, as `sessions` is."""

import hashlib
import zlib
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.errors import Corrupt
from bodymap.storage.transaction import Transaction, Value

MEDIA_TYPE = "image/svg+xml"
"""The media type of stored charts. They are served with the type in their row, so that it must be this one."""
_MAX_BYTES = 64 << 20


class SignedChart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart ready to be stored: compressed, with the SHA-256 of its bytes in hexadecimal."""

    media_type: Annotated[str, Meta(description="The media type of the chart.")]
    digest: Annotated[str, Meta(description="The SHA-256 of its bytes, in hexadecimal.")]
    size_bytes: Annotated[int, Meta(description="How many bytes it has.")]
    compressed: Annotated[bytes, Meta(description="The chart, compressed with zlib, in base64.")]

    @property
    def content(self) -> bytes:
        """The bytes as they were drawn. Raises `Corrupt` where they are not those that the digest was taken of."""
        try:
            content = zlib.decompress(self.compressed)
        except zlib.error as error:
            raise Corrupt(f"A signed chart cannot be unpacked ({error}); its digest is {self.digest}.") from error
        if hashlib.sha256(content).hexdigest() != self.digest:
            raise Corrupt(f"A signed chart is not the one that was stored: its digest is not {self.digest}.")
        return content

    def is_whole(self) -> bool:
        """Whether it is what its digest and size say. Unpacks no more than a chart can have, whatever is in there."""
        if not 0 <= self.size_bytes <= _MAX_BYTES:
            return False
        unpacking = zlib.decompressobj()
        try:
            content = unpacking.decompress(self.compressed, self.size_bytes + 1)
        except zlib.error:
            return False
        return unpacking.eof and len(content) == self.size_bytes and hashlib.sha256(content).hexdigest() == self.digest


def packed(content: bytes, media_type: str) -> SignedChart:
    """A chart ready to be stored. Slow: not for a transaction that writes."""
    digest = hashlib.sha256(content).hexdigest()
    return SignedChart(
        media_type=media_type, digest=digest, size_bytes=len(content), compressed=zlib.compress(content, 9)
    )


def insert(tx: Transaction, tenant: str, session_id: str, version: int, chart: SignedChart) -> None:
    """Stores the chart of a signed version; it never changes."""
    tx.execute(
        "INSERT INTO signed_chart (tenant, session, version, media_type, digest, size_bytes, compressed) "
        "VALUES (:tenant, :session, :version, :media_type, :digest, :size_bytes, :compressed)",
        {
            "tenant": tenant,
            "session": session_id,
            "version": version,
            "media_type": chart.media_type,
            "digest": chart.digest,
            "size_bytes": chart.size_bytes,
            "compressed": chart.compressed,
        },
    )


def find(tx: Transaction, tenant: str, session_id: str, version: int) -> SignedChart | None:
    """The chart stored with the signature of a version, or None."""
    names: dict[str, Value] = {"tenant": tenant, "session": session_id, "version": version}
    rows = tx.execute(
        "SELECT media_type, digest, size_bytes, compressed FROM signed_chart "
        "WHERE tenant = :tenant AND session = :session AND version = :version",
        names,
    )
    if not rows:
        return None
    [(media_type, digest, size_bytes, compressed)] = rows
    return SignedChart(media_type=media_type, digest=digest, size_bytes=size_bytes, compressed=compressed)


def digests(tx: Transaction, tenant: str, session_id: str) -> dict[int, str]:
    """The digest of each version's stored chart, by version."""
    return dict(
        tx.execute(
            "SELECT version, digest FROM signed_chart WHERE tenant = :tenant AND session = :session",
            {"tenant": tenant, "session": session_id},
        )
    )
