"""The attacks that tools try against every JWT endpoint, by their names, with every socket watched.

What one wrong bit does is `test_hazards.py`; here stands each known trick as its author would play it: with a key of
his own, or with what is public.
"""

import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from agegate.signing.keys import SigningKey
from agegate.signing.strict_jws import decode
from agegate.signing.verify import Kind, Reason, TokenRefused, verify
from tests.signing.forging import (
    AGE_STATUS,
    AUDIENCE,
    HEADER,
    ISSUER,
    KEY,
    KEYS,
    NOW,
    SAMPLES,
    SECONDS,
    SIGNER,
    b64,
    checked,
    forged,
    with_claims,
)

MALLORY = SigningKey.generate()
ELSEWHERE = "http://127.0.0.1:9"
GOOD = forged()
HEAD, PAYLOAD, SIGNATURE = GOOD.split(".")
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def mallory(**header: object) -> str:
    """Signed with the attacker's own key, under a header of his choice."""
    return forged({**HEADER, **header}, key=MALLORY)


def hs(secret: bytes, **header: object) -> str:
    signed = f"{b64(json.dumps({'typ': 'agestatus+jwt', 'alg': 'HS256', **header}).encode())}.{PAYLOAD}"
    return f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def bare(header: dict[str, object], tail: str = "") -> str:
    return f"{b64(json.dumps(header).encode())}.{PAYLOAD}.{tail}"


TRICKS: dict[str, Callable[[], str]] = {
    # jwt_tool: exploits by flag
    **{f"-X a: alg {alg}": partial(bare, {"alg": alg, "typ": "JWT"}) for alg in ("none", "None", "NONE", "nOnE")},
    "-X n: null signature": lambda: f"{HEAD}.{PAYLOAD}.",
    "-X b: blank password": lambda: hs(b"", kid=KEY.kid),
    "-X k: key confusion": lambda: hs(json.dumps({"keys": [KEY.public_jwk()]}).encode(), kid=KEY.kid),
    "-X i: inline JWKS": lambda: mallory(kid=MALLORY.kid, jwk=MALLORY.public_jwk()),
    "-X i: inline JWKS under our kid": lambda: mallory(jwk=MALLORY.public_jwk() | {"kid": KEY.kid}),
    "-X s: spoofed JWKS": lambda: mallory(kid=MALLORY.kid, jku=f"{ELSEWHERE}/jwks.json"),
    "-X s: spoofed JWKS at a look-alike": lambda: mallory(jku=f"{ISSUER}@127.0.0.1:9/jwks.json"),
    "-X p: psychic signature": lambda: f"{HEAD}.{PAYLOAD}.{b64(bytes(64))}",
    "x5u": lambda: mallory(x5u=f"{ELSEWHERE}/cert.pem"),
    "x5c": lambda: mallory(x5c=[b64(b"certificate")]),
    "x5t": lambda: mallory(x5t=b64(b"thumbprint")),
    "iss of the attacker, to find his keys": lambda: forged(claims={**AGE_STATUS, "iss": ELSEWHERE}, key=MALLORY),
    # jwt_tool, by the kid
    "kid blank": lambda: hs(b"", kid=""),
    "kid null device": lambda: hs(b"", kid="/dev/null"),
    "kid traversal": lambda: hs(b"2\n", kid="../../../../../../proc/sys/kernel/randomize_va_space"),
    "kid SQL": lambda: hs(b"attacker", kid="x' UNION SELECT 'attacker';--"),
    "kid command": lambda: mallory(kid="x; curl http://127.0.0.1:9"),
    "kid address": lambda: mallory(kid=f"{ELSEWHERE}/key.pem"),
    "kid of the attacker": lambda: mallory(kid=MALLORY.kid),
    "kid of ours, key of the attacker": mallory,
    "kid line break": lambda: mallory(kid=f"{KEY.kid}\n"),
    # two tokens in one, and other forms of JOSE
    "JSON form": lambda: json.dumps({"protected": HEAD, "payload": PAYLOAD, "signature": SIGNATURE}),
    "encrypted form": lambda: f"{HEAD}.a.b.c.d",
    "detached payload": lambda: f"{HEAD}..{SIGNATURE}",
    "unencoded payload": lambda: forged({**HEADER, "b64": False, "crit": ["b64"]}),
    "compressed payload": lambda: forged({**HEADER, "zip": "DEF"}),
    "nested": lambda: forged({**HEADER, "cty": "JWT"}),
    # jwt_tool: common claims
    "role added": lambda: with_claims(role="admin"),
    "scope added": lambda: with_claims(scope="all"),
    "birthdate added": lambda: with_claims(birthdate="1990-01-01"),
    "decision raised and not signed again": lambda: altered(age_decision="allowed"),
    "age raised and not signed again": lambda: altered(age_over_18=True),
    "exp moved and not signed again": lambda: altered(exp=SECONDS + 800),
}


def altered(**members: object) -> str:
    claims = {"iss": ISSUER, **AGE_STATUS, **members}
    return f"{HEAD}.{b64(json.dumps(claims).encode())}.{SIGNATURE}"


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Every connection and every name that anybody asks for; a test that uses it must end with none."""
    asked: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    monkeypatch.setattr(socket.socket, "connect_ex", lambda _self, address: asked.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asks, **_more: asked.append(asks))
    yield asked
    assert asked == []


@pytest.mark.parametrize("make", TRICKS.values(), ids=TRICKS.keys())
def test_a_trick_is_refused_and_nobody_is_asked(make: Callable[[], str], sockets: list[object]) -> None:
    with pytest.raises(TokenRefused):
        checked(make())
    assert not sockets


@pytest.mark.parametrize("make", TRICKS.values(), ids=TRICKS.keys())
@pytest.mark.parametrize("kind", Kind)
def test_no_trick_works_for_any_other_kind(make: Callable[[], str], kind: Kind) -> None:
    with pytest.raises(TokenRefused):
        verify(make(), KEYS, kind=kind, issuer=ISSUER, audience=AUDIENCE, now=NOW)


@pytest.mark.parametrize("wanted", Kind)
@pytest.mark.parametrize("given", Kind)
def test_one_kind_stands_only_where_it_belongs(given: Kind, wanted: Kind) -> None:
    token = SIGNER.sign(given, SAMPLES[given])
    passed = []
    for audience in (None, AUDIENCE):
        try:
            verify(token, KEYS, kind=wanted, issuer=ISSUER, audience=audience, now=NOW)
        except TokenRefused:
            continue
        passed.append(audience)
    assert len(passed) == int(given is wanted)


def test_the_other_spelling_of_a_signature_is_the_same_token() -> None:
    """So a token is taken back by its entry in a status list and known by its jti, never by its text."""
    raw = decode(SIGNATURE.encode())
    twin = raw[:32] + (N - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    assert checked(f"{HEAD}.{PAYLOAD}.{b64(twin)}") == checked(GOOD)


def test_a_key_taken_down_refuses_by_name() -> None:
    with pytest.raises(TokenRefused) as caught:
        checked(forged(key=MALLORY, header={**HEADER, "kid": MALLORY.kid}))
    assert caught.value.reason is Reason.UNKNOWN_KEY
