"""Take the second step of e-mail plus: the yes that was given a day or two ago becomes final."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.grant_consent import GrantConsent
from agegate.rules.consent import RequestState
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired
from agegate.store.consents import move_request, request_by_id, request_held
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ConfirmConsent:
    """The one way from awaiting confirmation to granted. Before its own mail is due nothing can be confirmed."""

    grant: GrantConsent

    def __call__(self, tx: Transaction, request: str, now: datetime) -> RequestState | AgeGateError:
        """The state it now has, or why it is too late. Confirming twice is the same as once."""
        asked = request_held(tx, request)
        if asked is None or (asked.confirm_at is not None and now < asked.confirm_at):
            return LinkUnknown()
        confirming = frozenset({RequestState.CONFIRMING})
        if not move_request(tx, request, RequestState.GRANTED, {"decided_at": now}, before=now, only=confirming):
            return self._too_late(tx, request, now)
        self.grant(tx, request, now)
        return RequestState.GRANTED

    @staticmethod
    def _too_late(tx: Transaction, request: str, now: datetime) -> RequestState | AgeGateError:
        found = request_by_id(tx, request)
        if found is None:
            return LinkUnknown()
        if found.state == RequestState.GRANTED:
            return RequestState.GRANTED
        late = found.state == RequestState.CONFIRMING and found.expires_at <= now
        return RequestExpired() if late or found.state == RequestState.EXPIRED else AlreadyAnswered()
