"""The issuers of tokens that an operator trusts, from a JSON file.

[{"issuer": "https://auth.clinic.example", "audience": "https://bodymap.clinic.example",
  "jwks_url": "https://auth.clinic.example/jwks.json", "algorithms": ["RS384", "ES384"], "tenant": "clinic"}]
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from bodymap.api.http.hosts import is_loopback
from bodymap.errors import Misconfigured
from bodymap.service import Scope
from bodymap.service.principal import TENANT_PATTERN

# Only asymmetric ones: anyone who can check a token with a shared secret could make one as well.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
Tenant = Annotated[str, Meta(pattern=TENANT_PATTERN)]
_Text = Annotated[str, Meta(min_length=1, max_length=2048)]
# They become part of client names and headers: short, and without characters that would end the name there.
_Name = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[\x21\x24-\x5b\x5d-\x7e]+\Z")]


class Issuer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One trusted issuer: what its tokens must contain, and which tenant's records they open.

    `issuer` and `audience` are what `iss` and `aud` must be. The public keys are at `jwks_url`, or in `jwks_file`,
    relative to the file of issuers. Either all its tokens are for one `tenant`, or `tenant_claim` names the claim that
    says for which, and then `tenants` may say which it may name. `grants` are the most that its tokens may do. `once`
    requires a `jti` and accepts each only once. `lifetime_s` is how far ahead `exp` may be, `leeway_s` how far clocks
    may differ.
    """

    issuer: _Name
    audience: _Text
    jwks_url: _Text | None = None
    jwks_file: _Text | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Meta(min_length=1)] = ("RS256", "RS384", "ES256", "ES384")
    tenant: Tenant | None = None
    tenant_claim: _Name | None = None
    tenants: Annotated[tuple[Tenant, ...], Meta(min_length=1)] | None = None
    grants: tuple[Scope, ...] = ("atlas:read", "session:read", "session:write", "chart:read")
    once: bool = False
    lifetime_s: Annotated[int, Meta(ge=60, le=31 * 86400)] = 86400
    leeway_s: Annotated[int, Meta(ge=0, le=300)] = 30


def load_issuers(path: Path) -> tuple[Issuer, ...]:
    """The issuers of a file, `jwks_file` as a path from here. Raises Misconfigured, naming the issuer and the
    problem."""
    try:
        issuers = msgspec.json.decode(path.read_bytes(), type=list[Issuer])
    except OSError as error:
        raise Misconfigured(f"The file of issuers {path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"The file of issuers {path} is invalid: {error}.") from error
    wrong = [
        f"{path}, issuer {number}: {what}" for number, issuer in enumerate(issuers, 1) for what in _complaints(issuer)
    ]
    if not issuers:
        wrong.append(f"{path} names no issuer.")
    if len({issuer.issuer for issuer in issuers}) < len(issuers):
        wrong.append(f"{path} names an issuer twice.")
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return tuple(
        msgspec.structs.replace(issuer, jwks_file=str(path.parent / issuer.jwks_file)) if issuer.jwks_file else issuer
        for issuer in issuers
    )


def _complaints(issuer: Issuer) -> Iterator[str]:
    if (issuer.jwks_url is None) == (issuer.jwks_file is None):
        yield "say where its keys are: either jwks_url or jwks_file."
    if (issuer.tenant is None) == (issuer.tenant_claim is None):
        yield "say whose records its tokens open: either tenant or tenant_claim."
    if issuer.tenants is not None and issuer.tenant_claim is None:
        yield "tenants goes with tenant_claim."
    if issuer.jwks_url is not None and not _guarded(issuer.jwks_url):
        yield (
            "jwks_url is an https address (http only on this machine): "
            "anyone who can alter the keys can pose as anybody."
        )


def _guarded(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
