"""Hands a letter to the mail transport and says what came of it. Owns no address book, no database, no retry."""

from collections.abc import Callable
from dataclasses import dataclass
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
class Mailing:
    """One transport for every letter."""

    transport: Transport

    async def send(self, letter: Letter) -> MailOutcome:
        """Sends the letter; nothing about its recipient ends up in an error."""
        return await self._outcome(lambda: compose(letter))

    async def send_message(self, message: Message) -> MailOutcome:
        """Sends what is in words already."""
        return await self._outcome(lambda: message)

    async def _outcome(self, made: Callable[[], Message]) -> MailOutcome:
        try:
            await self.transport.send(made())
        except MailRefusedForNow:
            return MailOutcome.FOR_NOW
        except (MailRefusedForGood, BadMailAddress):
            return MailOutcome.REFUSED
        return MailOutcome.SENT
