"""Closing the leg of a holder that no longer exists: two people, and never a confirmation."""

import pytest

from agegate.flows.register import Register
from agegate.signing.verify import Kind, PublicKeys, verify
from tests.houses import ISSUER, Home, Json
from tests.journeys.people import ADULT, sign_up
from tests.web.calls import codes, slug

REASON: Json = {"reason": "out_of_business"}
DONE: Json = {"status": "completed", "counts": {"chats": 2}}


@pytest.fixture
def people(home: Home) -> dict[str, str]:
    """The keys of two people, of a third in another service, and of the holder."""
    register = Register(home.house.vault, home.house.digests, home.house.entropy)

    def person(name: str, service: str) -> str:
        key = home.house.store.write_now(lambda tx: register.operator(tx, name, service, home.clock()))
        assert isinstance(key, str)
        return key

    found = {"jo": person("jo", "game"), "ann": person("ann", "game"), "foreign": person("eve", "scan")}
    return found | {"jo again": person("jo", "game"), "logs": home.register_holder("game", "logs", "")}


@pytest.fixture
def purge(home: Home, people: dict[str, str]) -> str:
    sign_up(home, "sam", ADULT)
    assert people
    return str(home.call("DELETE", "/v1/subjects/sam", key=home.keys["game"]).json()["purge"])


def closing(purge: str, holder: str = "logs") -> str:
    return f"/v1/purges/{purge}/legs/{holder}/closings"


def state(home: Home, purge: str) -> tuple[str, str]:
    """The purge's state, and its one leg's."""
    seen = home.call("GET", f"/v1/purges/{purge}", key=home.keys["game"]).json()
    return seen["state"], seen["legs"][0]["state"]


def test_one_person_closes_nothing(home: Home, people: dict[str, str], purge: str) -> None:
    assert home.call("POST", closing(purge), REASON, key=people["jo"]).status_code == 202
    home.work()
    assert state(home, purge) == ("open", "queued")


@pytest.mark.parametrize("second", ["jo", "jo again"])
def test_the_same_person_is_no_second_one(home: Home, people: dict[str, str], purge: str, second: str) -> None:
    home.call("POST", closing(purge), REASON, key=people["jo"])
    assert slug(home, "POST", closing(purge), REASON, people[second]) == (403, "second-approver-required")
    assert state(home, purge) == ("open", "queued")


def test_two_people_close_it_and_the_certificate_says_unconfirmed(
    home: Home, people: dict[str, str], purge: str
) -> None:
    home.call("POST", closing(purge), REASON, key=people["jo"])
    told = home.call("POST", closing(purge), REASON, key=people["ann"])
    assert (told.status_code, told.json()["state"]) == (200, "unreachable")
    home.work()
    signed = home.call("GET", f"/v1/purges/{purge}/certificate", key=home.keys["game"]).text
    public = PublicKeys.from_jwks(home.call("GET", "/.well-known/jwks.json").json())
    kind = Kind.PURGE_CERTIFICATE
    said = verify(signed, public, kind=kind, issuer=ISSUER, audience=None, now=home.clock(), accept_test=True)
    legs = said["legs"]
    assert isinstance(legs, list)
    assert [(leg["holder"], leg["status"], leg["completed_at"]) for leg in legs if isinstance(leg, dict)] == [
        ("logs", "unconfirmed", None)
    ]


def test_closing_again_shows_what_stands(home: Home, people: dict[str, str], purge: str) -> None:
    calls = [home.call("POST", closing(purge), REASON, key=people[name]) for name in ("jo", "ann", "jo", "ann")]
    assert [reply.status_code for reply in calls] == [202, 200, 200, 200]
    assert len({reply.text for reply in calls[1:]}) == 1


def test_a_holder_that_answers_in_time_is_confirmed(home: Home, people: dict[str, str], purge: str) -> None:
    home.call("POST", closing(purge), REASON, key=people["jo"])
    home.call("PUT", f"/v1/purges/{purge}/legs/logs", DONE, key=people["logs"])
    assert slug(home, "POST", closing(purge), REASON, people["ann"]) == (409, "leg-answered")
    home.work()
    assert state(home, purge) == ("completed", "completed")


def test_a_holder_that_answers_after_it_was_closed_is_told_so(home: Home, people: dict[str, str], purge: str) -> None:
    for name in ("jo", "ann"):
        home.call("POST", closing(purge), REASON, key=people[name])
    assert slug(home, "PUT", f"/v1/purges/{purge}/legs/logs", DONE, people["logs"]) == (409, "leg-answered")


@pytest.mark.parametrize(
    ("who", "expected"),
    [("foreign", (404, "purge-unknown")), ("logs", (403, "scope-missing")), ("service", (403, "scope-missing"))],
)
def test_others_may_not(home: Home, people: dict[str, str], purge: str, who: str, expected: tuple[int, str]) -> None:
    key = home.keys["game"] if who == "service" else people[who]
    assert slug(home, "POST", closing(purge), REASON, key) == expected


def test_a_holder_without_a_leg_is_unknown(home: Home, people: dict[str, str], purge: str) -> None:
    assert slug(home, "POST", closing(purge, "nobody"), REASON, people["jo"]) == (404, "leg-unknown")


@pytest.mark.parametrize("reason", ["", "They went out of business", "jo@example.org", "x" * 65])
def test_a_reason_is_a_code(home: Home, people: dict[str, str], purge: str, reason: str) -> None:
    found = codes(home, "POST", closing(purge), {"reason": reason}, people["jo"])
    assert (found[0], found[1][0][0]) == (422, "/reason")
