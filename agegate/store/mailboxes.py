"""The questions about mailboxes that are written to unasked, by a digest that is good for nothing else.

The row of a mailbox is held until the commit, so that two processes cannot both take the last place of a limit.
"""

from datetime import datetime

from sqlalchemy import delete, select, update

from agegate.clock import from_epoch
from agegate.rules.mail_limits import REMEMBERED_FOR, SUPPRESSED_FOR
from agegate.store.consent_tables import SuppressionRow, WrittenMailboxRow
from agegate.store.transaction import Transaction, table_of

MAILBOXES = table_of(WrittenMailboxRow)
SUPPRESSIONS = table_of(SuppressionRow)


def hold_mailbox(tx: Transaction, digest: str, now: datetime) -> list[datetime]:
    """When the mailbox was written to; whoever asks meanwhile waits for the commit."""
    tx.put(MAILBOXES, {"digest": digest, "written": [], "expires_at": now + REMEMBERED_FOR})
    held = select(MAILBOXES.c.written).where(MAILBOXES.c.digest == digest).with_for_update()
    return [from_epoch(int(at)) for at in tx.rows(held)[0]["written"]]


def note_written(tx: Transaction, digest: str, written: list[datetime], now: datetime) -> None:
    """Remembers when it was written to."""
    kept = {"written": [int(at.timestamp()) for at in written], "expires_at": now + REMEMBERED_FOR}
    tx.change(update(MAILBOXES).where(MAILBOXES.c.digest == digest).values(**kept))


def suppress(tx: Transaction, digest: str, now: datetime) -> None:
    """Never again: no service asks this mailbox any more. Said twice, it holds from the first time."""
    tx.put(SUPPRESSIONS, {"digest": digest, "created_at": now, "expires_at": now + SUPPRESSED_FOR})


def is_suppressed(tx: Transaction, digest: str, now: datetime) -> bool:
    """Whether its reader said "never again"."""
    found = select(SUPPRESSIONS.c.digest).where(SUPPRESSIONS.c.digest == digest, SUPPRESSIONS.c.expires_at > now)
    return bool(tx.rows(found))


def forget_mailboxes(tx: Transaction, now: datetime) -> int:
    """Deletes what no limit counts any more, and suppressions whose time is over."""
    return sum(tx.change(delete(table).where(table.c.expires_at <= now)) for table in (MAILBOXES, SUPPRESSIONS))
