"""Mail over SMTP, by aiosmtplib.

Owns one connection per message, the demand for TLS and the reading of reply codes. Does not retry, and never
goes on without TLS where TLS was asked for.
"""

import asyncio
import ssl
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from notifications.addresses import parse_sender, return_path
from notifications.message import Message, to_email
from notifications.transports.transport import (
    TIME_LIMIT,
    MailRefused,
    MailRefusedForGood,
    MailRefusedForNow,
)

Tls = Literal["starttls", "tls", "none"]

ABOUT_THE_MAIL = range(550, 600)
"""RFC 5321 section 4.2.1: x5z speaks of the mail system's answer; 50z and 53z of how we speak and sign in."""

QUIT_LIMIT = 2.0


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """One mail server. `tls_context` is for servers whose certificate no public authority signed."""

    host: str
    port: int
    sender: str
    tls: Tls = "starttls"
    user: str | None = None
    password: str = field(default="", repr=False)
    time_limit: float = TIME_LIMIT
    tls_context: ssl.SSLContext | None = field(default=None, repr=False)
    bounces: str | None = None
    """Where failures are told, each under the name of its mail; without it, to the sender."""

    async def send(self, message: Message) -> None:
        refused = await self._attempt(message)
        if refused is not None:
            raise refused

    async def forget(self, names: Collection[str]) -> None:
        """Nothing is kept here; what was sent lies with others."""

    async def aclose(self) -> None:
        """Nothing is held open between two messages."""

    async def _attempt(self, message: Message) -> MailRefused | None:
        """The refusal is returned, not raised: no traceback may carry the server's text with an address."""
        client = self._client()
        try:
            async with asyncio.timeout(self.time_limit):
                await client.connect()
                if self.tls == "starttls":
                    await client.ehlo()
                    if not client.supports_extension("starttls"):
                        return MailRefusedForNow("starttls-missing")
                    await client.starttls()
                if self.user is not None:
                    await client.login(self.user, self.password)
                await client.send_message(
                    to_email(message, self.sender),
                    sender=self._return_path(message),
                    recipients=[message.recipient],
                )
            await say_goodbye(client)
        except (SMTPException, OSError) as error:
            return refusal(error)
        finally:
            client.close()
        return None

    def _return_path(self, message: Message) -> str:
        if self.bounces is None:
            return parse_sender(self.sender).addr_spec
        return return_path(self.bounces, message.bounce_name)

    def _client(self) -> SMTP:
        """The greeting names the sender's domain: looking up this machine's name may hang, and tells it."""
        return SMTP(
            hostname=self.host,
            port=self.port,
            local_hostname=parse_sender(self.sender).domain,
            use_tls=self.tls == "tls",
            start_tls=False,
            tls_context=self.tls_context,
            timeout=self.time_limit,
        )


async def say_goodbye(client: SMTP) -> None:
    """The mail is already taken: whatever happens now must not send it twice."""
    with suppress(SMTPException, OSError):
        await client.quit(timeout=QUIT_LIMIT)


def refusal(error: SMTPException | OSError) -> MailRefused:
    """What the failure means. Without a final reply to the text nobody surely has the mail: send it again."""
    if isinstance(error, SMTPRecipientsRefused):
        return about_the_mail(error.recipients[0].code)
    if isinstance(error, SMTPDataError):
        return about_the_mail(error.code)
    return MailRefusedForNow(cause(error))


def cause(error: SMTPException | OSError) -> str:
    match error:
        case SMTPResponseException(code=code):
            return f"smtp-{code}"
        case TimeoutError():
            return "timeout"
        case OSError() | SMTPException() if isinstance(error.__cause__ or error, ssl.SSLError):
            return "tls"
        case OSError():
            return "connection"
        case _:
            return "smtp"


def about_the_mail(code: int) -> MailRefused:
    return (MailRefusedForGood if code in ABOUT_THE_MAIL else MailRefusedForNow)(f"smtp-{code}")
