"""Three holders on loopback: one does well, one is slow, one is dead. They remember every order that came."""

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.crash.processes import free_port


@dataclass
class Orders:
    """What one holder received: for each purge the ids under which it came."""

    base: str
    key: str
    name: str
    pause_seconds: float = 0.0
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, webhook_id: str, body: bytes) -> None:
        """Notes the order, takes its time, and confirms; when that fails, the order comes again or was answered."""
        purge = str(json.loads(body)["data"]["purge"])
        with self._lock:
            self.ids[purge].append(webhook_id)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        time.sleep(self.pause_seconds)
        with self._lock:
            self._now -= 1
        threading.Thread(target=self._confirm, args=(purge,), daemon=True).start()

    def _confirm(self, purge: str) -> None:
        """Says `completed` until that is taken."""
        for _ in range(200):
            try:
                reply = httpx.put(
                    f"{self.base}/v1/purges/{purge}/legs/{self.name}",
                    json={"status": "completed", "counts": {"chats": 1}},
                    headers={"Authorization": f"Bearer {self.key}"},
                    timeout=10,
                    trust_env=False,
                )
            except httpx.TransportError:
                time.sleep(0.2)
                continue
            if reply.status_code < 500:
                return
            time.sleep(0.2)


class Endpoint:
    """An HTTP server for one holder."""

    def __init__(self, port: int, orders: Orders) -> None:
        class Talk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                orders.take(str(self.headers["webhook-id"]), body)
                try:
                    self.send_response(204)
                    self.end_headers()
                except OSError:  # whoever asked was killed meanwhile
                    return

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Talk)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def ports() -> tuple[int, int, int]:
    """Where the well, the slow and the dead one are to be reached; nobody listens at the last."""
    return free_port(), free_port(), free_port()
