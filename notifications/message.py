"""One mail as a value, and the bytes it becomes.

Owns the headers, the order of the parts and the rule that no foreign text gets into a header except as the
encoded subject. What the mail says is `letters`' business, how it travels the transports'.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from hashlib import sha256

from notifications.addresses import (
    parse_sender,
    require_bounce_name,
    require_mailbox,
    require_message_id,
    require_web_address,
)
from notifications.text import header_line

LONGEST_LINE = 998
"""RFC 5322 section 2.1.1: a longer line has to be encoded."""

LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
CONTENT_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with the mail. Its name is ours, never a person's."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not (FILE_NAME.fullmatch(self.filename) and CONTENT_TYPE.fullmatch(self.content_type)):
            msg = "An attachment needs a plain file name and a content type."
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Message:
    """A finished mail to one person. A retry sends an equal one, so that the recipient's server can tell."""

    recipient: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: str
    sent_at: datetime
    locale: str
    unsubscribe_url: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    bounce_name: str | None = None
    """What a bounce shall bring back, beside the Message-ID."""

    def __post_init__(self) -> None:
        require_mailbox(self.recipient)
        require_message_id(self.message_id)
        if self.bounce_name is not None:
            require_bounce_name(self.bounce_name)
        if self.unsubscribe_url is not None:
            require_web_address(self.unsubscribe_url)
        if self.subject != header_line(self.subject):
            msg = "The subject of a mail is one line without control characters and encoded words."
            raise ValueError(msg)
        if self.sent_at.utcoffset() is None:
            msg = "The instant of a mail needs a time zone."
            raise ValueError(msg)
        if not LOCALE.fullmatch(self.locale):
            msg = "The locale of a mail is a BCP 47 tag."
            raise ValueError(msg)


class VerbatimHeader(UnstructuredHeader, BaseHeader):
    """ASCII without spaces, on one line. The stdlib would turn a long link into encoded words."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", VerbatimHeader)
POLICY = SMTP.clone(header_factory=HEADERS)


def extra_headers(message: Message) -> tuple[tuple[str, str], ...]:
    """The headers that say what kind of mail this is; the same for every transport."""
    headers = [
        ("Message-ID", message.message_id),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Language", message.locale),
    ]
    if message.unsubscribe_url is not None:  # RFC 8058
        headers.append(("List-Unsubscribe", f"<{message.unsubscribe_url}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return tuple(headers)


def to_email(message: Message, sender: str) -> EmailMessage:
    """The mail as the stdlib writes it. Equal messages give equal bytes."""
    email = EmailMessage(policy=POLICY)
    email["From"] = parse_sender(sender)
    email["To"] = message.recipient
    email["Subject"] = message.subject
    email["Date"] = message.sent_at
    email.set_content(message.text, cte=encoding_for(message.text))
    email.add_alternative(message.html, subtype="html", cte=encoding_for(message.html))
    for file in message.attachments:
        main, sub = file.content_type.split("/")
        email.add_attachment(file.content, maintype=main, subtype=sub, filename=file.filename)
    # Only now: giving an EmailMessage its content deletes every Content-* header that it had.
    for name, value in extra_headers(message):
        email[name] = value
    for depth, part in enumerate(part for part in email.walk() if part.is_multipart()):
        part.set_boundary(boundary_for(message, depth))
    return email


def encoding_for(text: str) -> str:
    """Readable as it is, so that a link in a stored mail stays whole, unless a line is too long to travel."""
    longest = max((len(line) for line in text.encode().splitlines()), default=0)
    return "8bit" if longest <= LONGEST_LINE else "quoted-printable"


def boundary_for(message: Message, depth: int) -> str:
    """The line between two parts: no text can contain a digest of itself."""
    seen = "\0".join((str(depth), message.message_id, message.text, message.html))
    return f"=_{sha256(seen.encode()).hexdigest()[:40]}"
