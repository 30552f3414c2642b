"""A house that really listens: one address on loopback, on a clock that tests move or on the real one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from agegate.clock import Clock
from agegate.house import open_house
from agegate.settings import Settings
from agegate.verifier.asgi import App, Receive, Scope, Send
from tests.houses import Hands, Home

PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Live:
    """The house, its public address and a client that holds connections."""

    home: Home
    url: str
    client: httpx.Client
    asked: list[str]
    """The paths that were asked for, in order."""

    def sign_up(self, subject: str, born: str = "1990-05-04", country: str = "DE") -> None:
        """An adult, unless told otherwise."""
        body = {"date_of_birth": born, "country": country}
        reply = self.client.put(f"/v1/subjects/{subject}", json=body)
        assert reply.status_code in {200, 201}, reply.text

    def token(self, subject: str, audience: str = "https://chat.example") -> str:
        """A token of the service `game`."""
        reply = self.client.post("/v1/tokens", json={"subject": subject, "audience": audience})
        assert reply.status_code == 201, reply.text
        return str(reply.json()["token"])


def open_home_at(address: str, folder: Path, database_url: str, clock: Clock) -> Home:
    """A house whose issuer is that address."""
    settings = Settings(data=folder, issuer=address, allow_loopback=True, database_url=database_url)
    stands = clock if isinstance(clock, Hands) else Hands()
    return Home(open_house(settings, clock), stands)


@contextmanager
def listening(folder: Path, database_url: str, clock: Clock) -> Iterator[Live]:
    """A served house with the service `game`, taken down at the end."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        home = open_home_at(address, folder, database_url, clock)
        key = home.register("game", "deepseek")
        asked: list[str] = []
        config = uvicorn.Config(_listed(home.app, asked), http="httptools", log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run([listener]))
        thread.start()
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while not server.started and time.monotonic() < until:
                time.sleep(0.01)
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
                yield Live(home, address, client, asked)
        finally:
            server.should_exit = True
            thread.join()
            home.house.close()


def _listed(app: object, asked: list[str]) -> App:
    async def listed(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(str(scope["path"]))
        await app(scope, receive, send)  # type: ignore[operator]  # an ASGI application

    return listed
