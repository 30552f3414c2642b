"""Settle where a subject that we hold stands after a new judgement: changed rules, a younger date, a correction.

Whoever was ever admitted is never purged by what was only found, but restricted at once; where the rules changed, a
consent still helps. A child that was never admitted and may not in is purged at once. Who judges is each caller's
business.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.open_case import OpenCase, lacks_only_consent
from agegate.flows.order_purge import OrderPurge
from agegate.flows.settle_consent import SettleConsent
from agegate.flows.standing import ALLOWED, BLOCKED, Standing
from agegate.flows.stick_answer import StickAnswer
from agegate.rules.assurance import Assurance
from agegate.rules.consent import ADMITTED, RequestState, SubjectState
from agegate.rules.purge_causes import FOUND, REASONS, Cause, Effect, effect_of
from agegate.store import agenda
from agegate.store.consents import settle_others
from agegate.store.records import Subject
from agegate.store.subjects import change_subject
from agegate.store.transaction import Transaction, Values

WAITING = frozenset({SubjectState.CONSENT_REQUIRED})


@dataclass(frozen=True, slots=True)
class SettleStanding:
    """One method per way to stand. `facts` are columns to set along with whatever changes."""

    sticky: StickAnswer
    purge: OrderPurge
    announce: Announce
    cases: OpenCase
    consent: SettleConsent

    def admitted(
        self,
        tx: Transaction,
        held: Subject,
        standing: Standing,
        facts: Values,
        now: datetime,
        cause: Cause,
    ) -> None:
        """An admitted subject: stays, or is restricted; then what consent could help is on record."""
        if covers(held, standing):
            change_subject(tx, held.id, ADMITTED, {**facts, **decided(standing, consent=False)})
            return
        self.sticky.held(tx, held, now, standing)
        if cause is Cause.RULES_CHANGED and standing.decision != BLOCKED:
            needs = {**facts, **decided(standing), "consent_request": None}
            self.restrict(tx, held, needs, now, ADMITTED, Cause.CONSENT_NEEDED)
        else:
            self.restrict(tx, held, {**facts, **decided(standing, consent=False)}, now, ADMITTED, cause)

    def waiting(
        self, tx: Transaction, held: Subject, standing: Standing, facts: Values, now: datetime, cause: Cause
    ) -> None:
        """A subject that waits for a consent: still does, no longer has to, or may not in at all."""
        if standing.decision == ALLOWED:
            self.admit(tx, held, {**facts, **decided(standing)}, now, WAITING)
        elif standing.decision != BLOCKED:
            if change_subject(tx, held.id, WAITING, {**facts, **decided(standing)}):
                self.consent(tx, held.id, now)
        elif effect_of(cause, ever_admitted=held.admitted_at is not None) is Effect.RESTRICT:
            self.restrict(tx, held, {**facts, **decided(standing, consent=False)}, now, WAITING, cause)
        elif change_subject(tx, held.id, WAITING, {"expires_at": now}):
            self.sticky.held(tx, held, now, standing)
            self.purge(tx, held.service, held.subject, REASONS[cause], now)

    def cleared(
        self, tx: Transaction, held: Subject, standing: Standing, facts: Values, now: datetime, ask: datetime
    ) -> None:
        """A restricted subject, on evidence: admitted again, asked for a consent until `ask`, or left restricted."""
        restricted = {SubjectState.RESTRICTED}
        if standing.decision == ALLOWED:
            self.admit(tx, held, {**facts, **decided(standing)}, now, restricted, EventType.SUBJECT_CLEARED)
        elif standing.decision == BLOCKED:
            self.shut_further(tx, held, now, Cause.CORRECTED_DATE)
            change_subject(tx, held.id, restricted, {**facts, **decided(standing, consent=False)})
        elif held.consent_request is not None and suffices(held, standing):
            again = {**facts, **decided(standing, consent=False), "state": SubjectState.CONSENTED}
            if change_subject(tx, held.id, restricted, again):
                self.announce(tx, held.service, EventType.SUBJECT_CLEARED, now, subject_id=held.id)
        else:
            self.ask(tx, held, {**facts, **decided(standing)}, now, ask, restricted)
            self.consent(tx, held.id, now)  # a guardian may have agreed while something else shut it

    def lacking(self, tx: Transaction, held: Subject, standing: Standing, facts: Values, now: datetime) -> None:
        """A subject that is shut for want of a consent, after a further change of the rules."""
        restricted = {SubjectState.RESTRICTED}
        if standing.decision == ALLOWED:
            self.cases.end_all(tx, held, now)
            self.admit(tx, held, {**facts, **decided(standing)}, now, restricted, EventType.SUBJECT_CLEARED)
        elif standing.decision == BLOCKED:
            self.shut_further(tx, held, now, Cause.RULES_CHANGED)
            change_subject(tx, held.id, restricted, {**facts, **decided(standing, consent=False)})
        elif change_subject(tx, held.id, restricted, {**facts, **decided(standing)}):
            self.consent(tx, held.id, now)

    def shut_further(self, tx: Transaction, held: Subject, now: datetime, cause: Cause) -> None:
        """Another ground against a subject that lacked a consent alone: no consent lets it in until that is settled."""
        if lacks_only_consent(tx, self.cases.digests, held):
            self.cases.found(tx, held, FOUND[cause][1], now)

    def restrict(
        self,
        tx: Transaction,
        held: Subject,
        facts: Values,
        now: datetime,
        states: Collection[SubjectState],
        cause: Cause,
    ) -> None:
        """Shuts a subject, opens a case that it may contest, and tells the service; nothing is deleted."""
        shut = {**facts, "state": SubjectState.RESTRICTED, "expires_at": None}
        if change_subject(tx, held.id, states, shut):
            case = self.cases.found(tx, held, FOUND[cause][1], now)
            self.announce(tx, held.service, EventType.SUBJECT_RESTRICTED, now, subject_id=held.id, report_id=case)

    def admit(
        self,
        tx: Transaction,
        held: Subject,
        facts: Values,
        now: datetime,
        states: Collection[SubjectState],
        tell: EventType = EventType.AGE_CHANGED,
    ) -> None:
        """Lets a subject in; whoever was asked for it need not answer any more."""
        inside = {**facts, "state": SubjectState.ALLOWED, "expires_at": None, "admitted_at": held.admitted_at or now}
        if change_subject(tx, held.id, states, inside):
            asked = settle_others(tx, held.id, RequestState.SUPERSEDED, now)
            agenda.drop(tx, [held.id, *asked])
            self.announce(tx, held.service, tell, now, subject_id=held.id)

    def ask(
        self,
        tx: Transaction,
        held: Subject,
        facts: Values,
        now: datetime,
        until: datetime,
        states: Collection[SubjectState],
    ) -> None:
        """Lets an admitted subject wait for a consent until a time; its tokens end, nothing is deleted."""
        waits = {**facts, "state": SubjectState.CONSENT_REQUIRED, "consent_request": None, "expires_at": until}
        if change_subject(tx, held.id, states, waits):
            agenda.put(tx, new_id(self.announce.entropy, now), Due.SUBJECT_EXPIRY, held.id, until)
            self.announce(tx, held.service, EventType.AGE_CHANGED, now, subject_id=held.id)


def decided(standing: Standing, *, consent: bool = True) -> dict[str, object]:
    """The columns of a judgement; without `consent` what an earlier consent was given for stays on record."""
    # The month to look at it again followed from what was judged before.
    unplanned = {"review_month": None, "coming_told": None}
    told: dict[str, object] = {"reasons": standing.reasons, "profile": standing.profile, **unplanned}
    return told | ({"assurance": standing.assurance, "assent_needed": standing.assent_needed} if consent else {})


def covers(held: Subject, standing: Standing) -> bool:
    """Whether what admitted the subject still suffices for what its date of birth now means."""
    if standing.decision == ALLOWED:
        return True
    return standing.decision != BLOCKED and held.state == SubjectState.CONSENTED and suffices(held, standing)


def suffices(held: Subject, standing: Standing) -> bool:
    """Whether the consent on record is as strong as is needed now, with the minor's own agreement if that is needed."""
    needed, given = standing.assurance, held.assurance
    strong = needed is not None and given is not None and Assurance(needed) <= Assurance(given)
    return strong and (held.assent_sha256 is not None or not standing.assent_needed)
