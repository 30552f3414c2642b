"""Watch the rules: notice when law or profiles are others than those that subjects were last decided by.

Compares fingerprints at the start of a worker, and waits on the agenda for the days on which a row starts or ends.
Puts on the agenda whom a change concerns; deciding them again is `decide_again.py`'s business.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.rule_book import RuleBook
from agegate.flows.rule_prints import DEFAULT, Print, law_prints, service_prints, turning_days
from agegate.flows.rule_scope import ALL, LAW, law_scope, place_of, profile_scope
from agegate.law.civil_day import civil_today
from agegate.store import agenda
from agegate.store.redecisions import (
    anybody_young,
    begin_redecision,
    drop_print,
    lock_prints,
    note_print,
    prints,
    ungrow_all,
)
from agegate.store.registry import read_registry
from agegate.store.transaction import Transaction

GROWN_AT, SERVICE = "grown_at", "service:"
Prints = dict[str, tuple[str, str]]
A_DAY_BEGINS_WITHIN = timedelta(hours=14)
LAST_BEGINS_AFTER = timedelta(days=1)
STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class WatchRules:
    """Both calls may be repeated; a change that is known already puts nothing on the agenda."""

    rules: RuleBook
    entropy: Entropy

    def has_changed(self, tx: Transaction) -> bool:
        """Whether anything is to be noted; a read, so that an ordinary start writes nothing."""
        before = prints(tx)
        return before != self._current(tx, before)

    def compare(self, tx: Transaction, now: datetime) -> None:
        """Notes the rules as they are, and puts on the agenda what changed since they were noted last."""
        lock_prints(tx)  # of two workers that start together, the second finds everything noted
        before = prints(tx)
        current = self._current(tx, before)
        if before == current:
            return
        if before.get(GROWN_AT, current[GROWN_AT]) < current[GROWN_AT]:
            ungrow_all(tx)
        for scope in _scopes(before, current):
            self._begin(tx, scope, now)
        for name in before.keys() - current.keys():
            drop_print(tx, name)
        for name, (fingerprint, label) in current.items():
            if before.get(name) != (fingerprint, label):
                note_print(tx, name, fingerprint, label, known=name in before)
        for code in turning_days(self.rules.law):
            self._await(tx, code, now)

    def day(self, tx: Transaction, code: str, now: datetime) -> None:
        """A row of that place starts or ends now."""
        self._begin(tx, law_scope(code), now)
        self._await(tx, code, now)

    def _begin(self, tx: Transaction, scope: str, now: datetime) -> None:
        if anybody_young(tx):
            begin_redecision(tx, scope, now)
            agenda.put(tx, new_id(self.entropy, now), Due.REDECIDE, scope, now)

    def _await(self, tx: Transaction, code: str, now: datetime) -> None:
        # A day that is past begins nowhere any more: it needs no look at the place's time zones.
        days = (day for day in turning_days(self.rules.law).get(code, ()) if day >= now.date() - LAST_BEGINS_AFTER)
        begins = (begin_of(day, code) for day in days)
        if coming := min((at for at in begins if at > now), default=None):
            agenda.put(tx, new_id(self.entropy, now), Due.LAW_DAY, code, coming)

    def _current(self, tx: Transaction, before: Prints) -> Prints:
        known, services = self.rules.profiles, read_registry(tx).services.values()
        profiles = {each.name: known[each.profile] for each in services if each.profile in known}
        # A profile that was added after this process started is compared by the next one.
        unknown = {SERVICE + each.name for each in services if each.profile not in known}
        law = _named(LAW, law_prints(self.rules.law))
        theirs = _named(SERVICE, service_prints(profiles, self.rules.law))
        kept = {name: noted for name, noted in before.items() if name in unknown}
        return {**law, **theirs, **kept, GROWN_AT: (f"{self.rules.grown_at:03}", GROWN_AT)}


def begin_of(day: date, code: str) -> datetime:
    """When that day has begun at a place, in its last time zone: from then on the rules of the day decide there."""
    midnight, place = datetime.combine(day, time(), UTC), place_of(code)
    steps = [midnight - A_DAY_BEGINS_WITHIN + n * STEP for n in range(2 * (A_DAY_BEGINS_WITHIN // STEP))]
    return steps[bisect_left(steps, day, key=lambda at: civil_today(at, place))]


def _named(prefix: str, found: dict[str, Print]) -> Prints:
    return {prefix + name: (each.fingerprint, each.label) for name, each in found.items()}


def _scopes(before: Prints, current: Prints) -> Iterable[str]:
    """What has to be decided again. Nothing noted yet, or another default: everything."""
    changed = {name for name in before.keys() | current.keys() if before.get(name) != current.get(name)}
    if not before or LAW + DEFAULT in changed:
        return [ALL]
    places = {law_scope(name.removeprefix(LAW)) for name in changed if name.startswith(LAW)}
    labels = {before[name][1] for name in changed if name.startswith(SERVICE) and name in before}
    return sorted(places | {profile_scope(label) for label in labels})
