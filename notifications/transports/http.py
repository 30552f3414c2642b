"""Mail through Postmark's HTTP API (POST /email, https://postmarkapp.com/developer/api/email-api).

Owns the request, with open and link tracking switched off. What the answer means is `provider_answer`'s business.
Postmark has no idempotency key; the same Message-ID, which it is told to keep, lets the recipient's server join two
copies.
"""

import asyncio
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass, field

import httpx

from notifications.message import Attachment, Message, extra_headers
from notifications.provider_reports import METADATA
from notifications.transports.provider_answer import refusal
from notifications.transports.transport import (
    TIME_LIMIT,
    MailRefused,
    MailRefusedForNow,
)

ASKING = {"Accept": "application/json", "Accept-Encoding": "identity"}
LONGEST_ANSWER = 64 * 1024


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

    async def forget(self, names: Collection[str]) -> None:
        """Nothing is kept here; what was sent lies with others."""

    async def aclose(self) -> None:
        await self.client.aclose()

    async def _attempt(self, message: Message) -> MailRefused | None:
        """The refusal is returned, not raised, so that no traceback carries the provider's text."""
        try:
            async with asyncio.timeout(self.time_limit):
                async with self.client.stream(
                    "POST",
                    self.endpoint,
                    json=request_body(message, self.sender),
                    headers={**ASKING, "X-Postmark-Server-Token": self.token},
                ) as answer:
                    return refusal(answer.status_code, await begun(answer), answer.headers)
        except (TimeoutError, httpx.TimeoutException):
            return MailRefusedForNow("timeout")
        except httpx.HTTPError:
            return MailRefusedForNow("connection")


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


async def begun(answer: httpx.Response) -> bytes:
    """The answer, up to more than any true one is long: a server without an end must not fill our memory."""
    kept = bytearray()
    async for chunk in answer.aiter_raw():
        kept += chunk
        if len(kept) > LONGEST_ANSWER:
            break
    return bytes(kept[:LONGEST_ANSWER])
