"""Issuers of the tests' own: keys, tokens good and bad, and a place where the keys are fetched."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

ISSUER = "https://auth.example"
AUDIENCE = "https://bodymap.example"
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
EC = ECKey.generate_key("P-384", {"kid": "ec-1"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1"})


def public(*keys: Any) -> bytes:
    """A key set as an issuer publishes it."""
    return json.dumps(KeySet(list(keys)).as_dict(private=False)).encode()


def claims(**changed: Any) -> dict[str, Any]:
    """What a good token says, with claims changed; None takes one out."""
    now = int(time.time())
    whole = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ehr",
        "iat": now,
        "exp": now + 120,
        "scope": "system/*.cruds",
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not None}


def token(key: Any = RSA, alg: str = "RS384", header: dict[str, Any] | None = None, **changed: Any) -> str:
    """A signed token."""
    whole = {"alg": alg, "kid": key.kid, **(header or {})}
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)
    return jwt.encode(whole, claims(**changed), key, algorithms=[alg], registry=registry)


def issuers_in(folder: Path, keys: bytes | None = None, **members: Any) -> str:
    """A file with one issuer, its keys in a file beside it unless it says otherwise; gives the path."""
    (folder / "keys.json").write_bytes(keys or public(RSA, EC))
    entry = {"issuer": ISSUER, "audience": AUDIENCE, "jwks_file": "keys.json", "tenant": "clinic", **members}
    path = folder / "issuers.json"
    path.write_text(json.dumps([{name: value for name, value in entry.items() if value is not None}]))
    return str(path)


class Publisher:
    """Where an issuer's keys are fetched: what it answers can be changed, and what was asked is counted."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.content = public(RSA)
        self.status = 200
        self.delay_s = 0.0
        self.endless = False
        self.asked = 0


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A server of key sets until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.asked += 1
            time.sleep(publisher.delay_s)
            if publisher.endless:
                with suppress(OSError):
                    while publisher.endless:
                        self.wfile.write(b"H")
                        time.sleep(0.02)
                return
            self.send_response(publisher.status)
            if publisher.status == 302:
                self.send_header("Location", publisher.url)
            self.end_headers()
            self.wfile.write(publisher.content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    publisher = Publisher(f"http://127.0.0.1:{server.server_address[1]}/jwks")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
