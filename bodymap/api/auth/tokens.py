"""Tokens of issuers (JWT, RFC 7519): checked against the issuer's entry, never by what the token asks for."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidKeyCurveError,
    InvalidKeyIdError,
    InvalidKeyLengthError,
    JoseError,
    KeyParameterError,
)
from joserfc.jwk import Key, KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry
from joserfc.util import urlsafe_b64decode

from bodymap.api.auth import smart
from bodymap.api.auth.issuers import Issuer, Tenant
from bodymap.api.auth.jwks import KeySource, from_address, from_file
from bodymap.errors import Unauthenticated
from bodymap.service import Principal
from bodymap.storage import spent_tokens
from bodymap.storage.database import Database

MAX_LENGTH = 16_384
_SUBJECT_LENGTH = 255
_NAME_LENGTH = 100
_KNOWN_S = 60.0
_KNOWN = 4096

_Object = dict[str, Any]


class Tokens:
    """Identifies the holder of a token of one of the issuers. Used `once` tokens are recorded in the database; others
    are cached as valid for a minute: checking one can take half a millisecond.
    """

    def __init__(self, issuers: Iterable[Issuer], now: Callable[[], datetime]) -> None:
        self._issuers = {issuer.issuer: (issuer, KeySource(_fetch_of(issuer))) for issuer in issuers}
        self._now = now
        self._known: dict[bytes, tuple[float, Principal]] = {}

    async def holder_of(self, token: str, database: Database) -> Principal:
        """The principal of a token. Raises Unauthenticated, and Unavailable if the issuer's keys cannot be fetched."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None and known[0] > self._now().timestamp():
            return known[1]
        issuer, ends, principal = await self._checked(token, database)
        if not issuer.once:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            until = min(ends + issuer.leeway_s, self._now().timestamp() + _KNOWN_S)
            self._known[digest] = (until, principal)
        return principal

    async def _checked(self, token: str, database: Database) -> tuple[Issuer, float, Principal]:
        """The issuer of a token, when it expires, and its principal."""
        header, stated = _peek(token)
        issuer, source = self._issuers.get(str(stated.get("iss")), (None, None))
        if issuer is None or source is None:
            raise Unauthenticated("The issuer of this token is not trusted.")
        # Before any key is used: the issuer's entry decides the algorithm, not the token.
        if header.get("alg") not in issuer.algorithms:
            raise Unauthenticated("This token is signed with an algorithm that is not allowed for its issuer.")
        now = self._now()
        try:
            claims = await _signed_claims(token, header, issuer, source)
            _demands(issuer, int(now.timestamp())).validate(claims)
        except ExpiredTokenError as error:
            raise Unauthenticated("This token has expired.") from error
        except (BadSignatureError, InvalidKeyIdError) as error:
            hint = "" if "kid" in header else " It does not say which key signed it: a kid in its header would help."
            raise Unauthenticated(f"The signature of this token is not its issuer's.{hint}") from error
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            claim = getattr(error, "claim", None)
            what = f"its {claim} is wrong" if claim in _CLAIMS else "it is incomplete"
            raise Unauthenticated(f"This token is rejected: {what}.") from error
        ends = claims["exp"]
        if ends > now.timestamp() + issuer.lifetime_s + issuer.leeway_s:
            raise Unauthenticated(
                f"This token is valid for too long: {issuer.lifetime_s} s is the maximum for its issuer."
            )
        principal = _principal(issuer, claims)
        if issuer.once:
            used = hashlib.sha256(claims["jti"].encode()).hexdigest()
            until = datetime.fromtimestamp(ends + issuer.leeway_s + 1, UTC)
            if not await database.write(
                lambda tx: spent_tokens.use(tx, principal.tenant, issuer.issuer, used, until, now)
            ):
                raise Unauthenticated("This token was used before, and may be used only once.")
        return issuer, ends, principal


_CLAIMS = ("iss", "aud", "exp", "nbf", "iat", "jti", "sub")


async def _signed_claims(token: str, header: _Object, issuer: Issuer, source: KeySource) -> _Object:
    """The claims of a token, its signature verified with the issuer's key that it names, or any key if it names none.

    Raises JoseError, ValueError, TypeError or RecursionError if it is invalid.
    """
    algorithms = list(issuer.algorithms)
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)

    def claims_under(key: Key | KeySet) -> _Object:
        return jwt.decode(token, key, algorithms=algorithms, registry=registry).claims

    def claims_under_any(keys: KeySet) -> _Object | None:
        for key in keys:
            if key.get("alg") in (None, header.get("alg")):
                with suppress(BadSignatureError, KeyParameterError, InvalidKeyCurveError, InvalidKeyLengthError):
                    return claims_under(key)
        return None

    if "kid" in header:
        kid = header["kid"]
        return claims_under(await source.keys_for(kid if isinstance(kid, str) else None))
    claims = claims_under_any(await source.keys_for(None))
    if claims is None:
        # The issuer may have changed its keys, which only a kid would have shown.
        claims = claims_under_any(await source.renewed())
    if claims is None:
        raise BadSignatureError
    return claims


def _demands(issuer: Issuer, now: int) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=now,
        leeway=issuer.leeway_s,
        iss={"essential": True, "value": issuer.issuer},
        aud={"essential": True, "value": issuer.audience},
        exp={"essential": True},
        jti={"essential": issuer.once},
    )


def _peek(token: str) -> tuple[_Object, _Object]:
    """Header and claims of a token before any check: only for choosing the issuer that checks it."""
    try:
        if len(token) > MAX_LENGTH:
            raise ValueError
        header, claims, _ = (urlsafe_b64decode(part) for part in token.encode("ascii").split(b"."))
        return msgspec.json.decode(header, type=_Object), msgspec.json.decode(claims, type=_Object)
    except (ValueError, RecursionError) as error:
        raise Unauthenticated("This is neither a key of this service nor a token.") from error


def _principal(issuer: Issuer, claims: Mapping[str, Any]) -> Principal:
    subject = next((claims[name] for name in ("sub", "client_id", "azp") if claims.get(name)), None)
    if not isinstance(subject, str) or len(subject) > _SUBJECT_LENGTH or not subject.isprintable():
        raise Unauthenticated("This token does not name its subject (sub or client_id).")
    scopes = smart.scopes_of(_words(claims.get("scope", claims.get("scp", "")))) & frozenset(issuer.grants)
    named = claims.get("name", claims.get("client_name", subject))
    name = named if isinstance(named, str) and named.isprintable() else subject
    return Principal(
        tenant=_tenant(issuer, claims),
        client=f"{issuer.issuer}#{subject}",
        scopes=scopes,
        name=name[:_NAME_LENGTH],
    )


def _tenant(issuer: Issuer, claims: Mapping[str, Any]) -> str:
    if issuer.tenant is not None:
        return issuer.tenant
    try:
        tenant: str = msgspec.convert(claims.get(issuer.tenant_claim or ""), Tenant)
    except msgspec.ValidationError as error:
        raise Unauthenticated(f"This token does not name its tenant ({issuer.tenant_claim}).") from error
    if issuer.tenants is not None and tenant not in issuer.tenants:
        raise Unauthenticated("This token names a tenant that its issuer is not responsible for.")
    return tenant


def _words(stated: Any) -> list[str]:
    if isinstance(stated, str):
        return stated.split()
    return [word for word in stated if isinstance(word, str)] if isinstance(stated, list) else []


def _fetch_of(issuer: Issuer) -> Callable[[], bytes]:
    return from_file(Path(issuer.jwks_file)) if issuer.jwks_file else from_address(issuer.jwks_url or "")
