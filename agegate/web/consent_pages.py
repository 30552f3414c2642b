"""What the pages of a consent that was given show, as values: while it lives, and after it was taken back.

Owns the facts and nothing of their wording, like `page_facts`. No page ever gets a value of the child's data.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from agegate.web.page_facts import Controller, NoticeFacts, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePage(Page):
    """A consent that lives: its receipt, what is held by category, the switches, and the way out."""

    template: ClassVar[str] = "manage.html"
    notice: NoticeFacts
    nonce: str
    asked_at: datetime
    granted_at: datetime
    receipt_id: str
    receipt: str
    """The signed receipt as text, to keep."""

    assurance: str
    switched_on: tuple[str, ...]
    withdrawal_grace_days: int
    delete_at: datetime
    """When a withdrawal made now would lead to the deletion."""

    child_name: str | None = None
    of_age: bool = False
    """The minor came of age: the page may be read, and changes nothing."""

    choice_missing: bool = False
    saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnPage(Page):
    """The consent was withdrawn. `delete_at` is when the deletion starts; None where it has started."""

    template: ClassVar[str] = "withdrawn.html"
    service: str
    controller: Controller
    withdrawn_at: datetime
    delete_at: datetime | None
    nonce: str
    """For the form that does not wait for `delete_at`."""

    choice_missing: bool = False
