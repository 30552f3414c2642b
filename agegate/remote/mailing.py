"""Hands a letter to the mail transport and says what came of it. Owns no address book, no database, no retry."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from notifications.addresses import BadMailAddress
from notifications.letters import Letter, compose
from notifications.message import Message
from notifications.transports.transport import MailRefusedForGood, MailRefusedForNow, Transport


class MailOutcome(StrEnum):
    """What a mail server said."""

    SENT = "sent"
    FOR_NOW = "for-now"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a letter; with the patience that was asked for, if it is to be sent again."""

    outcome: MailOutcome
    wish: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Mailing:
    """One transport for every letter."""

    transport: Transport

    async def send(self, letter: Letter) -> Posted:
        """Sends the letter; nothing about its recipient ends up in an error."""
        return await self._outcome(lambda: compose(letter))

    async def send_message(self, message: Message) -> Posted:
        """Sends what is in words already."""
        return await self._outcome(lambda: message)

    async def forget(self, names: Collection[str]) -> None:
        """Deletes what the transport keeps of letters of those names."""
        await self.transport.forget(names)

    async def _outcome(self, made: Callable[[], Message]) -> Posted:
        try:
            await self.transport.send(made())
        except MailRefusedForNow as refused:
            return Posted(MailOutcome.FOR_NOW, refused.wish)
        except (MailRefusedForGood, BadMailAddress):
            return Posted(MailOutcome.REFUSED)
        return Posted(MailOutcome.SENT)
