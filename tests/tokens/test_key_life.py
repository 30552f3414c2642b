"""The life of signing keys: published before use, found by running servers, revoked at once, destroyed at the end."""

from datetime import timedelta

import pytest

from agegate.flows.rotate_keys import KeepKeys, KeyRefusal, RevokeKey, Rotated, RotateKeys
from agegate.signing.keys import SigningKey
from agegate.store.key_book import NoSigningKey
from agegate.store.signing_keys import revoke_signing_key, signing_keys
from tests.houses import Home
from tests.journeys.people import ADULT, consented_minor, sign_up
from tests.tokens.issuing import introspect, status_of, token_for
from tests.verifier.reading import header_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def rotate(home: Home, lead: timedelta = DAY) -> Rotated:
    now = home.clock()
    made = home.house.store.write_now(lambda tx: RotateKeys(home.house.vault, home.house.audit)(tx, lead, now))
    assert isinstance(made, Rotated)
    return made


def revoke(home: Home, kid: str) -> Rotated | KeyRefusal | None:
    now, flow = home.clock(), RevokeKey(RotateKeys(home.house.vault, home.house.audit))
    return home.house.store.write_now(lambda tx: flow(tx, kid, "jo-smith", now))


def keep(home: Home, days: int = 90) -> Rotated | None:
    now, flow = (
        home.clock(),
        KeepKeys(RotateKeys(home.house.vault, home.house.audit), home.house.keys, timedelta(days=days)),
    )
    return home.house.store.write_now(lambda tx: flow(tx, now=now))


def published(home: Home, path: str = "/.well-known/jwks.json") -> list[str]:
    return [key["kid"] for key in home.call("GET", path).json()["keys"]]


def archived(home: Home) -> list[str]:
    return published(home, "/.well-known/jwks-archive.json")


def signs(home: Home) -> str:
    return header_of(token_for(home, "ada"))["kid"]


@pytest.fixture
def ada(home: Home) -> Home:
    """A house with an adult who may have tokens."""
    sign_up(home, "ada", ADULT)
    return home


def test_a_next_key_is_published_at_once_and_signs_after_its_lead(ada: Home) -> None:
    first = signs(ada)
    made = rotate(ada)
    ada.clock.move(seconds=1)
    assert (published(ada), signs(ada)) == ([made.kid, first], first)
    ada.clock.move(days=1, seconds=-2)
    assert signs(ada) == first
    ada.clock.move(seconds=1)
    assert signs(ada) == made.kid


def test_no_lead_is_shorter_than_every_server_needs_to_notice(home: Home) -> None:
    assert rotate(home, timedelta(0)).active_from == home.clock() + timedelta(seconds=5)


def test_while_one_key_waits_no_other_is_made(home: Home) -> None:
    rotate(home)
    now = home.clock()
    again = home.house.store.write_now(lambda tx: RotateKeys(home.house.vault, home.house.audit)(tx, DAY, now))
    assert again is KeyRefusal.NEXT_WAITING


def test_a_retired_key_is_published_while_its_tokens_live_and_archived_after(ada: Home) -> None:
    first = signs(ada)
    made = rotate(ada, HOUR)
    ada.clock.move(hours=1, minutes=29)
    assert published(ada) == [made.kid, first]
    ada.clock.move(minutes=1)
    assert (published(ada), archived(ada)) == ([made.kid], [made.kid, first])


def test_the_archive_tells_when_each_key_was_used(ada: Home) -> None:
    began = int(ada.clock().timestamp())
    rotate(ada, HOUR)
    ada.clock.move(hours=2)
    new, old = ada.call("GET", "/.well-known/jwks-archive.json").json()["keys"]
    assert (old["nbf"], old["exp"]) == (began, began + 3600)
    assert (new["nbf"], "exp" in new) == (began + 3600, False)


def test_no_published_document_has_a_private_member(ada: Home) -> None:
    rotate(ada)
    ada.clock.move(days=1)
    for path in ("/.well-known/jwks.json", "/.well-known/jwks-archive.json"):
        keys = ada.call("GET", path).json()["keys"]
        assert [set(key) - {"nbf", "exp"} for key in keys] == [{"kty", "crv", "x", "y", "use", "alg", "kid"}] * 2


def test_the_key_set_has_a_strong_tag_that_changes_with_it(ada: Home) -> None:
    tag = ada.call("GET", "/.well-known/jwks.json").headers["etag"]
    assert ada.call("GET", "/.well-known/jwks.json", headers={"If-None-Match": tag}).status_code == 304
    rotate(ada)
    ada.clock.move(seconds=1)
    reply = ada.call("GET", "/.well-known/jwks.json", headers={"If-None-Match": tag})
    assert (reply.status_code, reply.headers["cache-control"].split(",")[:2]) == (200, ["public", " max-age=300"])


