"""What is said to the operator: that holders are late with what they must delete. In English.

Owns the words. When one is due, and what is late, is decided elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from notifications.message import Message
from notifications.text import header_line, one_line


@dataclass(frozen=True, slots=True)
class LateHolder:
    """One holder: how many answers are overdue, the oldest since when, and whether its endpoint said 410."""

    name: str
    late: int
    since: datetime | None
    gone: bool

    def line(self) -> str:
        late = (
            f"{self.late} overdue, the oldest since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else "none overdue"
        )
        return f"  {one_line(self.name)}: {late}" + ("; its endpoint says that it is gone (410)" if self.gone else "")


@dataclass(frozen=True, slots=True)
class OverdueNote:
    """The mail about one service's holders."""

    recipient: str = field(repr=False)
    message_id: str
    sent_at: datetime
    issuer: str
    service: str
    holders: Sequence[LateHolder]

    def message(self) -> Message:
        """The finished mail."""
        service = one_line(self.service)
        text = "\n".join(
            [
                f"Holders of {service} have not confirmed that they deleted what they were ordered to:",
                "",
                *(holder.line() for holder in self.holders),
                "",
                "The purges stay open, and the orders go on being delivered. What you can do:",
                f"  see them:                     agegate purge list {service}",
                f"  give a holder a new address:  agegate holder move {service} NAME URL",
                "  close a holder that no longer exists, by two people:",
                "      agegate purge close PURGE HOLDER --operator NAME --reason out_of_business",
                "",
                f"This mail comes once a day while anything is overdue. {self.issuer}",
                "",
            ]
        )
        subject = header_line(f"agegate: purges of {service} are overdue")
        html = f'<!doctype html><html lang="en"><title>{escape(subject)}</title><pre>{escape(text)}</pre></html>'
        return Message(self.recipient, subject, text, html, self.message_id, self.sent_at, "en")
