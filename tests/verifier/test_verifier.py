"""The verifier against a real server: what it accepts, what it says, whom it refuses."""

import asyncio
from datetime import timedelta

import pytest

from agegate.signing.keys import SigningKey
from agegate.signing.verify import JsonValue
from agegate.verifier import AgeStatus, Reason, TokenRefused, Verifier
from tests.verifier.agegate_double import AUDIENCE, Issuer


def verifier(issuer: Issuer, *, accept_test: bool = False) -> Verifier:
    return Verifier(issuer.url, AUDIENCE, clock=issuer.clock, accept_test=accept_test)


def refusal(checker: Verifier, token: object) -> Reason:
    with pytest.raises(TokenRefused) as caught:
        checker.check(token)
    with pytest.raises(TokenRefused) as caught_async:
        asyncio.run(checker.check_async(token))
    assert caught_async.value.reason is caught.value.reason
    return caught.value.reason


def test_a_good_token_becomes_a_status(issuer: Issuer) -> None:
    token = issuer.token(age_decision="consented", age_over_13=True, age_over_18=False, consent="cn_1")
    assert verifier(issuer).check(token) == AgeStatus(
        subject="account-1",
        decision="consented",
        over={13: True, 18: False},
        method="self_declared",
        policy="deepseek@1",
        consent="cn_1",
        expires_at=issuer.clock.now + timedelta(seconds=600),
        environment="production",
    )


def test_sync_and_async_say_the_same(issuer: Issuer) -> None:
    checker, token = verifier(issuer), issuer.token()
    assert asyncio.run(checker.check_async(token)) == checker.check(token)


def test_the_repr_of_a_status_names_nobody(issuer: Issuer) -> None:
    text = repr(verifier(issuer).check(issuer.token(consent="cn_1")))
    assert "account-1" not in text
    assert "cn_1" not in text


@pytest.mark.parametrize(("age", "over"), [(13, True), (18, False), (21, False)])
def test_a_threshold_that_is_false_or_absent_is_not_reached(issuer: Issuer, age: int, over: bool) -> None:
    assert verifier(issuer).check(issuer.token(age_over_13=True, age_over_18=False)).is_over(age) is over


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"age_decision": "consent_required"}, Reason.DECISION_NOT_ACCEPTED),
        ({"age_decision": "blocked"}, Reason.WRONG_CLAIMS),
        ({"aud": "https://other.example"}, Reason.WRONG_AUDIENCE),
        ({"aud": None}, Reason.WRONG_CLAIMS),
        ({"exp": 1}, Reason.EXPIRED),
    ],
)
def test_a_token_that_is_not_for_here_is_refused(issuer: Issuer, claims: dict[str, JsonValue], reason: Reason) -> None:
    assert refusal(verifier(issuer), issuer.token_of(claims)) is reason


def test_limited_access_is_opened_on_purpose_only(issuer: Issuer) -> None:
    token = issuer.token(age_decision="consent_required")
    limited = Verifier(issuer.url, AUDIENCE, accept=frozenset({"consent_required"}), clock=issuer.clock)
    assert limited.check(token).decision == "consent_required"


def test_test_evidence_is_refused_by_default(issuer: Issuer) -> None:
    assert refusal(verifier(issuer), issuer.token(environment="test")) is Reason.TEST_EVIDENCE


def test_test_evidence_is_marked_where_it_is_accepted(issuer: Issuer) -> None:
    token = issuer.token(environment="test")
    assert verifier(issuer, accept_test=True).check(token).environment == "test"


def test_a_token_dies_at_its_exp(issuer: Issuer) -> None:
    checker, token = verifier(issuer), issuer.token()
    checker.check(token)
    issuer.clock.advance(seconds=600)
    assert refusal(checker, token) is Reason.EXPIRED


@pytest.mark.parametrize("token", [None, 1, b"bytes", "", "a.b.c", "\ud800", "x" * 10_000])
def test_what_is_no_token_is_refused_without_asking_the_issuer_again(issuer: Issuer, token: object) -> None:
    checker = verifier(issuer)
    checker.check(issuer.token())
    issuer.clock.advance(minutes=5)
    refusal(checker, token)
    assert issuer.fetches == 1


def test_a_key_of_somebody_else_is_refused(issuer: Issuer) -> None:
    assert refusal(verifier(issuer), issuer.token(SigningKey.generate())) is Reason.UNKNOWN_KEY


OPEN_TO_OTHERS = [
    *("http://age.example", "http://10.0.0.1", "http://localhost.example", "ftp://127.0.0.1", "age.example"),
    *("https://user@age.example", "https://age.example?x=1", "https://age.example#a", "file:///etc/passwd"),
    *("http://127.0.0.1@evil.example", "https://", "http://[::1", "https://a b", ""),
]


@pytest.mark.parametrize("url", OPEN_TO_OTHERS)
def test_an_issuer_that_others_could_speak_for_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"https|IPv6"):
        Verifier(url, AUDIENCE)


@pytest.mark.parametrize(
    "url", ["https://age.example", "http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:1"]
)
def test_https_and_http_on_loopback_are_taken(url: str) -> None:
    Verifier(url, AUDIENCE)


def test_a_key_address_elsewhere_must_be_https_too() -> None:
    with pytest.raises(ValueError, match="https"):
        Verifier("https://age.example", AUDIENCE, jwks_url="http://keys.example/jwks.json")


def test_an_audience_must_be_named() -> None:
    with pytest.raises(ValueError, match="audience"):
        Verifier("https://age.example", "")


def test_no_verifier_can_be_made_that_accepts_the_blocked() -> None:
    with pytest.raises(ValueError, match="accept"):
        Verifier("https://age.example", AUDIENCE, accept=frozenset({"blocked"}))
