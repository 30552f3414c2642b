"""The reader: one thread and one connection for what only reads; everything that waits shares one snapshot.

Reads never wait behind writes. What a read returns was committed before it began.
"""

from sqlalchemy.exc import SQLAlchemyError

from agegate.store.faults import is_disconnect
from agegate.store.line import Line, StoreUnavailable, outward
from agegate.store.transaction import Transaction
from agegate.store.units import Outcome, Unit


class Reader(Line):
    """Each unit is told its own result; none can disturb another."""

    def _outcomes(self, batch: list[Unit[object]]) -> list[Outcome]:
        try:
            return self._look(batch)
        except StoreUnavailable as fault:
            return [Outcome(unit, fault=fault) for unit in batch]

    def _look(self, batch: list[Unit[object]], *, again: bool = True) -> list[Outcome]:
        """A connection that was lost meanwhile is replaced once; whoever waits does not notice."""
        try:
            connection = self._connected()
            with connection.begin():
                tx = self._transaction(connection, batch)
                return [self._read(unit, tx) for unit in batch]
        except SQLAlchemyError as fault:
            self._let_go()
            if again and is_disconnect(fault):
                return self._look(batch, again=False)
            raise StoreUnavailable from None

    @staticmethod
    def _read(unit: Unit[object], tx: Transaction) -> Outcome:
        try:
            return Outcome(unit, unit.work(tx))
        except SQLAlchemyError:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever a unit raised is given to its own caller
            return Outcome(unit, fault=outward(fault))
