"""What a signer adds, and what it leaves alone."""

import json
from base64 import urlsafe_b64decode
from types import MappingProxyType
from typing import cast

import pytest
from jose import jws

from agegate.signing.signer import Signer
from agegate.signing.verify import JsonValue, Kind
from tests.signing.forging import AGE_STATUS, ISSUER, KEY, NOW


def read(segment: str) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = json.loads(urlsafe_b64decode(segment + "=="))
    return found


@pytest.mark.parametrize("kind", Kind)
def test_the_header_has_exactly_three_members(kind: Kind) -> None:
    header = read(Signer(KEY, ISSUER, "production").sign(kind, {}).split(".")[0])
    assert header == {"alg": "ES256", "typ": kind.value, "kid": KEY.kid}


@pytest.mark.parametrize(
    ("environment", "added"),
    [("production", {"iss": ISSUER}), ("test", {"iss": ISSUER, "environment": "test"})],
)
def test_the_issuer_and_the_mark_of_test_evidence_are_added(environment: str, added: dict[str, str]) -> None:
    assert read(Signer(KEY, ISSUER, environment).sign(Kind.AGE_STATUS, {}).split(".")[1]) == added


def test_claims_cannot_speak_for_another_issuer() -> None:
    token = Signer(KEY, ISSUER, "production").sign(Kind.AGE_STATUS, {"iss": "https://evil.example"})
    assert read(token.split(".")[1])["iss"] == ISSUER


def test_the_given_claims_stay_as_they_are() -> None:
    claims = dict(AGE_STATUS)
    Signer(KEY, ISSUER, "test").sign(Kind.AGE_STATUS, claims)
    assert claims == AGE_STATUS


def test_a_read_only_mapping_can_be_signed() -> None:
    assert Signer(KEY, ISSUER, "test").sign(Kind.AGE_STATUS, MappingProxyType(AGE_STATUS))


def test_an_instant_among_the_claims_is_refused_and_not_turned_into_text() -> None:
    claims = cast("dict[str, JsonValue]", {"at": NOW})
    with pytest.raises(TypeError):
        Signer(KEY, ISSUER, "test").sign(Kind.AGE_STATUS, claims)


def test_another_library_reads_the_same_claims() -> None:
    token = Signer(KEY, ISSUER, "production").sign(Kind.AGE_STATUS, AGE_STATUS)
    payload = jws.verify(token, KEY.public_jwk(), algorithms=["ES256"])
    assert json.loads(payload) == {**AGE_STATUS, "iss": ISSUER}
