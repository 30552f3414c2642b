"""A real server and the real verifier: what was taken back is refused within a minute; an outage lets nobody in."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from agegate.clock import utc_now
from agegate.flows.rotate_keys import RevokeKey, Rotated, RotateKeys
from agegate.verifier import Reason, TokenRefused, Verifier
from agegate.verifier.dependency import RequireStatus
from tests.cli.commands import run
from tests.houses import Hands
from tests.tokens.live import Live, listening

CHAT = "https://chat.example"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with listening(tmp_path / "data", f"sqlite:///{tmp_path}/database.sqlite3", Hands()) as served:
        yield served


def verifier(live: Live, *, check_status: bool = True) -> Verifier:
    clock = live.home.clock
    return Verifier(live.url, CHAT, accept_test=True, check_status=check_status, clock=clock)


def refusal(checker: Verifier, token: str) -> Reason:
    with pytest.raises(TokenRefused) as caught:
        checker.check(token)
    return caught.value.reason


def purge(live: Live, subject: str) -> None:
    assert live.client.delete(f"/v1/subjects/{subject}").status_code == 202


def test_a_token_that_counts_passes_sync_and_async(live: Live) -> None:
    live.sign_up("ada")
    checker, token = verifier(live), live.token("ada")
    assert checker.check(token) == asyncio.run(checker.check_async(token))


def test_a_purged_subjects_token_is_refused_within_a_minute(live: Live) -> None:
    live.sign_up("ada")
    checker, token = verifier(live), live.token("ada")
    checker.check(token)
    purge(live, "ada")
    checker.check(token)  # the list is kept for its minute
    live.home.clock.move(seconds=60)
    assert refusal(checker, token) is Reason.REVOKED


def test_a_restricted_subjects_token_is_refused_as_suspended(live: Live) -> None:
    live.sign_up("ada")
    token = live.token("ada")
    live.sign_up("ada", "2020-01-01")
    assert refusal(verifier(live), token) is Reason.SUSPENDED


def test_whoever_asks_for_no_status_trusts_the_minutes_of_the_token(live: Live) -> None:
    live.sign_up("ada")
    token = live.token("ada")
    purge(live, "ada")
    assert verifier(live, check_status=False).check(token).decision == "allowed"


def test_in_an_outage_an_old_list_serves_until_it_ends(tmp_path: Path) -> None:
    with listening(tmp_path / "data", f"sqlite:///{tmp_path}/database.sqlite3", Hands()) as live:
        live.sign_up("ada")
        checker, early = verifier(live), live.token("ada")
        checker.check(early)
        live.home.clock.move(minutes=9)
        late = live.token("ada")
    assert checker.check(late).decision == "allowed"
    live.home.clock.move(minutes=6)
    assert refusal(checker, late) is Reason.STATUS_UNAVAILABLE


def test_keys_and_lists_are_fetched_once_for_many(live: Live) -> None:
    live.sign_up("ada")
    checker, token = verifier(live), live.token("ada")
    checker.check(token)
    live.home.clock.move(seconds=301)
    live.asked.clear()

    async def many() -> list[object]:
        return await asyncio.gather(*(checker.check_async(token) for _ in range(50)), return_exceptions=True)

    assert {getattr(status, "decision", status) for status in asyncio.run(many())} == {"allowed"}
    assert sorted(live.asked) == ["/.well-known/jwks.json", "/status/1"]


def test_after_an_emergency_tokens_of_the_new_key_pass_at_once(live: Live) -> None:
    live.sign_up("ada")
    checker = verifier(live)
    old = live.token("ada")
    checker.check(old)
    clock, house = live.home.clock, live.home.house
    clock.move(seconds=11)
    flow, kid = (
        RevokeKey(RotateKeys(house.vault, house.audit)),
        house.store.read_now(house.keys.read).active_at(clock()).kid,
    )
    assert isinstance(house.store.write_now(lambda tx: flow(tx, kid, "jo-smith", clock())), Rotated)
    clock.move(seconds=1)
    assert checker.check(live.token("ada")).decision == "allowed"
    assert refusal(checker, old) is Reason.UNKNOWN_KEY


def test_a_revoked_key_is_refused_when_the_copy_of_the_keys_ends(live: Live) -> None:
    live.sign_up("ada")
    checker, token = verifier(live), live.token("ada")
    checker.check(token)
    clock, house = live.home.clock, live.home.house
    flow, kid = (
        RevokeKey(RotateKeys(house.vault, house.audit)),
        house.store.read_now(house.keys.read).active_at(clock()).kid,
    )
    house.store.write_now(lambda tx: flow(tx, kid, "jo-smith", clock()))
    clock.move(minutes=5)
    assert refusal(checker, token) is Reason.UNKNOWN_KEY


def request(token: str | None) -> Request:
    headers = [] if token is None else [(b"authorization", f"Bearer {token}".encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


def status_given(gate: RequireStatus, token: str | None) -> int:
    try:
        asyncio.run(gate(request(token)))
    except HTTPException as refused:
        return refused.status_code
    return 200


def test_the_dependency_gives_the_status_or_refuses(live: Live) -> None:
    live.sign_up("ada")
    token, gate = live.token("ada"), RequireStatus(verifier(live))
    assert [status_given(gate, each) for each in (token, None, "a.b.c")] == [200, 401, 401]
    assert status_given(RequireStatus(verifier(live), over=18), token) == 403


def test_the_dependency_does_not_blame_the_client_for_an_outage() -> None:
    gone = Verifier("http://127.0.0.1:9", CHAT, timeout=timedelta(seconds=1))
    assert status_given(RequireStatus(gone), "a.b.c") == 503


def test_a_person_can_check_a_token_by_a_command(live: Live) -> None:
    live.home.clock.now = utc_now()
    live.sign_up("ada")
    words = ("token", "verify", live.token("ada"), "--issuer", live.url, "--audience", CHAT)
    assert json.loads(run(*words, "--accept-test", "--json").stdout)["decision"] == "allowed"
    assert "test_evidence" in run(*words).stderr
    purge(live, "ada")
    live.home.clock.move(seconds=1)
    assert "revoked" in run(*words, "--accept-test").stderr


def test_an_issuer_that_is_no_address_is_wrong_use() -> None:
    assert run("token", "verify", "x", "--issuer", "age.example", "--audience", CHAT).exit_code == 2
