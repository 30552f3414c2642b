"""A token is taken back in the transaction that shuts its subject: by list and by introspection, for good or not."""

import pytest

from agegate.base64url import base64url
from agegate.signing.status_list import Status
from agegate.signing.strict_jws import decode
from agegate.store.status_entries import entry_at
from tests.houses import Home
from tests.journeys.people import ADULT, consented_minor, sign_up, withdraw
from tests.tokens.issuing import ask_token, introspect, place_of, read, status_of, token_for

CHILD = "2020-01-01"
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def test_a_token_that_counts_is_valid_and_active(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    token = token_for(home, "ada")
    assert status_of(home, token) is Status.VALID
    assert introspect(home, token) == {"active": True, **read(token)}


def test_every_token_of_a_subject_for_an_audience_has_the_same_entry(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    assert place_of(token_for(home, "ada")) == place_of(token_for(home, "ada"))


def test_audiences_and_subjects_have_entries_of_their_own(home: Home) -> None:
    for subject in ("ada", "bob"):
        sign_up(home, subject, ADULT)
    pairs = [("ada", "one"), ("ada", "two"), ("bob", "one"), ("bob", "two")]
    assert len({place_of(token_for(home, *pair)) for pair in pairs}) == 4


def test_a_withdrawal_makes_the_tokens_invalid(home: Home) -> None:
    consented_minor(home)
    token = token_for(home, "alex")
    assert withdraw(home, "withdraw").status_code == 200
    assert introspect(home, token) == {"active": False}
    assert status_of(home, token) is Status.INVALID


def test_a_purge_makes_the_tokens_invalid_and_nobody_is_named_any_more(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    token = token_for(home, "ada")
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    assert introspect(home, token) == {"active": False}
    assert status_of(home, token) is Status.INVALID
    entry = home.house.store.read_now(lambda tx: entry_at(tx, 1))
    assert entry is not None
    assert (entry.subject_id, entry.audience) == (None, None)


def test_a_restriction_suspends_the_tokens(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    token = token_for(home, "ada")
    assert sign_up(home, "ada", CHILD).json()["decision"] == "restricted"
    assert introspect(home, token) == {"active": False}
    assert status_of(home, token) is Status.SUSPENDED


def test_a_place_that_was_taken_back_is_never_given_again(home: Home) -> None:
    places = set()
    for _ in range(5):
        sign_up(home, "ada", ADULT)
        places.add(place_of(token_for(home, "ada")))
        home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    assert len(places) == 5


def test_a_token_of_another_service_is_as_unknown_as_none(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    assert introspect(home, token_for(home, "ada"), "scan") == {"active": False}


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 5000, "é", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_inactive(still: Home, token: str) -> None:
    assert introspect(still, token) == {"active": False}


def test_introspection_needs_the_parameter_and_the_scope(still: Home) -> None:
    headers = {"Authorization": f"Bearer {still.keys['game']}"}
    assert still.browse("POST", "/v1/introspect", {"x": "1"}, headers=headers).status_code == 422
    assert still.browse("POST", "/v1/introspect", {"token": "x"}).status_code == 401


def test_a_token_is_inactive_once_it_ended(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    token = token_for(home, "ada")
    home.clock.move(minutes=10)
    assert introspect(home, token) == {"active": False}


def test_introspection_is_kept_by_nobody(still: Home) -> None:
    headers = {"Authorization": f"Bearer {still.keys['game']}"}
    reply = still.browse("POST", "/v1/introspect", {"token": "x"}, headers=headers)
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("number", ["0", "2", "01", "x", "9999999999", "²"])
def test_there_is_no_list_beyond_those_in_use(still: Home, number: str) -> None:
    assert still.call("GET", f"/status/{number}").status_code == 404


def test_the_first_list_is_there_from_the_beginning(still: Home) -> None:
    reply = still.call("GET", "/status/1")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/statuslist+jwt")
    assert reply.headers["cache-control"] == "public, max-age=60"


def test_a_list_is_signed_for_a_quarter_of_an_hour_and_kept_for_a_minute(still: Home) -> None:
    claims = read(still.call("GET", "/status/1").text)
    assert claims["sub"] == "http://127.0.0.1:8000/status/1"
    assert (claims["ttl"], int(str(claims["exp"])) - int(str(claims["iat"]))) == (60, 900)


def test_an_unchanged_list_keeps_its_tag_and_is_not_sent_twice(home: Home) -> None:
    tag = home.call("GET", "/status/1").headers["etag"]
    home.clock.move(minutes=2)
    assert home.call("GET", "/status/1", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_list_says_the_same_in_either_encoding(still: Home, encoding: str) -> None:
    reply = still.call("GET", "/status/1", headers={"Accept-Encoding": encoding})
    assert reply.headers.get("content-encoding", "identity") == encoding
    assert (reply.text, reply.headers["vary"]) == (still.call("GET", "/status/1").text, "Accept-Encoding")
    assert ("gzip" in reply.headers["etag"]) is (encoding == "gzip")


def test_a_changed_list_has_another_tag_within_a_second(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    token_for(home, "ada")
    tag = home.call("GET", "/status/1").headers["etag"]
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    home.clock.move(seconds=1)
    assert home.call("GET", "/status/1").headers["etag"] != tag


def test_whoever_is_shut_gets_no_token_for_an_entry_of_old(home: Home) -> None:
    consented_minor(home)
    token_for(home, "alex")
    withdraw(home, "withdraw")
    assert ask_token(home, "alex").status_code == 403


def test_the_other_spelling_of_a_tokens_signature_is_taken_back_with_it(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    head, payload, signature = token_for(home, "ada").split(".")
    raw = decode(signature.encode())
    twin = (
        f"{head}.{payload}.{base64url(raw[:32] + (N - int.from_bytes(raw[32:], 'big')).to_bytes(32, 'big')).decode()}"
    )
    assert introspect(home, twin)["active"] is True
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    assert introspect(home, twin) == {"active": False}
    assert status_of(home, twin) is Status.INVALID
