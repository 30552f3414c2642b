"""An operator at work: a person's key, corrections, and what the service was told."""

import httpx

from agegate.clock import rfc3339
from agegate.flows.register import Register
from agegate.flows.write_event import WriteEvent
from tests.houses import Home, Json


def operator(home: Home, service: str = "game", person: str = "jo-smith") -> str:
    """A key of that person for one service; the server notices it after a second."""
    register, now = Register(home.house.vault, home.house.digests, home.house.entropy), home.clock()
    key = home.house.store.write_now(lambda tx: register.operator(tx, person, service, now))
    assert isinstance(key, str)
    home.clock.move(seconds=2)
    return key


def correct(home: Home, key: str, subject: str, born: str, assurance: str = "high") -> httpx.Response:
    """POST /v1/subjects/{subject}/corrections."""
    evidence = {"kind": "document", "reference": "case-4711", "assurance": assurance}
    body: Json = {"date_of_birth": born, "evidence": {**evidence, "obtained_at": rfc3339(home.clock())}}
    return home.call("POST", f"/v1/subjects/{subject}/corrections", body, key=key)


def told(home: Home, subject: str, service: str = "game") -> list[str]:
    """The events that named a subject, in order."""
    events = home.house.store.read_now(lambda tx: WriteEvent(home.house.vault).page(tx, service, 0))
    found = []
    for _, _, body in events:
        about = body["data"]
        assert isinstance(about, dict)
        if about.get("subject") == subject:
            found.append(str(body["type"]))
    return found
