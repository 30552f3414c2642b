"""The strict verifier against every known way to pass off a token."""

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agegate.signing.keys import SigningKey
from agegate.signing.strict_jws import SIGNATURE_SIZE, decode
from agegate.signing.verify import TokenRefused
from tests.signing.forging import (
    AGE_STATUS,
    HEADER,
    ISSUER,
    KEY,
    SECONDS,
    b64,
    checked,
    forged,
    sealed,
    with_claims,
    with_header,
    with_octets,
    with_payload,
    without_claim,
)

GOOD = forged()
SIGNED, _, SIGNATURE = GOOD.rpartition(".")
HEAD, _, PAYLOAD = SIGNED.partition(".")
RAW = decode(SIGNATURE.encode())
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ZERO, ORDER_N = bytes(32), N.to_bytes(32, "big")
PUBLIC = KEY.private.public_key()
BODY = json.dumps({"iss": ISSUER, **AGE_STATUS})
INJECTED = {"kty": "EC", "crv": "P-256", "use": "sig", "x": b64(b"x" * 32), "y": b64(b"y" * 32)}


def hs256(secret: bytes, alg: str = "HS256") -> str:
    signed = f"{b64(json.dumps({**HEADER, 'alg': alg}).encode())}.{PAYLOAD}"
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def signature(octets: bytes) -> str:
    return f"{SIGNED}.{b64(octets)}"


def es384() -> str:
    other = ec.generate_private_key(ec.SECP384R1())
    signed = f"{b64(json.dumps({**HEADER, 'alg': 'ES384'}).encode())}.{PAYLOAD}"
    return f"{signed}.{b64(other.sign(signed.encode(), ec.ECDSA(SHA384())))}"


def unsigned(alg: object, tail: str = "") -> str:
    return f"{b64(json.dumps({**HEADER, 'alg': alg}).encode())}.{PAYLOAD}.{tail}"


def replaced(original: str, new: str) -> str:
    return with_payload(BODY.replace(original, new))


