"""What the tests about tokens share: audiences, tokens read back, what their status list says, time that passes."""

import json
from base64 import urlsafe_b64decode

import httpx

from agegate.flows.register_audience import RegisterAudience
from agegate.signing.status_list import Status, inflated, status_at
from tests.houses import Home, Json

CHAT = "https://chat.example"


def register_audience(home: Home, name: str = CHAT, over: tuple[int, ...] = (), *, pairwise: bool = False) -> None:
    """An audience of the service `game`; the server knows it a second later."""
    register, now = RegisterAudience(home.house.entropy), home.clock()
    home.house.store.write_now(lambda tx: register(tx, "game", name, over, now, pairwise=pairwise))
    home.clock.move(seconds=1)


def ask_token(home: Home, subject: str, audience: str = CHAT, service: str = "game") -> httpx.Response:
    """POST /v1/tokens."""
    return home.call("POST", "/v1/tokens", {"subject": subject, "audience": audience}, key=home.keys[service])


def token_for(home: Home, subject: str, audience: str = CHAT) -> str:
    """A token that was given."""
    reply = ask_token(home, subject, audience)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["token"])


def read(token: str) -> Json:
    """A token's claims, unverified."""
    payload = token.split(".")[1]
    claims: Json = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def place_of(token: str) -> tuple[str, int]:
    """The path of its list and its index there."""
    status = read(token)["status"]
    assert isinstance(status, dict)
    entry = status["status_list"]
    return "/status/" + entry["uri"].rpartition("/")[2], entry["idx"]


def status_of(home: Home, token: str) -> Status:
    """What the served list says of a token, once it was looked at again."""
    home.clock.move(seconds=2)
    path, index = place_of(token)
    listed = read(home.call("GET", path).text)["status_list"]
    assert isinstance(listed, dict)
    return status_at(inflated(listed["lst"]), index)


def introspect(home: Home, token: str, service: str = "game") -> Json:
    """POST /v1/introspect."""
    headers = {"Authorization": f"Bearer {home.keys[service]}"}
    reply = home.browse("POST", "/v1/introspect", {"token": token}, headers=headers)
    assert reply.status_code == 200, reply.text
    found: Json = reply.json()
    return found
