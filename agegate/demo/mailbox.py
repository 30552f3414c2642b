"""What the demo's SMTP server received, and how to wait for it."""

import re
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE_SECONDS = 15.0
LINK = re.compile(r"https?://\S+/g/[A-Za-z0-9_-]+")


@dataclass(slots=True)
class Mailbox:
    """A handler for aiosmtpd that keeps every message."""

    received: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keeps a message."""
        del server, session
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        message = message_from_bytes(raw, policy=default)
        self.received.append(message)
        return "250 taken"

    def wait(self, count: int) -> EmailMessage | None:
        """The message with that number, from 1, once it is there; None when it does not come in time."""
        until = time.monotonic() + PATIENCE_SECONDS
        while len(self.received) < count:
            if time.monotonic() > until:
                return None
            time.sleep(0.05)
        return self.received[count - 1]


def link_in(message: EmailMessage | None) -> str:
    """The guardian's link in a mail; empty where there is none."""
    found = LINK.search(text_of(message)) if message else None
    return found[0] if found else ""


def text_of(message: EmailMessage) -> str:
    """The plain text part."""
    part = message.get_body(("plain",))
    return part.get_content() if part else ""
