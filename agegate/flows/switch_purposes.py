"""Switch purposes on or off while a consent lives. Never shuts or deletes anything: what is required stays allowed.

A change is told to the service and becomes a further signed entry in the receipt's record.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.announce import Announce, EventType
from agegate.flows.note_consent_event import ConsentEvent, NoteConsentEvent
from agegate.flows.rule_book import RuleBook
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown
from agegate.rules.switches import switched_on, switches_of
from agegate.store.consents import allow_purposes, request_held
from agegate.store.registry import find_service
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SwitchPurposes:
    """What the guardian's switches do after the consent."""

    rules: RuleBook
    announce: Announce
    note: NoteConsentEvent

    def __call__(
        self, tx: Transaction, request: str, given: Collection[str], now: datetime
    ) -> tuple[str, ...] | AgeGateError:
        """What is switched on from now on; names that are no switches of the profile are ignored."""
        asked = request_held(tx, request)
        service = find_service(tx, asked.service) if asked else None
        if asked is None or service is None:
            return LinkUnknown()
        profile = self.rules.profile(service.profile)
        allowed = switched_on(profile, given)
        if not allow_purposes(tx, request, allowed):
            return AlreadyAnswered()
        if set(allowed) != set(asked.purposes_given or ()):
            stands = {switch: "granted" if switch in allowed else "refused" for switch in switches_of(profile)}
            self.note(tx, asked, ConsentEvent.SWITCHED, now, stands)
            about = {"subject_id": asked.subject_id, "request_id": asked.id}
            self.announce(tx, asked.service, EventType.CONSENT_CHANGED, now, **about)
        return allowed
