"""Take what a mail server or a provider says afterwards of a letter that it had accepted.

Whoever says it has to name the letter as only its recipients know it. Even then a bounce can do no more than what every
reader of the letter can: end the question that it asks. It answers nothing, and deletes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.stop_request import StopRequest
from agegate.rules.consent import Ended, RequestState, Stop
from agegate.signing.letter_names import LetterKind, LetterNames, NamedLetter
from agegate.store.consents import request_held
from agegate.store.transaction import Transaction

WAITS_IN = {
    LetterKind.QUESTION: frozenset({RequestState.PENDING}),
    LetterKind.REMINDER: frozenset({RequestState.PENDING}),
    LetterKind.CONFIRMATION: frozenset({RequestState.CONFIRMING}),
}
"""In which state a request waits for the answer to a letter. A letter that asks nothing may be lost."""


@dataclass(frozen=True, slots=True)
class TakeBounce:
    """Each may be said any number of times."""

    names: LetterNames
    end: EndUndeliverable
    stop: StopRequest

    def named(self, names: Collection[str]) -> NamedLetter | None:
        """The letter that is spoken of; None when it is none of ours, or not one alone."""
        ours = {letter for letter in map(self.names.read, names) if letter is not None}
        return ours.pop() if len(ours) == 1 else None

    def failed(self, tx: Transaction, letter: NamedLetter, now: datetime) -> bool:
        """It never arrived, and never will: ends the question while its answer is awaited. True when it did."""
        waits = WAITS_IN.get(letter.kind)
        if waits is None or request_held(tx, letter.request) is None:
            return False
        return self.end(tx, letter.request, Ended.BOUNCED, now, only=waits)

    def complained(self, tx: Transaction, letter: NamedLetter, now: datetime) -> None:
        """Its reader called it spam, which is "never write to me again" in other words."""
        self.stop(tx, letter.request, Stop.NEVER_AGAIN, now)
