"""A small listener of its own for `/metrics` and `/livez`, beside the server or the worker, on a thread.

Owns who may ask there: on loopback anybody on the machine, on any other address whoever knows the token. It takes no
body, keeps no connection, and waits for nobody longer than five seconds.
"""

import errno
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING

from agegate.environment import CannotStart
from agegate.telemetry.scrape import Scrape
from agegate.telemetry.shared import shared_folder

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

SECONDS = 5


def knows(sent: str | None, token: str | None) -> bool:
    """Whether an Authorization header carries the token."""
    scheme, _, given = (sent or "").partition(" ")
    return token is not None and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode())


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def listening(scrape: Scrape, host: str, port: int, token: str | None) -> Iterator[int]:
    """Answers on that port (0: any free one) for as long as the context lasts; gives the port.

    Raises CannotStart when the port is taken, or when others could ask and there is no token.
    """
    if not is_loopback(host) and token is None:
        raise CannotStart(f"Metrics on {host} need AGEGATE_METRICS_TOKEN; without one they are told on 127.0.0.1 only.")
    from http.server import ThreadingHTTPServer  # late: most servers tell their numbers on their own port

    try:
        server = ThreadingHTTPServer((host, port), _asked_of(scrape, token))
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE and shared_folder() is not None:
            yield port  # a sibling has it and answers for all of us
            return
        raise CannotStart(f"The metrics port {host}:{port} cannot be listened on ({fault.strerror}).") from None
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, name="agegate-metrics-listener", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _asked_of(scrape: Scrape, token: str | None) -> "type[BaseHTTPRequestHandler]":
    from http.server import BaseHTTPRequestHandler

    class Asked(BaseHTTPRequestHandler):
        timeout = SECONDS
        server_version, sys_version = "agegate", ""

        def do_GET(self) -> None:
            if self.path == "/livez":
                self._say(HTTPStatus.OK, b"alive", "text/plain; charset=utf-8")
            elif self.path != "/metrics":
                self._say(HTTPStatus.NOT_FOUND, b"", "text/plain")
            elif token is not None and not knows(self.headers.get("authorization"), token):
                self._say(HTTPStatus.UNAUTHORIZED, b"", "text/plain")
            else:
                self._say(HTTPStatus.OK, *scrape.now(self.headers.get("accept", "")))

        def _say(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
            self.send_response_only(status)
            for name, value in (("Content-Type", media_type), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *parts: object) -> None:
            """Says nothing: a request line is free text of the caller's."""
            del parts

    return Asked
