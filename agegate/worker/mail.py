"""Mail that is due: read the letter, hand it to the transport, record what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from agegate.flows.record_mail import RecordMail
from agegate.flows.write_letter import WriteLetter
from agegate.remote.mailing import Mailing, MailOutcome
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.worker.outcome import Done, Later, Outcome
from agegate.worker.retry import Retry
from notifications.letters import Letter

L = TypeVar("L", bound=Letter)


@dataclass(frozen=True, slots=True)
class Mail:
    """The two letters that a consent needs."""

    store: Store
    letters: WriteLetter
    mailing: Mailing
    record: RecordMail
    retry: Retry

    async def question(self, item: AgendaItem, now: datetime) -> Outcome:
        """Asks the guardian; an address that refuses for good ends the request as undeliverable."""
        outcome = await self._send(item, self.letters.question)
        if outcome is MailOutcome.SENT:
            return Done(lambda tx: self.record.sent(tx, item.ref, now))
        if outcome is MailOutcome.REFUSED:
            return Done(lambda tx: self.record.undeliverable(tx, item.ref, now))
        return self._again(item, outcome, now)

    async def receipt(self, item: AgendaItem, now: datetime) -> Outcome:
        """Mails the receipt; the guardian can also read it on the page, so a refusal ends the trying."""
        return self._again(item, await self._send(item, self.letters.receipt), now)

    async def _send(self, item: AgendaItem, write: Callable[[Transaction, str], L | None]) -> MailOutcome | None:
        letter = await self.store.read(lambda tx: write(tx, item.ref))
        if letter is None:
            return None
        outcome = await self.mailing.send(letter)
        self.store.tally.count("mails", outcome)
        return outcome

    def _again(self, item: AgendaItem, outcome: MailOutcome | None, now: datetime) -> Outcome:
        if outcome is not MailOutcome.FOR_NOW:
            return Done()
        return Later(self.retry.after(item, now), "mail-refused-for-now")
