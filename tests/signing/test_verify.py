"""What the one check accepts, to the second and to the kind."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.signing.signer import Signer
from agegate.signing.verify import JsonValue, Kind, PublicKeys, Reason, TokenRefused, verify
from tests.signing.forging import (
    AUDIENCE,
    ISSUER,
    KEY,
    KEYS,
    NOW,
    RECEIPT,
    SAMPLES,
    SECONDS,
    SIGNER,
    STATUS_LIST,
    checked,
    forged,
    with_claims,
)

FOR_ONE = {Kind.AGE_STATUS, Kind.PURGE_ORDER}


def audience_of(kind: Kind) -> str | None:
    return AUDIENCE if kind in FOR_ONE else None


def refusal(text: object, now: datetime = NOW) -> Reason:
    with pytest.raises(TokenRefused) as caught:
        checked(text, now)
    return caught.value.reason


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_passes_as_itself(kind: Kind) -> None:
    token = SIGNER.sign(kind, SAMPLES[kind])
    claims = verify(token, KEYS, kind=kind, issuer=ISSUER, audience=audience_of(kind), now=NOW)
    assert claims == {**SAMPLES[kind], "iss": ISSUER}


@pytest.mark.parametrize("wanted", Kind)
@pytest.mark.parametrize("given_kind", Kind)
def test_no_kind_passes_for_another(given_kind: Kind, wanted: Kind) -> None:
    if given_kind is wanted:
        return
    # With the claims that the wanted kind needs: only the type stands between them.
    token = SIGNER.sign(given_kind, SAMPLES[wanted])
    with pytest.raises(TokenRefused) as caught:
        verify(token, KEYS, kind=wanted, issuer=ISSUER, audience=audience_of(wanted), now=NOW)
    assert caught.value.reason is Reason.WRONG_KIND


@pytest.mark.parametrize("segment", range(3))
@given(place=st.integers(min_value=0), mask=st.integers(min_value=1, max_value=63))
def test_a_changed_character_is_refused(segment: int, place: int, mask: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    parts = forged().split(".")
    spot = place % len(parts[segment])
    changed = alphabet[alphabet.index(parts[segment][spot]) ^ mask]
    parts[segment] = parts[segment][:spot] + changed + parts[segment][spot + 1 :]
    refusal(".".join(parts))


@pytest.mark.parametrize(
    ("claims", "now", "reason"),
    [
        ({"exp": SECONDS + 1}, NOW, None),
        ({"exp": SECONDS + 1}, NOW + timedelta(seconds=0.999), None),  # the last instant
        ({"exp": SECONDS + 1}, NOW + timedelta(seconds=1), Reason.EXPIRED),  # `exp` itself
        ({"exp": SECONDS + 900}, NOW, None),  # the longest life
        ({"exp": SECONDS + 901}, NOW, Reason.LIVES_TOO_LONG),
        ({"exp": SECONDS + 900, "iat": SECONDS - 1}, NOW, Reason.LIVES_TOO_LONG),
        ({"iat": SECONDS + 60, "nbf": SECONDS + 60}, NOW, None),  # the skew that is borne
        ({"iat": SECONDS + 61}, NOW, Reason.NOT_YET_VALID),
        ({"nbf": SECONDS + 61}, NOW, Reason.NOT_YET_VALID),
    ],
)
def test_time_is_judged_to_the_second(claims: dict[str, JsonValue], now: datetime, reason: Reason | None) -> None:
    token = with_claims(**claims)
    if reason is None:
        assert checked(token, now)["exp"]
    else:
        assert refusal(token, now) is reason


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (with_claims(iss="https://evil.example"), Reason.WRONG_ISSUER),
        (with_claims(aud="https://other.example"), Reason.WRONG_AUDIENCE),
        (with_claims(environment="test"), Reason.TEST_EVIDENCE),
        (with_claims(birthdate="2010-01-01"), Reason.WRONG_CLAIMS),
        ("x" * 5000, Reason.TOO_LONG),
        (None, Reason.MALFORMED),
    ],
)
def test_the_reason_names_what_is_wrong(token: object, reason: Reason) -> None:
    assert refusal(token) is reason


def test_a_refusal_says_its_reason_and_no_part_of_the_token() -> None:
    with pytest.raises(TokenRefused, match=r"^wrong_issuer$"):
        checked(with_claims(iss="https://evil.example"))


def test_test_evidence_passes_where_it_is_asked_for() -> None:
    token = Signer(KEY, ISSUER, "test").sign(Kind.AGE_STATUS, SAMPLES[Kind.AGE_STATUS])
    claims = verify(token, KEYS, kind=Kind.AGE_STATUS, issuer=ISSUER, audience=AUDIENCE, now=NOW, accept_test=True)
    assert claims["environment"] == "test"


def test_a_status_list_entry_is_an_allowed_claim() -> None:
    status: dict[str, JsonValue] = {"status_list": {"idx": 0, "uri": "https://age.example/status/1"}}
    assert checked(with_claims(status=status))["status"] == status


@pytest.mark.parametrize("kind", [Kind.CONSENT_RECEIPT, Kind.PURGE_CERTIFICATE])
def test_evidence_verifies_decades_later(kind: Kind) -> None:
    later = NOW + timedelta(days=365 * 40)
    token = SIGNER.sign(kind, RECEIPT)
    assert verify(token, KEYS, kind=kind, issuer=ISSUER, audience=None, now=later)["jti"] == "r1"


@pytest.mark.parametrize("kind", [Kind.CONSENT_RECEIPT, Kind.PURGE_CERTIFICATE])
@pytest.mark.parametrize("name", ["iat", "jti"])
def test_evidence_without_its_name_or_time_is_refused(kind: Kind, name: str) -> None:
    token = SIGNER.sign(kind, {k: v for k, v in RECEIPT.items() if k != name})
    with pytest.raises(TokenRefused):
        verify(token, KEYS, kind=kind, issuer=ISSUER, audience=None, now=NOW)


def test_a_status_list_dies_at_its_exp() -> None:
    token = SIGNER.sign(Kind.STATUS_LIST, STATUS_LIST)
    with pytest.raises(TokenRefused):
        verify(token, KEYS, kind=Kind.STATUS_LIST, issuer=ISSUER, audience=None, now=NOW + timedelta(hours=1))


def test_a_token_for_somebody_is_refused_where_none_is_asked_for() -> None:
    with pytest.raises(TokenRefused):
        verify(forged(), KEYS, kind=Kind.AGE_STATUS, issuer=ISSUER, audience=None, now=NOW)


def test_without_any_key_nothing_passes() -> None:
    with pytest.raises(TokenRefused) as caught:
        verify(forged(), PublicKeys({}), kind=Kind.AGE_STATUS, issuer=ISSUER, audience=AUDIENCE, now=NOW)
    assert caught.value.reason is Reason.UNKNOWN_KEY


def test_an_instant_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        checked(forged(), NOW.replace(tzinfo=None))
