"""The demo's API client: sends JSON, shows the exchange, checks the status."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from agegate.demo.report import Report

Json = dict[str, object]
Body = Mapping[str, object]
NONCE = re.compile(r'name="nonce" value="([^"]+)"')


def nonce_in(page: httpx.Response) -> str:
    """The hidden field that a guardian's form sends back; empty where there is none."""
    found = NONCE.search(page.text)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Wire:
    """One service's view of the API."""

    base: str
    key: str = field(repr=False)
    report: Report

    def get(self, path: str, status: int) -> Json:
        """GET, and the JSON that came."""
        return self._send("GET", path, None, status)

    def put(self, path: str, body: Body, status: int) -> Json:
        """PUT, and the JSON that came."""
        return self._send("PUT", path, body, status)

    def post(self, path: str, body: Body, status: int) -> Json:
        """POST, and the JSON that came."""
        return self._send("POST", path, body, status)

    def text(self, path: str, status: int) -> str:
        """GET, and the text that came."""
        return self._reply("GET", path, None, status).text

    def _send(self, method: str, path: str, body: Body | None, status: int) -> Json:
        found = self._reply(method, path, body, status).json()
        return found if isinstance(found, dict) else {}

    def _reply(self, method: str, path: str, body: Body | None, status: int) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}"}
        reply = httpx.request(method, self.base + path, json=body, headers=headers, trust_env=False)
        self.report.wire(reply)
        self.report.expect(reply.status_code, status, f"the status of {method} {path}")
        return reply
