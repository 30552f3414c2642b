"""Judge somebody whom we hold again: open the sealed date of birth and what signals capped, decide on today's day.

Reads only. Why it is judged again, and what follows, is the business of `decide_again.py` and `correct_birth_date.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from agegate.flows.rule_book import RuleBook
from agegate.flows.standing import ALLOWED, Standing
from agegate.law.civil_day import civil_today
from agegate.rules.birth_date import BirthDate
from agegate.rules.outcome import ConsentRequired
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from agegate.rules.signals import AgeSignal, lowest_cap
from agegate.store.records import Subject
from agegate.store.vault import Cell, DataKey, Vault


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed of a subject, while it is looked at."""

    key: DataKey = field(repr=False)
    birth_date: BirthDate
    signals: tuple[AgeSignal, ...]
    grown: bool = False
    """Whether the rules have just said so; what a row says of it is not sealed."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say today, on which day, and whether they can ever say anything else."""

    standing: Standing
    today: date
    grown: bool


@dataclass(frozen=True, slots=True)
class JudgeAgain:
    """Opens and judges. A signal caps the age as it was told, until evidence says otherwise."""

    rules: RuleBook
    vault: Vault

    def open(self, held: Subject) -> Opened:
        """The sealed facts of a subject; raises SealBroken when their key is gone."""
        key = self.vault.open_key(held.id, held.wrapped_key)
        born = BirthDate.of_iso(self.vault.open(key, birth_date_cell(held.id), held.sealed_birth_date))
        if held.sealed_signal is None:
            return Opened(key, born, ())
        upper, _, source = self.vault.open(key, signal_cell(held.id), held.sealed_signal).partition(" ")
        return Opened(key, born, (AgeSignal(source=source, age_upper=int(upper)),))

    def __call__(
        self, profile: Profile, held: Subject, birth_date: BirthDate, signals: Sequence[AgeSignal], now: datetime
    ) -> Judged:
        """The judgement by today's rules, at the places that were declared and hinted."""
        places = places_of(held)
        days = days_of(held, places, now)
        standing = self.rules.judge_on(profile, birth_date, places, days, signals)
        grown = standing.decision == ALLOWED and not signals and self.rules.is_grown(birth_date, min(days))
        return Judged(standing, min(days), grown)

    def changes_on(self, profile: Profile, held: Subject, known: Opened, now: datetime) -> date | None:
        """The first day of another answer to somebody who needs a consent. It tells the birth date: keep it nowhere."""
        places = places_of(held)
        days = days_of(held, places, now)
        decision = self.rules.decision_on(profile, known.birth_date, places, days, known.signals)
        return decision.until if isinstance(decision, ConsentRequired) else min(days)

    def allows_on(self, profile: Profile, held: Subject, known: Opened, day: date) -> bool:
        """Whether nobody else has to be asked from that day on."""
        places = places_of(held)
        decision = self.rules.decision_on(profile, known.birth_date, places, [day] * len(places), known.signals)
        return decision.name == ALLOWED


def places_of(held: Subject) -> list[Place]:
    """Where somebody declared to be, and where a hint pointed."""
    declared = Place(held.country, held.region)
    return [declared] if held.hint_country is None else [declared, Place(held.hint_country, held.hint_region)]


def days_of(held: Subject, places: Sequence[Place], now: datetime) -> list[date]:
    """The day at each of those places, never before the one on which the subject was decided."""
    # The time zone of the signup is not kept, so a day that had begun there may still have to begin elsewhere.
    return [max(civil_today(now, place), held.decided_on) for place in places]


def seal_signal(vault: Vault, key: DataKey, row: str, signals: Sequence[AgeSignal]) -> str | None:
    """The lowest cap that a signal named, sealed; it tells an age and belongs to the subject."""
    cap = lowest_cap(signals)
    return None if cap is None else vault.seal(key, signal_cell(row), f"{cap[0]} {cap[1].source}")


def sealed_signals(signals: Sequence[AgeSignal]) -> tuple[AgeSignal, ...]:
    """What will be found when the seal is opened again: only the lowest cap."""
    cap = lowest_cap(signals)
    return () if cap is None else (AgeSignal(source=cap[1].source, age_upper=cap[0]),)


def birth_date_cell(row: str) -> Cell:
    """Where a subject's date of birth is sealed."""
    return Cell("subjects", "sealed_birth_date", row)


def corrected_cell(row: str) -> Cell:
    """Where a corrected date of birth waits for the next signup."""
    return Cell("sticky_answers", "sealed_birth_date", row)


def signal_cell(row: str) -> Cell:
    """Where the lowest age signal of a subject is sealed."""
    return Cell("subjects", "sealed_signal", row)
