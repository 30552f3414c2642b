"""What is said to a guardian: one frozen value a letter, and `compose`, which puts it into words.

Owns what each letter must tell. The words themselves are in `templates`, the headers in `message`. A letter
knows no law: whether and when it is due was decided before.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from notifications.addresses import require_web_address
from notifications.message import Attachment, Message
from notifications.rendering import best_locale, render
from notifications.text import header_line


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for the data: a name, a postal address and a contact (mail, telephone or form)."""

    name: str
    postal_address: str
    contact: str

    def __post_init__(self) -> None:
        if not all(text.strip() for text in (self.name, self.postal_address, self.contact)):
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
    """What every letter holds: the envelope (recipient, Message-ID, instant), the speaker and the product."""

    template: ClassVar[str]
    links: ClassVar[tuple[str, ...]]

    recipient: str = field(repr=False)
    message_id: str
    sent_at: datetime
    product: str
    controller: Controller
    policy_url: str
    policy_version: str
    complaint_route: str

    def __post_init__(self) -> None:
        for name in self.links:
            require_web_address(getattr(self, name))

    def attachments(self) -> tuple[Attachment, ...]:
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentQuestion(Letter):
    """Asks the guardian. `held` names what is stored already, `recipients` who else would get the data
    (empty: nobody), `storage_places` where it would lie. The child's first name stands late in the body only.
    """

    template: ClassVar[str] = "consent_question"
    links: ClassVar[tuple[str, ...]] = ("policy_url", "link")

    link: str = field(repr=False)
    expires_at: datetime
    purposes: tuple[Purpose, ...]
    recipients: tuple[str, ...]
    held: tuple[str, ...] = ()
    storage_places: tuple[str, ...] = ()
    child_first_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentReceipt(Letter):
    """Confirms a grant: what was agreed and refused (titles of purposes) and when, with the signed receipt (a
    compact JWS) as a file, and the link by which all of it can be taken back.
    """

    template: ClassVar[str] = "consent_receipt"
    links: ClassVar[tuple[str, ...]] = ("policy_url", "manage_link")

    granted_at: datetime
    agreed: tuple[str, ...]
    refused: tuple[str, ...] = ()
    manage_link: str = field(repr=False)
    receipt: str = field(repr=False)

    def attachments(self) -> tuple[Attachment, ...]:
        return (Attachment("consent-receipt.jwt", "application/jwt", self.receipt.encode("ascii")),)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalNote(Letter):
    """Confirms a withdrawal. A `deletion_due_at` not after `withdrawn_at` means that deletion has begun."""

    template: ClassVar[str] = "withdrawal_note"
    links: ClassVar[tuple[str, ...]] = ("policy_url",)

    withdrawn_at: datetime
    deletion_due_at: datetime


def compose(letter: Letter, locale: str) -> Message:
    """The letter in words, in the language nearest to the wanted one. Equal letters give equal messages."""
    spoken = best_locale(locale)
    return Message(
        recipient=letter.recipient,
        subject=header_line(render(spoken, f"{letter.template}.subject.txt", letter)),
        text=render(spoken, f"{letter.template}.txt", letter) + "\n",
        html=render(spoken, f"{letter.template}.html", letter) + "\n",
        message_id=letter.message_id,
        sent_at=letter.sent_at,
        locale=spoken,
        attachments=letter.attachments(),
    )
