"""Keys: read, named, shown in public, rotated."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from agegate.signing.keys import KeyUnusable, SigningKey, jwks, self_test
from agegate.signing.public_keys import thumbprint
from agegate.signing.signer import Signer
from agegate.signing.verify import Kind, PublicKeys, Reason, TokenRefused, verify
from tests.signing.forging import AUDIENCE, ISSUER, NOW, SAMPLES


def pem(key: PrivateKeyTypes, password: bytes = b"") -> bytes:
    sealing = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing)


def status_token(key: SigningKey) -> str:
    return Signer(key, ISSUER, "production").sign(Kind.AGE_STATUS, SAMPLES[Kind.AGE_STATUS])


def is_good(token: str, keys: PublicKeys) -> bool:
    try:
        verify(token, keys, kind=Kind.AGE_STATUS, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    except TokenRefused:
        return False
    return True


def test_a_key_file_gives_the_same_key_again() -> None:
    key = SigningKey.generate()
    assert SigningKey.from_pem(key.pem()).public_jwk() == key.public_jwk()


def test_the_kid_is_the_thumbprint_of_rfc_7638() -> None:
    jwk = SigningKey.generate().public_jwk()
    members = '{"crv":"P-256","kty":"EC","x":"' + jwk["x"] + '","y":"' + jwk["y"] + '"}'
    assert jwk["kid"] == urlsafe_b64encode(sha256(members.encode()).digest()).rstrip(b"=").decode()


def test_the_public_document_has_no_private_member() -> None:
    key = SigningKey.generate()
    private_value = key.private.private_numbers().private_value.to_bytes(32, "big")
    text = json.dumps(jwks([key]))
    assert list(json.loads(text)["keys"][0]) == ["kty", "crv", "x", "y", "use", "alg", "kid"]
    assert urlsafe_b64encode(private_value).rstrip(b"=").decode() not in text


def test_the_repr_of_a_key_is_its_kid() -> None:
    key = SigningKey.generate()
    assert repr(key) == f"SigningKey(kid='{key.kid}')"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        pem(ec.generate_private_key(ec.SECP256R1()), b"password"),
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(ec.generate_private_key(ec.SECP256K1())),
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(rsa.generate_private_key(65537, 2048)),
    ],
    ids=["empty", "text", "torn", "encrypted", "P-384", "secp256k1", "Ed25519", "RSA"],
)
def test_a_key_that_cannot_sign_es256_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(KeyUnusable, match=r"^The signing key .+\.$"):
        SigningKey.from_pem(content)


def test_every_signature_is_two_numbers_of_thirty_two_octets() -> None:
    key = SigningKey.generate()
    published = PublicKeys.from_jwks(jwks([key])).by_kid[key.kid]
    for number in range(300):  # of so many some begin with a zero, which counts as an octet
        message = number.to_bytes(2, "big")
        signature = key.jose.sign(message)
        assert (len(signature), published.verify(message, signature)) == (64, True)


def test_a_good_key_passes_the_self_test() -> None:
    self_test(SigningKey.generate())


def test_a_key_that_signs_with_another_is_found_by_the_self_test() -> None:
    one, other = SigningKey.generate(), SigningKey.generate()
    with pytest.raises(KeyUnusable, match="does not verify"):
        self_test(SigningKey(one.kid, one.private, other.jose))


def test_after_a_rotation_old_and_new_tokens_verify() -> None:
    old, new = SigningKey.generate(), SigningKey.generate()
    published = PublicKeys.from_jwks(jwks([old, new]))
    assert is_good(status_token(old), published)
    assert is_good(status_token(new), published)


def test_when_the_old_key_is_taken_down_its_tokens_die() -> None:
    old, new = SigningKey.generate(), SigningKey.generate()
    assert not is_good(status_token(old), PublicKeys.from_jwks(jwks([new])))


KEY = SigningKey.generate()
JWK = KEY.public_jwk()
FOREIGN: dict[str, object] = {
    "RSA": {"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB", "use": "sig", "alg": "RS256"},
    "OKP": {"kty": "OKP", "crv": "Ed25519", "x": JWK["x"], "kid": "o"},
    "symmetric": {"kty": "oct", "k": "c2VjcmV0", "kid": KEY.kid, "alg": "HS256"},
    "for encryption": {**JWK, "use": "enc"},
    "without use": {k: v for k, v in JWK.items() if k != "use"},
    "for signing only": {**JWK, "key_ops": ["sign"]},
    "another algorithm": {**JWK, "alg": "ES384"},
    "another curve": {**JWK, "crv": "P-384"},
    "a kid of its own choice": {**JWK, "kid": "main"},
    "swapped coordinates": {**JWK, "x": JWK["y"], "y": JWK["x"], "kid": thumbprint(JWK["y"], JWK["x"])},
    "a padded coordinate": {**JWK, "x": JWK["x"] + "="},
    "a short coordinate": {**JWK, "x": JWK["x"][:40]},
    "a coordinate that is no text": {**JWK, "x": 1},
    "a non-ASCII coordinate": {**JWK, "x": "é" * 43},
    "private": {**JWK, "d": JWK["x"]},
    "not an object": "key",
    "null": None,
}


@pytest.mark.parametrize("entry", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_foreign_key_is_skipped_and_breaks_nothing(entry: object) -> None:
    other = SigningKey.generate()
    assert set(PublicKeys.from_jwks({"keys": [entry, other.public_jwk()]}).by_kid) == {other.kid}


NO_KEY_SETS: list[object] = [None, [], "keys", {}, {"keys": None}, {"keys": {}}, {"keys": [JWK] * 65}]


@pytest.mark.parametrize("document", NO_KEY_SETS)
def test_what_is_no_key_set_is_refused(document: object) -> None:
    with pytest.raises(TokenRefused) as caught:
        PublicKeys.from_jwks(document)
    assert caught.value.reason is Reason.KEYS_UNAVAILABLE
