"""Times that are over: database work only, so the act is nothing and the recording is the flow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.flows.certify_purge import CertifyPurge
from agegate.flows.record_delivery import RecordDelivery
from agegate.rules.purge import LegState, all_answered
from agegate.store.purges import forget_subject_of, legs_of
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.worker.outcome import Act, Done, Later, Outcome

LOOK_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timers:
    """Each item runs one flow in the transaction that takes it off the agenda."""

    store: Store
    certify: CertifyPurge
    record: RecordDelivery

    @staticmethod
    def run(flow: Callable[[Transaction, str, datetime], object]) -> Act:
        """An act that does nothing but the flow."""

        async def act(item: AgendaItem, now: datetime) -> Outcome:
            return Done(lambda tx: flow(tx, item.ref, now))

        return act

    def certificate(self, tx: Transaction, purge: str, now: datetime) -> None:
        """Signs the certificate; a purge that has nobody left to tell forgets its subject at once."""
        self.certify(tx, purge, now)
        self.record.forget_when_done(tx, purge)

    async def forget(self, item: AgendaItem, now: datetime) -> Outcome:
        """Ends the time in which a purge may name its subject; an open leg still needs the name to be ordered."""
        legs = await self.store.read(lambda tx: legs_of(tx, item.ref))
        if not all_answered(LegState(leg.state) for leg in legs):
            return Later(now + LOOK_AGAIN, "leg-open")
        return Done(lambda tx: forget_subject_of(tx, item.ref))
