"""Tokens of issuers, good and hostile, against a real server."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA384
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from bodymap.api.auth import jwks
from bodymap.api.auth.issuers import load_issuers
from bodymap.api.auth.jwks import KeySource, from_address
from bodymap.api.auth.smart import scopes_of
from bodymap.api.auth.tokens import Tokens
from bodymap.errors import Misconfigured, Unauthenticated, Unavailable
from bodymap.storage.database import Database
from tests.api.issued import (
    AUDIENCE,
    EC,
    ISSUER,
    RSA,
    STRANGER,
    claims,
    issuers_in,
    public,
    publishing,
    token,
)

ServeApp = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def guarded(serve_app: ServeApp, tmp_path_factory: pytest.TempPathFactory) -> httpx.Client:
    """A service that takes an issuer's tokens."""
    return serve_app(open_to_all=False, issuers_file=issuers_in(tmp_path_factory.mktemp("issuer")))


def bearer(shown: str) -> dict[str, str]:
    """The header that shows a credential."""
    return {"Authorization": f"Bearer {shown}"}


def part(value: Any) -> str:
    """A part of a token, as it is written."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed_with_public_key(alg: str) -> str:
    """Key confusion: a MAC whose secret is the issuer's public key, which everybody knows."""
    whole = f"{part({'alg': alg, 'kid': 'rsa-1'})}.{part(claims())}"
    secret = RSA.as_pem(private=False)
    return f"{whole}.{part(hmac.digest(secret, whole.encode(), hashlib.sha256))}"


def unsigned(alg: str) -> str:
    """A token without a signature."""
    return f"{part({'alg': alg, 'kid': 'rsa-1'})}.{part(claims())}."


def with_claims_of(good: str, other: dict[str, Any]) -> str:
    """A token whose claims were changed after it was signed."""
    header, _, signature = good.split(".")
    return f"{header}.{part(other)}.{signature}"


def own_key_in_header() -> str:
    """A token that brings the key it wants to be checked with."""
    return token(STRANGER, header={"jwk": STRANGER.as_dict(private=False), "jku": "http://127.0.0.1:9/keys"})


def critical() -> str:
    """A token that says that something nobody knows here must be understood."""
    signed = f"{part({'alg': 'RS384', 'kid': 'rsa-1', 'crit': ['x'], 'x': 1})}.{part(claims())}"
    key: Any = RSA.private_key
    return f"{signed}.{part(key.sign(signed.encode(), PKCS1v15(), SHA384()))}"


