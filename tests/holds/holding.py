"""Two people and a hold."""

import httpx

from agegate.clock import rfc3339
from tests.houses import Home, Json
from tests.journeys.operators import operator


def two(home: Home, service: str = "game") -> tuple[str, str]:
    """The keys of two people."""
    return operator(home, service, "jo-smith"), operator(home, service, "al-jones")


def ask(home: Home, key: str, subject: str = "alex", days: int = 30, **more: object) -> httpx.Response:
    """POST …/holds."""
    ends_at = home.clock.now.replace(microsecond=0)
    body: Json = {"reason": "litigation", "owner": "legal team", "reference": "case-4711", **more}
    home.clock.move(days=days)
    body["ends_at"] = rfc3339(home.clock())
    home.clock.now = ends_at
    return home.call("POST", f"/v1/subjects/{subject}/holds", body, key=key)


def approve(home: Home, key: str, hold: str) -> httpx.Response:
    """PUT …/approval."""
    return home.call("PUT", f"/v1/holds/{hold}/approval", key=key)


def held(home: Home, subject: str = "alex", days: int = 30) -> tuple[str, str]:
    """A hold that two people decided: its id, and the first person's key."""
    one, other = two(home)
    reply = ask(home, one, subject, days)
    assert reply.status_code == 202, reply.text
    hold = str(reply.json()["id"])
    assert approve(home, other, hold).status_code == 200
    return hold, one


def purge(home: Home, subject: str = "alex") -> str:
    """The subject asks for its end; the id of the purge."""
    reply = home.call("DELETE", f"/v1/subjects/{subject}", key=home.keys["game"])
    assert reply.status_code == 202, reply.text
    return str(reply.json()["purge"])


def state_of(home: Home, purge_id: str) -> str:
    """How far a purge is."""
    return str(home.call("GET", f"/v1/purges/{purge_id}", key=home.keys["game"]).json()["state"])
