"""Mail the way to one's consents to whoever asks for it, at the address that consented.

Asking only notes the mailbox's digest, whoever it is, so that neither answer nor time tells which address ever gave a
consent. The worker looks afterwards, within the limits for mail that nobody proved to have asked for.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.rules.mail_limits import may_write, still_counting
from agegate.store import agenda
from agegate.store.consents import living_by_mailbox
from agegate.store.digests import Digests
from agegate.store.mailboxes import hold_mailbox, note_written
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AskManageLink:
    """What the form does: the same for every address."""

    digests: Digests
    entropy: Entropy

    def __call__(self, tx: Transaction, address: str, now: datetime) -> None:
        """Notes that somebody asked."""
        agenda.put(tx, new_id(self.entropy, now), Due.MANAGE_LINKS, self.digests.mailbox(address), now)


@dataclass(frozen=True, slots=True)
class SendManageLinks:
    """What the worker does with it."""

    entropy: Entropy

    def __call__(self, tx: Transaction, mailbox: str, now: datetime) -> None:
        """A mail for each consent that lives; none where none was given or where a limit is reached."""
        living = living_by_mailbox(tx, mailbox)
        if not living:
            return
        written = still_counting(hold_mailbox(tx, mailbox, now), now)
        if not may_write(written, now):
            return
        note_written(tx, mailbox, [*written, now], now)
        for request in living:
            agenda.put(tx, new_id(self.entropy, now), Due.MANAGE_MAIL, request, now)
