"""Another process that comes between two statements of a flow, at a place that is certain. Owns no expectations.

The flow runs on a writer of its own, which stops before its nth statement; the commit is the last one. Meanwhile the
other act runs to its end, or until it waits for a lock that the flow holds; then the flow goes on.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Self

import psycopg
from psycopg.abc import Params, Query
from psycopg.rows import TupleRow
from sqlalchemy import Engine, event, text

from agegate.house import House
from agegate.store import agenda
from agegate.store.engine import open_engine
from agegate.store.records import AgendaItem
from agegate.store.store import Store
from agegate.store.transaction import Transaction
from agegate.worker.outcome import Done
from agegate.worker.settling import settle
from tests.houses import Home

Act = Callable[[House], object]
Flow = Callable[[Transaction], object]
Scene = tuple[Act, Act, Callable[[], object]]
"""Two acts, and what is looked at afterwards."""

SECONDS = 20
MOST_PLACES = 60
WAITING = text(
    "SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass(slots=True)
class Between:
    """Counts the statements of one engine, and lets the other act in before one of them."""

    place: int
    other: Callable[[], object]
    pool: ThreadPoolExecutor
    watch: Engine
    seen: int = 0
    came: "Future[object] | None" = None

    def __call__(self) -> None:
        self.seen += 1
        if self.seen == self.place and self.came is None:
            self.came = self.pool.submit(self.other)
            until_it_waits(self.came, self.watch)


@dataclass(frozen=True, slots=True)
class Fell:
    """A fault that reached a caller."""

    fault: Exception


@dataclass(frozen=True, slots=True)
class Met:
    """How it ended, and what both sides were told."""

    place: int
    end: object
    one: object
    other: object

    @property
    def fell(self) -> bool:
        """Whether a fault reached a caller."""
        return isinstance(self.one, Fell) or isinstance(self.other, Fell)


def everywhere(home: Home, scene: Callable[[str], Scene]) -> list[Met]:
    """The one act with the other before its first statement, its second, and so on, each on a subject of its own."""
    found: list[Met] = []
    watch = open_engine(home.house.settings.database)
    with ThreadPoolExecutor(1) as pool:
        for place in range(1, MOST_PLACES):
            one, other, look = scene(f"s{place}")
            between = Between(place, lambda: told(other, home.house), pool, watch)  # noqa: B023 - called in this turn
            said = stepped(home.house, one, between)
            if between.came is None:
                break
            heard = between.came.result(SECONDS)
            found.append(Met(place, look(), said, heard))
    watch.dispose()
    return found


def stepped(house: House, act: Act, between: Between) -> object:
    """The act on a server of its own, whose statements are counted."""
    engine = open_engine(house.settings.database)
    event.listen(engine, "checkout", lambda connection, *_: count(connection, between))
    with closing(Store(engine)) as store:
        return told(act, replace(house, store=store))


def count(connection: psycopg.Connection[TupleRow], between: Between) -> None:
    """Lets every statement of a connection, and every commit, be told of before it runs."""
    commit = connection.commit

    def counting() -> None:
        between()
        commit()

    connection.cursor_factory = counted(between)
    connection.commit = counting  # type: ignore[method-assign]  # this one connection's


def counted(between: Between) -> type[psycopg.Cursor[TupleRow]]:
    """Cursors that tell of every statement before they run it."""

    class Counted(psycopg.Cursor[TupleRow]):
        def execute(
            self,
            query: Query,
            params: Params | None = None,
            *,
            prepare: bool | None = None,
            binary: bool | None = None,
        ) -> Self:
            between()
            return super().execute(query, params, prepare=prepare, binary=binary)  # type: ignore[misc, arg-type]  # as given

    return Counted


def told(act: Act, house: House) -> object:
    """What comes of an act, or the fault that reached its caller."""
    try:
        return act(house)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the test says that it is none
        return Fell(fault)


def until_it_waits(came: "Future[object]", watch: Engine) -> None:
    """Returns once the act is over, or waits for a lock."""
    end = time.monotonic() + SECONDS
    with watch.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not came.done() and time.monotonic() < end:
            if connection.execute(WAITING).scalar_one():
                return
            time.sleep(0.002)


def writes(flow: Callable[[House], Flow]) -> Act:
    """A flow in a transaction of its own."""
    return lambda house: house.store.write_now(flow(house))


def claimed(home: Home, kind: str, ref: str) -> AgendaItem:
    """What a worker took of the agenda: the item of that kind, whatever else is due."""
    items = home.house.store.write_now(lambda tx: agenda.claim(tx, 1000, home.clock()))
    return next(item for item in items if (item.kind, item.ref) == (kind, ref))


def records(item: AgendaItem, flow: Callable[[House], Flow]) -> Act:
    """The worker's recording of what came of an item, under its lease."""
    return lambda house: house.store.write_now(lambda tx: settle(tx, [(item, Done(flow(house)))]))
