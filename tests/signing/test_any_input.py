"""Whatever comes in, a typed refusal comes out."""

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from agegate.signing.verify import PublicKeys, TokenRefused
from tests.signing.forging import AGE_STATUS, HEADER, ISSUER, SECONDS, b64, checked, forged, sealed

ANY_TEXT = st.text(st.characters(codec=None), max_size=40)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
JUDGED = ["iss", "aud", "iat", "nbf", "exp", "age_decision", "status", "age_over_18"]
CLAIMS = {"iss": ISSUER, **AGE_STATUS}


@given(st.one_of(ANY_TEXT, st.binary(), st.integers(), st.none(), st.lists(ANY_TEXT), st.builds(object)))
def test_any_object_is_refused_by_type(thing: object) -> None:
    with suppress(TokenRefused):
        checked(thing)
        raise AssertionError("accepted")


@given(st.lists(st.binary(max_size=60).map(b64), min_size=1, max_size=5).map(".".join))
def test_any_segments_are_refused_by_type(text: str) -> None:
    with suppress(TokenRefused):
        checked(text)
        raise AssertionError("accepted")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_signed_octets_are_refused_by_type(header: bytes, payload: bytes) -> None:
    with suppress(TokenRefused):
        checked(sealed(header, payload))
        raise AssertionError("accepted")


@given(st.sampled_from(sorted(HEADER)), ANY_JSON)
def test_any_header_member_is_refused_by_type(name: str, value: object) -> None:
    with suppress(TokenRefused):
        checked(forged({**HEADER, name: value}))
        raise AssertionError("accepted")


@given(st.sampled_from(JUDGED), ANY_JSON)
def test_any_value_of_a_judged_claim_is_refused_by_type(name: str, value: object) -> None:
    with suppress(TokenRefused):
        accepted = checked(forged(claims={**CLAIMS, name: value}))
        # The few values that are right.
        assert type(accepted[name]) is bool or SECONDS - 300 <= int(str(accepted[name])) <= SECONDS + 900


@given(st.text(max_size=200))
def test_any_payload_text_is_refused_by_type(text: str) -> None:
    with suppress(TokenRefused):
        checked(sealed(json.dumps(HEADER).encode(), text.encode()))
        raise AssertionError("accepted")


@given(ANY_JSON)
def test_any_key_document_gives_keys_or_a_refusal(document: object) -> None:
    for candidate in (document, {"keys": document}, {"keys": [document]}):
        with suppress(TokenRefused):
            assert not PublicKeys.from_jwks(candidate).by_kid
