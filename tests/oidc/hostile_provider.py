"""A provider on loopback that says whatever a test wants: forged tokens, foreign keys, odd answers."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

from agegate.clock import utc_now

KEY = RSAKey.generate_key(2048, {"kid": "good", "use": "sig", "alg": "RS256"})
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "good", "use": "sig", "alg": "RS256"})
Json = dict[str, object]


@dataclass
class HostileProvider:
    """What it answers; a code carries the nonce of its own sign-in."""

    issuer: str = ""
    minted: Callable[["HostileProvider", str], str] = field(default=lambda provider, nonce: provider.token(nonce))
    metadata: Json = field(default_factory=dict)
    keys: list[Json] = field(default_factory=lambda: [cast("Json", KEY.as_dict(private=False))])
    asked: list[Json] = field(default_factory=list)
    """What came to the token endpoint."""

    def claims(self, nonce: str | None, **changes: object) -> Json:
        """Good claims of an adult, with changes; None takes a claim away."""
        now = int(utc_now().timestamp())
        good: Json = {"iss": self.issuer, "sub": "account-1", "aud": "agegate", "iat": now, "exp": now + 300}
        told = good | {"nonce": nonce, "age_over_18": True} | changes
        return {name: value for name, value in told.items() if value is not None}

    def token(self, nonce: str | None, key: RSAKey = KEY, more: Json | None = None, **changes: object) -> str:
        """A signed ID token."""
        return jwt.encode({"alg": "RS256", "kid": "good"}, self.claims(nonce, **(more or {}), **changes), key)

    def answer(self, path: str, form: Json) -> Json | None:
        """The document of an address."""
        if path == "/.well-known/openid-configuration":
            told: Json = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
            }
            return told | self.metadata
        if path == "/jwks":
            return {"keys": self.keys}
        if path == "/token":
            self.asked.append(form)
            return {"access_token": "access", "id_token": self.minted(self, str(form["code"])), "token_type": "Bearer"}
        return None


@contextmanager
def hostile_provider() -> Iterator[HostileProvider]:
    """Serves on a free port."""
    provider = HostileProvider()

    class Talk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form: Json = {name: values[0] for name, values in parse_qs(sent).items()}
            self._say(form | {"authorization": self.headers.get("Authorization")})

        def _say(self, form: Json) -> None:
            told = provider.answer(self.path, form)
            body = json.dumps(told).encode()
            self.send_response(200 if told is not None else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Talk) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
