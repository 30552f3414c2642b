"""Mail that is due: read the letter, hand it to the transport, record what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from agegate.entropy import born_at
from agegate.flows.record_mail import RecordMail
from agegate.remote.mailing import Mailing, MailOutcome, Posted
from agegate.rules.purge import LETTER_KEPT
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.worker.outcome import Act, Done, Later, Outcome
from agegate.worker.retry import Retry
from notifications.letters import Letter

L = TypeVar("L", bound=Letter)
Write = Callable[[Transaction, AgendaItem], L | None]


@dataclass(frozen=True, slots=True)
class Mail:
    """Letters that ask a guardian, those that tell one what became of it, and the last one."""

    store: Store
    mailing: Mailing
    record: RecordMail
    retry: Retry

    def asking(self, write: Write[L]) -> Act:
        """Without it no answer can come: an address that refuses for good ends the request as undeliverable."""

        async def act(item: AgendaItem, now: datetime) -> Outcome:
            posted = await self._send(item, write)
            if posted is not None and posted.outcome is MailOutcome.SENT:
                return Done(lambda tx: self.record.sent(tx, item.ref, now))
            if posted is not None and posted.outcome is MailOutcome.REFUSED:
                return Done(lambda tx: self.record.undeliverable(tx, item.ref, now))
            return self._again(item, posted, now)

        return act

    def telling(self, write: Write[L]) -> Act:
        """What it tells also stands on the guardian's page, so a refusal for good ends the trying."""

        async def act(item: AgendaItem, now: datetime) -> Outcome:
            return self._again(item, await self._send(item, write), now)

        return act

    def last(self, write: Write[L]) -> Act:
        """After it nothing of the guardian's is kept; after three days not even the letter, if it never left."""

        async def act(item: AgendaItem, now: datetime) -> Outcome:
            over = born_at(item.ref) + LETTER_KEPT
            posted = None if now >= over else await self._send(item, write)
            if posted is not None and posted.outcome is MailOutcome.FOR_NOW:
                return Later(min(self.retry.after(item, now, posted.wish), over), "mail-refused-for-now")
            return Done(lambda tx: self.record.last(tx, item.ref))

        return act

    async def _send(self, item: AgendaItem, write: Write[L]) -> Posted | None:
        letter = await self.store.read(lambda tx: write(tx, item))
        if letter is None:
            return None
        posted = await self.mailing.send(letter)
        self.store.tally.count("mails", posted.outcome)
        return posted

    def _again(self, item: AgendaItem, posted: Posted | None, now: datetime) -> Outcome:
        if posted is None or posted.outcome is not MailOutcome.FOR_NOW:
            return Done()
        return Later(self.retry.after(item, now, posted.wish), "mail-refused-for-now")
