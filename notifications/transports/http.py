"""Mail through Postmark's HTTP API (POST /email, https://postmarkapp.com/developer/api/email-api).

Owns the request, with open and link tracking switched off, and the reading of the answer. Postmark has no
idempotency key; the same Message-ID, which it is told to keep, lets the recipient's server join two copies.
"""

import asyncio
import json
from base64 import b64encode
from dataclasses import dataclass, field

import httpx

from notifications.message import Attachment, Message, extra_headers
from notifications.provider_reports import METADATA
from notifications.transports.transport import (
    TIME_LIMIT,
    MailRefused,
    MailRefusedForGood,
    MailRefusedForNow,
)

ABOUT_THE_RECIPIENT = frozenset({300, 406})
"""Postmark's error codes for an address that it cannot use and for one that bounced or complained before.
Other refusals (token, sender, account, limits) are the operator's to settle, and no guardian's fault.
"""


@dataclass(frozen=True, slots=True)
class PostmarkTransport:
    """One Postmark server, named by its token."""

    endpoint: str
    token: str = field(repr=False)
    sender: str
    client: httpx.AsyncClient = field(repr=False)
    time_limit: float = TIME_LIMIT

    async def send(self, message: Message) -> None:
        refused = await self._attempt(message)
        if refused is not None:
            raise refused

    async def aclose(self) -> None:
        await self.client.aclose()

    async def _attempt(self, message: Message) -> MailRefused | None:
        """The refusal is returned, not raised, so that no traceback carries the provider's text."""
        try:
            async with asyncio.timeout(self.time_limit):
                answer = await self.client.post(
                    self.endpoint,
                    json=request_body(message, self.sender),
                    headers={"Accept": "application/json", "X-Postmark-Server-Token": self.token},
                )
        except (TimeoutError, httpx.TimeoutException):
            return MailRefusedForNow("timeout")
        except httpx.HTTPError:
            return MailRefusedForNow("connection")
        return refusal(answer.status_code, answer.content)


def open_client(time_limit: float = TIME_LIMIT) -> httpx.AsyncClient:
    """No redirects: token and link go to one address only. No proxies or credentials of the environment."""
    return httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=time_limit)


def request_body(message: Message, sender: str) -> dict[str, object]:
    """Tracking is refused by name: it would rewrite the guardian's link and keep a copy of it elsewhere."""
    headers = [*extra_headers(message), ("X-PM-KeepID", "true")]
    named = {"Metadata": {METADATA: message.bounce_name}} if message.bounce_name else {}
    return named | {
        "From": sender,
        "To": message.recipient,
        "Subject": message.subject,
        "TextBody": message.text,
        "HtmlBody": message.html,
        "TrackOpens": False,
        "TrackLinks": "None",
        "Headers": [{"Name": name, "Value": value} for name, value in headers],
        "Attachments": [attached(file) for file in message.attachments],
    }


def attached(file: Attachment) -> dict[str, str]:
    content = b64encode(file.content).decode()
    return {"Name": file.filename, "ContentType": file.content_type, "Content": content}


def refusal(status: int, body: bytes) -> MailRefused | None:
    """Only a 200 that also says `ErrorCode` 0 is a yes; only a 422 can be final."""
    error = error_code(body)
    match status, error:
        case 200, 0:
            return None
        case 422, int() if error in ABOUT_THE_RECIPIENT:
            return MailRefusedForGood(f"postmark-{error}")
        case _, int() if error != 0:
            return MailRefusedForNow(f"postmark-{error}")
        case _:
            return MailRefusedForNow(f"http-{status}")


def error_code(body: bytes) -> int | None:
    try:
        answer = json.loads(body)
    except ValueError:  # also bytes that are no UTF-8
        return None
    code = answer.get("ErrorCode") if isinstance(answer, dict) else None
    return code if type(code) is int else None
