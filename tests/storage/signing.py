"""A session that is signed, with its chart."""

from bodymap.charting.session import Session
from bodymap.charting.signatures import Signature
from tests.storage.visits import DAY, following

SVG = "image/svg+xml"

PICTURE = b"<svg>" + bytes(range(32, 127)) * 400 + b"</svg>"


def signed(before: Session) -> Session:
    signature = Signature(by="a", display="A", at=DAY, version=before.version + 1, status="completed")
    return following(before, status="signed", signature=signature)
