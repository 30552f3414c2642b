"""How often the issuer is asked for its keys, counted at the issuer."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from agegate.signing.keys import SigningKey
from agegate.verifier import Reason, TokenRefused, Verifier
from tests.verifier.agegate_double import AUDIENCE, Issuer, publishing

MANY = 40


def verifier(issuer: Issuer, timeout: float = 3) -> Verifier:
    return Verifier(issuer.url, AUDIENCE, clock=issuer.clock, timeout=timedelta(seconds=timeout))


def refusal(checker: Verifier, token: str) -> Reason:
    with pytest.raises(TokenRefused) as caught:
        checker.check(token)
    return caught.value.reason


async def many(check: Callable[[object], Awaitable[object]], tokens: list[str]) -> list[object]:
    return await asyncio.gather(*(check(token) for token in tokens), return_exceptions=True)


def test_keys_are_fetched_once_while_they_are_fresh(issuer: Issuer) -> None:
    checker = verifier(issuer)
    for _ in range(10):
        checker.check(issuer.token())
        issuer.clock.advance(seconds=89)
    assert issuer.fetches == 1


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("public, max-age=900, stale-while-revalidate=3600", 900),
        ("max-age=20", 20),
        ("max-age=999999", 3600),  # a revoked key must not live on for days
        ("private", 300),
        ("", 300),
        ("s-max-age=5, x-max-age=7", 300),
    ],
)
def test_max_age_is_honoured_within_an_hour(issuer: Issuer, cache_control: str, seconds: int) -> None:
    issuer.headers = {"Cache-Control": cache_control}
    checker = verifier(issuer)
    checker.check(issuer.token())
    issuer.clock.advance(seconds=seconds - 1)
    checker.check(issuer.token())
    assert issuer.fetches == 1
    issuer.clock.advance(seconds=1)
    checker.check(issuer.token())
    assert issuer.fetches == 2


def test_many_tasks_share_one_fetch(issuer: Issuer) -> None:
    issuer.delay = 0.2
    checker = verifier(issuer)
    statuses = asyncio.run(many(checker.check_async, [issuer.token()] * MANY))
    assert [getattr(status, "decision", status) for status in statuses] == ["allowed"] * MANY
    assert issuer.fetches == 1


def test_many_threads_share_one_fetch(issuer: Issuer) -> None:
    issuer.delay = 0.2
    checker, token = verifier(issuer), issuer.token()
    with ThreadPoolExecutor(MANY) as threads:
        statuses = list(threads.map(checker.check, [token] * MANY))
    assert {status.decision for status in statuses} == {"allowed"}
    assert issuer.fetches == 1


def test_a_new_key_is_found_by_its_first_tokens_with_one_fetch(issuer: Issuer) -> None:
    checker = verifier(issuer)
    old = issuer.token()
    checker.check(old)
    issuer.keys.append(SigningKey.generate())
    issuer.clock.advance(seconds=10)
    issuer.delay = 0.1
    statuses = asyncio.run(many(checker.check_async, [issuer.token(), old] * MANY))
    assert [getattr(status, "decision", status) for status in statuses] == ["allowed"] * (2 * MANY)
    assert issuer.fetches == 2


def test_a_flood_of_unknown_keys_is_one_fetch_per_pause(issuer: Issuer) -> None:
    checker = verifier(issuer)
    checker.check(issuer.token())
    forged = [issuer.token(SigningKey.generate()) for _ in range(MANY)]
    asyncio.run(many(checker.check_async, forged))
    assert issuer.fetches == 1  # the pause since the first fetch is not over
    for _ in range(3):
        issuer.clock.advance(seconds=10)
        refused = asyncio.run(many(checker.check_async, forged))
        assert {getattr(one, "reason", one) for one in refused} == {Reason.UNKNOWN_KEY}
    assert issuer.fetches == 4


def test_a_revoked_key_is_refused_once_the_cache_is_over(issuer: Issuer) -> None:
    checker = verifier(issuer)
    revoked = issuer.keys[0]
    checker.check(issuer.token(revoked))
    issuer.keys = [SigningKey.generate()]
    issuer.clock.advance(seconds=900)
    assert refusal(checker, issuer.token(revoked)) is Reason.UNKNOWN_KEY


def test_an_outage_is_bridged_by_stale_keys_for_an_hour_and_no_longer() -> None:
    with publishing() as issuer:
        checker = verifier(issuer)
        checker.check(issuer.token())
    issuer.clock.advance(seconds=900 + 3599)
    assert checker.check(issuer.token()).decision == "allowed"
    issuer.clock.advance(seconds=1)
    assert refusal(checker, issuer.token()) is Reason.KEYS_UNAVAILABLE


def test_after_an_outage_the_keys_are_fetched_again() -> None:
    with publishing() as issuer:
        checker = verifier(issuer)
        checker.check(issuer.token())
    issuer.clock.advance(hours=3)
    assert refusal(checker, issuer.token()) is Reason.KEYS_UNAVAILABLE
    issuer.clock.advance(seconds=1)
    with publishing(issuer):
        assert checker.check(issuer.token()).decision == "allowed"


def test_stale_keys_do_not_wait_while_somebody_else_is_fetching(issuer: Issuer) -> None:
    checker = verifier(issuer)
    checker.check(issuer.token())
    issuer.asked.acquire()
    issuer.clock.advance(seconds=900)
    issuer.delay = 0.5
    token = issuer.token()

    async def scene() -> bool:
        first = asyncio.create_task(checker.check_async(token))
        await asyncio.to_thread(issuer.asked.acquire)
        await checker.check_async(token)
        still_fetching = not first.done()
        await first
        return still_fetching

    assert asyncio.run(scene())


def test_an_issuer_that_never_answered_leaves_nobody_in(issuer: Issuer) -> None:
    issuer.status = 500
    assert refusal(verifier(issuer), issuer.token()) is Reason.KEYS_UNAVAILABLE


@pytest.mark.parametrize("status", [204, 301, 302, 307, 404, 500])
def test_only_200_gives_keys_and_a_redirect_is_not_followed(issuer: Issuer, status: int) -> None:
    with publishing() as elsewhere:
        issuer.status, issuer.headers = status, {"Location": f"{elsewhere.url}/.well-known/jwks.json"}
        assert refusal(verifier(issuer), issuer.token()) is Reason.KEYS_UNAVAILABLE
        assert elsewhere.fetches == 0


@pytest.mark.parametrize(
    "document",
    [b"", b"not json", b"[]", b'{"keys": 1}', b"\xff", b"[" * 100_000, b'{"keys": []}' + b" " * 300_000],
    ids=["empty", "text", "array", "number", "not UTF-8", "deep", "long"],
)
def test_a_broken_document_leaves_the_held_keys_alone(issuer: Issuer, document: bytes) -> None:
    checker = verifier(issuer)
    checker.check(issuer.token())
    issuer.document = document
    issuer.clock.advance(seconds=900)
    assert checker.check(issuer.token()).decision == "allowed"
    assert issuer.fetches == 2


def test_a_foreign_key_in_the_document_breaks_nothing(issuer: Issuer) -> None:
    rsa = {"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"}
    issuer.document = json.dumps({"keys": [rsa, issuer.keys[0].public_jwk()]}).encode()
    assert verifier(issuer).check(issuer.token()).decision == "allowed"


def test_a_slow_issuer_is_cut_by_the_total_limit(issuer: Issuer) -> None:
    issuer.delay = 1
    assert refusal(verifier(issuer, timeout=0.1), issuer.token()) is Reason.KEYS_UNAVAILABLE


def test_one_who_leaves_does_not_end_the_fetch_of_the_others(issuer: Issuer) -> None:
    issuer.delay = 0.3
    checker, token = verifier(issuer), issuer.token()

    async def scene() -> str:
        impatient = asyncio.create_task(checker.check_async(token))
        patient = asyncio.create_task(checker.check_async(token))
        await asyncio.sleep(0.1)
        impatient.cancel()
        return (await patient).decision

    assert asyncio.run(scene()) == "allowed"
    assert issuer.fetches == 1
