"""The mail to the operator about late holders: once a day while any is late, and never lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.flows.write_operator_note import WriteOperatorNote
from agegate.remote.mailing import Mailing, MailOutcome
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.worker.outcome import Done, Later, Outcome
from agegate.worker.retry import Retry

AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OperatorMail:
    """Stays on the agenda until nobody is late."""

    store: Store
    mailing: Mailing
    write: WriteOperatorNote
    retry: Retry

    async def __call__(self, item: AgendaItem, now: datetime) -> Outcome:
        """One mail, or the end."""
        note = await self.store.read(lambda tx: self.write(tx, item, now))
        if note is None:
            return Done()
        posted = await self.mailing.send_message(note.message())
        outcome = posted.outcome
        self.store.tally.count("mails", outcome)
        if outcome is MailOutcome.FOR_NOW:
            return Later(self.retry.after(item, now, posted.wish), "mail-refused-for-now")
        return Later(now + AGAIN_AFTER, "still-overdue" if outcome is MailOutcome.SENT else "mail-refused")