NOW = int(time.time())
HOSTILE: dict[str, Callable[[], str]] = {
    "dots": lambda: "..",
    "noise": lambda: "a.b.c",
    "none": lambda: unsigned("none"),
    "None": lambda: unsigned("None"),
    "no alg": lambda: f"{part({'kid': 'rsa-1'})}.{part(claims())}.",
    "alg a list": lambda: f"{part({'alg': ['RS384'], 'kid': 'rsa-1'})}.{part(claims())}.x",
    "HS256 with the public key": lambda: signed_with_public_key("HS256"),
    "RS384 that is a MAC": lambda: signed_with_public_key("RS384"),
    "symmetric": lambda: jwt.encode({"alg": "HS256"}, claims(), OctKey.import_key("k" * 32), algorithms=["HS256"]),
    "an algorithm that is not pinned": lambda: token(alg="RS512"),
    "another key of the same id": lambda: token(STRANGER),
    "a key of its own": own_key_in_header,
    "an unknown key": lambda: token(header={"kid": "rsa-9"}),
    "no key of several": lambda: f"{part({'alg': 'RS384'})}.{part(claims())}.eA",
    "the other kind of key": lambda: token(header={"kid": "ec-1"}),
    "another critical header": critical,
    "changed afterwards": lambda: with_claims_of(token(scope=""), claims()),
    "another issuer": lambda: token(iss="https://evil.example"),
    "issuer a list": lambda: token(iss=[ISSUER]),
    "no issuer": lambda: token(iss=None),
    "another audience": lambda: token(aud="https://other.example"),
    "audience a prefix": lambda: token(aud=AUDIENCE + ".evil.example"),
    "no audience": lambda: token(aud=None),
    "expired": lambda: token(exp=NOW - 60),
    "no end": lambda: token(exp=None),
    "end a word": lambda: token(exp="9999999999"),
    "endless": lambda: token(exp=1e300),
    "end too far": lambda: token(exp=NOW + 90_000),
    "not yet": lambda: token(nbf=NOW + 3600),
    "issued in the future": lambda: token(iat=NOW + 3600),
    "nobody's": lambda: token(sub=None),
    "subject a number": lambda: token(sub=7),
    "subject too long": lambda: token(sub="x" * 300),
    "huge": lambda: token(padding="x" * 30_000),
    "claims a list": lambda: f"{part({'alg': 'RS384'})}.{part([1])}.eA",
    "deep": lambda: f"{part({'alg': 'RS384'})}.{part(b'[' * 9000)}.eA",
    "encrypted": lambda: "a.b.c.d.e",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_token_is_nobody(guarded: httpx.Client, case: str) -> None:
    """Whatever is wrong with a token, the answer is 401 with a challenge, a problem, and nothing of the token."""
    shown = HOSTILE[case]()
    answer = guarded.get("/v1/sessions", headers=bearer(shown))
    assert answer.status_code == 401, answer.text
    assert answer.json()["type"] == "urn:bodymap:problem:unauthenticated"
    assert answer.headers["www-authenticate"].startswith('Bearer realm="bodymap", error="invalid_token"')
    assert "ehr" not in answer.text
    assert len(shown) < 5 or shown not in answer.text


@pytest.mark.parametrize(
    "shown",
    [
        lambda: token(),
        lambda: token(EC, "ES384"),
        lambda: token(aud=[AUDIENCE, "https://other.example"]),
        lambda: token(sub=None, client_id="ehr"),
        lambda: token(header={"typ": "at+jwt", "nonce": "n"}),
        lambda: token(exp=NOW + 3600, nbf=NOW + 10, iat=NOW + 10),
        lambda: token(scope=None, scp=["system/Procedure.rs"]),
    ],
)
def test_a_good_token_opens_its_tenant(guarded: httpx.Client, shown: Callable[[], str]) -> None:
    """Every key and pinned algorithm of the issuer, one audience among others, clocks that differ a little."""
    assert guarded.get("/v1/sessions", headers=bearer(shown())).status_code == 200


@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS384"), (EC, "ES384")])
def test_a_token_that_names_no_key_is_tried_with_each(guarded: httpx.Client, key: Any, alg: str) -> None:
    """Without a `kid` every key of the issuer's is tried; where none fits, the refusal says that a `kid` would help."""
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)

    def shown(signer: Any) -> dict[str, str]:
        return bearer(jwt.encode({"alg": alg}, claims(), signer, algorithms=[alg], registry=registry))

    assert guarded.get("/v1/sessions", headers=shown(key)).status_code == 200
    stranger = STRANGER if alg == "RS384" else ECKey.generate_key("P-384")
    refused = guarded.get("/v1/sessions", headers=shown(stranger))
    assert refused.status_code == 401
    assert "kid" in refused.json()["detail"]
    assert "kid" not in guarded.get("/v1/sessions", headers=bearer(token(STRANGER))).json()["detail"]