def test_a_revoked_active_key_is_replaced_at_once(ada: Home) -> None:
    first = signs(ada)
    done = revoke(ada, first)
    assert isinstance(done, Rotated)
    ada.clock.move(seconds=1)
    assert (published(ada), archived(ada), signs(ada)) == ([done.kid], [done.kid], done.kid)


def test_a_waiting_key_takes_over_from_a_revoked_one(ada: Home) -> None:
    made = rotate(ada)
    assert revoke(ada, signs(ada)) == Rotated(made.kid, ada.clock())
    ada.clock.move(seconds=1)
    assert (published(ada), signs(ada)) == ([made.kid], made.kid)


def test_revoking_a_key_that_does_not_sign_changes_nothing_else(ada: Home) -> None:
    first = signs(ada)
    made = rotate(ada)
    assert revoke(ada, made.kid) is None
    ada.clock.move(seconds=1)
    assert (published(ada), signs(ada)) == ([first], first)


def test_a_key_is_revoked_once_and_an_unknown_one_never(home: Home) -> None:
    rotated = rotate(home)
    revoke(home, rotated.kid)
    assert (revoke(home, rotated.kid), revoke(home, "x")) == (KeyRefusal.REVOKED_BEFORE, KeyRefusal.UNKNOWN)


def test_introspection_refuses_tokens_of_a_revoked_key_at_once(ada: Home) -> None:
    token = token_for(ada, "ada")
    assert introspect(ada, token)["active"] is True
    revoke(ada, signs(ada))
    assert introspect(ada, token) == {"active": False}


def test_a_list_signed_by_a_revoked_key_is_signed_again(ada: Home) -> None:
    token = token_for(ada, "ada")
    status_of(ada, token)
    revoke(ada, signs(ada))
    ada.clock.move(seconds=2)
    assert header_of(ada.call("GET", "/status/1").text)["kid"] == signs(ada)


def test_a_private_half_is_destroyed_with_its_revocation_and_a_day_after_its_retirement(ada: Home) -> None:
    first, second = signs(ada), rotate(ada, HOUR).kid
    ada.clock.move(hours=25)
    revoke(ada, second)
    keep(ada)
    kept = {key.kid: key.sealed_pem is not None for key in ada.house.store.read_now(signing_keys)}
    assert (kept.pop(first), kept.pop(second), list(kept.values())) == (False, False, [True])
    assert first in archived(ada)


def test_receipts_of_retired_keys_are_checked_by_the_archive(ada: Home) -> None:
    consented_minor(ada)
    receipt = ada.call("GET", "/v1/subjects/alex", key=ada.keys["game"])
    assert receipt.status_code == 200
    first = signs(ada)
    rotate(ada, HOUR)
    ada.clock.move(days=400)
    keep(ada)
    assert first in archived(ada)


@pytest.mark.parametrize(("days", "rotates"), [(88.9, False), (89, True)])
def test_keys_rotate_by_themselves_a_lead_before_their_day(home: Home, days: float, rotates: bool) -> None:
    home.clock.move(days=days)
    made = keep(home)
    assert (made is not None) is rotates
    assert made is None or made.active_from == home.clock() + DAY


def test_of_two_workers_one_rotates(home: Home) -> None:
    home.clock.move(days=90)
    assert [keep(home) is not None, keep(home) is not None] == [True, False]


def test_without_an_active_key_nothing_is_signed(home: Home) -> None:
    now = home.clock()
    kid = home.house.store.read_now(signing_keys)[0].kid
    home.house.store.write_now(lambda tx: revoke_signing_key(tx, kid, now))
    with pytest.raises(NoSigningKey):
        home.house.store.read_now(home.house.keys.read).active_at(now)


def test_a_server_whose_clock_lags_signs_with_what_is_published(home: Home) -> None:
    keys = home.house.store.read_now(home.house.keys.read)
    assert keys.active_at(home.clock() - HOUR).kid == keys.keys[0].dates.kid


def test_the_repr_of_the_keys_shows_no_private_half(home: Home) -> None:
    keys = home.house.store.read_now(home.house.keys.read)
    signing = keys.keys[0].signing
    assert isinstance(signing, SigningKey)
    assert "PRIVATE" not in repr(keys)
    assert "signing=" not in repr(keys)
