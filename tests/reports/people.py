"""People who report, contest and rule, and how a subject stands after it."""

import httpx

from agegate.clock import rfc3339
from tests.houses import Home, Json
from tests.journeys.operators import operator
from tests.journeys.people import ADULT, sign_up, token


def report(home: Home, subject: str = "sam", basis: str = "self_statement", **more: str) -> httpx.Response:
    """POST /v1/reports."""
    body: Json = {"subject": subject, "basis": basis, **more}
    return home.call("POST", "/v1/reports", body, key=home.keys["game"])


def reported(home: Home, subject: str = "sam", basis: str = "self_statement", **more: str) -> str:
    """A report that was taken; its id."""
    taken = report(home, subject, basis, **more)
    assert taken.status_code == 202, taken.text
    return str(taken.json()["id"])


def rule(home: Home, case: str, ruling: str, person: str = "jo") -> httpx.Response:
    """PUT /v1/reports/{id}/ruling, by a person."""
    key = home.keys.get(person) or home.keys.setdefault(person, operator(home, person=person))
    return home.call("PUT", f"/v1/reports/{case}/ruling", {"ruling": ruling, "reason": "as seen"}, key=key)


def contest(home: Home, case: str) -> httpx.Response:
    """POST /v1/reports/{id}/contest."""
    evidence = {"kind": "document", "reference": "case 7", "assurance": "high", "obtained_at": rfc3339(home.clock())}
    return home.call("POST", f"/v1/reports/{case}/contest", {"evidence": evidence}, key=home.keys["game"])


def adult(home: Home, subject: str = "sam", country: str = "US", **more: object) -> None:
    """Somebody who was allowed and has a token."""
    assert sign_up(home, subject, ADULT, country, "game", **more).json()["decision"] == "allowed"
    assert token(home, subject).status_code == 201


def waits(home: Home, **span: float) -> None:
    """Time goes by, and the worker does what is due."""
    home.clock.move(**span)
    home.work()
