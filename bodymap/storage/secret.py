"""The service's secret: where it is read or created, and the keys derived from it, one a purpose."""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bodymap.errors import Misconfigured, StorageUnavailable
from bodymap.storage.sqlite.connection import path_of

_BYTES = 32
_SALT = b"bodymap"


class Secret:
    """The secret. It is never given out; `key` derives a key for each purpose."""

    __slots__ = ("_extracted",)

    def __init__(self, material: bytes) -> None:
        self._extracted = hmac.digest(_SALT, material, "sha256")

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, such as `audit`: always equal, and independent of other purposes' keys.

        HKDF with SHA-256 (RFC 5869), the purpose as its info.
        """
        return hmac.digest(self._extracted, purpose.encode() + b"\x01", hashlib.sha256)


def secret_of(database_url: str, stated: str | None, make: bool = True) -> Secret:
    """The secret of a database: the stated one, or else the one in `<database>.secret`.

    For an SQLite database one is created if there is none, readable only for its owner; without `make` that is an error
    instead, as for a database that was written with one. Raises `Misconfigured` where there is none and none can be
    made up, since several processes must agree on it, or where others can read it; `StorageUnavailable` where its file
    cannot be read or written.
    """
    if stated is not None:
        return Secret(stated.encode())
    if not database_url.startswith("sqlite:"):
        raise Misconfigured(
            "BODYMAP_SECRET is not set. A database that several processes may serve needs one that they all share: "
            "at least 16 characters that nobody can guess, the same in every process and for as long as the record is "
            "kept."
        )
    database = path_of(database_url)
    path = database.with_name(database.name + ".secret")
    try:
        if make and not path.exists():
            _make(path)
        return Secret(_read(path))
    except FileNotFoundError as error:
        raise Misconfigured(
            f"There is no secret at {path}, and BODYMAP_SECRET is not set. None is made: the record was written with "
            "one, and its audit cannot be continued with another. Put the file back from where its copy is kept (mode "
            "600), or set BODYMAP_SECRET to what stands in it."
        ) from error
    except OSError as error:
        raise StorageUnavailable(f"The secret {path} cannot be read or made: {error.strerror}.") from error


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise Misconfigured(f"Others can read the secret {path}: chmod 600 it, and think of making another.")
        text = file.read(2 * _BYTES + 2).decode("ascii", "replace").strip()
    with contextlib.suppress(ValueError):
        if len(bytes.fromhex(text)) == _BYTES:
            # As text, so that BODYMAP_SECRET can take over what the file says.
            return text.encode()
    raise Misconfigured(f"The secret {path} is damaged: it is {_BYTES} bytes in hexadecimal. Restore it from a backup.")


def _make(path: Path) -> None:
    """Writes the file atomically, and never replaces one that another process created meanwhile."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(_BYTES).hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
