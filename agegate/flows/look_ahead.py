"""Look ahead to the day from which a minor whose guardian consented decides alone.

That day follows from a date of birth, so a row carries a month at most two before it, and no day; dates are opened in
that month, and only what falls due within a day is put on the agenda. What happens on it: `come_of_age.py`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.judge_again import JudgeAgain
from agegate.store import agenda
from agegate.store.registry import find_service
from agegate.store.reviews import BATCH, Reviewed, note_review, page_to_review
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.turns import take_turn
from agegate.store.vault import SealBroken

TOLD_BEFORE = timedelta(days=30)
SOON = timedelta(days=1)
LOOKS_EVERY = timedelta(hours=12)
LAST_ZONE = timedelta(hours=12)
FIRST, NEVER = "0", "9999-12"


@dataclass(frozen=True, slots=True)
class LookAhead:
    """One batch per call; the next one is put on the agenda in the same transaction."""

    judge: JudgeAgain
    entropy: Entropy

    def __call__(self, tx: Transaction, cursor: str, now: datetime) -> None:
        """Looks at whoever has no month yet, or one that has come."""
        page = page_to_review(tx, cursor, month_of(now.date()))
        for row in page:
            self._one(tx, row, now)
        if len(page) == BATCH:
            agenda.put(tx, new_id(self.entropy, now), Due.REVIEW, page[-1].id, now)

    def _one(self, tx: Transaction, row: Reviewed, now: datetime) -> None:
        held = subject_by_id(tx, row.id)
        service = find_service(tx, held.service) if held else None
        if held is None or service is None:
            return
        profile = self.judge.rules.profile(service.profile)
        try:
            known = self.judge.open(held)
        except SealBroken:
            return
        day = self.judge.changes_on(profile, held, known, now)
        if day is None:
            note_review(tx, held.id, NEVER, told=row.coming_told)
            return
        # On the day itself it is too late to say that it comes.
        told = row.coming_told or held.consent_request is None or begins(day) <= now + SOON
        if not told and self.judge.allows_on(profile, held, known, day):
            told_at = begins(day) - TOLD_BEFORE
            if told_at > now + SOON:
                self._plan(tx, row, told_at, told=False)
                return
            agenda.put(tx, new_id(self.entropy, now), Due.COMING_MAIL, str(held.consent_request), max(told_at, now))
            row = Reviewed(held.id, None, coming_told=True)
        if begins(day) > now + SOON:
            self._plan(tx, row, begins(day), told=bool(row.coming_told))
        else:
            agenda.put(tx, new_id(self.entropy, now), Due.OF_AGE, held.id, max(begins(day), now))

    def _plan(self, tx: Transaction, row: Reviewed, at: datetime, *, told: bool) -> None:
        if row.review_month is None:
            note_review(tx, row.id, month_of(at.date(), earlier=self.entropy(1)[0] % 3), told=told)


@dataclass(frozen=True, slots=True)
class LookAheadDaily:
    """A chore of the worker: begins a look twice a day."""

    entropy: Entropy

    def __call__(self, tx: Transaction, *, now: datetime) -> None:
        """Puts the first batch on the agenda, unless another worker did."""
        if take_turn(tx, "look-ahead", LOOKS_EVERY, now, "worker"):
            agenda.put(tx, new_id(self.entropy, now), Due.REVIEW, FIRST, now)


def begins(day: date) -> datetime:
    """When that day has begun everywhere on Earth."""
    return datetime.combine(day, time(), UTC) + LAST_ZONE


def month_of(day: date, *, earlier: int = 0) -> str:
    """The month of a day, or one some months before it; as text they sort like time."""
    months = day.year * 12 + day.month - 1 - earlier
    return f"{months // 12:04}-{months % 12 + 1:02}"
