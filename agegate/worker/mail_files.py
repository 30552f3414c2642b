"""Delete the mails about a purged subject where they were written to a folder: the test environment's outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.remote.mailing import Mailing
from agegate.signing.letter_names import LetterKind, LetterNames
from agegate.store.records import AgendaItem
from agegate.worker.outcome import Done, Later, Outcome

LOOK_AGAIN = timedelta(minutes=10)
"""Longer than any lease: a mail that was being written while its subject was purged is there by then."""


@dataclass(frozen=True, slots=True)
class MailFiles:
    """Once at once, and once more for what was under way."""

    mailing: Mailing
    names: LetterNames

    async def __call__(self, item: AgendaItem, now: datetime) -> Outcome:
        """A folder that cannot be changed now is tried again."""
        try:
            await self.mailing.forget([item.ref, *(self.names.name(kind, item.ref) for kind in LetterKind)])
        except OSError:
            return Later(now + LOOK_AGAIN, "folder-refused")
        return Later(now + LOOK_AGAIN, "look-again") if item.attempts == 1 else Done()
