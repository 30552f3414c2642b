"""The reader: one thread and one connection for what only reads; everything that waits shares one snapshot.

Reads never wait behind writes. What a read returns was committed before it began.
"""

from sqlalchemy.exc import SQLAlchemyError

from agegate.store.line import Line, StoreUnavailable, outward
from agegate.store.transaction import Transaction
from agegate.store.units import Outcome, Unit


class Reader(Line):
    """Each unit is told its own result; none can disturb another."""

    def _outcomes(self, batch: list[Unit[object]]) -> list[Outcome]:
        try:
            connection = self._connected()
            with connection.begin():
                tx = self._transaction(connection, batch)
                return [self._read(unit, tx) for unit in batch]
        except SQLAlchemyError:
            self._let_go()
            return [Outcome(unit, fault=StoreUnavailable()) for unit in batch]

    @staticmethod
    def _read(unit: Unit[object], tx: Transaction) -> Outcome:
        try:
            return Outcome(unit, unit.work(tx))
        except SQLAlchemyError:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever a unit raised is given to its own caller
            return Outcome(unit, fault=outward(fault))
