"""Take a guardian's answer: exactly one counts, and it is told to whoever came second.

A yes is final at once, or after a second step where that is asked for. A refusal settles every question and purges
what was collected for the consent. A guardian whose question was superseded may still refuse: that ends the consent.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.grant_consent import GrantConsent
from agegate.flows.order_purge import OrderPurge
from agegate.flows.verify_guardian import by, needed_of, reached_by
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.rules.assurance import Assurance
from agegate.rules.consent import CONFIRM_WITHIN, OPEN, REACHED, Answer, Ended, RequestState, SubjectState
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired, VerificationNeeded
from agegate.rules.guardian_proof import AfterYes, GuardianMethod, after_yes
from agegate.rules.purge import PurgeReason
from agegate.rules.switches import switched_on
from agegate.store import agenda
from agegate.store.consents import live_consents, move_request, refuse_late, request_by_id, request_held, settle_others
from agegate.store.records import ConsentRequest
from agegate.store.registry import find_service
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AnswerConsent:
    """The one way a pending request becomes granted, awaiting confirmation, or declined."""

    grant: GrantConsent
    withdraw: WithdrawConsent
    purge: OrderPurge
    announce: Announce

    def __call__(
        self, tx: Transaction, request: str, answer: Answer, now: datetime, given: Collection[str] = ()
    ) -> RequestState | AgeGateError:
        """The state it now has, or why the answer no longer counts. The same answer twice is the same."""
        asked = request_held(tx, request)
        if asked is None:
            return LinkUnknown()
        done = self._agree(tx, asked, given, now) if answer is Answer.GRANT else self._decline(tx, asked, now)
        return done or self._too_late(tx, request, answer, now)

    def _agree(
        self, tx: Transaction, asked: ConsentRequest, given: Collection[str], now: datetime
    ) -> RequestState | AgeGateError | None:
        service, subject = find_service(tx, asked.service), subject_by_id(tx, asked.subject_id)
        if service is None or subject is None:
            return LinkUnknown()
        profile, reached = self.withdraw.rules.profile(service.profile), reached_by(asked)
        yes: dict[str, object] = {
            **self.withdraw.rules.notice(profile, asked.locale).bound_to(profile.label),
            "purposes_given": list(switched_on(profile, given)),
        }
        then = after_yes(needed_of(profile, asked, subject), reached, discloses=profile.discloses)
        if then is AfterYes.VERIFY:
            return VerificationNeeded() if asked.state in OPEN else None
        if then is AfterYes.CONFIRM:
            return self._to_be_confirmed(tx, asked, yes, now)
        proof = {"assurance": reached.value} | ({} if reached > Assurance.EMAIL else by(GuardianMethod.EMAIL, now))
        # An adult who was shown since the first yes need not wait for the second step.
        if not move_request(tx, asked.id, RequestState.GRANTED, {**yes, **proof, "decided_at": now}, before=now):
            return None
        self.grant(tx, asked.id, now)
        return RequestState.GRANTED

    def _to_be_confirmed(
        self, tx: Transaction, asked: ConsentRequest, yes: dict[str, object], now: datetime
    ) -> RequestState | None:
        entropy = self.announce.entropy
        # A random time between one and two days, so that whoever holds a mailbox for a moment cannot wait for it.
        later = now + timedelta(days=1, seconds=int.from_bytes(entropy(4), "big") % 86_400)
        ends = max(asked.expires_at, later + CONFIRM_WITHIN)
        values = {**yes, **by(GuardianMethod.EMAIL_PLUS, now), "confirm_at": later, "expires_at": ends}
        if not move_request(tx, asked.id, RequestState.CONFIRMING, values, before=now):
            return None
        agenda.drop(tx, [asked.id])
        agenda.put(tx, new_id(entropy, now), Due.CONFIRMATION_MAIL, asked.id, later)
        agenda.put(tx, new_id(entropy, now), Due.REQUEST_EXPIRY, asked.id, ends)
        self._tell(tx, asked, EventType.CONSENT_CONFIRMING, now)
        return RequestState.CONFIRMING

    def _decline(self, tx: Transaction, asked: ConsentRequest, now: datetime) -> RequestState | None:
        if not move_request(tx, asked.id, RequestState.DECLINED, {"decided_at": now}, before=now):
            return None
        others = settle_others(tx, asked.subject_id, RequestState.DECLINED, now)
        agenda.drop(tx, [asked.id, *others])
        for row in (asked.id, *others):
            if declined := request_by_id(tx, row):
                self._tell(tx, declined, EventType.CONSENT_DECLINED, now)
        subject = subject_by_id(tx, asked.subject_id)
        # A no to newer terms leaves the older consent alone; taking that back is another step.
        lives = subject is not None and subject.consent_request is not None
        shut = subject is not None and subject.state == SubjectState.RESTRICTED
        if subject is not None and subject.state != SubjectState.CONSENTED and not (lives and shut):
            self.purge(tx, subject.service, subject.subject, PurgeReason.CONSENT_DECLINED, now, tell=asked)
        return RequestState.DECLINED

    def refuse(self, tx: Transaction, request: str, now: datetime) -> RequestState | AgeGateError:
        """The later refusal of a guardian who was told that another one agreed first: the consent is withdrawn."""
        asked = request_held(tx, request)
        if asked is None:
            return LinkUnknown()
        if asked.refused_at is not None:
            return RequestState.WITHDRAWN
        if asked.state != RequestState.SUPERSEDED:
            return AlreadyAnswered()
        live = live_consents(tx, asked.subject_id)
        if not live or not refuse_late(tx, asked.id, now):
            return AlreadyAnswered()
        ended = self.withdraw(tx, live[0].id, now, delete_now=False, why=Ended.OTHER_GUARDIAN)
        return ended if isinstance(ended, AgeGateError) else RequestState.WITHDRAWN

    def _tell(self, tx: Transaction, asked: ConsentRequest, kind: EventType, now: datetime) -> None:
        self.announce(tx, asked.service, kind, now, subject_id=asked.subject_id, request_id=asked.id)

    @staticmethod
    def _too_late(tx: Transaction, request: str, answer: Answer, now: datetime) -> RequestState | AgeGateError:
        found = request_by_id(tx, request)
        if found is None:
            return LinkUnknown()
        state = RequestState(found.state)
        if state is RequestState.EXPIRED or (state is RequestState.PENDING and found.expires_at <= now):
            return RequestExpired()
        return state if state in REACHED[answer] else AlreadyAnswered()
