"""The pull API: a holder behind a firewall fetches its orders, and sees nothing that is not its own."""

from datetime import timedelta

import pytest

from agegate.flows.register import HolderTerms
from agegate.signing.verify import Kind, PublicKeys, verify
from tests.houses import ISSUER, Home, Json
from tests.journeys.people import ADULT, sign_up

DONE: Json = {"status": "completed"}


@pytest.fixture
def holder(home: Home) -> str:
    """The key of a holder without an address."""
    terms = HolderTerms(["chats", "files"], timedelta(days=7))
    return home.register_holder("game", "cellar", "", terms=terms)


def order(home: Home, subject: str = "sam") -> str:
    """A purge of an adult."""
    sign_up(home, subject, ADULT)
    return str(home.call("DELETE", f"/v1/subjects/{subject}", key=home.keys["game"]).json()["purge"])


def inbox(home: Home, key: str, query: str = "state=open&holder=cellar") -> list[Json]:
    """What waits for the holder."""
    return list(home.call("GET", f"/v1/purges?{query}", key=key).json()["purges"])


def test_a_holder_without_an_address_finds_its_order_in_the_list(home: Home, holder: str) -> None:
    purge = order(home)
    told = inbox(home, holder)[0]["order"]
    assert isinstance(told, dict)
    public = PublicKeys.from_jwks(home.call("GET", "/.well-known/jwks.json").json())
    proof = verify(
        told["order"],
        public,
        kind=Kind.PURGE_ORDER,
        issuer=ISSUER,
        audience="cellar",
        now=home.clock(),
        accept_test=True,
    )
    assert (told["purge"], told["subject"], proof["sub"], told["categories"]) == (
        purge,
        "sam",
        "sam",
        ["chats", "files"],
    )


def test_nothing_is_sent_to_a_holder_without_an_address(home: Home, holder: str) -> None:
    order(home)
    home.work()
    leg = inbox(home, holder)[0]["legs"]
    assert [(each["state"], each["attempts"]) for each in leg] == [("queued", 0)]  # type: ignore[attr-defined]  # a list of objects


def test_what_was_answered_is_no_longer_in_the_list(home: Home, holder: str) -> None:
    purge = order(home)
    home.call("PUT", f"/v1/purges/{purge}/legs/cellar", DONE, key=holder)
    assert inbox(home, holder) == []
    assert "order" not in home.call("GET", f"/v1/purges/{purge}", key=holder).json()


def test_only_the_holder_is_shown_whose_data_it_is(home: Home, holder: str) -> None:
    purge = order(home, "sam-the-subject")
    other = home.register_holder("game", "attic", "")
    for key in (home.keys["game"], other):
        assert "sam-the" not in home.call("GET", "/v1/purges", key=key).text
        assert "sam-the" not in home.call("GET", f"/v1/purges/{purge}", key=key).text
    assert "sam-the" in home.call("GET", f"/v1/purges/{purge}", key=holder).text


def test_the_list_leads_on_by_its_cursor(home: Home, holder: str) -> None:
    ordered = [order(home, f"u-{number}") for number in range(101)]
    first = home.call("GET", "/v1/purges?state=open", key=holder).json()
    rest = home.call("GET", f"/v1/purges?state=open&cursor={first['cursor']}", key=holder).json()
    assert [purge["id"] for purge in (*first["purges"], *rest["purges"])] == sorted(ordered)


def test_a_leg_keeps_the_terms_of_the_moment_of_the_order(home: Home, holder: str) -> None:
    purge = order(home)
    home.register_holder("game", "later", "")
    legs = home.call("GET", f"/v1/purges/{purge}", key=home.keys["game"]).json()["legs"]
    found = [(each["holder"], each["due_at"], each["categories"]) for each in legs]
    assert found == [("cellar", "2026-11-29T09:00:00Z", ["chats", "files"])]
    assert holder
