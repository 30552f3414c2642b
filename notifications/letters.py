"""What is said to a guardian: one frozen value a letter, and `compose`, which puts it into words.

Owns what each letter must tell. The words themselves are in `templates` and `catalogues`, the headers in
`message`. A letter knows no law: whether and when it is due was decided before.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from notifications.addresses import require_web_address
from notifications.languages import nearest
from notifications.message import Attachment, Message
from notifications.rendering import render, sentence
from notifications.text import header_line, one_line, tidied


def said(english: str) -> str:
    """Marks a sentence for the catalogues; it is translated where it is used."""
    return english


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for the data: a name, a postal address and a contact (mail, telephone or form)."""

    name: str
    postal_address: str
    contact: str

    def __post_init__(self) -> None:
        if not all(one_line(text) for text in (self.name, self.postal_address, self.contact)):
            msg = "A guardian must be told the controller's name, postal address and contact."
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that data is wanted for: which data, how long it is kept, whether the product needs it."""

    title: str
    data: tuple[str, ...]
    kept: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What every letter holds: the envelope (recipient, Message-ID, instant), the language, the speaker and the
    product, and the way out: "not my child" and "never write to me again".
    """

    template: ClassVar[str]
    subject: ClassVar[str]
    links: ClassVar[tuple[str, ...]] = ()
    """The fields that hold an address of this letter's own."""

    reminds: ClassVar[bool] = False
    """Whether a mail program may offer to stop it with one click (RFC 8058)."""

    recipient: str = field(repr=False)
    message_id: str
    sent_at: datetime
    locale: str
    product: str
    controller: Controller
    policy_url: str
    policy_version: str
    complaint_route: str
    stop_link: str | None = field(default=None, repr=False)
    bounce_name: str | None = None

    def __post_init__(self) -> None:
        for address in self.addresses():
            require_web_address(address)

    def addresses(self) -> tuple[str, ...]:
        """Every web address that the letter shows."""
        named = (getattr(self, each) for each in ("policy_url", *self.links, "stop_link"))
        return tuple(address for address in named if address is not None)

    def attachments(self) -> tuple[Attachment, ...]:
        return ()


def compose(letter: Letter) -> Message:
    """The letter in words, in the language nearest to its own. Equal letters give equal messages."""
    spoken = nearest(letter.locale)
    shown = tidied(letter)
    subject = header_line(sentence(spoken, letter.subject, product=letter.product))
    return Message(
        recipient=letter.recipient,
        subject=subject,
        text=render(spoken, "txt", letter.template, subject, shown),
        html=render(spoken, "html", letter.template, subject, shown),
        message_id=letter.message_id,
        sent_at=letter.sent_at,
        locale=spoken,
        unsubscribe_url=letter.stop_link if letter.reminds else None,
        attachments=letter.attachments(),
        bounce_name=letter.bounce_name,
    )
