"""The writer: neighbours do not harm each other, nothing is told before it is durable, nobody waits for ever."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from agegate.store.connecting import Limits
from agegate.store.engine import open_engine
from agegate.store.lanes import MOST_WAITING
from agegate.store.line import StoreUnavailable
from agegate.store.migrate import migrate
from agegate.store.store import Store
from agegate.store.token_tables import StatusEntryRow
from agegate.store.transaction import Transaction
from agegate.store.writer import LONGEST_BATCH_SECONDS, PATIENCE_SECONDS

SECONDS = 10
ADD = text("INSERT INTO services (name, profile, created_at) VALUES (:name, 'p', '2026-11-22 09:00:00')")
COUNT = text("SELECT count(*) FROM services")


def add(name: str) -> Callable[[Transaction], str]:
    """A unit that writes a row."""

    def unit(tx: Transaction) -> str:
        tx.connection.execute(ADD, {"name": name})
        return name

    return unit


def count(engine: Engine) -> int:
    """How many rows another connection sees."""
    with engine.connect() as connection:
        return int(connection.execute(COUNT).scalar_one())


@asynccontextmanager
async def while_busy(store: Store) -> AsyncIterator[None]:
    """The writer is busy: what is handed in meanwhile waits, and shares a batch then."""
    gate, begun = threading.Event(), threading.Event()

    def busy(tx: Transaction) -> None:
        del tx
        begun.set()
        assert gate.wait(SECONDS)

    first = asyncio.create_task(store.write(busy))
    await asyncio.to_thread(begun.wait, SECONDS)
    try:
        yield
        await asyncio.sleep(0)
    finally:
        gate.set()
    await first


async def together(store: Store, *units: Callable[[Transaction], str]) -> list[str | BaseException]:
    """Hands the units in while the writer is busy, so that they share a batch; what each returned or raised."""
    async with while_busy(store):
        tasks = [asyncio.create_task(store.write(unit)) for unit in units]
    return await asyncio.gather(*tasks, return_exceptions=True)


def broken(tx: Transaction) -> str:
    """A unit that fails after it wrote."""
    add("half")(tx)
    raise ZeroDivisionError


def test_a_unit_that_fails_does_not_take_its_neighbours_with_it(store: Store) -> None:
    one, bad, two = asyncio.run(together(store, add("one"), broken, add("two")))
    assert (one, two, type(bad), count(store.engine)) == ("one", "two", ZeroDivisionError, 2)


def test_a_unit_that_breaks_a_rule_of_the_database_fails_alone(store: Store) -> None:
    results = asyncio.run(together(store, add("one"), add("one"), add("two")))
    assert ([isinstance(each, Exception) for each in results], count(store.engine)) == ([False, True, False], 2)


def test_a_batch_that_failed_is_run_again_from_the_beginning(store: Store) -> None:
    runs: list[str] = []

    def counted(tx: Transaction) -> str:
        runs.append("run")
        return add("one")(tx)

    asyncio.run(together(store, counted, broken))
    assert (len(runs), count(store.engine)) == (2, 1)


def test_a_result_is_told_only_after_another_connection_can_see_it(store: Store) -> None:
    async def told(name: str) -> int:
        await store.write(add(name))
        return count(store.engine)

    async def scene() -> list[int]:
        return [await told(name) for name in ("one", "two", "three")]

    assert asyncio.run(scene()) == [1, 2, 3]


def test_a_caller_that_left_does_not_stop_the_writer(store: Store) -> None:
    async def scene() -> str:
        gate, begun = threading.Event(), threading.Event()

        def busy(tx: Transaction) -> None:
            del tx
            begun.set()
            assert gate.wait(SECONDS)

        leaving = [asyncio.create_task(store.write(unit)) for unit in (busy, add("left"))]
        await asyncio.to_thread(begun.wait, SECONDS)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        gate.set()
        return await asyncio.wait_for(store.write(add("stayed")), SECONDS)

    assert asyncio.run(scene()) == "stayed"


def test_many_callers_at_once_are_all_served(store: Store) -> None:
    names = [f"s-{number}" for number in range(200)]

    async def scene() -> list[str]:
        return await asyncio.gather(*(store.write(add(name)) for name in names))

    assert (asyncio.run(scene()), count(store.engine)) == (names, 200)


def test_what_was_handed_in_before_the_end_is_still_done(store: Store) -> None:
    async def scene() -> list[str | BaseException]:
        waiting = [asyncio.create_task(store.write(add(f"s-{number}"))) for number in range(100)]
        await asyncio.sleep(0)
        await asyncio.to_thread(store.close)
        return await asyncio.gather(*waiting, return_exceptions=True)

    results = asyncio.run(scene())
    assert (results, count(store.engine)) == ([f"s-{number}" for number in range(100)], 100)


def test_what_comes_after_the_end_is_refused_and_does_not_wait(store: Store) -> None:
    store.close()
    with pytest.raises(StoreUnavailable):
        store.write_now(add("late"))


def test_a_reader_sees_what_was_committed_before(store: Store) -> None:
    store.write_now(add("one"))
    assert store.read_now(lambda tx: int(tx.connection.execute(COUNT).scalar_one())) == 1


def test_writers_on_many_threads_are_all_served(store: Store) -> None:
    def many(prefix: str) -> None:
        for number in range(25):
            store.write_now(add(f"{prefix}-{number}"))

    threads = [threading.Thread(target=many, args=(f"t{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert count(store.engine) == 100


def slow_and_refused(tx: Transaction) -> str:
    """A unit that takes longer than a batch may, and whose rows the database refuses at the end."""
    time.sleep(2 * LONGEST_BATCH_SECONDS)
    for _ in range(2):
        tx.append(StatusEntryRow, {"seq": 1, "subject_id": None, "audience": None, "status": 0})
    return "slow"


def test_a_unit_of_a_long_batch_that_failed_is_done_once(store: Store) -> None:
    done: list[str] = []

    def noted(tx: Transaction) -> str:
        done.append("one")
        return add("one")(tx)

    bad, one = asyncio.run(together(store, slow_and_refused, noted))
    store.write_now(add("two"))
    assert (type(bad), one, done) == (IntegrityError, "one", ["one"])


@pytest.fixture
def locked(postgres_url: str) -> Iterator[Store]:
    """A store whose table somebody else has locked."""
    engine = open_engine(postgres_url, Limits(lock=1))
    migrate(engine)
    opened = Store(engine)
    with engine.connect() as other:
        other.execute(text("LOCK TABLE services IN ACCESS EXCLUSIVE MODE"))
        yield opened
    opened.close()


def test_nobody_waits_long_for_a_table_that_stays_locked(locked: Store) -> None:
    began = time.monotonic()
    told = asyncio.run(together(locked, *(add(f"s-{number}") for number in range(150))))
    assert {type(each) for each in told} == {StoreUnavailable}
    assert time.monotonic() - began < 2 * PATIENCE_SECONDS


def test_one_locked_row_costs_its_neighbours_nothing_but_time(postgres_url: str) -> None:
    engine = open_engine(postgres_url, Limits(lock=1))
    migrate(engine)
    store = Store(engine)
    store.write_now(add("held"))

    def change(tx: Transaction) -> str:
        tx.connection.execute(text("UPDATE services SET profile = 'q' WHERE name = 'held'"))
        return "changed"

    with engine.connect() as other:
        other.execute(text("SELECT name FROM services FOR UPDATE"))
        told = asyncio.run(together(store, add("one"), change, change, add("two")))
    store.close()
    assert [each if isinstance(each, str) else type(each) for each in told] == [
        "one",
        StoreUnavailable,
        StoreUnavailable,
        "two",
    ]


def test_a_full_queue_refuses_at_once_and_what_protects_a_child_goes_first(store: Store) -> None:
    order: list[str] = []

    def noted(name: str) -> Callable[[Transaction], None]:
        return lambda tx: order.append(name)  # noqa: ARG005 - it only tells its turn

    async def scene() -> None:
        async with while_busy(store):
            ordinary = [asyncio.create_task(store.write(noted("ordinary")))]
            ordinary += [asyncio.create_task(store.write(lambda tx: None)) for _ in range(MOST_WAITING - 1)]  # noqa: ARG005 - nothing
            await asyncio.sleep(0)
            with pytest.raises(StoreUnavailable):
                await store.write(noted("refused"))
            urgent = asyncio.create_task(store.write(noted("urgent"), urgent=True))
        await asyncio.gather(*ordinary, urgent)

    asyncio.run(scene())
    assert order == ["urgent", "ordinary"]
