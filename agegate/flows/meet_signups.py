"""Two processes take a first signup of one subject at the same moment, and neither sees the other: the "no" counts.

Each looks again once its own answer is durable, so the one that was later sees the earlier one. Nothing of this can be
on the agenda: of a child that was told no nothing is kept by which to find it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.repeat_signup import RepeatSignup
from agegate.flows.standing import Standing, strictest
from agegate.flows.stick_answer import Keys
from agegate.rules.consent import SubjectState
from agegate.rules.purge_causes import Cause
from agegate.store.records import Subject
from agegate.store.sticky import find_noes, sticky_lookup
from agegate.store.subjects import find_subject, find_subject_held, subject_lookup
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class MeetSignups:
    """One method for whoever was told no, one for whoever was taken in."""

    repeat: RepeatSignup

    @staticmethod
    def after_no(tx: Transaction, keys: Keys, subject: str, again: Callable[[Transaction, Subject], object]) -> None:
        """If another process took the subject in, `again` tells it this date as a repeat would."""

        def work(later: Transaction) -> None:
            known = find_subject(later, keys.service, subject)
            if known is not None:
                again(later, known)

        tx.look_again([subject_lookup(keys.service, subject)], work)

    def after_yes(self, tx: Transaction, keys: Keys, subject: str, standing: Standing, now: datetime) -> None:
        """If another process told the same subject no, that is what it hears from now on."""

        def work(later: Transaction) -> None:
            noes = [no for no in find_noes(later, keys.service, [keys.owner], now) if no.owner == keys.owner]
            said = strictest((standing, *map(Standing.stuck, noes)))
            if said.weight <= standing.weight:
                return
            held = find_subject_held(later, keys.service, subject)
            if held is not None and held.state != SubjectState.RESTRICTED:
                self.repeat.lower(later, held, said, {"grown": False}, now, Cause.YOUNGER_DATE)

        tx.look_again([sticky_lookup(keys.service, keys.owner)], work)
