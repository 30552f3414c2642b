"""Switch purposes on or off while a consent lives. Never shuts or deletes anything: what is required stays allowed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agegate.flows.rule_book import RuleBook
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown
from agegate.rules.switches import switched_on
from agegate.store.consents import allow_purposes, request_held
from agegate.store.registry import find_service
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SwitchPurposes:
    """What the guardian's switches do after the consent."""

    rules: RuleBook

    def __call__(
        self, tx: Transaction, request: str, given: Collection[str], now: datetime
    ) -> tuple[str, ...] | AgeGateError:
        """What is switched on from now on; names that are no switches of the profile are ignored."""
        del now
        asked = request_held(tx, request)
        service = find_service(tx, asked.service) if asked else None
        if service is None:
            return LinkUnknown()
        allowed = switched_on(self.rules.profile(service.profile), given)
        return allowed if allow_purposes(tx, request, allowed) else AlreadyAnswered()
