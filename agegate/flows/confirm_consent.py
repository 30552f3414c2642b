"""Take the second step of e-mail plus: the yes that was given a day or two ago becomes final."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.grant_consent import GrantConsent
from agegate.flows.rule_book import RuleBook
from agegate.flows.verify_guardian import needed_of, reached_by
from agegate.rules.assurance import Assurance
from agegate.rules.consent import RequestState
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired, VerificationNeeded
from agegate.rules.guardian_proof import AfterYes, after_yes
from agegate.store.consents import move_request, request_by_id, request_held
from agegate.store.records import ConsentRequest
from agegate.store.registry import find_service
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ConfirmConsent:
    """The one way from awaiting confirmation to granted. Before its own mail is due nothing can be confirmed."""

    rules: RuleBook
    grant: GrantConsent

    def __call__(self, tx: Transaction, request: str, now: datetime) -> RequestState | AgeGateError:
        """The state it now has, or why it is too late. Confirming twice is the same as once."""
        asked = request_held(tx, request)
        if asked is None or (asked.confirm_at is not None and now < asked.confirm_at):
            return LinkUnknown()
        reached = max(Assurance.EMAIL_PLUS, reached_by(asked))
        if asked.state == RequestState.CONFIRMING and self._is_too_weak(tx, asked, reached):
            return VerificationNeeded()
        confirming, final = frozenset({RequestState.CONFIRMING}), {"assurance": reached.value, "decided_at": now}
        if not move_request(tx, request, RequestState.GRANTED, final, before=now, only=confirming):
            return self._too_late(tx, request, now)
        self.grant(tx, request, now)
        return RequestState.GRANTED

    def _is_too_weak(self, tx: Transaction, asked: ConsentRequest, reached: Assurance) -> bool:
        """Whether more is demanded since the first yes than a confirmed mail can show."""
        service, subject = find_service(tx, asked.service), subject_by_id(tx, asked.subject_id)
        if service is None or subject is None:
            return True
        profile = self.rules.profile(service.profile)
        then = after_yes(needed_of(profile, asked, subject), reached, discloses=profile.discloses)
        return then is not AfterYes.GRANT

    @staticmethod
    def _too_late(tx: Transaction, request: str, now: datetime) -> RequestState | AgeGateError:
        found = request_by_id(tx, request)
        if found is None:
            return LinkUnknown()
        if found.state == RequestState.GRANTED:
            return RequestState.GRANTED
        late = found.state == RequestState.CONFIRMING and found.expires_at <= now
        return RequestExpired() if late or found.state == RequestState.EXPIRED else AlreadyAnswered()
