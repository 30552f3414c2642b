"""Decide again: a batch of those whom a change of the rules concerns, each on today's day at its own place.

Unchanged: only profile and reasons are written anew. Stricter: whoever was admitted is restricted, never purged, and a
consent may still help. Looser: whoever waits for a consent may come in. Who is restricted for another reason waits for
a ruling or a correction. Whom a change concerns is `watch_rules.py`'s business.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.judge_again import JudgeAgain, Judged
from agegate.flows.open_case import lacks_only_consent
from agegate.flows.renew_consent import RenewConsent
from agegate.flows.rule_scope import scope_of
from agegate.flows.settle_standing import SettleStanding
from agegate.flows.standing import ALLOWED, Standing, strictest
from agegate.rules.consent import ADMITTED, RequestState, SubjectState
from agegate.rules.purge_causes import Cause
from agegate.store import agenda
from agegate.store.consents import requests_of
from agegate.store.records import Subject
from agegate.store.redecisions import BATCH, cursor_of, end_redecision, move_cursor, page_of_young
from agegate.store.registry import find_service
from agegate.store.subjects import subject_held
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken


@dataclass(frozen=True, slots=True)
class DecideAgain:
    """One batch per call; the next one is put on the agenda in the same transaction."""

    judge: JudgeAgain
    settle: SettleStanding
    entropy: Entropy
    renew: RenewConsent

    def __call__(self, tx: Transaction, scope: str, now: datetime) -> int:
        """Decides up to `BATCH` subjects again, and says how many."""
        cursor = cursor_of(tx, scope)
        if cursor is None:
            return 0
        page = page_of_young(tx, scope_of(scope), cursor)
        for each in page:
            if held := subject_held(tx, each.id):  # as it is now: a correction may have come since the page was read
                self._one(tx, held, now)
        if len(page) < BATCH:
            end_redecision(tx, scope)
        elif move_cursor(tx, scope, cursor, page[-1].id):
            agenda.put(tx, new_id(self.entropy, now), Due.REDECIDE, scope, now)
        return len(page)

    def _one(self, tx: Transaction, held: Subject, now: datetime) -> None:
        service = find_service(tx, held.service)
        shut = held.state == SubjectState.RESTRICTED
        if service is None or (shut and not lacks_only_consent(tx, self.settle.cases.digests, held)):
            return
        profile = self.judge.rules.profile(service.profile)
        try:
            known = self.judge.open(held)
        except SealBroken:
            return  # its key epoch was destroyed; nobody can judge it any more, and nothing is loosened
        judged = self.judge(profile, held, known.birth_date, known.signals, now)
        facts: dict[str, object] = {"decided_on": judged.today, "grown": judged.grown}
        cause = Cause.RULES_CHANGED
        if held.state in ADMITTED:
            self.settle.admitted(tx, held, judged.standing, facts, now, cause)
            if judged.standing.decision != ALLOWED:
                self.renew(tx, service, held.id, profile, now)
        elif shut:
            self.settle.lacking(tx, held, _waiting(tx, held, judged, now), {**facts, "grown": False}, now)
        else:
            self.settle.waiting(tx, held, _waiting(tx, held, judged, now), {**facts, "grown": False}, now, cause)


def _waiting(tx: Transaction, held: Subject, judged: Judged, now: datetime) -> Standing:
    """What counts for somebody who waits: a "no" that sticks, and a withdrawal, are not undone by a change of rules."""
    kept = held.stuck or (judged.standing.decision == ALLOWED and _leaves(tx, held, now))
    return strictest((judged.standing, Standing.recorded(held))) if kept else judged.standing


def _leaves(tx: Transaction, held: Subject, now: datetime) -> bool:
    return any(
        request.state == RequestState.WITHDRAWN and request.delete_at is not None and now < request.delete_at
        for request in requests_of(tx, held.id)
    )