HAZARDS: dict[str, Callable[[], object]] = {
    # no signature, or one that a broken library takes
    "alg none": lambda: unsigned("none"),
    "alg None": lambda: unsigned("None"),
    "alg NONE": lambda: unsigned("NONE"),
    "alg nOnE": lambda: unsigned("nOnE"),
    "alg none with the old signature": lambda: unsigned("none", SIGNATURE),
    "alg empty": lambda: unsigned("", SIGNATURE),
    "alg null": lambda: unsigned(None, SIGNATURE),
    "alg list": lambda: unsigned(["ES256"], SIGNATURE),
    "alg lower case": lambda: with_header(alg="es256"),
    "signature empty": lambda: f"{SIGNED}.",
    "signature missing": lambda: SIGNED,
    "signature of an unknown key": lambda: forged(key=SigningKey.generate()),
    "signature of zeros": lambda: signature(ZERO + ZERO),
    "signature r zero": lambda: signature(ZERO + RAW[32:]),
    "signature s zero": lambda: signature(RAW[:32] + ZERO),
    "signature r order": lambda: signature(ORDER_N + RAW[32:]),
    "signature s order": lambda: signature(RAW[:32] + ORDER_N),
    "signature DER": lambda: signature(KEY.private.sign(SIGNED.encode(), ec.ECDSA(SHA256()))),
    "signature 63 bytes": lambda: signature(RAW[:63]),
    "signature 65 bytes": lambda: signature(RAW + b"\0"),
    "signature doubled": lambda: signature(RAW + RAW),
    # another algorithm, keyed with what everybody knows
    "HS256 with the empty secret": lambda: hs256(b""),
    "HS256 with PEM": lambda: hs256(
        PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ),
    "HS256 with DER": lambda: hs256(PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
    "HS256 with SSH": lambda: hs256(PUBLIC.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)),
    "HS256 with JWK": lambda: hs256(json.dumps(KEY.public_jwk()).encode()),
    "HS512 by name": lambda: hs256(b"secret", "HS512"),
    "ES384": es384,
    "RS256 by name": lambda: with_header(alg="RS256"),
    "EdDSA by name": lambda: with_header(alg="EdDSA"),
    # headers that want to be followed
    "header jwk": lambda: with_header(jwk=INJECTED),
    "header jku": lambda: with_header(jku="http://127.0.0.1:1/jwks.json"),
    "header x5u": lambda: with_header(x5u="http://127.0.0.1:1/cert.pem"),
    "header x5c": lambda: with_header(x5c=["MIIB"]),
    "header crit": lambda: with_header(crit=["exp"]),
    "header crit and b64": lambda: with_header(crit=["b64"], b64=False),
    "header zip": lambda: with_header(zip="DEF"),
    "header cty": lambda: with_header(cty="JWT"),
    "header without typ": lambda: forged({"alg": "ES256", "kid": KEY.kid}),
    "header without kid": lambda: forged({"alg": "ES256", "typ": "agestatus+jwt"}),
    "header kid unknown": lambda: with_header(kid=SigningKey.generate().kid),
    "header kid number": lambda: with_header(kid=1),
    "header kid null": lambda: with_header(kid=None),
    "header kid list": lambda: with_header(kid=[KEY.kid]),
    "header kid 10 kB": lambda: with_header(kid="k" * 10_000),
    "header kid path": lambda: with_header(kid="../../dev/null"),
    "header kid SQL": lambda: with_header(kid="' UNION SELECT 'secret"),
    "header kid command": lambda: with_header(kid="| sleep 10"),
    "header kid surrogate": lambda: with_header(kid="\ud800"),
    "header typ JWT": lambda: with_header(typ="JWT"),
    "header typ upper case": lambda: with_header(typ="AGESTATUS+JWT"),
    "header typ media type": lambda: with_header(typ="application/agestatus+jwt"),
    "header typ null": lambda: with_header(typ=None),
    "header twice alg": lambda: sealed(b'{"alg":"none",' + json.dumps(HEADER)[1:].encode(), PAYLOAD.encode()),
    "header array": lambda: sealed(b"[]", BODY.encode()),
    "header deep": lambda: sealed(b"[" * 100_000, BODY.encode()),
    "header not UTF-8": lambda: sealed(b"\xff\xfe", BODY.encode()),
    "header UTF-16": lambda: sealed(json.dumps(HEADER).encode("utf-16"), BODY.encode()),
    # time
    "exp past": lambda: with_claims(exp=SECONDS - 1, iat=SECONDS - 600, nbf=SECONDS - 600),
    "exp now": lambda: with_claims(exp=SECONDS, iat=SECONDS - 600, nbf=SECONDS - 600),
    "exp text": lambda: with_claims(exp="99999999999"),
    "exp float": lambda: with_claims(exp=SECONDS + 600.5),
    "exp true": lambda: with_claims(exp=True),
    "exp list": lambda: with_claims(exp=[1]),
    "exp object": lambda: with_claims(exp={}),
    "exp null": lambda: with_claims(exp=None),
    "exp absent": lambda: without_claim("exp"),
    "exp 1e999": lambda: replaced(f'"exp": {SECONDS + 600}', '"exp": 1e999'),
    "exp NaN": lambda: with_claims(exp=float("nan")),
    "exp Infinity": lambda: with_claims(exp=float("inf")),
    "exp negative": lambda: with_claims(exp=-1),
    "exp 5,000 digits": lambda: replaced(str(SECONDS + 600), "9" * 5000),
    "exp year 10000": lambda: with_claims(exp=253_402_300_800),
    "life 15 minutes and a second": lambda: with_claims(exp=SECONDS + 901),
    "life 15 minutes by a later iat": lambda: with_claims(exp=SECONDS + 930, iat=SECONDS + 60),
    "nbf absent": lambda: without_claim("nbf"),
    "nbf ahead": lambda: with_claims(nbf=SECONDS + 61),
    "iat ahead": lambda: with_claims(iat=SECONDS + 61),
    "iat absent": lambda: without_claim("iat"),
    "iat text": lambda: with_claims(iat=str(SECONDS)),
    # for whom and by whom
    "iss other": lambda: with_claims(iss="https://evil.example"),
    "iss with a slash": lambda: with_claims(iss=ISSUER + "/"),
    "iss list": lambda: with_claims(iss=[ISSUER]),
    "iss absent": lambda: without_claim("iss"),
    "aud other": lambda: with_claims(aud="https://other.example"),
    "aud list": lambda: with_claims(aud=["https://chat.example"]),
    "aud null": lambda: with_claims(aud=None),
    "aud absent": lambda: without_claim("aud"),
    # what it says
    "sub absent": lambda: without_claim("sub"),
    "sub empty": lambda: with_claims(sub=""),
    "sub number": lambda: with_claims(sub=1),
    "sub lone surrogate": lambda: with_claims(sub="\ud800"),
    "jti absent": lambda: without_claim("jti"),
    "decision blocked": lambda: with_claims(age_decision="blocked"),
    "decision unknown": lambda: with_claims(age_decision="admin"),
    "decision list": lambda: with_claims(age_decision=["allowed"]),
    "decision absent": lambda: without_claim("age_decision"),
    "age_over text": lambda: with_claims(age_over_18="true"),
    "age_over number": lambda: with_claims(age_over_18=1),
    "age_over three digits": lambda: with_claims(age_over_180=True),
    "unknown claim": lambda: with_claims(birthdate="2010-01-01"),
    "status without list": lambda: with_claims(status={}),
    "status idx text": lambda: with_claims(status={"status_list": {"idx": "1", "uri": "https://a.example"}}),
    "status idx true": lambda: with_claims(status={"status_list": {"idx": True, "uri": "https://a.example"}}),
    "status idx negative": lambda: with_claims(status={"status_list": {"idx": -1, "uri": "https://a.example"}}),
    "status further member": lambda: with_claims(status={"status_list": {"idx": 1, "uri": "u"}, "x": 1}),
    "test evidence": lambda: with_claims(environment="test"),
    "environment invented": lambda: with_claims(environment="production"),
    "claim twice": lambda: with_payload(BODY[:-1] + ', "age_decision": "allowed"}'),
    "claim twice, one escaped": lambda: with_payload(BODY[:-1] + ', "age\\u005fdecision": "allowed"}'),
    "payload array": lambda: with_payload("[]"),
    "payload text": lambda: with_payload('"allowed"'),
    "payload empty": lambda: f"{HEAD}..{SIGNATURE}",
    "payload deep": lambda: with_payload("[" * 2500),
    "payload trailing": lambda: with_payload(BODY + "{}"),
    "payload BOM": lambda: with_payload("\ufeff" + BODY),
    "payload not UTF-8": lambda: sealed(json.dumps(HEADER).encode(), BODY.encode().replace(b"account", b"\xff")),
    "payload UTF-16": lambda: with_octets(BODY.encode("utf-16")),
    "payload raw surrogate": lambda: with_payload(BODY.replace("account-1", "\ud800")),
    # other spellings of a good token
    "padding": lambda: GOOD + "==",
    "padding in the payload": lambda: f"{HEAD}.{PAYLOAD}=.{SIGNATURE}",
    "trailing bits": lambda: GOOD[:-1] + chr(ord(GOOD[-1]) + 1),
    "newline at the end": lambda: GOOD + "\n",
    "newline inside": lambda: f"{HEAD}.{PAYLOAD[:9]}\n{PAYLOAD[9:]}.{SIGNATURE}",
    "space before": lambda: " " + GOOD,
    "five segments": lambda: GOOD + ".AAAA.AAAA",
    "a dot before": lambda: "." + GOOD,
    "longer than 4 KiB": lambda: with_claims(consent="c" * 4096),
    "a megabyte": lambda: GOOD + "A" * 1_000_000,
    "non-ASCII": lambda: GOOD + "é",
    "lone surrogate": lambda: GOOD + "\ud800",
    "full-width digits": lambda: GOOD + "\uff11",
    "JSON serialisation": lambda: json.dumps(
        {"protected": HEAD, "payload": PAYLOAD, "signature": SIGNATURE},
    ),
    # not texts at all
    "None": lambda: None,
    "bytes": GOOD.encode,
    "number": lambda: 1,
    "list": lambda: [GOOD],
    "empty": lambda: "",
    "dots": lambda: "..",
    "a text class of its own": lambda: type("Text", (str,), {})(GOOD),
}


@pytest.mark.parametrize("make", HAZARDS.values(), ids=HAZARDS.keys())
def test_a_hazard_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(TokenRefused):
        checked(make())


def test_the_token_that_all_hazards_are_made_from_is_good() -> None:
    assert checked(GOOD)["age_decision"] == "consented"


def test_the_standard_alphabet_is_refused() -> None:
    token = next(token for token in (forged() for _ in range(1000)) if set("-_") & set(token.rpartition(".")[2]))
    with pytest.raises(TokenRefused):
        checked(token.replace("-", "+").replace("_", "/"))


def test_the_twin_of_a_signature_carries_the_same_jti() -> None:
    """ECDSA lets anybody write (r, n - s) for (r, s): a token is known by its jti, never by its text."""
    twin = RAW[:32] + (N - int.from_bytes(RAW[32:], "big")).to_bytes(32, "big")
    assert len(twin) == SIGNATURE_SIZE
    assert checked(signature(twin))["jti"] == checked(GOOD)["jti"]
