"""Forget when mailboxes were written to, and suppressions, once no limit counts them any more."""

from dataclasses import dataclass
from datetime import datetime

from agegate.store import mailboxes
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ForgetMailboxes:
    """A chore of the worker: 30 days after the last mail, three years after a "never again"."""

    def __call__(self, tx: Transaction, *, now: datetime) -> int:
        """How many digests were deleted."""
        return mailboxes.forget_mailboxes(tx, now)
