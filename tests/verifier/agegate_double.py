"""A real server on loopback that plays agegate: publishes keys, counts fetches, takes confirmations."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from agegate.signing.keys import SigningKey, jwks
from agegate.signing.signer import Signer
from agegate.signing.verify import JsonValue, Kind

AUDIENCE = "https://chat.example"
HOLDER = "billing"
API_KEY = "ag_1_secret"


@dataclass
class Ticking:
    """A clock that the test moves."""

    now: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Confirmed:
    """What a holder reported."""

    path: str
    authorization: str | None
    body: dict[str, JsonValue]


@dataclass
class Issuer:
    """The server's state, to look at and to spoil."""

    url: str = ""
    clock: Ticking = field(default_factory=Ticking)
    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey.generate()])
    document: bytes | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Cache-Control": "public, max-age=900"})
    delay: float = 0
    fetches: int = 0
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    confirmations: list[Confirmed] = field(default_factory=list)
    confirm_statuses: list[int] = field(default_factory=list)

    def token(self, key: SigningKey | None = None, *, environment: str = "production", **claims: JsonValue) -> str:
        """An age status, good for ten minutes; a claim given as None is left out."""
        return self.token_of(claims, key or self.keys[-1], environment)

    def token_of(
        self, claims: Mapping[str, JsonValue], key: SigningKey | None = None, environment: str = "production"
    ) -> str:
        seconds = int(self.clock.now.timestamp())
        full: dict[str, JsonValue] = {
            "aud": AUDIENCE,
            "sub": "account-1",
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds + 600,
            "jti": "j1",
            "age_decision": "allowed",
            "age_method": "self_declared",
            "policy": "deepseek@1",
            **claims,
        }
        kept = {name: value for name, value in full.items() if value is not None}
        return Signer(key or self.keys[-1], self.url, environment).sign(Kind.AGE_STATUS, kept)


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def issuer(self) -> Issuer:
        return cast("_Server", self.server).issuer

    def do_GET(self) -> None:
        issuer = self.issuer
        issuer.fetches += 1
        issuer.asked.release()
        time.sleep(issuer.delay)
        document = issuer.document
        body = json.dumps(jwks(issuer.keys)).encode() if document is None else document
        self._answer(issuer.status if self.path == "/.well-known/jwks.json" else 404, body, issuer.headers)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.issuer.confirmations.append(Confirmed(self.path, self.headers["Authorization"], json.loads(body)))
        statuses = self.issuer.confirm_statuses
        self._answer(statuses.pop(0) if statuses else 200, b"{}", {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_parts: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128
    issuer: Issuer

    def handle_error(self, *_request: object) -> None:
        """A client that left early is part of the tests."""


@contextmanager
def publishing(issuer: Issuer | None = None) -> Iterator[Issuer]:
    """The server, for as long as the block lasts; it can be taken down and put up again on the same port."""
    issuer = issuer or Issuer()
    port = int(issuer.url.rpartition(":")[2]) if issuer.url else 0
    server = _Server(("127.0.0.1", port), _Talk)
    server.issuer = issuer
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
