"""Who may make which call: every call without a key, with a bad one, and with a key for something else."""

import pytest

from agegate.store.registry import revoke_key
from tests.houses import SCOPES, Home
from tests.web.asking import ask
from tests.web.calls import CALLS, WITH_BODY, Call, slug

ISSUER = "http://127.0.0.1:8000"
every_call = pytest.mark.parametrize("call", CALLS, ids=str)


def bad_keys(home: Home) -> dict[str, str | None]:
    """Authorization headers that name no live key."""
    live = home.keys["game"]
    name, secret = live.split("_", 2)[1:]
    return {
        "none": None,
        "empty": "",
        "bearer alone": "Bearer",
        "basic": "Basic Z2FtZTpzZWNyZXQ=",
        "key as basic": f"Basic {live}",
        "unknown key": f"Bearer ag_{'0' * 26}_{secret}",
        "wrong secret": f"Bearer ag_{name}_{'A' * 43}",
        "secret of another key": f"Bearer ag_{name}_{home.keys['scan'].split('_', 2)[2]}",
        "no prefix": f"Bearer {name}_{secret}",
        "cut": f"Bearer {live[:-1]}",
    }


@every_call
def test_no_call_is_made_without_a_live_key(still: Home, call: Call) -> None:
    before, seen = still.rows(), {}
    for kind, header in bad_keys(still).items():
        reply = still.call(call.method, call.path, call.body, headers={"Authorization": header} if header else {})
        seen[kind] = (reply.status_code, reply.headers.get("www-authenticate"))
    assert seen == dict.fromkeys(seen, (401, 'Bearer realm="agegate"'))
    assert still.rows() == before


@every_call
def test_a_key_for_something_else_is_told_that_a_scope_is_missing(still: Home, call: Call) -> None:
    key = still.key("game", *({*SCOPES} - call.scopes))
    still.clock.move(seconds=2)
    before = still.rows()
    assert slug(still, call.method, call.path, call.body, key) == (403, "scope-missing")
    assert still.rows() == before


@every_call
def test_two_authorization_headers_are_a_malformed_request(still: Home, call: Call) -> None:
    bearer = ("Authorization", f"Bearer {still.keys['game']}")
    assert ask(still.app, call.method, call.path, headers=[bearer, bearer], base=ISSUER).status_code == 400


@pytest.mark.parametrize("call", WITH_BODY, ids=str)
def test_a_key_is_asked_for_before_the_body_is_read(still: Home, call: Call) -> None:
    assert ask(still.app, call.method, call.path, content=b"{", base=ISSUER).status_code == 401


def test_a_revoked_key_ends_within_a_second(home: Home) -> None:
    key = home.key("game", "signup")
    home.clock.move(seconds=2)
    assert home.call("GET", "/v1/events", key=key).status_code == 200
    home.house.store.write_now(lambda tx: revoke_key(tx, key.split("_")[1], home.clock()))
    home.clock.move(seconds=1)
    assert home.call("GET", "/v1/events", key=key).status_code == 401


def test_two_keys_may_be_live_for_a_rotation(home: Home) -> None:
    second = home.key("game", "signup")
    home.clock.move(seconds=2)
    assert [home.call("GET", "/v1/events", key=key).status_code for key in (home.keys["game"], second)] == [200, 200]


def test_the_scheme_is_read_in_any_letters(still: Home) -> None:
    reply = still.call("GET", "/v1/events", headers={"Authorization": f"bEARER {still.keys['game']}"})
    assert reply.status_code == 200


FOREIGN = [
    Call("GET", "/v1/subjects/alex", frozenset()),
    Call("DELETE", "/v1/subjects/alex", frozenset()),
    Call("DELETE", "/v1/subjects/alex/assent", frozenset()),
    Call("POST", "/v1/subjects/alex/consent-requests", frozenset(), {"guardian_email": "guardian@example.org"}),
    Call("GET", "/v1/subjects/alex/consent-requests/{request}", frozenset()),
    Call("POST", "/v1/subjects/alex/consent-requests/{request}/mails", frozenset()),
    Call("POST", "/v1/tokens", frozenset(), {"subject": "alex", "audience": "chat"}),
]


@pytest.mark.parametrize("call", FOREIGN, ids=str)
def test_another_services_subject_is_unknown_like_one_that_never_was(still: Home, call: Call) -> None:
    before = still.rows()
    foreign = still.call(call.method, call.path, call.body, key=still.keys["scan"])
    body = {**call.body, "subject": "nobody"} if call.body and "subject" in call.body else call.body
    never = still.call(call.method, call.path.replace("alex", "nobody"), body, key=still.keys["scan"])
    assert (foreign.status_code, told(foreign.json())) == (404, told(never.json()))
    assert still.rows() == before


def told(problem: dict[str, object]) -> dict[str, object]:
    """A problem without the name of its request."""
    return {name: value for name, value in problem.items() if name != "instance"}