def test_a_token_that_names_no_key_is_taken_after_the_keys_changed(
    serve_app: ServeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no key at hand fits, the issuer is asked for its keys, as it is for one that a token names."""
    monkeypatch.setattr(jwks, "RETRY_S", 0.0)
    new = RSAKey.generate_key(2048)
    registry = JWSRegistry(algorithms=["RS384"], strict_check_header=False)
    with publishing() as publisher:
        client = serve_app(open_to_all=False, issuers_file=issuers_in(tmp_path, jwks_file=None, jwks_url=publisher.url))
        assert client.get("/v1/sessions", headers=bearer(token())).status_code == 200
        publisher.content = public(new)
        shown = jwt.encode({"alg": "RS384"}, claims(), new, algorithms=["RS384"], registry=registry)
        assert client.get("/v1/sessions", headers=bearer(shown)).status_code == 200


def test_a_token_may_what_it_says_and_no_more(guarded: httpx.Client) -> None:
    """Reading is not writing, `admin` is the operator's to grant, and 403 names the scope that is missing."""
    reads = bearer(token(scope="openid system/Procedure.rs admin"))
    assert guarded.get("/v1/sessions", headers=reads).status_code == 200
    answer = guarded.post("/v1/sessions", json={}, headers=reads)
    assert (answer.status_code, answer.json()["scope"]) == (403, "session:write")
    assert 'error="insufficient_scope", scope="session:write"' in answer.headers["www-authenticate"]
    limit = guarded.put("/v1/atlas/flags/over-lung-field/limit", headers=reads)
    assert limit.status_code in (403, 404, 405)
    assert guarded.get("/v1/atlas", headers=bearer(token(scope="launch/patient"))).status_code == 403


@pytest.mark.parametrize(
    ("stated", "ours"),
    [
        ("", ""),
        ("system/Procedure.rs", "session:read chart:read atlas:read"),
        ("system/Procedure.r system/Procedure.s", "session:read chart:read atlas:read"),
        ("system/Procedure.r", ""),
        ("system/Procedure.s", ""),
        ("system/Procedure.c", ""),
        ("system/Procedure.cu", "session:write atlas:read"),
        ("system/Procedure.cruds", "session:read session:write chart:read atlas:read"),
        ("system/*.cruds", "session:read session:write chart:read atlas:read"),
        ("system/*.rs", "session:read chart:read atlas:read"),
        ("system/DocumentReference.rs", "chart:read atlas:read"),
        ("system/BodyStructure.rs", "atlas:read"),
        ("system/*.read", "session:read chart:read atlas:read"),
        ("system/Procedure.write", "session:write atlas:read"),
        ("system/Procedure.*", "session:read session:write chart:read atlas:read"),
        ("system/Procedure.sr", ""),
        ("system/Procedure.rs?status=completed", ""),
        ("system/Procedure.", ""),
        ("system/Observation.cruds", ""),
        ("patient/Procedure.rs user/*.cruds offline_access", ""),
        ("session:read admin", "session:read admin"),
        ("SYSTEM/Procedure.rs Session:read", ""),
    ],
)
def test_smart_scopes_are_ours_or_nothing(stated: str, ours: str) -> None:
    """System scopes of SMART mean scopes of ours; what cannot be kept to gives nothing."""
    assert scopes_of(stated.split()) == frozenset(ours.split())


def test_a_token_to_be_used_once_is_used_once(serve_app: ServeApp, tmp_path: Path) -> None:
    """Where the issuer's entry says once, a token needs a `jti`, and its second use is a replay."""
    client = serve_app(open_to_all=False, issuers_file=issuers_in(tmp_path, once=True))
    assert client.get("/v1/sessions", headers=bearer(token())).status_code == 401
    shown = bearer(token(jti="a"))
    assert [client.get("/v1/sessions", headers=shown).status_code for _ in range(3)] == [200, 401, 401]
    assert client.get("/v1/sessions", headers=bearer(token(jti="a", exp=NOW + 600))).status_code == 401
    assert client.get("/v1/sessions", headers=bearer(token(jti="b"))).status_code == 200


def test_the_tenant_is_the_claim_s_and_only_where_the_issuer_may_speak_for_it(
    serve_app: ServeApp, tmp_path: Path
) -> None:
    """Records of one tenant are not there for another; a claim that is no tenant, or another's, opens nothing."""
    client = serve_app(
        open_to_all=False, issuers_file=issuers_in(tmp_path, tenant=None, tenant_claim="org", tenants=["a", "b"])
    )
    made = client.post("/v1/sessions", json={}, headers=bearer(token(org="a")))
    assert made.status_code == 201
    at = made.headers["location"]
    assert client.get(at, headers=bearer(token(org="a"))).status_code == 200
    assert client.get(at, headers=bearer(token(org="b"))).status_code == 404
    for org in (None, "", "c", 7, ["a"], "a b", "x" * 200):
        assert client.get(at, headers=bearer(token(org=org))).status_code == 401, org


def test_the_client_stays_itself_when_its_token_changes(guarded: httpx.Client) -> None:
    """An idempotency key of a client holds over its tokens, and is not another subject's."""
    held = {"Idempotency-Key": "over tokens"}
    first = guarded.post("/v1/sessions", json={}, headers=held | bearer(token()))
    again = guarded.post("/v1/sessions", json={}, headers=held | bearer(token(EC, "ES384")))
    other = guarded.post("/v1/sessions", json={}, headers=held | bearer(token(sub="another")))
    assert first.status_code == again.status_code == other.status_code == 201
    assert first.content == again.content != other.content


def test_keys_are_fetched_and_an_issuer_that_is_away_is_not_the_client_s_fault(
    serve_app: ServeApp, tmp_path: Path
) -> None:
    """Keys come from the issuer's address; without them the answer is 503 with the time to try again, soon."""
    with publishing() as publisher:
        path = issuers_in(tmp_path, jwks_file=None, jwks_url=publisher.url)
        client = serve_app(open_to_all=False, issuers_file=path)
        assert client.get("/v1/sessions", headers=bearer(token())).status_code == 200
        assert client.get("/v1/sessions", headers=bearer(token())).status_code == 200
        assert publisher.asked == 1
        publisher.status = 500
        away = serve_app(open_to_all=False, issuers_file=path)
        answers = [away.get("/v1/sessions", headers=bearer(token())) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {503}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
        assert publisher.asked == 2
        assert away.get("/healthz").status_code == 200


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_keys_are_renewed_when_they_change() -> None:
    """A new key id is looked for at once but not over and over; a key that was taken out stops within the refresh."""
    new = RSAKey.generate_key(2048, {"kid": "rsa-2"})

    async def run() -> None:
        with publishing() as publisher:
            clock = Clock()
            source = KeySource(from_address(publisher.url), clock)
            assert {key.kid for key in await source.keys_for("rsa-1")} == {"rsa-1"}
            publisher.content = public(new)
            for _ in range(50):  # an unknown id, asked for again and again, is no way to have the issuer flooded
                await source.keys_for("rsa-2")
            assert publisher.asked == 1
            clock.now += 11
            assert {key.kid for key in await source.keys_for("rsa-2")} == {"rsa-2"}
            publisher.content = public(RSA)
            clock.now += 601
            await asyncio.gather(*(source.keys_for("rsa-2") for _ in range(20)))
            await asyncio.wait([task for task in asyncio.all_tasks() if task is not asyncio.current_task()])
            assert {key.kid for key in await source.keys_for("rsa-1")} == {"rsa-1"}
            assert publisher.asked == 3

    asyncio.run(run())


@pytest.mark.parametrize(
    "spoil",
    [
        {"status": 500},
        {"status": 302},
        {"content": b"not json"},
        {"content": b"[]"},
        {"content": b'{"keys": 1}'},
        {"content": b'{"keys": [' + b" " * (2 << 20) + b"]}"},
    ],
    ids=str,
)
def test_keys_that_cannot_be_renewed_serve_on_for_a_day(spoil: dict[str, Any]) -> None:
    """An issuer that fails, redirects, or answers nonsense or too much changes nothing, until a day has gone."""

    async def run() -> None:
        with publishing() as publisher:
            clock = Clock()
            source = KeySource(from_address(publisher.url), clock)
            await source.keys_for("rsa-1")
            for name, value in spoil.items():
                setattr(publisher, name, value)
            clock.now += 3600
            assert {key.kid for key in await source.keys_for("rsa-1")} == {"rsa-1"}
            clock.now += 24 * 3600
            with pytest.raises(Unavailable):
                await source.keys_for("rsa-1")
            assert publisher.asked <= 3, "a redirect was followed"

    asyncio.run(run())


def test_an_issuer_that_never_ends_its_answer_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that sends a letter now and then, for ever, is given up; the loop and later tries go on."""
    monkeypatch.setattr(jwks, "LIMIT_S", 0.5)

    async def run() -> None:
        with publishing() as publisher:
            clock = Clock()
            source = KeySource(from_address(publisher.url), clock)
            publisher.endless = True
            asking, turns = asyncio.create_task(source.keys_for("rsa-1")), 0
            while not asking.done():  # that the loop turns is what is shown
                await asyncio.sleep(0.01)
                turns += 1
            assert turns >= 3
            with pytest.raises(Unavailable):
                await asking
            publisher.endless = False
            await asyncio.sleep(0.1)
            clock.now += 11
            assert {key.kid for key in await source.keys_for("rsa-1")} == {"rsa-1"}

    asyncio.run(run())


def test_what_is_no_key_for_signatures_is_passed_over() -> None:
    """Secrets, keys for encrypting, weak keys and kinds of tomorrow are not keys of the issuer."""
    weak = rsa.generate_private_key(65537, 1024).public_key().public_numbers()
    listed = json.loads(public(RSA))["keys"]
    listed += [
        {"kty": "oct", "k": part(b"k" * 32), "kid": "secret"},
        {**listed[0], "kid": "enc", "use": "enc"},
        {"kty": "RSA", "kid": "weak", "e": "AQAB", "n": part(weak.n.to_bytes(128, "big"))},
        {"kty": "AKP", "kid": "tomorrow"},
        {"kty": "RSA", "kid": "broken"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "off the curve"},
        "text",
    ]
    source = KeySource(lambda: json.dumps({"keys": listed}).encode())
    assert {key.kid for key in asyncio.run(source.keys_for("rsa-1"))} == {"rsa-1"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jwks_url": "https://auth.example/keys"}, "either jwks_url or jwks_file"),
        ({"jwks_file": None}, "either jwks_url or jwks_file"),
        ({"jwks_file": None, "jwks_url": "http://auth.example/keys"}, "https"),
        ({"jwks_file": None, "jwks_url": "file:///etc/passwd"}, "https"),
        ({"tenant": None}, "either tenant or tenant_claim"),
        ({"tenant_claim": "org"}, "either tenant or tenant_claim"),
        ({"tenants": ["a"]}, "tenants goes with tenant_claim"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"algorithms": []}, "algorithms"),
        ({"audience": ""}, "audience"),
        ({"issuer": "https://auth.example#a"}, "issuer"),
        ({"issuer": "https://auth.example/" + "a" * 250}, "issuer"),
        ({"tenant": None, "tenant_claim": 'or"g'}, "tenant_claim"),
        ({"audience": None}, "audience"),
        ({"grants": ["everything"]}, "grants"),
        ({"colour": "red"}, "colour"),
        ({"leeway_s": 100_000}, "leeway_s"),
    ],
)
def test_an_issuer_that_makes_no_sense_stops_the_start(
    serve_app: ServeApp, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    """What is wrong with the file of issuers is told before anything is served."""
    with pytest.raises(Misconfigured) as raised:
        serve_app(open_to_all=False, issuers_file=issuers_in(tmp_path, **change))
    assert said in raised.value.detail
    assert "issuers.json" in raised.value.detail


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff"])
def test_a_file_of_no_issuers_stops_the_start(serve_app: ServeApp, tmp_path: Path, content: bytes) -> None:
    """A file that is empty, absent, or something else is refused."""
    path = tmp_path / "issuers.json"
    with pytest.raises(Misconfigured):
        serve_app(open_to_all=False, issuers_file=str(path))
    path.write_bytes(content)
    with pytest.raises(Misconfigured):
        serve_app(open_to_all=False, issuers_file=str(path))


def test_a_known_token_ends_when_it_says(tmp_path: Path) -> None:
    """What was found good a moment ago is not taken after its end and the leeway, though checks are remembered."""
    issuers = load_issuers(Path(issuers_in(tmp_path)))
    clock = [datetime.fromtimestamp(NOW, UTC)]
    holders = Tokens(issuers, lambda: clock[0])
    shown = token(iat=NOW, exp=NOW + 20)
    ends = NOW + 20 + issuers[0].leeway_s

    def holder() -> str:
        return asyncio.run(holders.holder_of(shown, cast(Database, None))).tenant

    assert holder() == "clinic"
    clock[0] = datetime.fromtimestamp(ends - 1, UTC)
    assert holder() == "clinic"
    clock[0] = datetime.fromtimestamp(ends + 1, UTC)
    with pytest.raises(Unauthenticated, match="expired"):
        holder()


@pytest.mark.parametrize("lifetime_s", [60, 3600, 86400])
def test_a_token_lives_as_long_as_its_issuer_s_may(tmp_path: Path, lifetime_s: int) -> None:
    """A token that ends later than its issuer's may, give or take the leeway, is refused, however good it is."""
    issuers = load_issuers(Path(issuers_in(tmp_path, lifetime_s=lifetime_s)))
    latest = NOW + lifetime_s + issuers[0].leeway_s
    holders = Tokens(issuers, lambda: datetime.fromtimestamp(NOW, UTC))

    def holder(ends: int) -> str:
        return asyncio.run(holders.holder_of(token(iat=NOW, exp=ends), cast(Database, None))).tenant

    assert holder(latest) == "clinic"
    with pytest.raises(Unauthenticated, match="is valid for too long"):
        holder(latest + 1)
