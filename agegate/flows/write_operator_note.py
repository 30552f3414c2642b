"""Write the operator's mail about a service's late holders. Reads only; None when nobody is late any more."""

from dataclasses import dataclass
from datetime import datetime

from agegate.store.endpoints import gone_endpoints, overdue_by_holder
from agegate.store.records import AgendaItem
from agegate.store.registry import holders_of
from agegate.store.transaction import Transaction
from notifications.addresses import message_id_for
from notifications.operator_notes import LateHolder, OverdueNote


@dataclass(frozen=True, slots=True)
class WriteOperatorNote:
    """From what is overdue to a mail without anybody's data: names of holders, numbers and times."""

    issuer: str
    sender: str
    recipient: str | None

    def __call__(self, tx: Transaction, item: AgendaItem, now: datetime) -> OverdueNote | None:
        """The mail about the service that the item names."""
        gone = gone_endpoints(tx)
        silent = {holder.name for holder in holders_of(tx, item.ref) if holder.id in gone}
        late = {name: (number, since) for name, number, since in overdue_by_holder(tx, item.ref, now)}
        if self.recipient is None or not (late or silent):
            return None
        holders = [_late(name, late.get(name), name in silent) for name in sorted({*late, *silent})]
        named = message_id_for(f"{item.id}.{int(item.due_at.timestamp())}", self.sender)
        return OverdueNote(self.recipient, named, item.due_at, self.issuer, item.ref, holders)


def _late(name: str, late: tuple[int, datetime] | None, gone: bool) -> LateHolder:
    return LateHolder(name, *late, gone) if late else LateHolder(name, 0, None, gone)
