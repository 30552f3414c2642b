"""Webhooks that are due: events to services, purge orders to holders. 2xx means received, nothing more."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from agegate.flows.record_delivery import RecordDelivery
from agegate.flows.write_event import WriteEvent
from agegate.flows.write_order import WriteOrder
from agegate.remote.webhooks import Delivered, Delivery, Gone, Refused, Webhooks
from agegate.rules.schedule import STEPS
from agegate.store.events import event_lookup
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.worker.outcome import Done, Later, Outcome, Together
from agegate.worker.retry import Retry


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Reads what is to be said, says it, records the answer."""

    store: Store
    events: WriteEvent
    orders: WriteOrder
    webhooks: Webhooks
    record: RecordDelivery
    retry: Retry

    async def event(self, item: AgendaItem, now: datetime) -> Outcome:
        """Tells a service; after the last step of the schedule the event waits to be fetched instead."""
        looks_for = [event_lookup(item.ref)]
        outgoing = await self.store.read(lambda tx: self.events.outgoing(tx, item.ref), looks_for=looks_for)
        if outgoing is None:
            return Done()
        body = orjson.dumps(outgoing.body)
        came = await self.webhooks.deliver(outgoing.url, outgoing.secret, f"ev_{item.ref}", now, body)
        self.store.tally.count("webhooks", "event", _result(came))
        if isinstance(came, Delivered):
            return Done(Together(self.record.events_received, item.ref, now))
        if isinstance(came, Gone) or item.attempts >= len(STEPS):
            return Done()
        return Later(self.retry.after(item, now, came.retry_after), came.code)

    async def order(self, item: AgendaItem, now: datetime) -> Outcome:
        """Orders a holder to delete, for as long as it takes: the obligation has no last attempt."""
        order = await self.store.read(lambda tx: self.orders(tx, item.ref, now))
        if order is None:
            return Done()
        body = orjson.dumps(order.body)
        came = await self.webhooks.deliver(order.url, order.secret, f"leg_{item.ref}", now, body)
        self.store.tally.count("webhooks", "order", _result(came))
        if isinstance(came, Delivered):
            return Done(lambda tx: self.record.order_received(tx, item.ref, now))
        if isinstance(came, Gone):
            # It says that the endpoint is gone, not that the data is: the leg stays open, the operator is told.
            return Done(lambda tx: self.record.endpoint_gone(tx, item.ref, order.holder_id, now))
        code, due_at = came.code, self.retry.after(item, now, came.retry_after)
        return Later(due_at, code, lambda tx: self.record.order_failed(tx, item.ref, code))


def _result(came: Delivery) -> str:
    """In few words: the status of a refusal is the other side's to choose."""
    match came:
        case Delivered():
            return "delivered"
        case Gone():
            return "gone"
        case Refused(code):
            return "answered_no" if code.startswith("http_") else "unreachable"
