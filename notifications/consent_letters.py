"""The letters of a consent, from the question to the end of the data.

Owns which facts each of them tells beside those of every `Letter`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from notifications.letters import Letter, Purpose, said
from notifications.message import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentQuestion(Letter):
    """Asks the guardian. `recipients` are those who else would get the data (empty: nobody), `storage_places`
    where it would lie. The child's first name stands late in the body only.
    """

    template: ClassVar[str] = "consent_question"
    subject: ClassVar[str] = said("Please answer: may your child use %(product)s?")
    links: ClassVar[tuple[str, ...]] = ("link",)

    link: str = field(repr=False)
    expires_at: datetime
    purposes: tuple[Purpose, ...]
    recipients: tuple[str, ...]
    storage_places: tuple[str, ...] = ()
    child_first_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder(Letter):
    """Asks once more, in short; the page tells everything."""

    template: ClassVar[str] = "reminder"
    subject: ClassVar[str] = said("Reminder: your answer about %(product)s is missing")
    links: ClassVar[tuple[str, ...]] = ("link",)
    reminds: ClassVar[bool] = True

    link: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation(Letter):
    """The second mail of `email_plus`: only a yes confirmed by it counts."""

    template: ClassVar[str] = "confirmation"
    subject: ClassVar[str] = said("Please confirm your yes to %(product)s")
    links: ClassVar[tuple[str, ...]] = ("link",)

    link: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentReceipt(Letter):
    """Confirms a grant: what was agreed and refused (titles of purposes) and when, with the signed receipt (a
    compact JWS) as a file and as a page to read, and the link by which all of it can be taken back. `disclosure` is
    the answer about third parties; None where nothing goes to any.
    """

    template: ClassVar[str] = "consent_receipt"
    subject: ClassVar[str] = said("Your receipt: you said yes to %(product)s")
    links: ClassVar[tuple[str, ...]] = ("manage_link",)

    granted_at: datetime
    agreed: tuple[str, ...]
    refused: tuple[str, ...] = ()
    disclosure: bool | None = None
    manage_link: str = field(repr=False)
    receipt: str = field(repr=False)
    page: str = field(default="", repr=False)

    def attachments(self) -> tuple[Attachment, ...]:
        signed = Attachment("consent-receipt.jwt", "application/jwt", self.receipt.encode("ascii"))
        return (signed, Attachment("receipt.html", "text/html", self.page.encode())) if self.page else (signed,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded(Letter):
    """Tells a guardian that another one said yes first, and how to object. Who it was is not told."""

    template: ClassVar[str] = "superseded"
    subject: ClassVar[str] = said("Already answered: %(product)s")
    links: ClassVar[tuple[str, ...]] = ("link",)

    link: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalNote(Letter):
    """Confirms a withdrawal. A `deletion_due_at` not after `withdrawn_at` means that deletion has begun."""

    template: ClassVar[str] = "withdrawal_note"
    subject: ClassVar[str] = said("The consent for %(product)s was taken back")
    links: ClassVar[tuple[str, ...]] = ("manage_link",)

    withdrawn_at: datetime
    deletion_due_at: datetime
    manage_link: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingOfAge(Letter):
    """Tells that the person decides alone in about a month. Names no day: it would be a birthday."""

    template: ClassVar[str] = "coming_of_age"
    subject: ClassVar[str] = said("A change to your consent for %(product)s")
    links: ClassVar[tuple[str, ...]] = ("manage_link",)

    manage_link: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageLink(Letter):
    """The way back to the guardian's page for one who lost the receipt."""

    template: ClassVar[str] = "manage_link"
    subject: ClassVar[str] = said("Your page about %(product)s")
    links: ClassVar[tuple[str, ...]] = ("manage_link",)

    manage_link: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionConfirmed(Letter):
    """The last mail: everything is deleted, the address that it goes to as well. `unconfirmed`: a holder is gone
    and could not answer. It has no way out, since nothing is left that could be stopped.
    """

    template: ClassVar[str] = "deletion_confirmed"
    subject: ClassVar[str] = said("The data for %(product)s was deleted")

    deleted_at: datetime
    certificate: str
    withdrawn_at: datetime | None = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionBegun(Letter):
    """The last mail where not every holder has confirmed in time: the address that it goes to cannot wait for them."""

    template: ClassVar[str] = "deletion_begun"
    subject: ClassVar[str] = said("The data for %(product)s is being deleted")

    withdrawn_at: datetime | None = None
