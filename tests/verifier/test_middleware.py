"""The middleware on the wire: statuses, headers, and what the application gets to see."""

import asyncio
import json
from collections.abc import Iterable

import pytest

from agegate.signing.keys import SigningKey
from agegate.signing.verify import JsonValue
from agegate.verifier import AgeStatus, RequireAge, RequireAgeStatus, Verifier
from agegate.verifier.asgi import Receive, Scope, Send
from tests.verifier.agegate_double import AUDIENCE, Issuer, publishing
from tests.verifier.asgi_client import Answered, request, websocket


class Seen:
    """An application that keeps what it was called with."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})

    @property
    def status(self) -> AgeStatus:
        state = self.scopes[0]["state"]
        assert isinstance(state, dict)
        status = state["age_status"]
        assert isinstance(status, AgeStatus)
        return status


def verifier(issuer: Issuer) -> Verifier:
    return Verifier(issuer.url, AUDIENCE, clock=issuer.clock)


def asked(issuer: Issuer, *authorization: str, over: int | None = None) -> tuple[Answered, Seen]:
    seen = Seen()
    gate = RequireAgeStatus(seen, verifier(issuer))
    app = gate if over is None else RequireAge(seen, verifier(issuer), over=over)
    headers = [(b"authorization", value.encode()) for value in authorization]
    return asyncio.run(request(app, headers=headers)), seen


def test_a_good_token_lets_the_request_in_with_the_status(issuer: Issuer) -> None:
    answer, seen = asked(issuer, f"Bearer {issuer.token()}")
    assert (answer.status, answer.body) == (200, b"in")
    assert seen.status.subject == "account-1"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(issuer: Issuer, scheme: str) -> None:
    assert asked(issuer, f"{scheme} {issuer.token()}")[0].status == 200


@pytest.mark.parametrize("authorization", [(), ("Basic dTpw",), ("Bearer",), ("",), ("Bearer a", "Bearer a")])
def test_without_one_bearer_token_the_request_is_refused(issuer: Issuer, authorization: Iterable[str]) -> None:
    answer, seen = asked(issuer, *authorization)
    assert (answer.status, seen.scopes) == (401, [])


def test_two_good_tokens_are_one_too_many(issuer: Issuer) -> None:
    token = issuer.token()
    assert asked(issuer, f"Bearer {token}", f"Bearer {token}")[0].status == 401


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        ("Basic dTpw", 'Bearer realm="agegate"'),
        ("Bearer a.b.c", 'Bearer realm="agegate", error="invalid_token", error_description="malformed"'),
    ],
)
def test_a_refusal_is_a_problem_with_a_challenge(issuer: Issuer, authorization: str, challenge: str) -> None:
    answer, _ = asked(issuer, authorization)
    assert answer.headers["www-authenticate"] == challenge
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.body)
    assert (problem["title"], problem["status"]) == ("Unauthorized", 401)


def test_a_refusal_echoes_nothing_that_was_sent(issuer: Issuer) -> None:
    answer, _ = asked(issuer, "Bearer SENTINEL.SENTINEL.SENTINEL")
    assert b"SENTINEL" not in answer.body + repr(answer.headers).encode()


@pytest.mark.parametrize(
    ("claims", "status"),
    [({"age_over_18": True}, 200), ({"age_over_18": False}, 403), ({"age_over_16": True}, 403), ({}, 403)],
)
def test_an_age_must_be_shown(issuer: Issuer, claims: dict[str, JsonValue], status: int) -> None:
    answer, seen = asked(issuer, f"Bearer {issuer.token_of(claims)}", over=18)
    assert (answer.status, len(seen.scopes)) == (status, int(status == 200))


def test_whoever_is_too_young_is_told_by_a_problem(issuer: Issuer) -> None:
    answer, _ = asked(issuer, f"Bearer {issuer.token()}", over=18)
    assert json.loads(answer.body)["status"] == 403
    assert "insufficient_scope" in answer.headers["www-authenticate"]


def test_a_bad_token_is_401_even_where_an_age_is_asked_for(issuer: Issuer) -> None:
    assert asked(issuer, f"Bearer {issuer.token(SigningKey.generate())}", over=18)[0].status == 401


def test_without_keys_nobody_comes_in_and_it_is_not_the_client_who_is_blamed() -> None:
    with publishing() as issuer:
        token = issuer.token()
    answer, seen = asked(issuer, f"Bearer {token}")
    assert (answer.status, answer.headers["retry-after"], seen.scopes) == (503, "10", [])


def test_what_the_server_put_into_the_state_stays(issuer: Issuer) -> None:
    seen = Seen()
    state: dict[str, object] = {"pool": 1}
    headers = [(b"authorization", f"Bearer {issuer.token()}".encode())]
    asyncio.run(request(RequireAgeStatus(seen, verifier(issuer)), headers=headers, state=state))
    assert seen.scopes[0]["state"] == {"pool": 1, "age_status": seen.status}
    assert state == {"pool": 1}


@pytest.mark.parametrize("over", [None, 18])
def test_a_websocket_is_closed_for_whoever_may_not_come_in(issuer: Issuer, over: int | None) -> None:
    seen = Seen()
    gate = RequireAgeStatus(seen, verifier(issuer))
    app = gate if over is None else RequireAge(seen, verifier(issuer), over=over)
    headers = [] if over is None else [(b"authorization", f"Bearer {issuer.token()}".encode())]
    assert asyncio.run(websocket(app, headers)) == [{"type": "websocket.close", "code": 1008}]
    assert seen.scopes == []


def test_start_and_stop_of_the_server_need_no_token(issuer: Issuer) -> None:
    seen = Seen()
    app = RequireAgeStatus(seen, verifier(issuer))
    asyncio.run(request(app, kind="lifespan"))
    assert [scope["type"] for scope in seen.scopes] == ["lifespan"]
