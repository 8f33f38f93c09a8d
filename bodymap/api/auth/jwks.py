"""An issuer's public keys (RFC 7517): fetched, kept, and renewed when they change."""

import asyncio
import time
from collections.abc import Callable, Iterator
from logging import getLogger
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import msgspec
from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode

from bodymap.errors import Unavailable

FRESH_S = 600.0
USABLE_S = 24 * 3600.0
RETRY_S = 10.0
LIMIT_BYTES = 1 << 20
LIMIT_S = 5.0
_RSA_BYTES = 2048 // 8

_log = getLogger("bodymap.api")

Fetch = Callable[[], bytes]


class KeySource:
    """The keys of one issuer, kept for ten minutes; a key that is not among them is looked for at once, though not more
    often than every ten seconds. While they cannot be fetched, the cached ones are used for a day.

    `fetch` blocks: it is called in a thread, one at a time.
    """

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched = self._tried = float("-inf")
        self._fetching = asyncio.Lock()
        # A thread of its own: an issuer that never ends its answer blocks nothing else.
        self._thread = anyio.CapacityLimiter(1)
        self._renewal: asyncio.Task[None] | None = None

    async def keys_for(self, kid: str | None) -> KeySet:
        """The issuer's keys, renewed first where `kid` is not among them. Raises Unavailable if there are none."""
        since = self._clock() - self._fetched
        if self._keys is None or since > USABLE_S or not _has(self._keys, kid):
            await self._renew()
        elif since > FRESH_S and (self._renewal is None or self._renewal.done()):
            # In the background: the cached keys were right ten minutes ago.
            self._renewal = asyncio.create_task(self._renew())
        return self._current()

    async def renewed(self) -> KeySet:
        """The issuer's keys, fetched now where that was not tried just before. Raises Unavailable if there are none."""
        await self._renew()
        return self._current()

    def _current(self) -> KeySet:
        if self._keys is None or self._clock() - self._fetched > USABLE_S:
            raise Unavailable("The keys of the token's issuer cannot be fetched.")
        return self._keys

    async def _renew(self) -> None:
        async with self._fetching:
            if self._clock() - self._tried < RETRY_S:
                return
            try:
                with anyio.fail_after(LIMIT_S + 1):
                    content = await anyio.to_thread.run_sync(self._fetch, limiter=self._thread, abandon_on_cancel=True)
                self._keys = _read(content)
                self._fetched = self._clock()
            except Exception as error:
                # On any failure the cached keys stay; the issuer's answer is not logged.
                _log.warning("an issuer's keys could not be renewed: %s", type(error).__name__)
            self._tried = self._clock()


def from_file(path: Path) -> Fetch:
    """Reads the keys from a file."""

    def fetch() -> bytes:
        with path.open("rb") as file:
            return _limited(iter(lambda: file.read(1 << 16), b""))

    return fetch


def from_address(url: str) -> Fetch:
    """Fetches the keys from exactly this address, with a timeout of seconds."""
    from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

    # No redirects, no files, no FTP; certificates are checked, the system's proxy is used.
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler):
        opener.add_handler(handler())

    def fetch() -> bytes:
        asked = Request(url, headers={"Accept": "application/jwk-set+json, application/json"})
        with opener.open(asked, timeout=LIMIT_S) as answer:
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            # Packet by packet: the time is checked after each.
            return _limited(iter(lambda: answer.read1(1 << 16), b""))

    return fetch


def _limited(packets: Iterator[bytes]) -> bytes:
    content = bytearray()
    end = time.monotonic() + LIMIT_S
    for packet in packets:
        content += packet
        if len(content) > LIMIT_BYTES or time.monotonic() > end:
            raise ValueError("too much, or too slow")
    return bytes(content)


def _read(content: bytes) -> KeySet:
    """The keys that can check a signature. A key that is not understood is ignored (RFC 7517, section 5)."""
    listed = msgspec.json.decode(content, type=dict[str, Any])["keys"]
    return KeySet([key for data in listed if (key := _usable(data)) is not None])


def _usable(data: Any) -> Any:
    if not isinstance(data, dict) or data.get("kty") == "oct" or data.get("use", "sig") != "sig":
        return None
    try:
        if data.get("kty") == "RSA" and len(urlsafe_b64decode(data["n"].encode())) < _RSA_BYTES:
            return None
        return jwk.import_key(data)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _has(keys: KeySet, kid: str | None) -> bool:
    return kid is None or any(key.kid == kid for key in keys)
