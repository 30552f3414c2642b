"""The writer: one thread, one connection, and one commit for everything that waits at that moment.

A batch is bounded by count and time. If it fails, it is rolled back and each unit is run again alone, so that one bad
unit never takes a neighbour with it. Results are handed out only after the commit.
"""

import time

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from agegate.store.faults import may_pass
from agegate.store.line import Line, NoConnection, outward
from agegate.store.units import Outcome, Unit

LONGEST_BATCH_SECONDS = 0.05
TRIES_ALONE = 3


class Writer(Line):
    """The only line that writes."""

    def _outcomes(self, batch: list[Unit[object]]) -> list[Outcome]:
        try:
            return self._commit(batch)
        except NoConnection:
            return [Outcome(unit, fault=NoConnection()) for unit in batch]
        except Exception as fault:  # noqa: BLE001 - whatever a unit raised is given to its own caller
            self._rid_of_broken(fault)
            if len(batch) > 1 or may_pass(fault):
                return self._one_by_one(batch)
            return [Outcome(batch[0], fault=outward(fault))]

    def _one_by_one(self, batch: list[Unit[object]]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for unit in batch:
            gone = bool(outcomes) and isinstance(outcomes[-1].fault, NoConnection)
            outcomes.append(Outcome(unit, fault=NoConnection()) if gone else self._alone(unit))
        return outcomes

    def _alone(self, unit: Unit[object], tries: int = TRIES_ALONE) -> Outcome:
        try:
            return self._commit([unit])[0]
        except Exception as fault:  # noqa: BLE001 - as above
            self._rid_of_broken(fault)
            if tries > 1 and may_pass(fault):
                return self._alone(unit, tries - 1)
            return Outcome(unit, fault=outward(fault))

    def _commit(self, batch: list[Unit[object]]) -> list[Outcome]:
        connection, began, outcomes = self._connected(), time.monotonic(), []
        with connection.begin():
            tx = self._transaction(connection, batch)
            for place, unit in enumerate(batch, 1):
                outcomes.append(Outcome(unit, unit.work(tx)))
                if time.monotonic() - began > LONGEST_BATCH_SECONDS and place < len(batch):
                    self._lanes.put_back(batch[place:])
                    break
            tx.finish()
        self.tally.add(tx.counted)
        return outcomes

    def _rid_of_broken(self, fault: Exception) -> None:
        self._numbers.forget()
        # A refused row leaves the connection whole; after any other fault of the database it is replaced.
        if isinstance(fault, SQLAlchemyError) and not isinstance(fault, IntegrityError):
            self._let_go()
