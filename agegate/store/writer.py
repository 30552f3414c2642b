"""The writer: one thread, one connection, and one commit for everything that waits at that moment.

A batch is bounded by count and time. If it fails, it is rolled back and each unit is run again alone, so that one bad
unit never takes a neighbour with it. Results are handed out only after the commit. Nobody waits long for a database
that does not move: after a while who was not served yet is told to come back.
"""

import time

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from agegate.store.faults import may_pass
from agegate.store.line import Line, NoConnection, StoreUnavailable, outward
from agegate.store.units import Outcome, Unit, tell_ahead

LONGEST_BATCH_SECONDS = 0.05
TRIES_ALONE = 3
PATIENCE_SECONDS = 6.0
"""How long a batch that failed may take before units that fail in a row mean that the database does not move."""

IN_A_ROW = 3


class Writer(Line):
    """The only line that writes."""

    def _outcomes(self, batch: list[Unit[object]]) -> list[Outcome]:
        until = time.monotonic() + PATIENCE_SECONDS
        try:
            return self._commit(batch)
        except NoConnection as fault:
            return self._turned_away(batch, fault)
        except Exception as fault:  # noqa: BLE001 - whatever a unit raised is given to its own caller
            self._rid_of_broken(fault)
            if len(batch) > 1 or may_pass(fault):
                return self._one_by_one(batch, until)
            return [Outcome(batch[0], fault=outward(fault))]

    def _one_by_one(self, batch: list[Unit[object]], until: float) -> list[Outcome]:
        outcomes: list[Outcome] = []
        unserved = 0
        for place, unit in enumerate(batch, 1):
            outcomes.append(self._alone(unit, until))
            fault = outcomes[-1].fault
            unserved = unserved + 1 if isinstance(fault, StoreUnavailable) else 0
            stuck = unserved >= IN_A_ROW and time.monotonic() > until
            if isinstance(fault, StoreUnavailable) and (stuck or isinstance(fault, NoConnection)):
                return outcomes + self._turned_away(batch[place:], fault)
        return outcomes

    def _alone(self, unit: Unit[object], until: float, tries: int = TRIES_ALONE) -> Outcome:
        try:
            return self._commit([unit])[0]
        except Exception as fault:  # noqa: BLE001 - as above
            self._rid_of_broken(fault)
            if tries > 1 and may_pass(fault) and time.monotonic() < until:
                return self._alone(unit, until, tries - 1)
            return Outcome(unit, fault=outward(fault))

    def _turned_away(self, rest: list[Unit[object]], fault: StoreUnavailable) -> list[Outcome]:
        """The rest of a batch and all who wait behind it; what protects a child stays and is tried all the same."""
        return [Outcome(unit, fault=type(fault)()) for unit in (*rest, *self._lanes.drain_ordinary())]

    def _commit(self, batch: list[Unit[object]]) -> list[Outcome]:
        connection, began, outcomes = self._connected(), time.monotonic(), []
        with connection.begin():
            tx = self._transaction(connection, batch)
            for unit in batch:
                outcomes.append(Outcome(unit, unit.work(tx)))
                if time.monotonic() - began > LONGEST_BATCH_SECONDS:
                    break
            tell_ahead(outcomes)
            tx.finish()
        self.tally.add(tx.counted)
        self._lanes.put_by([Unit(work, looks_for=tuple(looks_for)) for looks_for, work in tx.meantime])
        if left := batch[len(outcomes) :]:
            self._lanes.put_back(left)  # not before: of a batch that failed everybody is served alone
        return outcomes

    def _rid_of_broken(self, fault: Exception) -> None:
        self._numbers.forget()
        # A refused row leaves the connection whole; after any other fault of the database it is replaced.
        if isinstance(fault, SQLAlchemyError) and not isinstance(fault, IntegrityError):
            self._let_go()
