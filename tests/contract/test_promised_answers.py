"""Answers as the contract promises them; the way of asking in `tests.houses` holds each one against it."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping

import orjson
import pytest

from agegate.clock import rfc3339
from tests.contract.promises import Node, contract, faults_of, keep
from tests.houses import Home
from tests.journeys.people import (
    ADULT,
    SIXTEEN,
    TWELVE,
    answer,
    ask_guardian,
    consented_minor,
    link_in_last_mail,
    open_page,
    sign_up,
    token,
    waiting_minor,
    withdraw,
)
from tests.web.asking import ask

SCHEMAS: Node = contract()["components"]["schemas"]


def test_the_road_to_a_consent_keeps_the_contract(home: Home) -> None:
    key = home.keys["game"]
    waiting_minor(home)
    request = ask_guardian(home)
    path = f"/v1/subjects/alex/consent-requests/{request}"
    assert home.call("GET", path, key=key).json()["state"] == "pending"
    assert answer(home, "grant").status_code == 200
    assert {"decided_at", "receipt"} <= home.call("GET", path, key=key).json().keys()
    assert home.call("GET", "/v1/events", key=key).json()["cursor"] != "0"


def test_the_road_to_a_certificate_keeps_the_contract(home: Home) -> None:
    holder = home.register_holder("game", "logs")
    consented_minor(home)
    assert withdraw(home, "delete_now").status_code == 200
    home.clock.move(seconds=2)
    purge = home.call("GET", "/v1/purges?state=open", key=holder).json()["purges"][0]
    said = {
        "status": "completed",
        "completed_at": rfc3339(home.clock()),
        "counts": {"chats": 3},
        "exceptions": [{"category": "invoices", "legal_basis": "GDPR Art. 17(3)(b)", "until": "2033-12-31"}],
    }
    leg = home.call("PUT", f"/v1/purges/{purge['id']}/legs/logs", said, key=holder)
    assert leg.json()["exceptions"] == said["exceptions"]
    home.work()
    certificate = home.call("GET", f"/v1/purges/{purge['id']}/certificate", key=home.keys["game"])
    assert certificate.headers["content-type"] == "application/jwt"


@pytest.mark.parametrize(("born", "decision"), [(ADULT, "allowed"), (SIXTEEN, "consent_required"), (TWELVE, "blocked")])
def test_each_decision_is_told_as_promised(home: Home, born: str, decision: str) -> None:
    assert sign_up(home, "sam", born, audience="chat").json()["decision"] == decision


def test_a_token_says_what_the_contract_lists(home: Home) -> None:
    consented_minor(home)
    assert faults_of(SCHEMAS["AgeStatusClaims"], claims_of(token(home, "alex").json()["token"])) == []


def test_a_consent_without_a_known_end_leaves_the_end_out(home: Home) -> None:
    consented_minor(home)
    assert withdraw(home, "withdraw").status_code == 200
    seen = home.call("GET", "/v1/subjects/alex", key=home.keys["game"]).json()
    assert seen["consent"] == {"assurance": "email", "assent_needed": False}


def test_guardian_pages_keep_the_contract(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    _, page = open_page(home, link_in_last_mail(home))
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        *("/.well-known/jwks.json", "/.well-known/agegate-configuration", "/openapi.yaml", "/livez", "/readyz"),
        *("/problems/blocked", "/problems/none", "/static/guardian.css", "/nowhere", "/guardian", "/guardian/manage"),
    ],
)
def test_what_anybody_may_read_keeps_the_contract(still: Home, path: str) -> None:
    assert still.call("GET", path).status_code in {200, 404}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 400),
        ({"Accept": "text/xml"}, 406),
        ({"X-Long": "x" * 20_000}, 431),
    ],
)
def test_a_request_turned_away_at_the_door_is_told_as_promised(
    still: Home, headers: Mapping[str, str], status: int
) -> None:
    assert still.call("GET", "/v1/subjects/alex", headers=headers).status_code == status


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/tokens"), ("POST", "/v1/requirements"), ("PATCH", "/livez")])
def test_another_method_is_told_which_ones_there_are(still: Home, method: str, path: str) -> None:
    reply = still.call(method, path)
    assert (reply.status_code, bool(reply.headers["allow"])) == (405, True)


def test_the_contract_that_is_served_is_this_one(still: Home) -> None:
    assert still.call("GET", "/openapi.yaml").text.startswith("openapi: 3.1.0")


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"{}", 415),
        ({"Content-Type": "application/json"}, b"{", 400),
        ({"Content-Type": "application/json"}, b" " * 65_537, 413),
        ({"Content-Type": "application/json"}, b"[]", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_told_as_promised(
    still: Home, headers: Mapping[str, str], content: bytes, status: int
) -> None:
    sent = {**headers, "Authorization": f"Bearer {still.keys['game']}"}
    reply = ask(still.app, "POST", "/v1/tokens", headers=sent, content=content, base="http://127.0.0.1:8000")
    keep(reply)
    assert reply.status_code == status


def claims_of(jws: str) -> object:
    """What a token says, unchecked."""
    return orjson.loads(urlsafe_b64decode(jws.split(".")[1] + "=="))
