"""Take the result of a third-party verifier for one request. A repeat, or one that comes too late, changes nothing."""

from collections.abc import Collection
from datetime import datetime

from agegate.flows.verify_guardian import verify_guardian
from agegate.rules.guardian_proof import GuardianMethod
from agegate.store.consents import request_by_id
from agegate.store.transaction import Transaction


def take_result(tx: Transaction, request: str, services: Collection[str], reference: str, now: datetime) -> None:
    """Notes that an adult was shown, for a request of a service that the verifier serves (none named: any)."""
    asked = request_by_id(tx, request)
    if asked is not None and (not services or asked.service in services):
        verify_guardian(tx, request, GuardianMethod.THIRD_PARTY, reference, now)
